// Package guard holds planned resources against policy, from inside of the
// provider: what `vigil check` says about a plan, said while Terraform plans,
// on the attribute, before anything is made.
//
// A provider sees one resource at a time and is not told its address. So what
// depends on resources beside it is left to `vigil check`. What is not known
// yet is said as a warning; Terraform plans a resource again during apply, when
// everything is known, and then the same rules decide, still before the
// resource is made or changed.
package guard

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// Settings is the `policy` block.
type Settings struct {
	// Mandatory makes violations errors; without it they are warnings.
	Mandatory bool
	// FailOn is the severity from which on a violation is an error when
	// mandatory. Below it, it stays a warning.
	FailOn      finding.Severity
	Directories []string
	Skip        []string
	Parameters  map[string]map[string]any
	// Unknown says that the block itself is not known yet.
	Unknown bool
}

// Guard judges resources. The rules are compiled when the first resource is
// judged. It is safe for concurrent use.
type Guard struct {
	settings Settings
	engine   func() (*policy.Engine, error)
}

// Engines remembers compiled rules, so that a provider that is configured
// again with the same policy, as Terraform does for every walk over the graph,
// does not compile it again. The zero value is ready.
type Engines struct {
	mu   sync.Mutex
	made map[string]func() (*policy.Engine, error)
}

// New makes a guard. It reads nothing yet.
func (e *Engines) New(s Settings) *Guard {
	load := sync.OnceValues(func() (*policy.Engine, error) {
		// Not the context of the resource that happens to come first: the
		// engine outlives it.
		return policy.Load(context.Background(), policy.Options{
			Builtin: true, Directories: s.Directories, Skip: s.Skip, Parameters: s.Parameters,
		})
	})
	key, err := json.Marshal([]any{s.Skip, s.Parameters})
	if len(s.Directories) > 0 || err != nil {
		return &Guard{s, load} // files may change
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if made := e.made[string(key)]; made != nil {
		return &Guard{s, made}
	}
	if e.made == nil {
		e.made = make(map[string]func() (*policy.Engine, error))
	}
	e.made[string(key)] = load
	return &Guard{s, load}
}

// Judge gives an error or a warning for every rule that the planned resource
// breaks, or may break.
func (g *Guard) Judge(ctx context.Context, planned fwk.Planned) (diags diag.Diagnostics) {
	if g.settings.Unknown {
		diags.AddWarning("The policy is not known yet", "The provider's policy block has values that are known only after apply. "+
			"Resources are checked during apply, when they are.")
		return diags
	}
	engine, err := g.engine()
	if err != nil {
		diags.AddError("Loading the policy", err.Error()+"\n\nNothing was checked. The policy block of the provider says which rules there are.")
		return diags
	}
	findings, err := evaluate(ctx, engine, planned)
	if err != nil {
		diags.Append(g.problem("The policy could not be applied", err.Error()+"\n\nNothing was checked."))
		return diags
	}
	rules := make(map[string]policy.Rule)
	for _, r := range engine.Rules() {
		rules[r.ID] = r
	}
	for _, f := range findings {
		at, named := attributePath(ctx, planned, f.Resource.Type, placeOf(f))
		if d := g.say(f, rules[f.Rule], planned, at, named); d != nil {
			diags.Append(d)
		}
	}
	return diags
}

// placeOf is the path that a finding is about: of what is open, the first of
// the resource's own.
func placeOf(f finding.Finding) string {
	if waits := own(f.Unknown); f.Verdict == finding.Undecided && len(waits) > 0 {
		return waits[0].Path
	}
	return f.Path
}

func evaluate(ctx context.Context, engine *policy.Engine, planned fwk.Planned) ([]finding.Finding, error) {
	values, unknown, err := split(planned.Values.Raw)
	if err != nil {
		return nil, fmt.Errorf("reading the planned values: %w", err)
	}
	items, err := plan.Items(plan.Resource{Type: planned.Type, Action: planned.Action, Values: values, Unknown: unknown})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%s is no kind of resource that rules know", planned.Type)
	}
	return engine.Evaluate(ctx, &item.Set{Items: items, Partial: []string{"a provider sees one resource at a time"}})
}

