package item

import (
	"reflect"
	"strings"
)

// FieldType is the JSON type of a field.
type FieldType string

// The field types. Document is free-form JSON, such as a policy.
const (
	Text     FieldType = "string"
	Boolean  FieldType = "boolean"
	Number   FieldType = "number"
	List     FieldType = "array"
	Map      FieldType = "map"
	Object   FieldType = "object"
	Document FieldType = "document"
)

// Field is one field of an item and where its value comes from in one
// Terraform type.
type Field struct {
	Name    string
	Type    FieldType
	Element FieldType   // of a List: Text or Object
	Fields  []Field     // of an Object, or of a List's objects
	Sources []Attribute // in order; empty where the Terraform type has no such thing
	To      []Target    // what the value names
}

// Target is a field of another kind's configuration.
type Target struct{ Kind, Field string }

// Attribute is one place that a value may come from; the options are those
// of [Kind]'s tags.
type Attribute struct {
	Path       []string          // blocks, then the attribute; empty for the level itself
	Constant   string            // with an empty Path: always; else where the attribute is set
	Trim       string            // suffix that is cut off
	Words      map[string]string // replaced values
	JSON       bool              // text that holds JSON
	Number     bool              // text that holds a number
	Zero       bool              // 0 means unset
	Keep       bool              // an empty string is a value
	Pairs      bool              // a map, as a list of names and values
	Map        bool              // a list of keys and values, as a map
	First      bool              // the first element of a list
	List       bool              // the object, as the one element of a list
	Configured bool              // unset unless the configuration sets it
}

// Fields returns the fields of the item that the Terraform type fills.
func (k Kind) Fields(r Resource) []Field {
	return fieldsOf(reflect.TypeOf(k.Shape), r.Tags)
}

func fieldsOf(t reflect.Type, tags []string) []Field {
	var fields []Field
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := firstTag(sf.Tag, tags)
		if tag == "" {
			continue
		}
		f := Field{Name: jsonName(sf), Type: typeOf(sf.Type), To: parseTargets(sf.Tag.Get("to"))}
		for alternative := range strings.SplitSeq(tag, "|") {
			f.Sources = append(f.Sources, parseAttribute(alternative))
		}
		element := sf.Type
		if f.Type == List {
			element = sf.Type.Elem()
			f.Element = typeOf(element)
		}
		if element.Kind() == reflect.Struct {
			f.Fields = fieldsOf(element, tags)
		}
		fields = append(fields, f)
	}
	return fields
}

func parseTargets(tag string) []Target {
	var targets []Target
	for part := range strings.SplitSeq(tag, ",") {
		if kind, field, ok := strings.Cut(part, "#"); ok {
			targets = append(targets, Target{Kind: kind, Field: field})
		}
	}
	return targets
}

func firstTag(tag reflect.StructTag, keys []string) string {
	for _, key := range keys {
		if v, ok := tag.Lookup(key); ok {
			return v
		}
	}
	return ""
}

func typeOf(t reflect.Type) FieldType {
	switch t.Kind() {
	case reflect.Bool:
		return Boolean
	case reflect.Int64, reflect.Float64:
		return Number
	case reflect.Slice:
		return List
	case reflect.Struct:
		return Object
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return Document
		}
		return Map
	default:
		return Text
	}
}

func parseAttribute(s string) Attribute {
	options := strings.Split(s, ",")
	var a Attribute
	if options[0] != "." && options[0] != "" {
		a.Path = strings.Split(options[0], ".")
	}
	for _, option := range options[1:] {
		name, value, _ := strings.Cut(option, "=")
		a.set(name, value)
	}
	return a
}

func (a *Attribute) set(name, value string) {
	switch name {
	case "const":
		a.Constant = value
	case "trim":
		a.Trim = value
	case "word":
		from, to, _ := strings.Cut(value, ":")
		if a.Words == nil {
			a.Words = map[string]string{}
		}
		a.Words[from] = to
	default:
		*a.flag(name) = true
	}
}

// flag panics on a name that is not an option: tags are ours, and a test reads them all.
func (a *Attribute) flag(name string) *bool {
	flags := map[string]*bool{
		"json": &a.JSON, "number": &a.Number, "zero": &a.Zero, "keep": &a.Keep, "pairs": &a.Pairs,
		"map": &a.Map, "first": &a.First, "list": &a.List, "configured": &a.Configured,
	}
	f, ok := flags[name]
	if !ok {
		panic("item: no such option in a tag: " + name)
	}
	return f
}
