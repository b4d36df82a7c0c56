package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
)

// maxXMLDepth is far above what any AWS document needs.
const maxXMLDepth = 64

// xmlNode is an element with its text and children.
type xmlNode struct {
	name       string
	attributes []xml.Attr
	text       strings.Builder
	children   []*xmlNode
}

// errXML is S3's answer to a body that is not the document of the action.
func errXML() *Error {
	return Errorf("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

// parseXML reads one element with everything below it.
func parseXML(content []byte) (*xmlNode, error) {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	document := &xmlNode{}
	open := []*xmlNode{document}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errXML()
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			node := &xmlNode{name: token.Name.Local, attributes: token.Attr}
			top.children = append(top.children, node)
			open = append(open, node)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text.Write(token)
		case xml.Directive: // a DTD has no place in a request
			return nil, errXML()
		}
		if len(open) > maxXMLDepth {
			return nil, errXML()
		}
	}
	if len(document.children) != 1 {
		return nil, errXML()
	}
	return document.children[0], nil
}

func (n *xmlNode) named(name string) []*xmlNode {
	var found []*xmlNode
	for _, child := range n.children {
		if child.name == name {
			found = append(found, child)
		}
	}
	return found
}

// xmlReader fills SDK values from XML.
type xmlReader struct{ place placer }

func (x xmlReader) fill(v reflect.Value, node *xmlNode) error {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return x.fill(v.Elem(), node)
	case v.Kind() == reflect.Struct && v.Type() != timeType:
		return x.fillStruct(v, node)
	case len(node.children) > 0:
		return errXML()
	}
	text := node.text.String()
	if v.Kind() != reflect.String {
		text = strings.TrimSpace(text)
	}
	if fillText(v, text, node.name) != nil {
		return errXML()
	}
	return nil
}

// fillStruct refuses elements that the struct does not have and repeated
// ones that are no list: S3 validates bodies against its schema.
func (x xmlReader) fillStruct(v reflect.Value, node *xmlNode) error {
	known := map[string]bool{}
	for _, field := range wireFields(v.Type()) {
		at := x.place(v.Type().Name(), field)
		known[at.wrapper] = at.wrapper != ""
		if at.wrapper == "" {
			known[at.item] = at.item != ""
		}
		if err := x.fillField(v.FieldByIndex(field.Index), node, at); err != nil {
			return err
		}
	}
	for _, child := range node.children {
		if !known[child.name] {
			return errXML()
		}
	}
	return nil
}

func (x xmlReader) fillField(v reflect.Value, node *xmlNode, at place) error {
	switch {
	case at.attribute != "":
		return fillAttribute(v, node, at.attribute)
	case isList(v.Type()):
		return x.fillList(v, node, at)
	}
	found := node.named(at.wrapper)
	switch len(found) {
	case 0:
		return nil
	case 1:
		return x.fill(v, found[0])
	}
	return errXML()
}

func fillAttribute(v reflect.Value, node *xmlNode, name string) error {
	_, local, _ := strings.Cut(name, ":")
	for _, a := range node.attributes {
		if a.Name.Local == local {
			return fillText(v, a.Value, name)
		}
	}
	return nil
}

func (x xmlReader) fillList(v reflect.Value, node *xmlNode, at place) error {
	if at.wrapper != "" {
		wrappers := node.named(at.wrapper)
		if len(wrappers) == 0 {
			return nil
		}
		if len(wrappers) > 1 {
			return errXML()
		}
		node = wrappers[0]
	}
	items := node.named(at.item)
	if at.wrapper != "" && len(items) != len(node.children) {
		return errXML()
	}
	if at.wrapper == "" && len(items) == 0 {
		return nil
	}
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if err := x.fill(list.Index(i), item); err != nil {
			return err
		}
	}
	v.Set(list)
	return nil
}
