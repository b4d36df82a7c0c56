// Package policy judges configuration items by rules written in Rego.
//
// A rule is one package, rules.<service>.<rule>, with a boolean "violation"
// and, where it needs one, a boolean "not_applicable". The author writes for
// one item with known values; this package adds the rest:
//
//   - the verdict, and that every pair of rule and item gets exactly one;
//   - the related items, joined by the keys that the rule's metadata declares
//     and handed over as input.related["AWS::S3::Bucket"];
//   - the third value: what is not known before apply makes a verdict UNKNOWN
//     exactly when it could change it.
//
// A rule that fails to evaluate (an error in a built-in, two results at once,
// no end in time) gives ERROR, never a pass.
//
//	engine, err := policy.Load(ctx, policy.Options{Builtin: true})
//	findings, err := engine.Evaluate(ctx, set)
package policy

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/policies"
)

// DefaultDeadline is how long one question to one rule about one item may take.
const DefaultDeadline = 5 * time.Second

// Options says which rules are loaded and how they are asked.
type Options struct {
	// Builtin loads the rules that ship with Vigil. Their shared library is
	// there for users' rules in either case.
	Builtin bool
	// FS replaces the bundle that ships with Vigil; nil means that bundle.
	FS fs.FS
	// Directories hold users' own rules, in the same shape as the bundle.
	Directories []string
	// Parameters overrides defaults: rule id -> parameter -> value.
	Parameters map[string]map[string]any
	// Skip leaves rules out, by id; Rules, when not empty, leaves all others
	// out. An id that no rule has is an error: a misspelt one would pass
	// silently.
	Skip, Rules []string
	// StrictUnknown turns off the assumption that an unknown value taken from
	// exactly one attribute of one planned resource will not be null.
	StrictUnknown bool
	// Deadline bounds one question to one rule about one item; 0 means
	// DefaultDeadline.
	Deadline time.Duration
}

// Rule describes one rule: what its metadata says.
type Rule struct {
	ID            string // "cloudtrail/log_file_validation": the path of its package
	Title         string // a sentence that is true when all is well
	Description   string
	Severity      finding.Severity
	ResourceTypes []string // AWS Config's names: "AWS::CloudTrail::Trail"
	Trigger       []string // "change", "periodic"
	Related       []Relation
	Remediation   string
	Controls      []string // "cis-aws-7.0/4.2"
	Parameters    []Parameter
	Number        string // RULES' working number, "CT-04"
	References    []Reference
	File          string // where it was read from, for messages
}

// Relation declares which items a rule sees under input.related[Type]: those
// whose values at Theirs equal this item's values at Ours, path by path. "[_]"
// in a path means any element. Several relations of one type add up.
type Relation struct {
	Type   string   `json:"type"`
	Theirs []string `json:"theirs"`
	Ours   []string `json:"ours"`
	// One says that the key identifies an item, so that there is at most one
	// partner and the rule may name it as input.related[Type][0].
	One bool `json:"one,omitempty"`
	// Absent says what it means that nothing matches: "none" (the default),
	// there is no such item; "not_visible", we name one that this source does
	// not hold, so nothing is known about it.
	Absent string `json:"absent,omitempty"`
	// Generated says that AWS makes the key up when the resource is created
	// (a VPC's id), so that a key known before that cannot be equal to it.
	Generated bool `json:"generated,omitempty"`
}

// Parameter is a value of a rule that users may override. Rego reads it as
// data.parameters.<Name>.
type Parameter struct {
	Name    string `json:"-"`
	Type    string `json:"type"` // string, number, boolean, array or object
	Default any    `json:"default"`
	Text    string `json:"text"`
}

// Reference is a page to read more.
type Reference struct {
	Text string
	URL  string
}

// Engine holds the compiled rules. It is safe for concurrent use.
type Engine struct {
	rules    []*compiledRule // sorted by id
	deadline time.Duration
	strict   bool
}

// Load compiles the rules once. A rule that is not fit to run is an error that
// names its file and line, never left out silently.
func Load(ctx context.Context, opts Options) (*Engine, error) {
	bundle := opts.FS
	if bundle == nil {
		bundle = policies.FS()
	}
	sources, err := readSources(bundle, opts)
	if err != nil {
		return nil, fmt.Errorf("reading policies: %w", err)
	}
	compiler, err := compile(sources)
	if err != nil {
		return nil, fmt.Errorf("compiling policies: %w", err)
	}
	rules, err := describe(compiler, sources)
	if err != nil {
		return nil, fmt.Errorf("reading metadata of policies: %w", err)
	}
	if err := addControls(bundle, rules); err != nil {
		return nil, fmt.Errorf("reading controls: %w", err)
	}
	values, err := parametersOf(rules, opts.Parameters)
	if err != nil {
		return nil, err
	}
	if rules, err = choose(rules, opts); err != nil {
		return nil, err
	}
	engine := &Engine{deadline: opts.Deadline, strict: opts.StrictUnknown}
	if engine.deadline == 0 {
		engine.deadline = DefaultDeadline
	}
	limits := newGuard(engine.deadline)
	defer limits.stop()
	for _, rule := range rules {
		prepared, err := prepareRule(ctx, compiler, limits, rule, values[rule.ID])
		if err != nil {
			return nil, fmt.Errorf("preparing rule %s: %w", rule.ID, err)
		}
		engine.rules = append(engine.rules, prepared)
	}
	return engine, nil
}

// Rules lists what is loaded, by id.
func (e *Engine) Rules() []Rule {
	rules := make([]Rule, len(e.rules))
	for i, r := range e.rules {
		rules[i] = r.Rule
	}
	return rules
}
