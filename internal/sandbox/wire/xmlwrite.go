package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"time"
)

// xmlTime is how AWS writes timestamps in XML.
const xmlTime = "2006-01-02T15:04:05.000Z"

// attribute is a name and a value in a start tag.
type attribute struct{ name, value string }

// xmlWriter writes SDK values as XML, element names from place.
type xmlWriter struct {
	place placer
	out   bytes.Buffer
}

func newXMLWriter(place placer) *xmlWriter {
	w := &xmlWriter{place: place}
	w.out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	return w
}

func (w *xmlWriter) bytes() []byte { return w.out.Bytes() }

func (w *xmlWriter) open(name string, attributes ...attribute) {
	w.out.WriteString("<" + name)
	for _, a := range attributes {
		if a.value != "" {
			w.out.WriteString(" " + a.name + `="`)
			w.escape(a.value)
			w.out.WriteString(`"`)
		}
	}
	w.out.WriteString(">")
}

func (w *xmlWriter) close(name string) { w.out.WriteString("</" + name + ">") }

func (w *xmlWriter) text(name, value string) {
	w.open(name)
	w.escape(value)
	w.close(name)
}

// escape cannot fail: a bytes.Buffer takes everything.
func (w *xmlWriter) escape(text string) { _ = xml.EscapeText(&w.out, []byte(text)) }

// members writes the fields of a struct as elements.
func (w *xmlWriter) members(v reflect.Value) {
	for _, field := range wireFields(v.Type()) {
		value := v.FieldByIndex(field.Index)
		if unset(value) {
			continue
		}
		at := w.place(v.Type().Name(), field)
		switch {
		case at.attribute != "":
		case isList(field.Type):
			w.list(value, at)
		default:
			w.element(at.wrapper, value)
		}
	}
}

func (w *xmlWriter) list(v reflect.Value, at place) {
	if at.wrapper != "" {
		w.open(at.wrapper)
		defer w.close(at.wrapper)
	}
	for i := range v.Len() {
		w.element(at.item, v.Index(i))
	}
}

// element writes one value in an element of that name.
func (w *xmlWriter) element(name string, v reflect.Value) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Struct && v.Type() != timeType:
		w.open(name, w.attributes(v)...)
		w.members(v)
	case v.Kind() == reflect.Map:
		w.open(name)
		w.entries(v)
	default:
		w.open(name)
		w.escape(scalarText(v))
	}
	w.close(name)
}

// attributes collects the members that stand in the start tag. The prefix
// "xsi" is declared where it is used, as S3 does with a grantee's type.
func (w *xmlWriter) attributes(v reflect.Value) []attribute {
	var list []attribute
	for _, field := range wireFields(v.Type()) {
		if at := w.place(v.Type().Name(), field); at.attribute != "" {
			list = append(list,
				attribute{"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
				attribute{at.attribute, scalarText(v.FieldByIndex(field.Index))})
		}
	}
	return list
}

// entries writes a map in the order of its keys.
func (w *xmlWriter) entries(v reflect.Value) {
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		w.open("entry")
		w.text("key", key.String())
		w.element("value", v.MapIndex(key))
		w.close("entry")
	}
}

func scalarText(v reflect.Value) string {
	switch {
	case v.Type() == timeType:
		return v.Interface().(time.Time).UTC().Format(xmlTime)
	case v.Type() == blobType:
		return base64.StdEncoding.EncodeToString(v.Bytes())
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int32, reflect.Int64, reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float32, reflect.Float64:
		return floatText(v.Float())
	}
	return fmt.Sprint(v.Interface())
}

// floatText writes numbers as XML Schema does: NaN, INF; but AWS says Infinity.
func floatText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
