package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// origin is what a value that is not known yet is made from.
type origin struct {
	references []string     // absolute addresses, sorted
	from       *item.Symbol // set when it is one attribute of one planned resource
}

// resolver turns the references of expressions into absolute addresses.
type resolver struct {
	mappings
	config  *configuration
	planned map[string][]string // instance keys of each planned resource, by address without key
	whole   bool                // the plan left nothing out
	to      []item.Target       // what the value in hand names
	left    int                 // how many more references may be followed
}

// maxReferences bounds the work for one value: a module may pass a variable on
// to itself many times over.
const maxReferences = 2000

func newResolver(d *document) *resolver {
	r := &resolver{mappings: d.mappings, config: &d.config, planned: map[string][]string{}, whole: len(d.partialWords()) == 0}
	for _, address := range slices.Sorted(maps.Keys(d.planned)) {
		name, key := splitInstance(address)
		r.planned[name] = append(r.planned[name], key)
	}
	return r
}

// splitInstance parts an address from the instance key at its end.
func splitInstance(address string) (name, key string) {
	parts := item.SplitAddress(address)
	last := parts[len(parts)-1]
	_, key = splitKey(last)
	return address[:len(address)-len(key)], key
}

// target is one end of a reference: an address, and perhaps the attribute of a
// planned resource.
type target struct {
	address string // absolute, without the attribute where resource is set
	rest    string // ".arn" or "[0].id" behind the address
	managed bool   // a planned resource's instance
	settled bool   // a managed resource without planned instances: it adds nothing unknown
	opaque  bool   // a local value: what it is made of is not in the plan
}

func (t target) String() string { return t.address + t.rest }

// place is where an expression stands: in a module, perhaps in a resource or
// module call with an instance key of its own.
type place struct {
	scope   *scope
	key     string
	forEach *expression
}

// origin resolves an expression. to says what the value names, for references
// whose attribute a computed index has hidden.
func (r *resolver) origin(p place, e expression, to []item.Target) origin {
	r.left, r.to = maxReferences, to
	targets, sure := r.resolve(p, e.References)
	var o origin
	for _, t := range targets {
		if !t.opaque {
			o.references = append(o.references, t.String())
		}
	}
	if len(o.references) == 0 {
		for _, t := range targets {
			o.references = append(o.references, t.String())
		}
	}
	slices.Sort(o.references)
	o.references = slices.Compact(o.references)
	if sure && len(targets) == 1 && targets[0].managed {
		o.from = r.through(r.mappings.symbol(targets[0], to), to)
	}
	return o
}

// placeOf finds a resource instance in the configuration.
func (r *resolver) placeOf(address string) (place, *configResource) {
	steps, name := moduleOf(address)
	s := r.config.scopeOf(steps)
	if s == nil {
		return place{}, nil
	}
	name, key := splitInstance(name)
	config := s.module.resource(name)
	if config == nil {
		return place{}, nil
	}
	return place{scope: s, key: key, forEach: config.ForEach}, config
}

// resolve follows references to their ends. sure tells that everything the
// expression is made of is known, but for the one target if there is one: a
// value that is not known is then the target's. In
// `var.create ? aws_kms_key.audit[0].arn : var.key` only the key can be unknown.
func (r *resolver) resolve(p place, references []string) (targets []target, sure bool) {
	if p.scope == nil || p.scope.module == nil {
		return nil, false
	}
	names := distinct(references)
	sure = true
	pairs := p.key != "" && one(names, isIndex)
	for n, name := range names {
		r.left--
		if r.left <= 0 {
			return uniqueTargets(targets), false
		}
		if pairs && n+1 < len(names) && isIndex(names[n+1]) { // references stand in the order of the source
			if found, ok := r.paired(p, name); ok {
				targets = append(targets, found...)
				continue
			}
		}
		found, one := r.follow(p, name)
		targets = append(targets, found...)
		sure = sure && one
	}
	targets = r.unsettled(uniqueTargets(targets))
	return targets, sure && len(targets) <= 1
}

// unsettled leaves out resources that have no planned instance where another
// target has: `try(aws_kms_key.new[0].arn, aws_kms_key.old.arn)` waits for the
// one that the plan makes. A plan that left things out proves no absence.
func (r *resolver) unsettled(targets []target) []target {
	if !r.whole || !slices.ContainsFunc(targets, func(t target) bool { return !t.settled }) {
		return targets
	}
	return slices.DeleteFunc(targets, func(t target) bool { return t.settled })
}

// one tells whether exactly one name is meant.
func one(names []string, meant func(string) bool) bool {
	first := slices.IndexFunc(names, meant)
	return first >= 0 && !slices.ContainsFunc(names[first+1:], meant)
}

func isIndex(name string) bool { return name == "each.key" || name == "count.index" }

// paired resolves x[each.key].attribute: the plan names x and each.key, and
// nothing else. The sibling with the same key is meant.
func (r *resolver) paired(p place, name string) ([]target, bool) {
	parts := item.SplitAddress(name)
	switch {
	case len(parts) != 2:
		return nil, false
	case parts[0] == "module":
		return r.pairedModule(p.scope.child(parts[1] + p.key))
	}
	address := p.scope.join(name)
	if !slices.Contains(r.planned[address], p.key) {
		return nil, false
	}
	return []target{{address: address + p.key, managed: true}}, true
}

