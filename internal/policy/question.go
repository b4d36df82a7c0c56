package policy

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// The names that a rule defines.
const (
	violation     = "violation"
	notApplicable = "not_applicable"
	details       = "details"
)

// compiledRule is a rule that is ready to be asked.
type compiledRule struct {
	Rule
	violation     *question
	notApplicable *question // nil if the rule always applies
	details       *question // nil if the rule has no words of its own
	relations     []relation
}

// question is one name of one rule.
type question struct {
	compiler *ast.Compiler
	eval     rego.PreparedEvalQuery
	partial  rego.PreparedPartialQuery
	reads    []read
}

// prepareRule binds the rule to its parameters, which it reads as
// data.parameters.
func prepareRule(ctx context.Context, compiler *ast.Compiler, limits *guard, rule Rule, params map[string]any) (*compiledRule, error) {
	prepared := &compiledRule{Rule: rule}
	var err error
	if prepared.relations, err = parseRelations(rule.Related); err != nil {
		return nil, err
	}
	pkg := packageOf(rule.ID)
	for name, target := range map[string]**question{
		violation: &prepared.violation, notApplicable: &prepared.notApplicable, details: &prepared.details,
	} {
		ref := pkg.Append(ast.StringTerm(name))
		if len(compiler.GetRules(ref)) == 0 {
			continue
		}
		if *target, err = prepareQuestion(ctx, compiler, limits, ref, params); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return prepared, checkReads(prepared)
}

func prepareQuestion(ctx context.Context, compiler *ast.Compiler, limits *guard, ref ast.Ref, params map[string]any) (*question, error) {
	options := []func(*rego.Rego){
		rego.Compiler(compiler),
		rego.Query(ref.String()),
		rego.Store(inmem.NewFromObject(map[string]any{"parameters": plain(params)})),
		// A built-in that fails (to_number("x")) ends the question with an
		// error; by default it would be undefined, and a violation missed.
		rego.StrictBuiltinErrors(true),
	}
	q := question{compiler: compiler}
	var err error
	if q.eval, err = rego.New(options...).PrepareForEval(ctx); err != nil {
		return nil, err
	}
	if q.partial, err = rego.New(options...).PrepareForPartial(ctx); err != nil {
		return nil, err
	}
	q.reads = readsOf(ctx, compiler, limits, q.partial)
	return &q, ctx.Err()
}

// answer is what a question says about an item.
type answer int

const (
	no answer = iota
	yes
	open // it depends on what is not known
)

// ask evaluates with everything known. An error is never an answer.
func (q *question) ask(ctx context.Context, input ast.Value) (any, error) {
	results, err := q.eval.Eval(ctx, rego.EvalParsedInput(input))
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return results[0].Expressions[0].Value, nil
}

// decide evaluates a boolean question whose answer may hang on unknowns.
func (q *question) decide(ctx context.Context, facts facts) (answer, []read, error) {
	unknowns := facts.lifted(q.reads)
	if len(unknowns) == 0 {
		got, err := q.decideKnown(ctx, facts.input)
		return got, nil, err
	}
	input, err := facts.withPlaceholders(unknowns)
	if err != nil {
		return open, nil, err
	}
	residual, err := q.partial.Partial(ctx, rego.EvalParsedInput(input), rego.EvalParsedUnknowns(terms(unknowns)))
	if err != nil {
		return open, nil, err
	}
	got := classify(residual)
	if got == open {
		return open, readsOfResidual(q.compiler, residual), nil
	}
	// Unset is one of the values that an unknown can take, so an answer that
	// holds for all of them holds for that one. The residual cannot be trusted
	// alone: an inlined function is defined where its argument is not.
	unset, err := q.decideKnown(ctx, facts.input)
	if ctx.Err() != nil {
		return open, nil, ctx.Err()
	}
	// A rule that fails on "unset" may well work once the value is there.
	if err != nil || unset != got {
		return open, q.reads, nil //nolint:nilerr // so its error is no answer yet
	}
	return got, nil, nil
}

func (q *question) decideKnown(ctx context.Context, input ast.Value) (answer, error) {
	value, err := q.ask(ctx, input)
	switch {
	case err != nil:
		return no, err
	case value == nil || value == false:
		return no, nil
	case value == true:
		return yes, nil
	}
	return no, errors.New("the result is neither true nor false")
}

// classify reads the result of partial evaluation: no query means false, a
// query without conditions true, anything else undecided.
func classify(residual *rego.PartialQueries) answer {
	if len(residual.Queries) == 0 {
		return no
	}
	for _, body := range residual.Queries {
		if len(body) == 0 {
			return yes
		}
	}
	return open
}

func terms(paths []path) []*ast.Term {
	list := make([]*ast.Term, len(paths))
	for i, p := range paths {
		ref := ast.InputRootRef.Copy()
		for _, step := range p {
			switch step := step.(type) {
			case string:
				ref = append(ref, ast.StringTerm(step))
			case int:
				ref = append(ref, ast.IntNumberTerm(step))
			}
		}
		list[i] = ast.NewTerm(ref)
	}
	return list
}
