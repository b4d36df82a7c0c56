package policy

import (
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
