package policy

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// facts is what is known about one item for one rule: its fields, the items
// related to it, and the places that are not known.
type facts struct {
	record   *record
	related  map[string][]*record
	unknowns []unknown
	assumed  []unknown // places taken to hold some value
	input    ast.Value
}

// newFacts gathers the unknowns of the item and of what is related to it.
// hidden are the relations that are unknown as a whole.
func newFacts(r *record, related map[string][]*record, hidden map[string]unknown) facts {
	f := facts{record: r, related: related, unknowns: slices.Clone(r.unknowns)}
	for _, typ := range sortedKeys(related) {
		for i, other := range related[typ] {
			for _, u := range other.unknowns {
				u.path = slices.Concat(path{relatedKey, typ, i}, u.path)
				f.unknowns = append(f.unknowns, u)
			}
		}
	}
	for _, typ := range sortedKeys(hidden) {
		f.unknowns = append(f.unknowns, hidden[typ])
	}
	f.input = f.value()
	return f
}

// value puts the item and its related items together from what is converted
// already.
func (f facts) value() ast.Value {
	related := ast.NewObject()
	for typ, records := range f.related {
		list := make([]*ast.Term, len(records))
		for i, r := range records {
			list[i] = ast.NewTerm(r.value)
		}
		related.Insert(ast.StringTerm(typ), ast.ArrayTerm(list...))
	}
	input := ast.NewObject([2]*ast.Term{ast.StringTerm(relatedKey), ast.NewTerm(related)})
	f.record.value.Foreach(input.Insert)
	return input
}

// waitsFor names what a value waits for: the attribute it comes from, else all
// it is made from, else the resource that computes it.
func waitsFor(it *item.Item, u item.Unknown) string {
	switch {
	case u.From != nil:
		return u.From.String()
	case len(u.References) > 0:
		return strings.Join(u.References, ", ")
	}
	return nameOf(it)
}

// fields is an item as rules see it. Which values are unknown is not part of it:
// a rule that could see it would answer differently once they are known.
func fields(it *item.Item) map[string]any {
	doc := map[string]any{"resourceType": it.Type, "configuration": plain(it.Configuration)}
	for name, value := range map[string]string{
		"resourceId": it.ID, "resourceName": it.Name, "arn": it.ARN, "awsAccountId": it.Account, "awsRegion": it.Region,
	} {
		if value != "" {
			doc[name] = value
		}
	}
	tags := map[string]any{}
	for key, value := range it.Tags {
		tags[key] = value
	}
	doc["tags"] = tags
	if it.SupplementaryConfiguration != nil {
		doc["supplementaryConfiguration"] = plain(it.SupplementaryConfiguration)
	}
	source := map[string]any{"kind": string(it.Source.Kind)}
	if it.Source.Address != "" {
		source["address"], source["action"] = it.Source.Address, it.Source.Action
	}
	doc["source"] = source
	return doc
}

// plain copies a value into what OPA takes: maps, slices, strings, booleans
// and json.Number.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if value == nil {
			return map[string]any{}
		}
		copied := make(map[string]any, len(value))
		for key, inner := range value {
			copied[key] = plain(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, inner := range value {
			copied[i] = plain(inner)
		}
		return copied
	case nil, string, bool, json.Number, float64, int, int64:
		return value
	}
	return viaJSON(value)
}

// viaJSON turns a Go value of any type into plain JSON values; what has no JSON
// form becomes null.
func viaJSON(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	var decoded any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if decoder.Decode(&decoded) != nil {
		return nil
	}
	return decoded
}

// place puts a value where p points, making what is missing on the way.
func place(node any, p path, value any) any {
	if len(p) == 0 {
		return value
	}
	switch step := p[0].(type) {
	case string:
		object, ok := node.(map[string]any)
		if !ok {
			object = map[string]any{}
		}
		object[step] = place(object[step], p[1:], value)
		return object
	case int:
		list, _ := node.([]any)
		for len(list) <= step {
			list = append(list, nil)
		}
		list[step] = place(list[step], p[1:], value)
		return list
	}
	return node
}

// withPlaceholders is the input with something at every unknown place, so that
// the places around them keep their positions.
func (f facts) withPlaceholders(unknowns []path) (ast.Value, error) {
	doc := f.document()
	for _, p := range unknowns {
		place(doc, p, nil)
	}
	return ast.InterfaceToValue(doc)
}

