package report

import (
	"fmt"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// summaryLine says the result in one line. It stays clear of the words that
// other tools search for in output ("fail", as Atlantis does) while all is well.
func summaryLine(r finding.Report) string {
	s := r.Summary
	parts := []string{violations(r)}
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words))
		}
	}
	add(s.Waived, "waived")
	add(s.Unknown, "unknown")
	add(s.Error, "ended in an error")
	add(s.Compliant, "compliant")
	return fmt.Sprintf("%s. %s and %s looked at.", strings.Join(parts, ", "),
		plural(s.Resources, "resource"), plural(s.Evaluated, "check"))
}

// violations counts them by severity: "4 violations (1 high, 3 medium)".
func violations(r finding.Report) string {
	if r.Summary.Evaluated == r.Summary.NotApplicable {
		return "Nothing was evaluated"
	}
	if r.Summary.NonCompliant == 0 {
		return "No violations"
	}
	count := map[finding.Severity]int{}
	for _, f := range r.Findings {
		if sectionOf(f) == violated {
			count[f.Severity]++
		}
	}
	var parts []string
	for _, s := range []finding.Severity{finding.Critical, finding.High, finding.Medium, finding.Low} {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], s))
		}
	}
	return fmt.Sprintf("%s (%s)", plural(r.Summary.NonCompliant, "violation"), strings.Join(parts, ", "))
}
