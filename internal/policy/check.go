package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// packageOf is the package of a rule: data.rules.cloudtrail.insights.
func packageOf(id string) ast.Ref {
	ref := ast.DefaultRootRef.Copy().Append(ast.StringTerm("rules"))
	for step := range strings.SplitSeq(id, "/") {
		ref = ref.Append(ast.StringTerm(step))
	}
	return ref
}

// checkBody asks for "violation" and that it, and "not_applicable", are
// booleans: anything else would be taken for false.
func checkBody(compiler *ast.Compiler, s source) error {
	if len(compiler.GetRules(s.mod.Package.Path.Append(ast.StringTerm(violation)))) == 0 {
		return errors.New("there is no \"violation if ...\"")
	}
	for _, name := range []string{violation, notApplicable} {
		for _, rule := range compiler.GetRules(s.mod.Package.Path.Append(ast.StringTerm(name))) {
			value := rule.Head.Value
			if value == nil || rule.Head.Key != nil || len(rule.Head.Args) > 0 || value.Value.Compare(ast.Boolean(true)) != 0 && !rule.Default {
				return fmt.Errorf("%s: %q must be a plain boolean: \"%s if ...\"", rule.Loc(), name, name)
			}
		}
	}
	return nil
}

// checkParameterUse compares the parameters that a rule reads with those it
// declares: one without a declaration has no value, so the rule would never
// fire; one that is never read would change nothing.
func checkParameterUse(mod *ast.Module, rule Rule) error {
	var faults []error
	read := map[string]bool{}
	ast.WalkRefs(mod, func(ref ast.Ref) bool {
		if len(ref) < 3 || !ref[:2].Equal(ast.MustParseRef("data.parameters")) {
			return false
		}
		name, ok := ref[2].Value.(ast.String)
		declared := slices.ContainsFunc(rule.Parameters, func(p Parameter) bool { return p.Name == string(name) })
		if ok && !declared && !read[string(name)] {
			faults = append(faults, fmt.Errorf("%s: reads data.parameters.%s, which custom.parameters does not declare", ref[0].Loc(), string(name)))
		}
		read[string(name)] = true
		return false
	})
	for _, p := range rule.Parameters {
		if !read[p.Name] {
			faults = append(faults, fmt.Errorf("parameter %s is declared and never read", p.Name))
		}
	}
	return errors.Join(faults...)
}

// checkReads refuses a rule that reads related items it does not declare: they
// would never be there, and the rule would judge without them.
func checkReads(rule *compiledRule) error {
	for _, q := range []*question{rule.violation, rule.notApplicable, rule.details} {
		if q == nil {
			continue
		}
		for _, r := range q.reads {
			if len(r.path) < 2 || r.path[0] != relatedKey {
				continue
			}
			typ, isType := r.path[1].(string)
			declared := slices.ContainsFunc(rule.Related, func(rel Relation) bool { return rel.Type == typ })
			if isType && !declared {
				return fmt.Errorf("%s: reads input.related[%q], which custom.related does not declare", rule.File, typ)
			}
		}
	}
	return nil
}
