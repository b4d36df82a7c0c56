package policy

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// read is one place of the input that a question depends on.
type read struct {
	path path
	// existence says that the answer depends only on whether there is a value
	// (other than false), not on which.
	existence bool
}

// readsOf finds everything in the input that a question can depend on. The
// question is evaluated partially with the whole input unknown: helpers are
// inlined, what remains is the program over the input alone, and its references
// are the reads. If that fails, the question is taken to read everything.
func readsOf(ctx context.Context, compiler *ast.Compiler, limits *guard, query rego.PreparedPartialQuery) []read {
	var residual *rego.PartialQueries
	err := limits.ask(ctx, func(ctx context.Context) (err error) {
		residual, err = query.Partial(ctx, rego.EvalParsedUnknowns([]*ast.Term{ast.NewTerm(ast.InputRootRef)}))
		return err
	})
	if err != nil {
		return []read{{}}
	}
	return readsOfResidual(compiler, residual)
}

// readsOfResidual lists the references to the input in what partial evaluation
// left over, and in the rules that it left alone (those with "else").
func readsOfResidual(compiler *ast.Compiler, residual *rego.PartialQueries) []read {
	var nodes []any
	for _, body := range residual.Queries {
		nodes = append(nodes, body)
	}
	for _, module := range residual.Support {
		nodes = append(nodes, module)
	}
	nodes = withCalled(compiler, nodes)
	collector := readCollector{aliases: map[ast.Var][]path{}, seen: map[string]bool{}}
	for _, node := range nodes {
		collector.findAliases(node)
	}
	for _, node := range nodes {
		collector.walk(node)
	}
	return collector.reads
}

// withCalled adds the rules that the nodes refer to, directly or not.
func withCalled(compiler *ast.Compiler, nodes []any) []any {
	seen := map[*ast.Rule]bool{}
	for i := 0; i < len(nodes); i++ {
		ast.WalkRefs(nodes[i], func(ref ast.Ref) bool {
			if !ref.HasPrefix(ast.DefaultRootRef) {
				return false
			}
			for _, rule := range compiler.GetRulesDynamicWithOpts(ref, ast.RulesOptions{}) {
				if !seen[rule] {
					seen[rule] = true
					nodes = append(nodes, rule)
				}
			}
			return false
		})
	}
	return nodes
}

// readCollector walks a residual. aliases are the variables that stand for a
// part of the input ("b = input.related.B[i]; not b.x"): a variable met inside a
// reference extends the alias, anywhere else it is a read of all it stands for.
type readCollector struct {
	aliases map[ast.Var][]path
	reads   []read
	seen    map[string]bool
}

func (c *readCollector) findAliases(node any) {
	// An alias may be built on another one that is defined further down, so go
	// round until nothing new is found. Residuals are acyclic and small.
	for found := true; found; {
		found = false
		ast.WalkExprs(node, func(expr *ast.Expr) bool {
			if name, ref, ok := aliasOf(expr); ok {
				for _, target := range c.resolve(ref) {
					found = c.addAlias(name, target) || found
				}
			}
			return false
		})
	}
}

func (c *readCollector) addAlias(name ast.Var, target path) bool {
	for _, known := range c.aliases[name] {
		if known.String() == target.String() {
			return false
		}
	}
	c.aliases[name] = append(c.aliases[name], target)
	return true
}

// aliasOf recognises "x = ref" and "ref = x".
func aliasOf(expr *ast.Expr) (ast.Var, ast.Ref, bool) {
	if !expr.IsEquality() || expr.Negated || len(expr.With) > 0 {
		return "", nil, false
	}
	left, right := expr.Operand(0), expr.Operand(1)
	if _, ok := left.Value.(ast.Ref); ok {
		left, right = right, left
	}
	name, isVar := left.Value.(ast.Var)
	ref, isRef := right.Value.(ast.Ref)
	return name, ref, isVar && isRef
}

