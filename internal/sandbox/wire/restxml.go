package wire

import "reflect"

// RESTXML reads and writes the documents of S3's protocol. The bindings of
// methods, paths and headers are S3's own: see package s3.
//
// Lists are flattened: their elements stand under the member's name in the
// singular (Rules as <Rule>...). Names gives "Wrapper/Item" for lists in an element
// of their own ("TagSet/Tag"), and "@name" for attributes.
type RESTXML struct{ Names Names }

// Decode reads a body whose root element has that name into into, a pointer
// to an SDK type. A body that is not this document is MalformedXML.
func (x RESTXML) Decode(body []byte, root string, into any) error {
	node, err := parseXML(body)
	if err != nil {
		return err
	}
	if node.name != root {
		return errXML()
	}
	return xmlReader{restPlace(x.Names)}.fill(reflect.ValueOf(into).Elem(), node)
}

// Encode writes the members of value, a pointer to an SDK type, in a root
// element of that name.
func (x RESTXML) Encode(root, namespace string, value any) []byte {
	w := newXMLWriter(restPlace(x.Names))
	w.open(root, attribute{"xmlns", namespace})
	w.members(reflect.ValueOf(value).Elem())
	w.close(root)
	return w.bytes()
}

// EncodeError writes S3's error document. extra are further elements, in
// pairs of name and value ("BucketName", "audit").
func (x RESTXML) EncodeError(call Call, e *Error, extra ...string) []byte {
	w := newXMLWriter(restPlace(nil))
	w.open("Error")
	w.text("Code", e.Code)
	w.text("Message", e.Message)
	for i := 0; i+1 < len(extra); i += 2 {
		w.text(extra[i], extra[i+1])
	}
	w.text("RequestId", call.RequestID)
	w.text("HostId", "sandbox")
	w.close("Error")
	return w.bytes()
}
