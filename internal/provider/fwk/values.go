package fwk

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// AWS has no null: it leaves out what is empty. These functions turn an answer
// into a value that is null or empty as it was written before, so that a
// configuration that says `x = []` or leaves x out never shows a difference.

// Text gives the string; null for an empty one unless it was empty before.
func Text(s string, before types.String) types.String {
	if s == "" && before.ValueStringPointer() == nil {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Set gives the strings as a set; null for none unless it was empty before.
func Set(values []string, before types.Set) types.Set {
	if len(values) == 0 && (before.IsNull() || before.IsUnknown()) {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, len(values))
	for i, v := range values {
		elements[i] = types.StringValue(v)
	}
	return types.SetValueMust(types.StringType, elements)
}

// Map gives the strings as a map; null for none unless it was empty before.
func Map(values map[string]string, before types.Map) types.Map {
	if len(values) == 0 && (before.IsNull() || before.IsUnknown()) {
		return types.MapNull(types.StringType)
	}
	return MapOf(values)
}

// Int gives the number; null for zero unless it was zero before.
func Int(n int64, before types.Int64) types.Int64 {
	if n == 0 && before.ValueInt64Pointer() == nil {
		return types.Int64Null()
	}
	return types.Int64Value(n)
}

// Bool gives the truth; null for false unless it was false before.
func Bool(b bool, before types.Bool) types.Bool {
	if !b && before.ValueBoolPointer() == nil {
		return types.BoolNull()
	}
	return types.BoolValue(b)
}

// Strings gives the known strings of a set or list, in its order.
func Strings(elements []attr.Value) []string {
	var out []string
	for _, e := range elements {
		if s, ok := e.(types.String); ok && !s.IsNull() && !s.IsUnknown() {
			out = append(out, s.ValueString())
		}
	}
	return out
}

// StringMap gives the known strings of a map; nil for none.
func StringMap(m types.Map) map[string]string { return stringsOf(m) }

// Blocks gives the blocks of a list as models; false while there may be more
// of them than are known (a dynamic block over an unknown collection).
func Blocks[T any](ctx context.Context, list types.List) ([]T, bool) {
	switch {
	case list.IsUnknown():
		return nil, false
	case list.IsNull(): // imported, or the zero value, which has no element type
		return nil, true
	}
	var blocks []T
	if d := list.ElementsAs(ctx, &blocks, false); d.HasError() {
		return nil, false // an element is unknown as a whole
	}
	return blocks, true
}
