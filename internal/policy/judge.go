package policy

import (
	"context"
	"slices"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// judgement is the verdict of one rule about one item and what it rests on.
type judgement struct {
	verdict finding.Verdict
	waits   []unknown // what an UNKNOWN verdict waits for
	assumes []unknown // what the verdict takes for granted
	facts   facts     // the case the words are taken from
}

// judge combines not_applicable and violation over every set of partners that
// is possible. Only a verdict that is the same in all of them is given.
func (e evaluation) judge(ctx context.Context, rule *compiledRule, r *record) (judgement, error) {
	joined := e.all.join(r, rule.relations)
	it := r.item
	partial := it.Type == item.AccountType && (it.Source.Kind == item.Plan || it.Source.Kind == item.State)
	if partial && len(rule.relations) > 0 && joined.empty() {
		return judgement{verdict: finding.NotApplicable}, nil
	}
	got, err := e.judgeCases(ctx, rule, r, joined)
	if err == nil && partial && got.verdict == finding.NonCompliant {
		return notVisible(got, rule), nil
	}
	return got, err
}

// notVisible turns a violation of an account into UNKNOWN: the account holds
// more than one plan or state shows.
func notVisible(got judgement, rule *compiledRule) judgement {
	got.verdict = finding.Undecided
	got.waits = nil
	for _, r := range rule.relations {
		got.waits = append(got.waits, hiddenRelation(r.Type, r.Type+" elsewhere in the account", finding.NotVisible))
	}
	return got
}

func (e evaluation) judgeCases(ctx context.Context, rule *compiledRule, r *record, joined partners) (judgement, error) {
	var overall judgement
	for i, related := range joined.cases() {
		got, err := e.judgeFacts(ctx, rule, newFacts(r, related, joined.hidden))
		if err != nil {
			return judgement{}, err
		}
		switch {
		case i == 0:
			overall = got
		case got.verdict != overall.verdict:
			overall.waits = append(overall.waits, joined.unsettled()...)
			overall.verdict = finding.Undecided
			fallthrough
		default:
			overall.waits = append(overall.waits, got.waits...)
			overall.assumes = append(overall.assumes, got.assumes...)
		}
	}
	if overall.verdict == finding.Undecided {
		overall.assumes = nil
	}
	return overall, nil
}

// judgeFacts decides without assuming anything; only if that fails, and unless
// the user forbids it, with the assumption that planned values are not null.
func (e evaluation) judgeFacts(ctx context.Context, rule *compiledRule, known facts) (judgement, error) {
	got, err := e.verdict(ctx, rule, known)
	if err != nil || got.verdict != finding.Undecided || e.strict {
		return got, err
	}
	supposed, assumed, err := known.assume(rule.reads())
	if err != nil || len(assumed) == 0 {
		return got, err
	}
	then, err := e.verdict(ctx, rule, supposed)
	if err != nil || then.verdict == finding.Undecided {
		return then, err
	}
	then.assumes = slices.DeleteFunc(assumed, func(u unknown) bool { return !contains(got.waits, u) })
	return then, nil
}

// reads are what the verdict can depend on.
func (r *compiledRule) reads() []read {
	if r.notApplicable == nil {
		return r.violation.reads
	}
	return slices.Concat(r.violation.reads, r.notApplicable.reads)
}

func (e evaluation) verdict(ctx context.Context, rule *compiledRule, known facts) (judgement, error) {
	got := judgement{facts: known}
	if rule.notApplicable != nil {
		exempt, reads, err := e.within(ctx, rule.notApplicable, known)
		switch {
		case err != nil:
			return got, err
		case exempt == yes:
			got.verdict = finding.NotApplicable
			return got, nil
		case exempt == open:
			got.verdict, got.waits = finding.Undecided, waitsOn(known, rule.notApplicable, reads)
			return got, nil
		}
	}
	violated, reads, err := e.within(ctx, rule.violation, known)
	switch {
	case err != nil:
		return got, err
	case violated == yes:
		got.verdict = finding.NonCompliant
	case violated == no:
		got.verdict = finding.Compliant
	default:
		got.verdict, got.waits = finding.Undecided, waitsOn(known, rule.violation, reads)
	}
	return got, nil
}

// within asks a question under the limits.
func (e evaluation) within(ctx context.Context, q *question, known facts) (got answer, residual []read, err error) {
	err = e.guard.ask(ctx, func(ctx context.Context) error {
		got, residual, err = q.decide(ctx, known)
		return err
	})
	return got, residual, err
}

// waitsOn lists the unknowns that the question reads and that are left in what
// partial evaluation could not settle.
func waitsOn(known facts, q *question, residual []read) []unknown {
	inRule := known.touching(q.reads)
	narrowed := known
	narrowed.unknowns = inRule
	if left := narrowed.touching(residual); len(left) > 0 {
		return left
	}
	return inRule
}

func contains(list []unknown, u unknown) bool {
	return slices.ContainsFunc(list, func(other unknown) bool { return other.path.String() == u.path.String() })
}
