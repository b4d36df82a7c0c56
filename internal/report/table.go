package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// How the table is laid out: severities in the first column, rules in the
// second, and below each rule its resources and what to do.
const (
	ruleColumn     = len("critical") + 2
	resourceColumn = ruleColumn + 2
	messageColumn  = resourceColumn + 2
	matrixColumn   = 2 + len("not applicable") + 2
	narrowest      = 40   // below this a wrapped table cannot be read, so it is not wrapped
	tableTextLimit = 2000 // no honest name or message is longer; a page of noise would hide the rest
)

// table writes lines; it keeps the first error, so that its callers need not.
type table struct {
	w     io.Writer
	width int
	color bool
	err   error
}

// writeTable writes the report for people: what to mend first, the summary last.
func writeTable(w io.Writer, r finding.Report, o Options) error {
	t := &table{w: w, width: o.Width, color: o.Color}
	if t.width < narrowest {
		t.width = 0
	}
	for _, part := range runs(inOrder(r.Findings), sameSection) {
		t.heading(sectionOf(part[0]), len(part))
		for _, group := range runs(part, sameRule) {
			t.rule(group)
			t.line(0, "")
		}
	}
	t.text(0, t.bold(summaryLine(r)))
	return t.err
}

// sectionTitle heads a section of the table and of the Markdown report.
func sectionTitle(s section) string {
	return map[section]string{
		violated:     "Violations",
		broken:       "Rules that ended in an error",
		hiddenFromUs: "Could not be decided: outside of what was read",
		later:        "Known only after apply: to be checked again then",
		waived:       "Waived",
		fine:         "Compliant or not applicable",
	}[s]
}

func (t *table) heading(s section, n int) {
	t.text(0, t.bold(fmt.Sprintf("%s (%d)", sectionTitle(s), n)))
	t.line(0, "")
}

// rule writes what all findings of a rule share once, and then each resource.
func (t *table) rule(group []finding.Finding) {
	first := group[0]
	if sectionOf(first) == fine {
		t.matrix(group)
		return
	}
	name := Printable(first.Rule)
	if first.Title != "" {
		name += ": " + Printable(first.Title)
	}
	t.hanging(t.severity(first.Severity), ruleColumn, name)
	for _, f := range group {
		t.resource(f)
	}
	if sectionOf(first) == violated {
		t.labelled("fix:", first.Remediation)
		t.labelled("for:", strings.Join(newest(first.Controls), ", "))
	}
}

func (t *table) labelled(label, text string) {
	if text != "" {
		t.hanging(strings.Repeat(" ", resourceColumn)+label, resourceColumn+len(label)+1, Printable(text))
	}
}

func (t *table) resource(f finding.Finding) {
	t.text(resourceColumn, t.bold(Printable(subject(f.Resource))))
	for _, line := range reasons(f) {
		t.text(messageColumn, Printable(line))
	}
	if f.Verdict == finding.NonCompliant && f.Path != "" {
		t.text(messageColumn, Printable("at "+f.Path))
	}
	if f.Waiver != nil {
		t.text(messageColumn, Printable(fmt.Sprintf("waived by %s until %s: %s", f.Waiver.Owner, f.Waiver.Expires, f.Waiver.Reason)))
	}
}

// matrix writes the verdicts of one rule that ask for nothing, one per line.
func (t *table) matrix(group []finding.Finding) {
	t.line(0, Printable(group[0].Rule))
	for _, f := range group {
		verdict := strings.ToLower(strings.ReplaceAll(string(f.Verdict), "_", " "))
		t.hanging(fmt.Sprintf("  %-14s", verdict), matrixColumn, Printable(subject(f.Resource)))
		for _, a := range f.Assumes {
			t.text(matrixColumn, Printable(fmt.Sprintf("assuming that %s, taken from %s, will be set", a.Path, a.WaitsFor)))
		}
	}
}

// hanging writes a label and, in the given column, text that wraps below itself.
func (t *table) hanging(label string, column int, text string) {
	for i, line := range wrap(shorten(text, tableTextLimit), t.room(column)) {
		if i == 0 {
			t.line(0, label+strings.Repeat(" ", max(column-visibleWidth(label), 1))+line)
			continue
		}
		t.line(column, line)
	}
}

func (t *table) text(column int, text string) {
	start, end := t.codes(text)
	bare := strings.TrimSuffix(strings.TrimPrefix(text, start), end)
	for _, line := range wrap(shorten(bare, tableTextLimit), t.room(column)) {
		t.line(column, start+line+end)
	}
}

// room is the width left at a column; 0 where the table does not wrap.
func (t *table) room(column int) int {
	if t.width == 0 {
		return 0
	}
	return t.width - column
}

// line writes one line. GitHub's runner takes a line for a command when "::"
// is the first thing on it, blanks aside, so no line of ours begins that way.
func (t *table) line(column int, text string) {
	if t.err != nil {
		return
	}
	if strings.HasPrefix(strings.TrimLeft(text, " "), "::") {
		text = `\` + text
	}
	_, t.err = fmt.Fprintln(t.w, strings.TrimRight(strings.Repeat(" ", column)+text, " "))
}
