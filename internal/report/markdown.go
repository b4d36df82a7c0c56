package report

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// commentLimit is what GitHub takes for a comment, in bytes to be on the safe
// side (it counts characters); the tail keeps room for the last line.
const (
	commentLimit = 65536
	commentTail  = 512
	cellLimit    = 600
)

// commentMark lets a pipeline find its own comment again and replace it.
const commentMark = "<!-- vigil check -->"

// writeMarkdown writes GitHub flavoured Markdown that fits a pull request
// comment: the violations open, the rest folded. Rows that do not fit are
// counted, never dropped in silence.
func writeMarkdown(w io.Writer, r finding.Report, _ Options) error {
	d := &document{limit: commentLimit - commentTail}
	d.add(commentMark + "\n")
	d.add(fmt.Sprintf("## Vigil: %s\n\n%s\n", violations(r), markdownText(summaryLine(r))))
	for _, part := range runs(inOrder(r.Findings), sameSection) {
		d.section(part)
	}
	if d.left > 0 {
		d.b.WriteString(fmt.Sprintf("\n%s did not fit into a comment: see the whole report of the run.\n", plural(d.left, "more row")))
	}
	_, err := io.WriteString(w, d.b.String())
	return err
}

// document collects Markdown up to a limit in bytes.
type document struct {
	b     strings.Builder
	limit int
	left  int // rows that did not fit
}

func (d *document) fits(s string) bool { return d.b.Len()+len(s) <= d.limit }

func (d *document) add(s string) { d.b.WriteString(s) }

// section writes one table. All but what has to be mended is folded away.
func (d *document) section(findings []finding.Finding) {
	s := sectionOf(findings[0])
	head := fmt.Sprintf("\n<details><summary>%s (%d)</summary>\n", sectionTitle(s), len(findings))
	foot := "\n</details>\n"
	if s == violated || s == broken {
		head, foot = fmt.Sprintf("\n### %s (%d)\n", sectionTitle(s), len(findings)), ""
	}
	head += "\n| Severity | Rule | Resource | What |\n| --- | --- | --- | --- |\n"
	if !d.fits(head + foot + markdownRow(findings[0])) {
		d.left += len(findings)
		return
	}
	d.add(head)
	for _, f := range findings {
		row := markdownRow(f)
		if d.left > 0 || !d.fits(row+foot) {
			d.left++
			continue
		}
		d.add(row)
	}
	d.add(foot)
}

func markdownRow(f finding.Finding) string {
	return fmt.Sprintf("| %s | %s | %s | %s |\n", f.Severity, markdownCode(f.Rule), markdownCode(subject(f.Resource)), markdownWhat(f))
}

func markdownWhat(f finding.Finding) string {
	var parts []string
	for _, reason := range reasons(f) {
		parts = append(parts, markdownText(reason))
	}
	switch sectionOf(f) {
	case violated:
		if f.Remediation != "" {
			parts = append(parts, "**Fix:** "+markdownText(f.Remediation))
		}
	case waived:
		parts = append(parts, markdownText(fmt.Sprintf("waived by %s until %s: %s", f.Waiver.Owner, f.Waiver.Expires, f.Waiver.Reason)))
	case fine:
		parts = []string{strings.ToLower(strings.ReplaceAll(string(f.Verdict), "_", " "))}
	}
	return strings.Join(parts, "<br>")
}

// markdownCode shows a name as code, where Markdown means nothing. A name with
// a backtick or a bar would end the span or the table cell; it is written as
// HTML with every sign as a reference, which CommonMark (section 2.5) never
// takes for structure.
func markdownCode(name string) string {
	name = shorten(Printable(name), cellLimit)
	if name == "" {
		return ""
	}
	if !strings.ContainsAny(name, "`|\\") && strings.TrimSpace(name) == name {
		return "`" + name + "`"
	}
	return "<code>" + references(name) + "</code>"
}

func references(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < unicode.MaxASCII && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// markdownText makes a sentence mean nothing but itself: no markup, no HTML, no
// mention of a user, no link to an issue, no link at all. The empty comments
// break up what GitHub would find in the text after Markdown is done.
func markdownText(s string) string {
	s = html.EscapeString(shorten(Printable(s), cellLimit))
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`,
		"://", ":<!-- -->//", "@", "@<!-- -->", "www.", "www<!-- -->.",
		"&#39;", "'", "&#34;", `"`, "&#", "&#", "#", "#<!-- -->",
	).Replace(s)
}
