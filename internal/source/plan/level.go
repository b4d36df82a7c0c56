package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// unset tells null, and what is not there at all.
func (v *value) unset() bool { return v == nil || !v.unknown && v.known == nil }

// step goes to a member; within something unknown all is unknown.
func (l level) step(name string) level {
	next := level{path: append(slices.Clone(l.path), name)}
	switch {
	case l.at.unset():
	case l.at.unknown:
		next.at = l.at
	default:
		next.at = l.at.object()[name]
	}
	if next.at != nil && l.at != nil && l.at.sensitive && !next.at.sensitive {
		marked := *next.at
		marked.sensitive = true
		next.at = &marked
	}
	return next
}

// walk goes through blocks to an attribute. hashicorp writes a block as a list
// of one, providers of the newer framework as an object.
func (l level) walk(path []string) level {
	for n, name := range path {
		if n > 0 {
			l = l.single()
		}
		l = l.step(name)
	}
	return l
}

// single looks through a list of one.
func (l level) single() level {
	if l.at == nil {
		return l
	}
	if _, isList := l.at.known.([]*value); !isList {
		return l
	}
	elements := l.elements()
	if len(elements) == 0 {
		return level{path: l.path}
	}
	return elements[0]
}

// elements are those of a list; a value that is none stands for a list of one.
func (l level) elements() []level {
	list, isList := l.at.known.([]*value)
	if !isList {
		return []level{l}
	}
	elements := make([]level, len(list))
	for n, v := range list {
		elements[n] = level{at: v, path: append(slices.Clone(l.path), n)}
	}
	return elements
}

// pairs are the members of a map as {name, value} objects, by name.
func (l level) pairs() []level {
	members := l.at.object()
	pairs := make([]level, 0, len(members))
	for _, name := range sortedKeys(members) {
		if members[name].unset() {
			continue
		}
		pair := map[string]*value{"name": {known: name}, "value": members[name]}
		pairs = append(pairs, level{at: &value{known: pair}, path: l.path})
	}
	return pairs
}

// String is the path as people write it: ".rule[0].status".
func (l level) String() string {
	var b strings.Builder
	for _, step := range l.path {
		switch s := step.(type) {
		case string:
			b.WriteString("." + s)
		case int:
			fmt.Fprintf(&b, "[%d]", s)
		}
	}
	return b.String()
}

// scalar converts a string, number or boolean to the field's type.
func (b *builder) scalar(f item.Field, source item.Attribute, at level) (*node, error) {
	if source.First {
		if at = at.single(); at.at.unset() {
			return nil, nil
		}
		if at.at.unknown {
			return b.notKnown(f, source, at)
		}
	}
	text, ok := textOf(at.at.known)
	if !ok {
		return nil, b.wrong(at, "a "+string(f.Type))
	}
	if word, replaced := source.Words[text]; replaced {
		text = word
	}
	text = strings.TrimSuffix(text, source.Trim)
	if text == "" && !source.Keep {
		return nil, nil
	}
	known, ok := typed(f.Type, text)
	if !ok {
		return nil, b.wrong(at, "a "+string(f.Type))
	}
	if source.Zero && known == json.Number("0") {
		return nil, nil
	}
	return &node{known: known, sensitive: at.at.sensitive}, nil
}

func textOf(known any) (string, bool) {
	switch k := known.(type) {
	case string:
		return k, true
	case bool:
		return strconv.FormatBool(k), true
	case json.Number:
		return k.String(), true
	}
	return "", false
}

func typed(t item.FieldType, text string) (any, bool) {
	switch t {
	case item.Boolean:
		return text == "true", text == "true" || text == "false"
	case item.Number:
		number := json.Number(text)
		_, err := number.Float64()
		return number, err == nil && json.Valid([]byte(text))
	default:
		return text, true
	}
}

// document parses text that holds JSON, such as a policy.
func (b *builder) document(at level) (*node, error) {
	if at.at.object() != nil {
		return nil, b.wrong(at, "JSON text")
	}
	text := strings.TrimSpace(at.at.text())
	if text == "" {
		return nil, nil
	}
	parsed, err := decode([]byte(text))
	object, isObject := parsed.(map[string]any)
	if err != nil || !isObject {
		return nil, b.wrong(at, "JSON text of an object")
	}
	return &node{known: dropNulls(object), sensitive: at.at.sensitive}, nil
}

// dropNulls leaves members and elements out that are null: unset is absent.
func dropNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member == nil {
				delete(v, name)
				continue
			}
			v[name] = dropNulls(member)
		}
	case []any:
		v = slices.DeleteFunc(v, func(e any) bool { return e == nil })
		for n := range v {
			v[n] = dropNulls(v[n])
		}
		return v
	}
	return v
}