// document is a copy of the input that can be changed.
func (f facts) document() map[string]any {
	doc := plain(f.record.document).(map[string]any)
	related := map[string]any{}
	for typ, records := range f.related {
		list := make([]any, len(records))
		for i, r := range records {
			list[i] = plain(r.document)
		}
		related[typ] = list
	}
	doc[relatedKey] = related
	for _, u := range f.assumed {
		place(doc, u.path, "known after apply")
	}
	return doc
}

// touching lists the unknowns that overlap one of the reads.
func (f facts) touching(reads []read) []unknown {
	var found []unknown
	for _, u := range f.unknowns {
		if slices.ContainsFunc(reads, func(r read) bool { return f.depends(r, u.path) }) {
			found = append(found, u)
		}
	}
	return found
}

// depends says whether a read can notice what is at an unknown place. Whether
// there is an object or a list does not depend on a place deep inside of it, as
// long as something else is in there.
func (f facts) depends(r read, unknown path) bool {
	if !r.path.overlaps(unknown) {
		return false
	}
	if !r.existence || len(unknown) <= len(r.path) {
		return true
	}
	switch container := f.at(unknown[:len(r.path)]).(type) {
	case map[string]any:
		return len(container) == 0
	case []any:
		return len(container) == 0
	}
	return true
}

// at is the known value at a place, or nil.
func (f facts) at(p path) any {
	document := f.record.document
	if len(p) > 2 && p[0] == relatedKey {
		typ, _ := p[1].(string)
		i, isIndex := p[2].(int)
		if !isIndex || i >= len(f.related[typ]) {
			return nil
		}
		document, p = f.related[typ][i].document, p[3:]
	}
	values := valuesAt(document, p)
	if len(values) != 1 {
		return nil
	}
	return values[0]
}

// lifted gives the unknown places that matter for the reads, each cut off
// behind the first position where a read that overlaps it iterates: OPA 1.22
// takes an element to be known as a whole once iteration has bound it, even if
// a place inside was declared unknown. A read of a whole object may iterate
// over it out of sight, so it counts as iterating at its end.
func (f facts) lifted(reads []read) []path {
	var lifted []path
	for _, u := range f.touching(reads) {
		place := u.path
		for shorter := true; shorter; {
			shorter = false
			for _, r := range reads {
				if cut := r.path.firstAny() + 1; f.depends(r, place) && len(place) > cut {
					place, shorter = place[:cut], true
				}
			}
		}
		lifted = append(lifted, place)
	}
	return withoutCovered(lifted)
}

// withoutCovered drops paths that lie at or below another one.
func withoutCovered(paths []path) []path {
	var kept []path
	for i, p := range paths {
		covered := slices.ContainsFunc(paths[:i], func(q path) bool { return q.String() == p.String() }) ||
			slices.ContainsFunc(paths, func(q path) bool { return len(q) < len(p) && q.overlaps(p) })
		if !covered {
			kept = append(kept, p)
		}
	}
	return kept
}

// assume gives the facts under the assumption that values taken from exactly
// one planned attribute are not null, as far as the questions only ask whether
// there is a value. It lists what it assumed.
func (f facts) assume(reads []read) (facts, []unknown, error) {
	harmless := func(u unknown) bool {
		if u.from == nil {
			return false
		}
		asked := false
		for _, r := range reads {
			if !r.path.overlaps(u.path) {
				continue
			}
			if asked = r.existence && len(r.path) == len(u.path); !asked {
				return false
			}
		}
		return asked && !mayBeFalse(f.record.item.Type, u.path)
	}
	var rest []unknown
	for _, u := range f.unknowns {
		if harmless(u) {
			f.assumed = append(f.assumed, u)
		} else {
			rest = append(rest, u)
		}
	}
	f.unknowns = rest
	var err error
	f.input, err = ast.InterfaceToValue(f.document())
	return f, f.assumed, err
}

// mayBeFalse says whether a value at the path could be false, which is no value
// to a rule that only asks whether there is one. Without a schema it could.
func mayBeFalse(typ string, p path) bool {
	if len(p) > 2 && p[0] == relatedKey {
		typ, _ = p[1].(string)
		p = p[3:]
	}
	node := item.Schema(typ)
	for _, step := range p {
		var next any
		if _, isIndex := step.(int); isIndex {
			next = node["items"]
		} else if properties, ok := node["properties"].(map[string]any); ok {
			next = properties[step.(string)]
		}
		var ok bool
		if node, ok = next.(map[string]any); !ok {
			return true
		}
	}
	return node["type"] != "string" && node["type"] != "array" && node["type"] != "number" && node["type"] != "integer"
}
