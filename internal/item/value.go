package item

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Value is what an item has at a path: a known JSON value, or one that is
// known only after apply. Symbols name it either way, so that two values can
// be compared before either is known.
type Value struct {
	Path    string   // from the item's root, with real indices
	Known   any      // nil when Unknown is set
	Unknown *Unknown // set when the value, or something around it, is not known
	Symbols []Symbol // planned attributes that will have this value, or identify the same resource

	own bool // Symbols name the item itself
}

// Truth is an answer that may have to wait.
type Truth int

// The answers.
const (
	No Truth = iota
	Maybe
	Yes
)

// Values returns what the item has at a dotted path. "[_]" stands for every
// element: "configuration.alarmActions[_]". A path that is unset gives
// nothing; one that lies in something unknown gives that unknown.
func (i *Item) Values(path string) []Value {
	w := walker{item: i}
	w.walk(i.root(), "", pathSteps(path))
	return w.found
}

// root is the item as rules see it, without converting what is in it.
func (i *Item) root() map[string]any {
	root := map[string]any{"configuration": i.Configuration}
	for name, v := range map[string]string{
		"resourceType": i.Type, "resourceId": i.ID, "resourceName": i.Name, "arn": i.ARN,
		"awsAccountId": i.Account, "awsRegion": i.Region,
	} {
		if v != "" {
			root[name] = v
		}
	}
	if i.SupplementaryConfiguration != nil {
		root["supplementaryConfiguration"] = i.SupplementaryConfiguration
	}
	if i.Tags != nil {
		tags := map[string]any{}
		for k, v := range i.Tags {
			tags[k] = v
		}
		root["tags"] = tags
	}
	return root
}

type walker struct {
	item  *Item
	found []Value
}

func (w *walker) walk(at any, path string, steps []string) {
	if u := w.item.unknownAt(path); u != nil {
		w.add(Value{Path: path, Unknown: u}, len(steps) == 0)
		return
	}
	if len(steps) == 0 {
		if at != nil {
			w.add(Value{Path: path, Known: at}, true)
		}
		return
	}
	w.step(at, path, steps[0], steps[1:])
}

func (w *walker) step(at any, path, step string, rest []string) {
	list, isList := at.([]any)
	switch {
	case step == "[_]":
		for n, element := range list {
			w.walk(element, path+"["+strconv.Itoa(n)+"]", rest)
		}
	case strings.HasPrefix(step, "["):
		n, err := strconv.Atoi(strings.Trim(step, "[]"))
		if isList && err == nil && n >= 0 && n < len(list) {
			w.walk(list[n], path+step, rest)
		}
	default:
		object, _ := at.(map[string]any)
		w.walk(object[step], strings.TrimPrefix(path+"."+step, "."), rest)
	}
}

// add keeps v with its names, when the whole of the path was walked: what
// lies in an unknown value has no name.
func (w *walker) add(v Value, whole bool) {
	if whole {
		v.Symbols = slices.Clone(w.item.Symbols[v.Path])
		v.own = len(v.Symbols) > 0
		if v.Unknown != nil && v.Unknown.From != nil && !slices.Contains(v.Symbols, *v.Unknown.From) {
			v.Symbols = append(v.Symbols, *v.Unknown.From)
		}
	}
	w.found = append(w.found, v)
}

func (i *Item) unknownAt(path string) *Unknown {
	for n := range i.Unknown {
		if i.Unknown[n].Path == path {
			return &i.Unknown[n]
		}
	}
	return nil
}

// Equal says whether two values of items of one source are equal, or, where
// they name planned resources, name the same one.
func (v Value) Equal(w Value) Truth {
	if v.Unknown == nil && w.Unknown == nil {
		if equalJSON(v.Known, w.Known) {
			return Yes
		}
		return No
	}
	for _, s := range v.Symbols {
		if slices.Contains(w.Symbols, s) {
			return Yes
		}
	}
	if v.apart(w) || w.apart(v) {
		return No
	}
	return Maybe
}

// apart tells whether v, which names its own item, cannot be what w is.
func (v Value) apart(w Value) bool {
	if !v.own {
		return false
	}
	if w.Unknown == nil && !w.own {
		// AWS will invent the value: nobody can have written it down already.
		return v.Unknown != nil && slices.ContainsFunc(v.Symbols, Symbol.generated)
	}
	for _, s := range v.Symbols {
		for _, t := range w.Symbols {
			if s.Address != t.Address && s.Identifies() != "" && s.Identifies() == t.Identifies() {
				return true
			}
		}
	}
	return false
}

// Identifies is the kind of item ("AWS::KMS::Key") that the symbol's attribute
// identifies one of, empty for an attribute that may hold anything: only of
// two symbols of resources of one kind can it be said that they will differ.
func (s Symbol) Identifies() string {
	kind, resource := kindOf(s.Address)
	if resource == nil || resource.Companion() || !slices.Contains(resource.Identity, s.Attribute) {
		return ""
	}
	return kind
}

func (s Symbol) generated() bool {
	_, resource := kindOf(s.Address)
	return resource != nil && slices.Contains(resource.Generated, s.Attribute)
}

// kindOf finds the kind behind a resource address, "module.a[0].aws_vpc.main".
func kindOf(address string) (string, *Resource) {
	parts := SplitAddress(address)
	if len(parts) < 2 {
		return "", nil
	}
	terraform := parts[len(parts)-2]
	for _, k := range Kinds() {
		for n := range k.Terraform {
			if k.Terraform[n].Type == terraform {
				return k.Type, &k.Terraform[n]
			}
		}
	}
	return "", nil
}

// SplitAddress splits a Terraform address at its dots; dots within an instance key,
// which is a quoted string, do not count.
func SplitAddress(address string) []string {
	var parts []string
	start, quoted := 0, false
	for n := 0; n < len(address); n++ {
		switch c := address[n]; {
		case quoted && c == '\\':
			n++
		case c == '"':
			quoted = !quoted
		case c == '.' && !quoted:
			parts = append(parts, address[start:n])
			start = n + 1
		}
	}
	return append(parts, address[start:])
}

// pathSteps cuts "a.b[0].c[_]" into a, b, [0], c, [_].
func pathSteps(path string) []string {
	var steps []string
	for part := range strings.SplitSeq(path, ".") {
		name, rest, found := strings.Cut(part, "[")
		steps = append(steps, name)
		for found {
			var index string
			index, rest, found = strings.Cut(rest, "[")
			steps = append(steps, "["+index)
		}
	}
	return steps
}

// equalJSON compares by value; 1 and 1.0 are the same number.
func equalJSON(a, b any) bool {
	m, isNumber := a.(json.Number)
	n, alsoNumber := b.(json.Number)
	if !isNumber || !alsoNumber {
		return reflect.DeepEqual(a, b)
	}
	x, errX := m.Float64()
	y, errY := n.Float64()
	return m == n || errX == nil && errY == nil && x == y
}

// String is for messages and failing tests.
func (t Truth) String() string {
	switch t {
	case No:
		return "no"
	case Maybe:
		return "maybe"
	case Yes:
		return "yes"
	default:
		return fmt.Sprintf("Truth(%d)", int(t))
	}
}
