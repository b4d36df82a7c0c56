package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// JSON is AWS's JSON protocol, 1.0 and 1.1, which differ by the content type
// only: one POST per call, the action in the X-Amz-Target header.
//
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
type JSON struct {
	// ContentType is that of the request; answers repeat it.
	ContentType string
}

// Decode reads the JSON object of the body into an SDK input. An empty body is
// an empty object.
func (p JSON) Decode(svc *Service, _ *Operation, r *Request, in any) error {
	if len(bytes.TrimSpace(r.Content)) == 0 {
		return nil
	}
	doc, err := decodeJSON(r.Content)
	if err != nil {
		return Errorf("SerializationException", "%s", err)
	}
	return p.shaper(svc).fill(reflect.ValueOf(in).Elem(), doc, "")
}

// decodeJSON reads exactly one JSON value; numbers keep their digits.
func decodeJSON(content []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("reading the JSON body: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading the JSON body: more than one value")
	}
	return doc, nil
}

// Encode writes an SDK output as a JSON object.
func (p JSON) Encode(svc *Service, _ *Operation, call Call, out any) (*Answer, error) {
	body, err := json.Marshal(p.shaper(svc).tree(reflect.ValueOf(out)))
	if err != nil {
		return nil, fmt.Errorf("writing the JSON answer: %w", err)
	}
	return p.answer(http.StatusOK, call, body), nil
}

// Fail writes {"__type": code, "message": text}. Services that also speak
// Query repeat their Query code in a header.
func (p JSON) Fail(svc *Service, call Call, e *Error) *Answer {
	doc := map[string]string{"__type": e.Code}
	if e.Message != "" {
		doc["message"] = e.Message
	}
	body, _ := json.Marshal(doc) // a map of strings always has a JSON form
	answer := p.answer(e.HTTPStatus(), call, body)
	setQueryError(answer.Header, svc, e)
	return answer
}

func (p JSON) answer(status int, call Call, body []byte) *Answer {
	kind := p.ContentType
	if kind == "" {
		kind = "application/x-amz-json-1.1"
	}
	header := http.Header{}
	header.Set("Content-Type", kind)
	header.Set("X-Amzn-Requestid", call.RequestID)
	return &Answer{Status: status, Header: header, Body: body}
}

func (p JSON) shaper(svc *Service) shaper {
	return shaper{names: svc.Names, unions: svc.Unions, leaves: leaves{
		time:      func(t time.Time) any { return json.Number(epoch(t)) },
		float:     jsonFloat,
		blob:      func(b []byte) any { return base64.StdEncoding.EncodeToString(b) },
		parseTime: func(doc any) (time.Time, bool) { f, ok := float(doc); return epochTime(f, ok) },
		parseBlob: func(doc any) ([]byte, bool) {
			text, ok := doc.(string)
			blob, err := base64.StdEncoding.DecodeString(text)
			return blob, ok && err == nil
		},
	}}
}

// jsonFloat writes a number with a fraction also where that is zero, as AWS
// does, and the values without a JSON form by their names.
func jsonFloat(f float64) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		return json.Number(strconv.FormatFloat(f, 'f', 1, 64))
	default:
		return f
	}
}

// epoch writes seconds since 1970 with milliseconds where there are any.
func epoch(t time.Time) string {
	millis := t.UnixMilli()
	if millis%1000 == 0 {
		return fmt.Sprintf("%d", millis/1000)
	}
	return fmt.Sprintf("%.3f", float64(millis)/1000)
}

// epochTime reads seconds since 1970, to the millisecond. Years outside 1 to
// 9999 are no timestamps.
func epochTime(seconds float64, ok bool) (time.Time, bool) {
	if !ok || math.IsNaN(seconds) || seconds < -62135596800 || seconds > 253402300799 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), true
}

// setQueryError adds the header by which clients of services that used to
// speak Query see the old error codes.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
func setQueryError(header http.Header, svc *Service, e *Error) {
	if svc == nil || svc.CBORName == "" {
		return
	}
	code, fault := e.Code, "Sender"
	if e.QueryCode != "" {
		code = e.QueryCode
	}
	if e.HTTPStatus() >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	header.Set("X-Amzn-Query-Error", code+";"+fault)
}

// Document gives an SDK value as CloudTrail writes it into events: member
// names start in lower case, timestamps are RFC 3339.
func Document(v any) any {
	s := JSON{}.shaper(&Service{Names: func(_, field string) string { return LowerFirst(field) }})
	s.leaves.time = func(t time.Time) any { return t.UTC().Format(time.RFC3339) }
	return s.tree(reflect.ValueOf(v))
}

// LowerFirst gives a name with its first letter in lower case: "KmsKeyId" is
// "kmsKeyId".
func LowerFirst(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToLower(name[:1]) + name[1:]
}
