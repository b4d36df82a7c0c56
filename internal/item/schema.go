package item

import (
	"reflect"
	"strings"
)

// Schema returns the JSON schema (draft 7) of a whole item of the type, made
// from the kind's struct, or nil for a type that no kind has. Unknown fields
// are not allowed, so a compiler that checks types refuses a misspelt one.
// What rules get beyond the item, input.related, is not in it.
func Schema(resourceType string) map[string]any {
	for _, k := range Kinds() {
		if k.Type == resourceType {
			return itemSchema(k)
		}
	}
	return nil
}

func itemSchema(k Kind) map[string]any {
	s := schemaOf(reflect.TypeOf(Item{}))
	properties := s["properties"].(map[string]any)
	// The shape's empty parts are no object without fields: OPA would read that as any.
	delete(properties, "supplementaryConfiguration")
	for name, p := range schemaOf(reflect.TypeOf(k.Shape))["properties"].(map[string]any) {
		properties[name] = p
	}
	properties["resourceType"] = map[string]any{"type": "string", "const": k.Type}
	properties["unknown"] = map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	return s
}

func schemaOf(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Struct:
		return structSchema(t)
	default: // any: a policy document's members
		return map[string]any{}
	}
}

func structSchema(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for i := range t.NumField() {
		if name := jsonName(t.Field(i)); name != "" {
			properties[name] = schemaOf(t.Field(i).Type)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// jsonName is the field's name in JSON, empty when it has none.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}
