package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// value is an attribute as a plan has it: null is unset, and what is known
// only after apply is marked at its own place, however deep.
type value struct {
	unknown   bool
	sensitive bool
	known     any // string, bool, json.Number, []*value, map[string]*value; nil is unset
}

func (v *value) object() map[string]*value {
	if v == nil {
		return nil
	}
	m, _ := v.known.(map[string]*value)
	return m
}

func (v *value) text() string {
	if v == nil {
		return ""
	}
	s, _ := v.known.(string)
	return s
}

// decode reads one JSON value that the scanner has already validated.
func decode(raw []byte) (any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decoding a value: %w", err)
	}
	return v, nil
}

// merge lays the marks of after_unknown and after_sensitive over the values of
// after. A mark is true for the whole value, or has the value's own structure.
// Terraform leaves unknown attributes out of after and writes null for unknown
// list elements.
func merge(after, unknown, sensitive any) (*value, error) {
	if unknown == true {
		return &value{unknown: true, sensitive: sensitive == true}, nil
	}
	v := &value{sensitive: sensitive == true}
	var err error
	switch marks := unknown.(type) {
	case map[string]any:
		after, err = like(after, map[string]any{}, len(marks) > 0)
	case []any:
		after, err = like(after, []any{}, len(marks) > 0)
	case nil, bool:
	default:
		err = fmt.Errorf("a mark is %T", unknown)
	}
	if err != nil {
		return nil, err
	}
	switch a := after.(type) {
	case map[string]any:
		v.known, err = mergeObject(a, unknown, sensitive)
	case []any:
		v.known, err = mergeList(a, unknown, sensitive)
	default:
		v.known = a
	}
	return v, err
}

// like gives after the structure that its marks have.
func like[T any](after any, empty T, needed bool) (any, error) {
	if after == nil {
		if needed {
			return empty, nil
		}
		return nil, nil
	}
	if _, ok := after.(T); !ok {
		return nil, fmt.Errorf("a value is %T and its marks are %T", after, empty)
	}
	return after, nil
}

func mergeObject(after map[string]any, unknown, sensitive any) (map[string]*value, error) {
	unknowns, _ := unknown.(map[string]any)
	sensitives, _ := sensitive.(map[string]any)
	object := make(map[string]*value, len(after)+len(unknowns))
	for name, a := range after {
		v, err := merge(a, unknowns[name], sensitives[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		object[name] = v
	}
	for name, u := range unknowns {
		if _, done := after[name]; done {
			continue
		}
		v, err := merge(nil, u, sensitives[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		object[name] = v
	}
	return object, nil
}

func mergeList(after []any, unknown, sensitive any) ([]*value, error) {
	unknowns, _ := unknown.([]any)
	sensitives, _ := sensitive.([]any)
	at := func(list []any, n int) any {
		if n < len(list) {
			return list[n]
		}
		return nil
	}
	list := make([]*value, max(len(after), len(unknowns)))
	for n := range list {
		v, err := merge(at(after, n), at(unknowns, n), at(sensitives, n))
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", n, err)
		}
		list[n] = v
	}
	return list, nil
}
