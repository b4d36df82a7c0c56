package report

import (
	"cmp"
	"slices"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// section is what a reader has to do about some findings.
type section int

// The sections, in the order in which they matter.
const (
	violated section = iota
	broken
	hiddenFromUs
	later
	waived
	fine
)

func sectionOf(f finding.Finding) section {
	switch {
	case f.Waiver != nil:
		return waived
	case f.Verdict == finding.NonCompliant:
		return violated
	case f.Verdict == finding.Failed:
		return broken
	case f.Verdict == finding.Undecided && f.Reason == finding.AfterApply:
		return later
	case f.Verdict == finding.Undecided:
		return hiddenFromUs
	}
	return fine
}

// rank orders severities, the worst first.
func rank(s finding.Severity) int {
	order := []finding.Severity{finding.Critical, finding.High, finding.Medium, finding.Low}
	if i := slices.Index(order, s); i >= 0 {
		return i
	}
	return len(order)
}

// inOrder sorts a copy of the findings by section, severity and rule, and
// keeps the order of the report among the resources of a rule.
func inOrder(findings []finding.Finding) []finding.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b finding.Finding) int {
		return cmp.Or(
			cmp.Compare(sectionOf(a), sectionOf(b)),
			cmp.Compare(rank(a.Severity), rank(b.Severity)),
			cmp.Compare(a.Rule, b.Rule),
		)
	})
	return sorted
}

// runs cuts sorted findings wherever same says that two neighbours differ.
func runs(findings []finding.Finding, same func(a, b finding.Finding) bool) [][]finding.Finding {
	var cut [][]finding.Finding
	for i, f := range findings {
		if i == 0 || !same(findings[i-1], f) {
			cut = append(cut, nil)
		}
		last := len(cut) - 1
		cut[last] = append(cut[last], f)
	}
	return cut
}

func sameSection(a, b finding.Finding) bool { return sectionOf(a) == sectionOf(b) }

func sameRule(a, b finding.Finding) bool {
	return a.Rule == b.Rule && a.Severity == b.Severity
}