// pairedModule resolves module.x[each.key].output, where the plan hides the
// output too: the one resource behind the outputs that the value can name.
func (r *resolver) pairedModule(child *scope) ([]target, bool) {
	if child == nil || child.module == nil {
		return nil, false
	}
	var found []target
	for _, name := range sortedKeys(child.module.Outputs) {
		targets, sure := r.resolve(place{scope: child}, child.module.Outputs[name].Expression.References)
		for _, t := range targets {
			resource := r.at(t.address)
			if resource == nil || !t.managed || !r.wants(resource.kind) {
				continue
			}
			if !sure {
				return nil, false
			}
			found = append(found, target{address: t.address, managed: true})
		}
	}
	found = uniqueTargets(found)
	return found, len(found) == 1
}

func (r *resolver) wants(kind string) bool {
	return slices.ContainsFunc(r.to, func(t item.Target) bool { return t.Kind == kind })
}

// follow resolves one reference, as it stands in the module's source.
func (r *resolver) follow(p place, name string) ([]target, bool) {
	parts := item.SplitAddress(name)
	switch head := parts[0]; {
	case head == "var" && len(parts) > 1:
		return r.variable(p.scope, parts[1:])
	case head == "each" && len(parts) > 1 && parts[1] == "value":
		return r.eachValue(p, parts[2:])
	case head == "each", head == "count", head == "path", head == "terraform":
		return nil, true // known when the plan is made
	case head == "local":
		return []target{{address: p.scope.join(name), opaque: true}}, false
	case head == "module" && len(parts) > 1:
		return r.output(p.scope, parts)
	case head == "data" && len(parts) > 2:
		return []target{{address: p.scope.join(name)}}, true
	case len(parts) > 1:
		return r.instances(p.scope, parts)
	}
	return nil, false
}

// instances resolves a reference to a managed resource: type, name[key], attribute...
func (r *resolver) instances(s *scope, parts []string) ([]target, bool) {
	name, key := splitKey(parts[1])
	key, index := firstKey(key)
	address, rest := s.join(parts[0]+"."+name), index
	if len(parts) > 2 {
		rest += "." + strings.Join(parts[2:], ".")
	}
	keys := r.planned[address]
	if key != "" || len(keys) == 0 {
		return []target{{
			address: address + key, rest: rest,
			managed: slices.Contains(keys, key), settled: len(keys) == 0,
		}}, true
	}
	var targets []target
	for _, k := range keys {
		targets = append(targets, target{address: address + k, rest: rest, managed: true})
	}
	return targets, len(keys) == 1
}

// firstKey parts ["a"][0] into ["a"] and [0].
func firstKey(keys string) (first, rest string) {
	quoted := false
	for n := 0; n < len(keys); n++ {
		switch c := keys[n]; {
		case quoted && c == '\\':
			n++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return keys[:n+1], keys[n+1:]
		}
	}
	return keys, ""
}

// variable resolves var.x.y by what the module was called with.
func (r *resolver) variable(s *scope, parts []string) ([]target, bool) {
	name, index := splitKey(parts[0])
	if s.parent == nil || s.call == nil {
		return nil, true // given from outside: known
	}
	e, found := expressionAt(s.call.Expressions, []any{name})
	if found == unsetHere {
		return nil, true // the default
	}
	targets, sure := r.resolve(place{scope: s.parent, key: s.key, forEach: s.call.ForEach}, e.References)
	return extend(targets, index, parts[1:]), sure
}

// eachValue resolves each.value.x by what for_each goes over: with a resource
// that has for_each itself, each.value is its instance of the same key.
func (r *resolver) eachValue(p place, parts []string) ([]target, bool) {
	if p.forEach == nil {
		return nil, false
	}
	names := distinct(p.forEach.References)
	if len(names) == 1 && p.key != "" {
		if found, ok := r.paired(p, names[0]); ok {
			return extend(found, "", parts), true
		}
	}
	targets, sure := r.resolve(place{scope: p.scope}, p.forEach.References)
	return extend(targets, "", parts), sure && len(targets) == 0
}

// output resolves module.x[key].out.y by the output's own expression.
func (r *resolver) output(s *scope, parts []string) ([]target, bool) {
	whole := []target{{address: s.join(strings.Join(parts, ".")), opaque: true}}
	child := s.child(parts[1])
	if child == nil || child.module == nil || len(parts) < 3 {
		return whole, false
	}
	name, index := splitKey(parts[2])
	out, ok := child.module.Outputs[name]
	if !ok {
		return whole, false
	}
	targets, sure := r.resolve(place{scope: child}, out.Expression.References)
	if len(targets) == 0 {
		return whole, false
	}
	return extend(targets, index, parts[3:]), sure
}

// extend adds what follows a variable or output to targets that are whole
// resources: var.key.arn with key = aws_kms_key.audit.
func extend(targets []target, index string, parts []string) []target {
	for n, t := range targets {
		if t.rest == "" && t.managed && len(parts) > 0 {
			targets[n].rest = index + "." + strings.Join(parts, ".")
		}
	}
	return targets
}

func uniqueTargets(targets []target) []target {
	var unique []target
	for _, t := range targets {
		if !slices.Contains(unique, t) {
			unique = append(unique, t)
		}
	}
	return unique
}

// constant evaluates an expression that is one: a literal, or a variable with
// a known value.
func (r *resolver) constant(s *scope, e expression, variables map[string]any) any {
	for range 64 { // a chain of modules; configuration has no cycles
		names := distinct(e.References)
		if e.Constant != nil || len(names) != 1 || s == nil {
			return e.Constant
		}
		name, isVariable := strings.CutPrefix(names[0], "var.")
		if !isVariable {
			return nil
		}
		if s.parent == nil {
			return variables[name]
		}
		given, found := expressionAt(s.call.Expressions, []any{name})
		if found == unsetHere {
			return s.module.Variables[name].Default
		}
		e, s = given, s.parent
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
