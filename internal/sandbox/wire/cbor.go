package wire

import (
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// CBOR is RPC v2 CBOR: the action in the path, a CBOR map as the body.
//
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
type CBOR struct{}

// cborOptions keep a hostile body from costing more than it weighs.
func cborOptions() cbor.DecOptions {
	return cbor.DecOptions{
		DefaultMapType:   reflect.TypeFor[map[string]any](),
		MaxNestedLevels:  64,
		MaxArrayElements: 1 << 17,
		MaxMapPairs:      1 << 17,
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		TimeTagToAny:     cbor.TimeTagToTime,
	}
}

// Decode reads the CBOR map of the body into an SDK input. An empty body is an
// empty map.
func (p CBOR) Decode(svc *Service, _ *Operation, r *Request, in any) error {
	if len(r.Content) == 0 {
		return nil
	}
	doc, err := decodeCBOR(r.Content)
	if err != nil {
		return Errorf("SerializationException", "%s", err)
	}
	return p.shaper(svc).fill(reflect.ValueOf(in).Elem(), doc, "")
}

func decodeCBOR(content []byte) (any, error) {
	mode, err := cborOptions().DecMode()
	if err != nil {
		return nil, fmt.Errorf("preparing the CBOR decoder: %w", err)
	}
	var doc any
	if err := mode.Unmarshal(content, &doc); err != nil {
		return nil, fmt.Errorf("reading the CBOR body: %w", err)
	}
	return doc, nil
}

// Encode writes an SDK output as a CBOR map.
func (p CBOR) Encode(svc *Service, _ *Operation, call Call, out any) (*Answer, error) {
	body, err := cbor.Marshal(p.shaper(svc).tree(reflect.ValueOf(out)))
	if err != nil {
		return nil, fmt.Errorf("writing the CBOR answer: %w", err)
	}
	return p.answer(http.StatusOK, call, body), nil
}

// Fail writes {"__type": code, "message": text} and the Query code in a header.
func (p CBOR) Fail(svc *Service, call Call, e *Error) *Answer {
	doc := map[string]string{"__type": e.Code}
	if e.Message != "" {
		doc["message"] = e.Message
	}
	body, _ := cbor.Marshal(doc) // a map of strings always has a CBOR form
	answer := p.answer(e.HTTPStatus(), call, body)
	setQueryError(answer.Header, svc, e)
	return answer
}

func (CBOR) answer(status int, call Call, body []byte) *Answer {
	header := http.Header{}
	header.Set("Content-Type", "application/cbor")
	header.Set("Smithy-Protocol", "rpc-v2-cbor")
	header.Set("X-Amzn-Requestid", call.RequestID)
	return &Answer{Status: status, Header: header, Body: body}
}

// shaper writes timestamps as tag 1 with seconds, and blobs as byte strings.
func (CBOR) shaper(svc *Service) shaper {
	return shaper{names: svc.Names, unions: svc.Unions, leaves: leaves{
		time: func(t time.Time) any {
			return cbor.Tag{Number: 1, Content: float64(t.UnixMilli()) / 1000}
		},
		float:     func(f float64) any { return f },
		blob:      func(b []byte) any { return b },
		parseTime: cborTime,
		parseBlob: func(doc any) ([]byte, bool) { b, ok := doc.([]byte); return b, ok },
	}}
}

// cborTime takes a tag 1 as the decoder gives it, and plain seconds.
func cborTime(doc any) (time.Time, bool) {
	if t, ok := doc.(time.Time); ok {
		return t.UTC().Round(time.Millisecond), !t.IsZero()
	}
	f, ok := float(doc)
	return epochTime(f, ok)
}
