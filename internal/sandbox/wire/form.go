package wire

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
)

// formNode is a form's parameters as a tree: Tags.member.1.Key is three levels
// below Tags.
type formNode struct {
	value    *string
	children map[string]*formNode
}

// formOf reads the request's form. Action and Version are the protocol's own.
func formOf(r *Request) (*formNode, error) {
	form, ok := Form(r)
	if !ok {
		return nil, &Error{Code: "MalformedQueryString", Message: "The query string contains a syntax error.", Status: http.StatusNotFound}
	}
	root := &formNode{}
	for name, values := range form {
		if name == "Action" || name == "Version" || strings.HasPrefix(name, "X-Amz-") {
			continue
		}
		root.at(strings.Split(name, ".")).value = &values[0]
	}
	return root, nil
}

func (n *formNode) at(path []string) *formNode {
	if len(path) == 0 {
		return n
	}
	if n.children == nil {
		n.children = map[string]*formNode{}
	}
	child := n.children[path[0]]
	if child == nil {
		child = &formNode{}
		n.children[path[0]] = child
	}
	return child.at(path[1:])
}

// items gives the numbered children in their order: 1, 2, 10. Anything else
// below a list is a mistake.
func (n *formNode) items(path string) ([]*formNode, error) {
	numbers := make([]int, 0, len(n.children))
	for name := range n.children {
		number, err := strconv.Atoi(name)
		if err != nil || number < 0 || strconv.Itoa(number) != name {
			return nil, Errorf("MalformedInput", "Unexpected list index in %s.%s", path, name)
		}
		numbers = append(numbers, number)
	}
	sort.Ints(numbers)
	items := make([]*formNode, len(numbers))
	for i, number := range numbers {
		items[i] = n.children[strconv.Itoa(number)]
	}
	return items, nil
}

// formReader fills SDK inputs from a form.
type formReader struct {
	// name gives a member's name in the form.
	name func(structName string, field reflect.StructField) string
	// item stands between a list's name and the number; empty in EC2's dialect.
	item string
	// strict refuses members that the struct does not have.
	strict bool
}

func (f formReader) fill(v reflect.Value, node *formNode, path string) error {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return f.fill(v.Elem(), node, path)
	case v.Type() == timeType || v.Type() == blobType:
		return fillText(v, node.text(), path)
	}
	switch v.Kind() {
	case reflect.Struct:
		return f.fillStruct(v, node, path)
	case reflect.Slice:
		return f.fillList(v, node, path)
	case reflect.Map:
		return f.fillMap(v, node, path)
	}
	if node.value == nil {
		return Errorf("MalformedInput", "Unexpected structure at %s", path)
	}
	return fillText(v, *node.value, path)
}

func (n *formNode) text() string {
	if n.value == nil {
		return ""
	}
	return *n.value
}

func (f formReader) fillStruct(v reflect.Value, node *formNode, path string) error {
	known := map[string]bool{}
	for _, field := range wireFields(v.Type()) {
		name := f.name(v.Type().Name(), field)
		known[name] = true
		child := node.children[name]
		if child == nil {
			continue
		}
		if err := f.fill(v.FieldByIndex(field.Index), child, join(path, name)); err != nil {
			return err
		}
	}
	if !f.strict {
		return nil
	}
	for name := range node.children {
		if !known[name] {
			return Errorf("UnknownParameter", "The parameter %s is not recognized", join(path, name))
		}
	}
	return nil
}

// fillList: an empty list is sent as the bare name with an empty value.
func (f formReader) fillList(v reflect.Value, node *formNode, path string) error {
	if f.item != "" && len(node.children) > 0 {
		inner := node.children[f.item]
		if inner == nil {
			return Errorf("MalformedInput", "Unexpected element in the list %s", path)
		}
		node = inner
	}
	items, err := node.items(path)
	if err != nil {
		return err
	}
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if err := f.fill(list.Index(i), item, join(path, strconv.Itoa(i+1))); err != nil {
			return err
		}
	}
	v.Set(list)
	return nil
}

// fillMap reads Attributes.entry.1.key and .value; SNS calls them Name and
// Value in message attributes.
func (f formReader) fillMap(v reflect.Value, node *formNode, path string) error {
	filled := reflect.MakeMap(v.Type())
	entries := []*formNode{}
	if entry := node.children["entry"]; entry != nil {
		var err error
		if entries, err = entry.items(path); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		key, value := entry.either("key", "Name"), entry.either("value", "Value")
		if key == nil || key.value == nil || value == nil {
			return Errorf("MalformedInput", "Incomplete entry in %s", path)
		}
		target := reflect.New(v.Type().Elem()).Elem()
		if err := f.fill(target, value, join(path, *key.value)); err != nil {
			return err
		}
		filled.SetMapIndex(reflect.ValueOf(*key.value).Convert(v.Type().Key()), target)
	}
	v.Set(filled)
	return nil
}

func (n *formNode) either(first, second string) *formNode {
	if child := n.children[first]; child != nil {
		return child
	}
	return n.children[second]
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// fillText sets a scalar from its text, as Query forms and XML write it.
func fillText(v reflect.Value, text, path string) error {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fillText(v.Elem(), text, path)
	case v.Type() == timeType:
		return fillTime(v, text, path)
	case v.Type() == blobType:
		blob, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return Errorf("MalformedInput", "%s is not base64", path)
		}
		v.SetBytes(blob)
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" && text != "True" && text != "False" {
			return Errorf("MalformedInput", "%s must be true or false", path)
		}
		v.SetBool(text[0]|0x20 == 't')
	case reflect.Int32, reflect.Int64, reflect.Int:
		number, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return Errorf("MalformedInput", "%s must be an integer", path)
		}
		v.SetInt(number)
	case reflect.Float32, reflect.Float64:
		number, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil {
			return Errorf("MalformedInput", "%s must be a number", path)
		}
		v.SetFloat(number)
	default:
		return Errorf("MalformedInput", "%s cannot be a single value", path)
	}
	return nil
}

func fillTime(v reflect.Value, text, path string) error {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		v.Set(reflect.ValueOf(at.UTC()))
		return nil
	}
	// Older clients send seconds since 1970.
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return Errorf("MalformedInput", "%s must be a timestamp", path)
	}
	v.Set(reflect.ValueOf(time.UnixMilli(int64(seconds * 1000)).UTC()))
	return nil
}
