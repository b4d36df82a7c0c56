package wire

import (
	"net/http"
	"reflect"
)

// Query is the protocol of IAM, SNS, STS and (for older clients) CloudWatch:
// the request is a form (Tags.member.1.Key=...), the answer is XML.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
type Query struct{}

// Decode reads the form into the SDK input. Members that the action does not
// have are ignored, as these services do.
func (Query) Decode(svc *Service, _ *Operation, r *Request, in any) error {
	root, err := formOf(r)
	if err != nil {
		return err
	}
	reader := formReader{name: queryName(svc.Names), item: "member"}
	return reader.fill(reflect.ValueOf(in).Elem(), root, "")
}

// Encode wraps the members of the output in <OPResponse><OPResult>.
func (Query) Encode(svc *Service, op *Operation, call Call, out any) (*Answer, error) {
	w := newXMLWriter(queryPlace(svc.Names))
	w.open(op.Name+"Response", attribute{"xmlns", svc.XMLNamespace})
	w.open(op.Name + "Result")
	w.members(reflect.ValueOf(out).Elem())
	w.close(op.Name + "Result")
	w.open("ResponseMetadata")
	w.text("RequestId", call.RequestID)
	w.close("ResponseMetadata")
	w.close(op.Name + "Response")
	return xmlAnswer(http.StatusOK, call, w), nil
}

// Fail writes <ErrorResponse>; Type says whose mistake it was.
func (Query) Fail(svc *Service, call Call, e *Error) *Answer {
	w := newXMLWriter(queryPlace(nil))
	var namespace []attribute
	if svc != nil && svc.XMLNamespace != "" {
		namespace = append(namespace, attribute{"xmlns", svc.XMLNamespace})
	}
	w.open("ErrorResponse", namespace...)
	w.open("Error")
	w.text("Type", faultOf(e))
	w.text("Code", queryCode(e))
	w.text("Message", e.Message)
	w.close("Error")
	w.text("RequestId", call.RequestID)
	w.close("ErrorResponse")
	return xmlAnswer(e.HTTPStatus(), call, w)
}

// EC2Query is EC2's dialect of Query: no "member" in the names of a list, and
// answers with lower-case names and <item> lists.
//
// https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
type EC2Query struct{}

// Decode reads the form into the SDK input. EC2 refuses members that it does not know.
func (EC2Query) Decode(svc *Service, _ *Operation, r *Request, in any) error {
	root, err := formOf(r)
	if err != nil {
		return err
	}
	reader := formReader{name: ec2RequestName(svc.Names), strict: true}
	return reader.fill(reflect.ValueOf(in).Elem(), root, "")
}

// Encode writes the members of the output into <OPResponse>; an action
// without output answers <return>true</return>.
func (EC2Query) Encode(svc *Service, op *Operation, call Call, out any) (*Answer, error) {
	w := newXMLWriter(ec2Place(svc.Names))
	w.open(op.Name+"Response", attribute{"xmlns", svc.XMLNamespace})
	w.text("requestId", call.RequestID)
	v := reflect.ValueOf(out).Elem()
	if len(wireFields(v.Type())) == 0 {
		w.text("return", "true")
	}
	w.members(v)
	w.close(op.Name + "Response")
	return xmlAnswer(http.StatusOK, call, w), nil
}

// Fail writes EC2's own error document.
func (EC2Query) Fail(_ *Service, call Call, e *Error) *Answer {
	w := newXMLWriter(ec2Place(nil))
	w.open("Response")
	w.open("Errors")
	w.open("Error")
	w.text("Code", queryCode(e))
	w.text("Message", e.Message)
	w.close("Error")
	w.close("Errors")
	w.text("RequestID", call.RequestID)
	w.close("Response")
	return xmlAnswer(e.HTTPStatus(), call, w)
}

func xmlAnswer(status int, call Call, w *xmlWriter) *Answer {
	header := http.Header{}
	header.Set("Content-Type", "text/xml;charset=UTF-8")
	header.Set("X-Amzn-Requestid", call.RequestID)
	return &Answer{Status: status, Header: header, Body: w.bytes()}
}

func queryCode(e *Error) string {
	if e.QueryCode != "" {
		return e.QueryCode
	}
	return e.Code
}

func faultOf(e *Error) string {
	if e.HTTPStatus() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}
