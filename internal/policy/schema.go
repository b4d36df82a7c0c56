package policy

import (
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// schemas names one schema per item type, schema["AWS::CloudTrail::Trail"], so
// that a misspelt field is refused when a rule is compiled. Each adds the
// related items to the item's own fields.
func schemas() *ast.SchemaSet {
	set := ast.NewSchemaSet()
	related := relatedSchema()
	for _, kind := range item.Kinds() {
		schema := visibleSchema(kind.Type)
		schema["properties"].(map[string]any)[relatedKey] = related
		set.Put(ast.Ref{ast.VarTerm("schema"), ast.StringTerm(kind.Type)}, schema)
	}
	return set
}

// relatedSchema describes input.related: an array of items for every type.
func relatedSchema() map[string]any {
	properties := map[string]any{}
	for _, kind := range item.Kinds() {
		properties[kind.Type] = map[string]any{"type": "array", "items": visibleSchema(kind.Type)}
	}
	return map[string]any{"type": "object", "properties": properties}
}

// visibleSchema is what rules see of an item: all but the list of unknowns.
func visibleSchema(typ string) map[string]any {
	schema := maps.Clone(item.Schema(typ))
	properties := maps.Clone(schema["properties"].(map[string]any))
	delete(properties, "unknown")
	schema["properties"] = properties
	return schema
}