// resolve turns a reference into the places of the input it can mean; none if
// it has nothing to do with the input.
func (c *readCollector) resolve(ref ast.Ref) []path {
	if len(ref) == 0 {
		return nil
	}
	head, ok := ref[0].Value.(ast.Var)
	if !ok {
		return nil
	}
	bases := c.aliases[head]
	if head.Equal(ast.InputRootDocument.Value) {
		bases = []path{{}}
	}
	var resolved []path
	for _, base := range bases {
		full := append(path{}, base...)
		for _, term := range ref[1:] {
			full = append(full, stepOf(term))
		}
		resolved = append(resolved, full)
	}
	return resolved
}

func stepOf(term *ast.Term) any {
	switch value := term.Value.(type) {
	case ast.String:
		return string(value)
	case ast.Number:
		if index, ok := value.Int(); ok {
			return index
		}
	}
	return anyElement{}
}

// walk records the reads below a node.
func (c *readCollector) walk(node any) {
	visitor := ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			return c.walkExpr(x)
		case ast.Call:
			return c.walkObjectGet(x[0], x[1:])
		case ast.Ref:
			c.add(x, false)
			c.walkOperands(x)
			return true
		case ast.Var:
			c.addWhole(x)
		}
		return false
	})
	visitor.Walk(node)
}

// walkExpr handles the expressions that read less than the references in them
// say; it reports whether it has dealt with the whole of it.
func (c *readCollector) walkExpr(expr *ast.Expr) bool {
	if len(expr.With) > 0 {
		return false
	}
	if term, ok := expr.Terms.(*ast.Term); ok {
		if ref, ok := term.Value.(ast.Ref); ok {
			c.add(ref, true)
			c.walkOperands(ref)
			return true
		}
	}
	if _, ref, ok := aliasOf(expr); ok && c.transparent(ref) {
		c.walkOperands(ref)
		return true
	}
	if terms, ok := expr.Terms.([]*ast.Term); ok {
		return c.walkObjectGet(terms[0], terms[1:])
	}
	return false
}

// transparent says whether naming ref reads nothing but what is then read of
// the name: it is an element of a collection, which is there whatever its
// unknown fields turn out to be.
func (c *readCollector) transparent(ref ast.Ref) bool {
	places := c.resolve(ref)
	for _, place := range places {
		if len(place) == 0 || place[len(place)-1] != any(anyElement{}) {
			return false
		}
	}
	return len(places) > 0
}

// walkObjectGet sees that object.get(input.configuration, "name", default)
// reads one field, not all of them. It is met as an expression and as a call
// inside of another one.
func (c *readCollector) walkObjectGet(operator *ast.Term, operands []*ast.Term) bool {
	if operator.String() != ast.ObjectGet.Name || len(operands) < 3 {
		return false
	}
	key, isKey := operands[1].Value.(ast.String)
	ref := refOf(operands[0])
	if !isKey || len(c.resolve(ref)) == 0 {
		return false
	}
	c.add(ref.Append(ast.NewTerm(key)), false)
	c.walkOperands(ref)
	for _, operand := range operands[2:] {
		c.walk(operand)
	}
	return true
}

// refOf takes a variable for a reference without steps; nil for anything else.
func refOf(term *ast.Term) ast.Ref {
	switch value := term.Value.(type) {
	case ast.Ref:
		return value
	case ast.Var:
		return ast.Ref{term}
	}
	return nil
}

func (c *readCollector) walkOperands(ref ast.Ref) {
	for _, term := range ref[1:] {
		c.walk(term)
	}
}

func (c *readCollector) add(ref ast.Ref, existence bool) {
	for _, place := range c.resolve(ref) {
		c.addRead(read{path: place, existence: existence})
	}
}

// addRead keeps each read once: inlining repeats them many times over.
func (c *readCollector) addRead(r read) {
	name := fmt.Sprint(r.existence, r.path)
	if !c.seen[name] {
		c.seen[name] = true
		c.reads = append(c.reads, r)
	}
}

func (c *readCollector) addWhole(name ast.Var) {
	if name.Equal(ast.InputRootDocument.Value) {
		c.addRead(read{})
	}
	for _, place := range c.aliases[name] {
		c.addRead(read{path: place})
	}
}
