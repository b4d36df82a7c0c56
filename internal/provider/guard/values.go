package guard

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// split turns a planned resource into what plan JSON calls after and
// after_unknown: plain values, and true in the place of each unknown one.
func split(v tftypes.Value) (values, unknown map[string]any, err error) {
	after, open, err := parts(v)
	if err != nil {
		return nil, nil, err
	}
	values, _ = after.(map[string]any)
	unknown, _ = open.(map[string]any)
	return values, unknown, nil
}

// Parameters reads { rule = { parameter = value } }.
func Parameters(v tftypes.Value) (map[string]map[string]any, error) {
	after, _, err := parts(v)
	if err != nil {
		return nil, err
	}
	rules, ok := after.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("not an object: %T", after)
	}
	out := make(map[string]map[string]any, len(rules))
	for id, p := range rules {
		if out[id], ok = p.(map[string]any); !ok {
			return nil, fmt.Errorf("the parameters of %s are not an object", id)
		}
	}
	return out, nil
}

// parts gives nil for what is null or unknown; the second value is true for
// unknown, a map or list with true inside where only a part is, nil otherwise.
func parts(v tftypes.Value) (after, unknown any, err error) {
	switch {
	case !v.IsKnown():
		return nil, true, nil
	case v.IsNull():
		return nil, nil, nil
	}
	switch t := v.Type(); {
	case t.Is(tftypes.String):
		return scalar[string](v)
	case t.Is(tftypes.Bool):
		return scalar[bool](v)
	case t.Is(tftypes.Number):
		var n big.Float
		if err := v.As(&n); err != nil {
			return nil, nil, fmt.Errorf("reading a number: %w", err)
		}
		return json.Number(n.Text('g', -1)), nil, nil
	case t.Is(tftypes.List{}), t.Is(tftypes.Set{}), t.Is(tftypes.Tuple{}):
		return list(v)
	}
	return object(v)
}

func scalar[T any](v tftypes.Value) (any, any, error) {
	var s T
	if err := v.As(&s); err != nil {
		return nil, nil, fmt.Errorf("reading a value: %w", err)
	}
	return s, nil, nil
}

func list(v tftypes.Value) (any, any, error) {
	var elements []tftypes.Value
	if err := v.As(&elements); err != nil {
		return nil, nil, fmt.Errorf("reading a list: %w", err)
	}
	after, unknown := make([]any, len(elements)), make([]any, len(elements))
	for i, e := range elements {
		a, u, err := parts(e)
		if err != nil {
			return nil, nil, err
		}
		after[i], unknown[i] = a, orFalse(u)
	}
	return after, unknown, nil
}

func object(v tftypes.Value) (any, any, error) {
	var fields map[string]tftypes.Value
	if err := v.As(&fields); err != nil {
		return nil, nil, fmt.Errorf("reading an object: %w", err)
	}
	after, unknown := make(map[string]any, len(fields)), make(map[string]any)
	for name, f := range fields {
		a, u, err := parts(f)
		if err != nil {
			return nil, nil, err
		}
		if u != true {
			after[name] = a // plan JSON leaves out what is unknown as a whole
		}
		if u != nil {
			unknown[name] = u
		}
	}
	return after, unknown, nil
}

// orFalse: in a list, plan JSON has false for elements that are known.
func orFalse(u any) any {
	if u == nil {
		return false
	}
	return u
}
