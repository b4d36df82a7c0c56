package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// Printable makes text from a plan harmless for a terminal and for a CI log,
// and keeps it on one line. What it cannot show is written as a Go escape:
// control characters (ANSI sequences begin with one), characters that turn the
// direction of text or have no width, and bytes that are not UTF-8.
func Printable(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hidden(r):
			b.WriteString(escapeRune(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return breakRunnerCommand(b.String())
}

// isPlain is the way out for nearly every name there is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '#' {
			return false
		}
	}
	return true
}

// hidden tells whether a reader would not see r, or see something else.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Co)
}

func escapeRune(r rune) string {
	quoted := fmt.Sprintf("%+q", r)
	return quoted[1 : len(quoted)-1]
}

// breakRunnerCommand takes the meaning from "##[command]", which GitHub's
// runner obeys wherever it stands in a line (actions/runner, ActionCommand.cs).
func breakRunnerCommand(s string) string {
	return strings.ReplaceAll(s, "##[", `#\#[`)
}

// shorten cuts s to at most limit bytes, on a rune boundary, and shows that it did.
func shorten(s string, limit int) string {
	const mark = "..."
	if len(s) <= limit {
		return s
	}
	cut := max(limit-len(mark), 0)
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + mark
}

// plural counts things: "1 rule", "14 rules".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// subject names the resource of a finding as a reader knows it: by its address
// where there is one, else by ARN, else by type and id.
func subject(r finding.Resource) string {
	switch {
	case r.Address != "":
		return r.Address
	case r.ARN != "":
		return r.ARN
	case r.ID != "" || r.Name != "":
		return strings.TrimSpace(r.Type + " " + firstOf(r.ID, r.Name))
	}
	where := strings.Trim(r.Account+"/"+r.Region, "/")
	return strings.TrimSpace(r.Type + " " + where)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// message is what a finding says; a rule may leave it to its title.
func message(f finding.Finding) string { return firstOf(f.Message, f.Title) }

// reasons says why the verdict is what it is. For UNKNOWN that is what it waits
// for, attribute by attribute.
func reasons(f finding.Finding) []string {
	if f.Verdict != finding.Undecided || len(f.Unknown) == 0 {
		return []string{message(f)}
	}
	var lines []string
	for _, u := range f.Unknown {
		if line := waitsFor(u); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// waitsFor says in words what an unknown attribute waits for.
func waitsFor(u finding.UnknownPath) string {
	if u.WaitsFor == "" {
		return u.Path + " is known only after apply"
	}
	return u.Path + " waits for " + u.WaitsFor
}
