package plan

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// configuration is the plan's view of the source code: for every expression
// the constant it is, or the names of what it refers to.
type configuration struct {
	ProviderConfig map[string]providerConfig `json:"provider_config"`
	RootModule     *configModule             `json:"root_module"`
}

type providerConfig struct {
	ModuleAddress string                    `json:"module_address"`
	Expressions   map[string]jsontext.Value `json:"expressions"`
}

type configModule struct {
	Outputs     map[string]configOutput   `json:"outputs"`
	Resources   []configResource          `json:"resources"`
	ModuleCalls map[string]*moduleCall    `json:"module_calls"`
	Variables   map[string]configVariable `json:"variables"`

	index map[string]*configResource // of Resources by address, made when first needed
}

type configOutput struct {
	Expression expression `json:"expression"`
}

type configVariable struct {
	Default any `json:"default"`
}

type configResource struct {
	Address           string                    `json:"address"`
	ProviderConfigKey string                    `json:"provider_config_key"`
	Expressions       map[string]jsontext.Value `json:"expressions"`
	ForEach           *expression               `json:"for_each_expression"`
	Count             *expression               `json:"count_expression"`
}

type moduleCall struct {
	Expressions map[string]jsontext.Value `json:"expressions"`
	ForEach     *expression               `json:"for_each_expression"`
	Count       *expression               `json:"count_expression"`
	Module      *configModule             `json:"module"`
}

// expression is a constant, or the references that it is made of: each as it
// stands in the source, followed by its own beginnings
// ("aws_kms_key.audit.arn", "aws_kms_key.audit").
type expression struct {
	Constant   any      `json:"constant_value"`
	References []string `json:"references"`
}

func (m *configModule) resource(name string) *configResource {
	if m == nil {
		return nil
	}
	if m.index == nil {
		m.index = make(map[string]*configResource, len(m.Resources))
		for n := range m.Resources {
			m.index[m.Resources[n].Address] = &m.Resources[n]
		}
	}
	return m.index[name]
}

// scope is an instance of a module: where it stands, and what it was called with.
type scope struct {
	path   string // "module.trail[0]", empty for the root
	module *configModule
	call   *moduleCall
	key    string // of this instance: `[0]`, `["eu"]` or empty
	parent *scope
}

// scopeOf follows the steps of a module path (module, trail[0], module, inner).
func (c *configuration) scopeOf(steps []string) *scope {
	s := &scope{module: c.RootModule}
	for n := 1; n < len(steps); n += 2 {
		if s = s.child(steps[n]); s == nil {
			return nil
		}
	}
	return s
}

// child is the instance of a module call, by name and key: `trail["eu"]`.
func (s *scope) child(instance string) *scope {
	if s.module == nil {
		return nil
	}
	name, key := splitKey(instance)
	call := s.module.ModuleCalls[name]
	if call == nil {
		return nil
	}
	return &scope{path: s.join("module." + instance), module: call.Module, call: call, key: key, parent: s}
}

func (s *scope) join(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "." + name
}

// splitKey parts this["a"] into this and ["a"].
func splitKey(instance string) (name, key string) {
	if n := strings.IndexByte(instance, '['); n >= 0 {
		return instance[:n], instance[n:]
	}
	return instance, ""
}

// found says how an expression was found behind an attribute path.
type found int

const (
	unsetHere found = iota // the configuration does not set the attribute
	around                 // an object around it is one expression, with all its references
	exact                  // it is the attribute's own
)

// expressionAt finds the expression behind an attribute path of a resource.
// What stands in dynamic blocks is not in the plan's configuration.
func expressionAt(expressions map[string]jsontext.Value, path []any) (expression, found) {
	name, _ := path[0].(string)
	raw, ok := expressions[name]
	if !ok {
		return expression{}, unsetHere
	}
	var node any
	if json.Unmarshal(raw, &node) != nil {
		return expression{}, around
	}
	for n, step := range path[1:] {
		if isExpression(node) {
			return within(gather(node), path[1+n:])
		}
		next, ok := descend(node, step)
		if _, isName := step.(string); isName && !ok {
			return expression{}, unsetHere
		}
		if !ok {
			return gather(node), around
		}
		node = next
	}
	return gather(node), exact
}

// within is what an expression says about a part of its value. An element is
// made as the list is; of an object's members the plan does not tell which
// reference is whose, and without any reference none can be unknown.
func within(e expression, path []any) (expression, found) {
	for _, step := range path {
		if _, isName := step.(string); !isName {
			continue
		}
		if len(e.References) == 0 {
			return e, unsetHere
		}
		return e, around
	}
	return e, exact
}

func descend(node any, step any) (any, bool) {
	switch at := step.(type) {
	case string:
		object, _ := node.(map[string]any)
		next, ok := object[at]
		return next, ok
	case int:
		list, isList := node.([]any)
		if !isList {
			return node, true // a block that nests singly has no index here
		}
		if at >= len(list) {
			return nil, false
		}
		return list[at], true
	}
	return nil, false
}

// isExpression tells an expression from a block: an empty one is an expression
// that refers to nothing, such as a call of jsonencode.
func isExpression(node any) bool {
	object, ok := node.(map[string]any)
	if !ok {
		return false
	}
	_, constant := object["constant_value"]
	_, references := object["references"].([]any)
	return constant || references || len(object) == 0
}

// gather collects the references of everything below a node.
func gather(node any) expression {
	var e expression
	switch n := node.(type) {
	case []any:
		for _, element := range n {
			e.References = append(e.References, gather(element).References...)
		}
	case map[string]any:
		if isExpression(n) {
			e.Constant = n["constant_value"]
			list, _ := n["references"].([]any)
			for _, r := range list {
				if s, ok := r.(string); ok {
					e.References = append(e.References, s)
				}
			}
			return e
		}
		for _, name := range sortedKeys(n) {
			e.References = append(e.References, gather(n[name]).References...)
		}
	}
	return e
}

// distinct drops the beginnings that follow each reference, and keeps the
// references in order, as often as they occur.
func distinct(references []string) []string {
	var kept []string
	last := ""
	for _, r := range references {
		if last != "" && len(r) < len(last) && strings.HasPrefix(last, r) && (last[len(r)] == '.' || last[len(r)] == '[') {
			last = r
			continue
		}
		kept = append(kept, r)
		last = r
	}
	return kept
}
