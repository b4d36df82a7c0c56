package cli

import (
	"fmt"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// verdict turns a report into the result of the run. Violations come before
// gaps: whoever looks at 3 alone may trust that nothing was found.
func verdict(r finding.Report, set *item.Set, opts checkOptions) error {
	s := r.Summary
	if s.Compliant+s.NonCompliant+s.Unknown+s.Error+s.Waived == 0 {
		return nothingToCheck(opts.file, set)
	}
	incomplete := len(set.Partial) > 0
	for _, f := range r.Findings {
		obligation := f.Verdict == finding.Undecided && f.Reason == finding.AfterApply
		if f.Fails(opts.threshold) || obligation && opts.failOnUnknown {
			return errFound
		}
		incomplete = incomplete || f.Incomplete()
	}
	if incomplete {
		return errIncomplete
	}
	return nil
}

// nothingToCheck says why a run says nothing, so that nobody takes it for a pass.
func nothingToCheck(file string, set *item.Set) error {
	skipped := 0
	for _, n := range set.Skipped {
		skipped += n
	}
	err := nothingChecked{nameOf(file) + " holds no resource that a rule is about"}
	if skipped == 0 {
		return err
	}
	return withHint(err, fmt.Sprintf("it holds %d of other types; --verbose lists them", skipped))
}
