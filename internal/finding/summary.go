package finding

// Summarize counts the verdicts of the whole matrix. resources is the number of
// items looked at, including those no rule speaks about. A waived finding is
// counted as waived only: it is neither a violation nor a pass.
func Summarize(resources int, findings []Finding) Summary {
	s := Summary{Resources: resources, Evaluated: len(findings)}
	for _, f := range findings {
		switch {
		case f.Waiver != nil:
			s.Waived++
		case f.Verdict == Compliant:
			s.Compliant++
		case f.Verdict == NonCompliant:
			s.NonCompliant++
		case f.Verdict == NotApplicable:
			s.NotApplicable++
		case f.Verdict == Undecided:
			s.Unknown++
		case f.Verdict == Failed:
			s.Error++
		}
	}
	return s
}

// Open gives the findings that a report shows by default: NON_COMPLIANT,
// UNKNOWN and ERROR.
func Open(findings []Finding) []Finding {
	open := []Finding{}
	for _, f := range findings {
		if f.Verdict != Compliant && f.Verdict != NotApplicable {
			open = append(open, f)
		}
	}
	return open
}

// Fails says whether the finding alone makes a run fail: a violation that is
// not waived, as severe as failOn or more.
func (f Finding) Fails(failOn Severity) bool {
	return f.Verdict == NonCompliant && f.Waiver == nil && f.Severity.AtLeast(failOn)
}

// Incomplete says whether the finding shows that the run could not check
// everything: a rule that failed, or something outside of the source or not
// readable. What a plan cannot know yet (after_apply) is not that: apply will
// tell.
func (f Finding) Incomplete() bool {
	if f.Waiver != nil {
		return false
	}
	return f.Verdict == Failed || f.Verdict == Undecided && f.Reason != AfterApply
}
