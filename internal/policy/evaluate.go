package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// Evaluate gives one finding for every pair of a rule and an item of a type the
// rule names, in a stable order: by rule, then by resource. Resources that a
// plan deletes are not judged.
//
// A rule that fails gives ERROR for that item; the error is returned only if
// ctx ended, so that what was found so far is never taken for everything.
func (e *Engine) Evaluate(ctx context.Context, set *item.Set) ([]finding.Finding, error) {
	all, err := newCatalog(set)
	if err != nil {
		return nil, err
	}
	run := evaluation{all: all, guard: newGuard(e.deadline), strict: e.strict, exhausted: map[string]int{}}
	defer run.guard.stop()
	findings := []finding.Finding{}
	for _, rule := range e.rules {
		for _, typ := range rule.ResourceTypes {
			for _, r := range all.byType[typ] {
				findings = append(findings, run.finding(ctx, rule, r))
				if err := ctx.Err(); err != nil {
					return nil, fmt.Errorf("evaluating rule %s: %w", rule.ID, err)
				}
			}
		}
	}
	sort.SliceStable(findings, func(i, j int) bool {
		if findings[i].Rule != findings[j].Rule {
			return findings[i].Rule < findings[j].Rule
		}
		return findings[i].Resource.Key() < findings[j].Resource.Key()
	})
	return findings, nil
}

// evaluation is one run over one set of items.
type evaluation struct {
	all    *catalog
	guard  *guard
	strict bool // assume nothing
	// exhausted counts, by rule, the items on which it ran out of time or memory.
	exhausted map[string]int
}

func (e evaluation) finding(ctx context.Context, rule *compiledRule, r *record) finding.Finding {
	f := finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Title: rule.Title,
		Resource: resourceOf(r.item), Controls: append([]string{}, rule.Controls...), Remediation: rule.Remediation,
	}
	got, err := e.judgeUnlessExhausted(ctx, rule, r)
	if err != nil {
		got = judgement{verdict: finding.Failed}
		f.Message = "the rule could not be evaluated"
		// OPA's own words may hold a value that it was working on.
		if len(r.secrets) == 0 {
			f.Message = fmt.Sprintf("the rule could not be evaluated: %v", err)
		}
	}
	f.Verdict = got.verdict
	f.Unknown, f.Assumes = places(got.waits), places(got.assumes)
	switch got.verdict {
	case finding.NonCompliant:
		f.Path, f.Message = e.words(ctx, rule, got.facts)
	case finding.Undecided:
		f.Reason, f.Path, f.Message = reasonOf(got.waits), firstPath(f.Unknown), openWords(rule, f.Unknown)
	case finding.Compliant:
		f.Message = rule.Title
	case finding.NotApplicable:
		f.Message = "the rule does not apply to this resource"
	}
	f.ID = finding.ID(f.Rule, f.Resource, f.Path)
	return f
}

// judgeUnlessExhausted gives up on a rule that keeps running out of its limits.
func (e evaluation) judgeUnlessExhausted(ctx context.Context, rule *compiledRule, r *record) (judgement, error) {
	if e.exhausted[rule.ID] >= maxExhausted {
		return judgement{}, limitError{fmt.Sprintf("it was not tried: it ran out of time or memory on %d resources before", maxExhausted)}
	}
	got, err := e.judge(ctx, rule, r)
	var limit limitError
	if errors.As(err, &limit) {
		e.exhausted[rule.ID]++
	}
	return got, err
}

func resourceOf(it *item.Item) finding.Resource {
	shown := func(path, value string) string {
		if slices.Contains(it.Sensitive, path) {
			return ""
		}
		return value
	}
	return finding.Resource{
		Type: it.Type, ID: shown("resourceId", it.ID), Name: shown("resourceName", it.Name), ARN: shown("arn", it.ARN),
		Address: it.Source.Address, Region: it.Region, Account: it.Account,
	}
}

// nameOf names an item for people.
func nameOf(it *item.Item) string {
	for _, name := range []string{it.Source.Address, it.ARN, it.Name, it.ID} {
		if name != "" {
			return name
		}
	}
	return strings.TrimSpace(it.Type + " " + it.Account + " " + it.Region)
}

// places lists paths, sorted; one that waits for several things, as a relation
// with several possible partners may, stands there once and names them all.
func places(unknowns []unknown) []finding.UnknownPath {
	list := []finding.UnknownPath{}
	seen := map[finding.UnknownPath]bool{}
	for _, u := range unknowns {
		place := finding.UnknownPath{Path: u.path.String(), WaitsFor: u.waitsFor}
		if !seen[place] {
			seen[place] = true
			list = append(list, place)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].Path != list[j].Path {
			return list[i].Path < list[j].Path
		}
		return list[i].WaitsFor < list[j].WaitsFor
	})
	return mergePlaces(list)
}

// mergePlaces joins neighbours that are one path.
func mergePlaces(sorted []finding.UnknownPath) []finding.UnknownPath {
	merged := sorted[:0]
	for _, place := range sorted {
		if last := len(merged) - 1; last >= 0 && merged[last].Path == place.Path {
			merged[last].WaitsFor += ", " + place.WaitsFor
			continue
		}
		merged = append(merged, place)
	}
	return merged
}

// reasonOf is after_apply only if apply will settle everything.
func reasonOf(waits []unknown) finding.Reason {
	for _, u := range waits {
		if u.reason == finding.NotVisible {
			return finding.NotVisible
		}
	}
	return finding.AfterApply
}

func firstPath(places []finding.UnknownPath) string {
	if len(places) == 0 {
		return ""
	}
	return places[0].Path
}
