package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// schemas names one schema per item type, schema["AWS::CloudTrail::Trail"], so
// that a misspelt field is refused when a rule is compiled. Each adds the
// related items to the item's own fields.
func schemas() *ast.SchemaSet {
	set := ast.NewSchemaSet()
	related := relatedSchema()
	for _, typ := range itemTypes() {
		set.Put(ast.Ref{ast.VarTerm("schema"), ast.StringTerm(typ)}, withRelated(itemSchema(typ), related))
	}
	return set
}

// relatedSchema describes input.related: an array of items for every type.
func relatedSchema() map[string]any {
	properties := map[string]any{}
	for _, typ := range itemTypes() {
		properties[typ] = map[string]any{"type": "array", "items": itemSchema(typ)}
	}
	return map[string]any{"type": "object", "properties": properties}
}

func withRelated(base, related map[string]any) map[string]any {
	properties := map[string]any{"related": related}
	if own, ok := base["properties"].(map[string]any); ok {
		for name, schema := range own {
			properties[name] = schema
		}
	}
	return map[string]any{"type": "object", "properties": properties}
}
