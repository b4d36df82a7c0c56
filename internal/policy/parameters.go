package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
)

// parametersOf gives every rule its values: the defaults and what overrides
// them. An override of an unknown rule, of a parameter the rule does not
// declare, or of the wrong type is an error.
func parametersOf(rules []Rule, overrides map[string]map[string]any) (map[string]map[string]any, error) {
	values := make(map[string]map[string]any, len(rules))
	for _, rule := range rules {
		values[rule.ID] = map[string]any{}
		for _, param := range rule.Parameters {
			values[rule.ID][param.Name] = param.Default
		}
	}
	var faults []error
	for _, id := range sortedKeys(overrides) {
		i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
		if i < 0 {
			faults = append(faults, fmt.Errorf("parameters of rule %q: there is no such rule", id))
			continue
		}
		faults = append(faults, override(values[id], rules[i], overrides[id]))
	}
	return values, errors.Join(faults...)
}

func override(values map[string]any, rule Rule, overrides map[string]any) error {
	var faults []error
	for _, name := range sortedKeys(overrides) {
		i := slices.IndexFunc(rule.Parameters, func(p Parameter) bool { return p.Name == name })
		if i < 0 {
			faults = append(faults, fmt.Errorf("rule %s has no parameter %q; it has %v", rule.ID, name, sortedKeys(values)))
			continue
		}
		if err := checkParameter(rule.Parameters[i], overrides[name]); err != nil {
			faults = append(faults, fmt.Errorf("parameter %s of rule %s: %w", name, rule.ID, err))
			continue
		}
		values[name] = overrides[name]
	}
	return errors.Join(faults...)
}

// checkParameter compares a value with the declared type.
func checkParameter(param Parameter, value any) error {
	var kind string
	switch value.(type) {
	case string:
		kind = "string"
	case json.Number, float64, float32, int, int64:
		kind = "number"
	case bool:
		kind = "boolean"
	case []any, []string:
		kind = "array"
	case map[string]any:
		kind = "object"
	}
	if !slices.Contains([]string{"string", "number", "boolean", "array", "object"}, param.Type) {
		return fmt.Errorf("type %q: want string, number, boolean, array or object", param.Type)
	}
	if kind != param.Type {
		return fmt.Errorf("%v is not of type %s", value, param.Type)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