// say gives the diagnostic of a finding; nil where there is nothing to say.
func (g *Guard) say(f finding.Finding, rule policy.Rule, planned fwk.Planned, at path.Path, attribute string) diag.Diagnostic {
	switch f.Verdict {
	case finding.NonCompliant:
		return g.violation(f, rule, planned, at, attribute)
	case finding.Failed:
		return g.problem("Rule "+f.Rule+" failed", f.Message+"\n\nThe resource was not checked against it.")
	case finding.Undecided:
		// What hides in other resources is for `vigil check` to see.
		if f.Unknown = own(f.Unknown); len(f.Unknown) > 0 {
			return pending(f, planned.Type, at, attribute)
		}
	}
	return nil
}

// violation is an error where the policy is mandatory, unless nothing is about
// to change: Terraform plans a resource that stays as it is before it destroys
// it too, and a policy must not keep anybody from destroying.
func (g *Guard) violation(f finding.Finding, rule policy.Rule, planned fwk.Planned, at path.Path, attribute string) diag.Diagnostic {
	summary := fmt.Sprintf("Policy %s (%s)", f.Rule, f.Severity)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nWhy:   %s\nWhere: %s\nFix:   %s", sentence(f.Message), oneLine(rule.Description), where(f, planned.Type, attribute), oneLine(f.Remediation))
	if planned.Action == "no-op" {
		b.WriteString("\n\nIt is so already and this plan does not change it, so the plan goes on.")
		return attributeOr(at, summary, b.String(), diag.NewAttributeWarningDiagnostic, diag.NewWarningDiagnostic)
	}
	if !g.settings.Mandatory || !f.Severity.AtLeast(g.settings.FailOn) {
		return attributeOr(at, summary, b.String(), diag.NewAttributeWarningDiagnostic, diag.NewWarningDiagnostic)
	}
	fmt.Fprintf(&b, "\n\nThe provider's policy is mandatory from severity %s on. `vigil rules show %s` explains the rule; `skip` in the policy block leaves it out.", g.settings.FailOn, f.Rule)
	return attributeOr(at, summary, b.String(), diag.NewAttributeErrorDiagnostic, diag.NewErrorDiagnostic)
}

// own leaves out what a rule waits for in other resources.
func own(unknown []finding.UnknownPath) []finding.UnknownPath {
	return slices.DeleteFunc(slices.Clone(unknown), func(u finding.UnknownPath) bool {
		return !strings.HasPrefix(u.Path, "configuration") && !strings.HasPrefix(u.Path, "supplementaryConfiguration") && !strings.HasPrefix(u.Path, "tags")
	})
}

// pending says what is decided only during apply, and what it waits for.
func pending(f finding.Finding, typ string, at path.Path, attribute string) diag.Diagnostic {
	var waits []string
	for _, u := range f.Unknown {
		waits = append(waits, u.Path) // a provider is not told where the value will come from
	}
	return attributeOr(at, "Policy "+f.Rule+" is decided during apply",
		fmt.Sprintf("Whether this holds is not known yet: %s.\n\nWhere: %s\nKnown after apply: %s\n\nThe rule is checked during apply, when the value is known and before the resource is made or changed.",
			strings.TrimSuffix(f.Title, "."), where(f, typ, attribute), strings.Join(waits, ", ")),
		diag.NewAttributeWarningDiagnostic, diag.NewWarningDiagnostic)
}

// problem is an error where the policy is mandatory: what could not be checked
// must not pass.
func (g *Guard) problem(summary, detail string) diag.Diagnostic {
	if g.settings.Mandatory {
		return diag.NewErrorDiagnostic(summary, detail)
	}
	return diag.NewWarningDiagnostic(summary, detail)
}

func attributeOr[A, B diag.Diagnostic](at path.Path, summary, detail string, attribute func(path.Path, string, string) A, whole func(string, string) B) diag.Diagnostic {
	if len(at.Steps()) > 0 {
		return attribute(at, summary, detail)
	}
	return whole(summary, detail)
}

// where names the resource and the attribute, in Terraform's words.
func where(f finding.Finding, typ, attribute string) string {
	w := typ
	if f.Resource.Name != "" {
		w += fmt.Sprintf(" %q", f.Resource.Name)
	}
	if attribute != "" {
		w += ", " + attribute
	}
	return w
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
