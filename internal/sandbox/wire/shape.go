package wire

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// leaves turns the values that the document protocols write differently:
// timestamps, blobs, and numbers with a fraction.
type leaves struct {
	time      func(time.Time) any
	float     func(float64) any
	blob      func([]byte) any
	parseTime func(any) (time.Time, bool)
	parseBlob func(any) ([]byte, bool)
}

// shaper walks SDK types for the document protocols (JSON and CBOR): out to a
// tree of map[string]any, []any and scalars, and from such a tree back in.
type shaper struct {
	names  Names
	unions []any
	leaves leaves
}

var (
	timeType = reflect.TypeFor[time.Time]()
	blobType = reflect.TypeFor[[]byte]()
)

// member is one field of an SDK struct that goes over the wire.
type member struct {
	index int
	name  string
}

// members lists the fields of a struct with their wire names. ResultMetadata
// belongs to the SDK, not to the service.
func (s shaper) members(t reflect.Type) []member {
	list := make([]member, 0, t.NumField())
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" {
			continue
		}
		list = append(list, member{index: i, name: s.nameOf(t.Name(), field.Name)})
	}
	return list
}

func (s shaper) nameOf(structName, field string) string {
	if s.names != nil {
		if name := s.names(structName, field); name != "" {
			return name
		}
	}
	return field
}

// tree gives the document of an SDK value; nil for what is not set.
func (s shaper) tree(v reflect.Value) any {
	switch {
	case !v.IsValid():
		return nil
	case v.Type() == timeType:
		return s.leaves.time(v.Interface().(time.Time))
	case v.Type() == blobType:
		return s.leaves.blob(v.Bytes())
	}
	switch v.Kind() {
	case reflect.Pointer:
		return s.tree(v.Elem())
	case reflect.Interface:
		return s.unionTree(v.Elem())
	case reflect.Struct:
		return s.structTree(v)
	case reflect.Slice:
		return s.listTree(v)
	case reflect.Map:
		return s.mapTree(v)
	case reflect.String:
		return v.String()
	case reflect.Float32, reflect.Float64:
		return s.leaves.float(v.Float())
	default:
		return v.Interface()
	}
}

func (s shaper) structTree(v reflect.Value) map[string]any {
	doc := map[string]any{}
	for _, m := range s.members(v.Type()) {
		field := v.Field(m.index)
		if unset(field) {
			continue
		}
		doc[m.name] = s.tree(field)
	}
	return doc
}

// unset tells whether a member is left out: nil, or an enum without a value.
// Plain numbers and booleans cannot say that they are absent and are written.
func unset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	default:
		return false
	}
}

func (s shaper) listTree(v reflect.Value) any {
	list := make([]any, v.Len())
	for i := range list {
		list[i] = s.tree(v.Index(i))
	}
	return list
}

func (s shaper) mapTree(v reflect.Value) any {
	doc := make(map[string]any, v.Len())
	for key, value := range v.Seq2() {
		doc[key.String()] = s.tree(value)
	}
	return doc
}

// unionTree writes the SDK's union member FooMemberBar{Value} as {"Bar": value}.
func (s shaper) unionTree(v reflect.Value) any {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() != reflect.Struct || !v.FieldByName("Value").IsValid() {
		return nil
	}
	union, name := unionMember(v.Type())
	return map[string]any{s.nameOf(union, name): s.tree(v.FieldByName("Value"))}
}

// unionMember splits the name of a union member's type: FooMemberBar is Bar of Foo.
func unionMember(t reflect.Type) (union, name string) {
	union, name, _ = strings.Cut(t.Name(), "Member")
	return union, name
}

// fill sets v from a document. path names the place for error messages, as
// AWS does not; it is for whoever debugs a client.
func (s shaper) fill(v reflect.Value, doc any, path string) error {
	if doc == nil {
		return nil
	}
	if v.Kind() == reflect.Pointer {
		target := reflect.New(v.Type().Elem())
		if err := s.fill(target.Elem(), doc, path); err != nil {
			return err
		}
		v.Set(target)
		return nil
	}
	if v.Type() == timeType || v.Type() == blobType {
		return s.fillLeaf(v, doc, path)
	}
	switch v.Kind() {
	case reflect.Struct:
		return s.fillStruct(v, doc, path)
	case reflect.Slice:
		return s.fillList(v, doc, path)
	case reflect.Map:
		return s.fillMap(v, doc, path)
	case reflect.Interface:
		return s.fillUnion(v, doc, path)
	default:
		return fillScalar(v, doc, path)
	}
}

func (s shaper) fillLeaf(v reflect.Value, doc any, path string) error {
	if v.Type() == timeType {
		t, ok := s.leaves.parseTime(doc)
		if !ok {
			return mismatch(path, "a timestamp", doc)
		}
		v.Set(reflect.ValueOf(t))
		return nil
	}
	blob, ok := s.leaves.parseBlob(doc)
	if !ok {
		return mismatch(path, "a blob", doc)
	}
	v.SetBytes(blob)
	return nil
}

// fillStruct ignores members that it does not know, as AWS's services do.
func (s shaper) fillStruct(v reflect.Value, doc any, path string) error {
	fields, ok := doc.(map[string]any)
	if !ok {
		return mismatch(path, "a structure", doc)
	}
	for _, m := range s.members(v.Type()) {
		if err := s.fill(v.Field(m.index), fields[m.name], path+"."+m.name); err != nil {
			return err
		}
	}
	return nil
}

func (s shaper) fillList(v reflect.Value, doc any, path string) error {
	elements, ok := doc.([]any)
	if !ok {
		return mismatch(path, "a list", doc)
	}
	list := reflect.MakeSlice(v.Type(), len(elements), len(elements))
	for i, element := range elements {
		if err := s.fill(list.Index(i), element, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	v.Set(list)
	return nil
}

func (s shaper) fillMap(v reflect.Value, doc any, path string) error {
	entries, ok := doc.(map[string]any)
	if !ok {
		return mismatch(path, "a map", doc)
	}
	filled := reflect.MakeMapWithSize(v.Type(), len(entries))
	for key, entry := range entries {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := s.fill(value, entry, path+"."+key); err != nil {
			return err
		}
		filled.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
	}
	v.Set(filled)
	return nil
}

// fillUnion takes the one member that is set and puts it into the SDK type
// that is listed in Service.Unions for it.
func (s shaper) fillUnion(v reflect.Value, doc any, path string) error {
	fields, ok := doc.(map[string]any)
	if !ok {
		return mismatch(path, "a union", doc)
	}
	for _, zero := range s.unions {
		t := reflect.TypeOf(zero)
		if !t.Implements(v.Type()) {
			continue
		}
		union, name := unionMember(t.Elem())
		value, set := fields[s.nameOf(union, name)]
		if !set || value == nil {
			continue
		}
		target := reflect.New(t.Elem())
		if err := s.fill(target.Elem().FieldByName("Value"), value, path+"."+name); err != nil {
			return err
		}
		v.Set(target)
		return nil
	}
	return &Error{Code: "SerializationException", Message: path + ": the union has no member that is known here"}
}

// mismatch says that a document does not have the type of its place.
func mismatch(path, want string, doc any) *Error {
	return Errorf("SerializationException", "%s must be %s, not %T", strings.TrimPrefix(path, "."), want, doc)
}
