package wire

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// place says where a member of a struct stands in XML.
type place struct {
	// wrapper is the element of the member, or of the list that holds the items; empty for a flattened list.
	wrapper string
	// item is the element of each element of a list.
	item string
	// attribute is set where the member is an attribute of the struct's own element.
	attribute string
}

// placer gives the place of a struct's field.
type placer func(structName string, field reflect.StructField) place

// queryPlace: <Member>, lists as <Member><member>.
func queryPlace(names Names) placer {
	return func(structName string, field reflect.StructField) place {
		return place{wrapper: named(names, structName, field.Name, field.Name), item: "member"}
	}
}

// ec2Place: <memberName>, lists as <memberSet><item>. The few that are called
// otherwise are in the service's Names.
func ec2Place(names Names) placer {
	return func(structName string, field reflect.StructField) place {
		name := lowerFirst(field.Name)
		if isList(field.Type) && !strings.HasSuffix(name, "Set") {
			name = strings.TrimSuffix(name, "s") + "Set"
		}
		return place{wrapper: named(names, structName, field.Name, name), item: "item"}
	}
}

// restPlace: <Member>; lists are flattened under their name in the singular,
// "Wrapper/Item" wraps them, and "@name" is an attribute.
func restPlace(names Names) placer {
	return func(structName string, field reflect.StructField) place {
		name := field.Name
		if isList(field.Type) {
			name = strings.TrimSuffix(name, "s")
		}
		name = named(names, structName, field.Name, name)
		if attribute, ok := strings.CutPrefix(name, "@"); ok {
			return place{attribute: attribute}
		}
		if !isList(field.Type) {
			return place{wrapper: name}
		}
		if wrapper, item, ok := strings.Cut(name, "/"); ok {
			return place{wrapper: wrapper, item: item}
		}
		return place{item: name}
	}
}

// named gives the service's name for a member, or the protocol's default.
func named(names Names, structName, field, fallback string) string {
	if names != nil {
		if name := names(structName, field); name != "" {
			return name
		}
	}
	return fallback
}

// queryName and ec2RequestName give the names of members in forms.
func queryName(names Names) func(string, reflect.StructField) string {
	return func(structName string, field reflect.StructField) string {
		return named(names, structName, field.Name, field.Name)
	}
}

// ec2RequestName: lists stand in the singular (VpcIds as VpcId.1).
func ec2RequestName(names Names) func(string, reflect.StructField) string {
	return func(structName string, field reflect.StructField) string {
		name := field.Name
		if isList(field.Type) {
			name = strings.TrimSuffix(name, "s")
		}
		return named(names, structName, field.Name, name)
	}
}

func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice && t != blobType }

func lowerFirst(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[n:]
}

// wireFields lists the fields of an SDK struct that go over the wire.
func wireFields(t reflect.Type) []reflect.StructField {
	fields := make([]reflect.StructField, 0, t.NumField())
	for i := range t.NumField() {
		if field := t.Field(i); field.IsExported() && field.Name != "ResultMetadata" {
			fields = append(fields, field)
		}
	}
	return fields
}
