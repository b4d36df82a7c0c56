package report

import (
	"io"
	"slices"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// junitTextLimit keeps one case small: CI servers show the text in a table.
const junitTextLimit = 8192

// writeJUnit writes one suite per rule and one case per resource. A violation
// is a failure, a rule that ended in an error an error, and what could not be
// decided, does not apply or is waived is skipped with the reason.
func writeJUnit(w io.Writer, r finding.Report, _ Options) error {
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	suites := junit.Testsuites{Name: "vigil"}
	sorted := slices.Clone(r.Findings)
	slices.SortStableFunc(sorted, func(a, b finding.Finding) int { return strings.Compare(a.Rule, b.Rule) })
	for i, group := range runs(sorted, func(a, b finding.Finding) bool { return a.Rule == b.Rule }) {
		suites.AddSuite(junitSuite(i, group, fileOf(r.Source)))
	}
	return suites.WriteXML(w)
}

func junitSuite(id int, group []finding.Finding, file string) junit.Testsuite {
	suite := junit.Testsuite{ID: id, Name: Printable(group[0].Rule), File: Printable(file), Time: "0.000"}
	for _, f := range group {
		suite.AddTestcase(junitCase(f))
	}
	return suite
}

func junitCase(f finding.Finding) junit.Testcase {
	c := junit.Testcase{Name: junitText(subject(f.Resource)), Classname: junitText(f.Rule), Time: "0.000"}
	result := &junit.Result{Message: junitText(message(f)), Type: string(f.Severity), Data: junitDetails(f)}
	switch {
	case f.Waiver != nil:
		c.Skipped = &junit.Result{Message: junitText("waived by " + f.Waiver.Owner + " until " + f.Waiver.Expires + ": " + f.Waiver.Reason)}
	case f.Verdict == finding.NonCompliant:
		c.Failure = result
	case f.Verdict == finding.Failed:
		c.Error = result
	case f.Verdict == finding.NotApplicable:
		c.Skipped = &junit.Result{Message: "the rule does not apply"}
	case f.Verdict == finding.Undecided:
		c.Skipped = &junit.Result{Message: junitText("unknown (" + string(f.Reason) + "): " + strings.Join(reasons(f), "; "))}
	}
	return c
}

// junitDetails is the body of a failure, one labelled line per fact.
func junitDetails(f finding.Finding) string {
	facts := []struct{ label, value string }{
		{"severity", string(f.Severity)},
		{"resource", subject(f.Resource)},
		{"attribute", f.Path},
		{"remediation", f.Remediation},
		{"controls", strings.Join(f.Controls, ", ")},
		{"finding", f.ID},
	}
	var lines []string
	for _, fact := range facts {
		if fact.value != "" {
			lines = append(lines, fact.label+": "+junitText(fact.value))
		}
	}
	return strings.Join(lines, "\n")
}

// junitText also keeps to the characters that XML 1.0 has (section 2.2): the
// two non-characters of the basic plane are not among them.
func junitText(s string) string {
	s = strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`).Replace(Printable(s))
	return shorten(s, junitTextLimit)
}
