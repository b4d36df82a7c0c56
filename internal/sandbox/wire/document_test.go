package wire

import (
	"encoding/json"
	"math"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
)

type level string

type leaf struct {
	Name  *string
	Level level
}

type choice interface{ isChoice() }

type choiceMemberLeaf struct{ Value leaf }

func (*choiceMemberLeaf) isChoice() {}

type choiceMemberText struct{ Value string }

func (*choiceMemberText) isChoice() {}

// everything has a field of each kind that SDK types have.
type everything struct {
	Text    *string
	Flag    *bool
	Plain   bool
	Small   *int32
	Big     *int64
	Ratio   *float64
	When    *time.Time
	Blob    []byte
	Leaf    *leaf
	Leaves  []leaf
	Words   []string
	Tags    map[string]string
	Nested  map[string]leaf
	Level   level
	Choice  choice
	private int //nolint:unused // codecs pass it over

	ResultMetadata struct{ Seen int }
}

func pointer[V any](v V) *V { return &v }

func full() everything {
	return everything{
		Text: pointer("ä\n"), Flag: pointer(false), Plain: true, Small: pointer(int32(-7)), Big: pointer(int64(1) << 52),
		Ratio: pointer(0.25), When: pointer(time.Date(2026, 11, 21, 10, 0, 0, 250e6, time.UTC)), Blob: []byte{0, 255},
		Leaf: &leaf{Name: pointer("a"), Level: "HIGH"}, Leaves: []leaf{{Name: pointer("b")}, {}}, Words: []string{},
		Tags: map[string]string{"k": "v"}, Nested: map[string]leaf{"n": {Level: "LOW"}}, Level: "MID",
		Choice: &choiceMemberLeaf{Value: leaf{Name: pointer("c")}},
	}
}

func service() *Service {
	return &Service{
		CBORName: "Test", Unions: []any{&choiceMemberLeaf{}, &choiceMemberText{}},
		Names: func(structName, field string) string {
			if structName == "leaf" {
				return LowerFirst(field)
			}
			return ""
		},
	}
}

// TestDocumentsComeBack encodes a value with every kind of member and decodes
// what came out.
func TestDocumentsComeBack(t *testing.T) {
	for _, protocol := range []Protocol{JSON{}, CBOR{}} {
		answer, err := protocol.Encode(service(), nil, Call{}, pointer(full()))
		if err != nil {
			t.Fatal(err)
		}
		var got everything
		if err := protocol.Decode(service(), nil, &Request{Content: answer.Body}, &got); err != nil {
			t.Fatalf("%T: %v", protocol, err)
		}
		if diff := cmp.Diff(full(), got, cmp.AllowUnexported(everything{})); diff != "" {
			t.Errorf("%T: (-want +got)\n%s", protocol, diff)
		}
	}
}

func TestJSONOnTheWire(t *testing.T) {
	answer, err := JSON{ContentType: "application/x-amz-json-1.0"}.Encode(service(), nil, Call{RequestID: "r"}, pointer(full()))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Big":4503599627370496,"Blob":"AP8=","Choice":{"Leaf":{"name":"c"}},"Flag":false,"Leaf":{"level":"HIGH","name":"a"},` +
		`"Leaves":[{"name":"b"},{}],"Level":"MID","Nested":{"n":{"level":"LOW"}},"Plain":true,"Ratio":0.25,"Small":-7,` +
		`"Tags":{"k":"v"},"Text":"ä\n","When":1795255200.250,"Words":[]}`
	if diff := cmp.Diff(want, string(answer.Body)); diff != "" {
		t.Error(diff)
	}
	wantHeader := http.Header{"Content-Type": {"application/x-amz-json-1.0"}, "X-Amzn-Requestid": {"r"}}
	if diff := cmp.Diff(wantHeader, answer.Header); diff != "" {
		t.Error(diff)
	}
}

func TestCBORTimestampsAreTagOne(t *testing.T) {
	answer, err := CBOR{}.Encode(service(), nil, Call{}, &everything{When: pointer(time.Unix(1795255200, 0))})
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]cbor.RawMessage
	if err := cbor.Unmarshal(answer.Body, &doc); err != nil {
		t.Fatal(err)
	}
	want := []byte{0xc1, 0xfb, 0x41, 0xda, 0xc0, 0x5a, 0xe8, 0, 0, 0} // tag 1, float64
	if diff := cmp.Diff(want, []byte(doc["When"])); diff != "" {
		t.Error(diff)
	}
}

// TestCBORReadsWhatClientsMaySend: shorter floats, indefinite lengths, whole
// seconds without a tag.
func TestCBORReadsWhatClientsMaySend(t *testing.T) {
	body := []byte{
		0xbf,
		0x65, 'R', 'a', 't', 'i', 'o', 0xf9, 0x38, 0x00, // half float 0.5
		0x65, 'W', 'o', 'r', 'd', 's', 0x9f, 0x61, 'a', 0xff,
		0x64, 'W', 'h', 'e', 'n', 0xc1, 0x1a, 0x6b, 0x01, 0x5a, 0xe0, // tag 1, uint32
		0x67, 'U', 'n', 'k', 'n', 'o', 'w', 'n', 0xf6,
		0xff,
	}
	var got everything
	if err := (CBOR{}).Decode(service(), nil, &Request{Content: body}, &got); err != nil {
		t.Fatal(err)
	}
	want := everything{Ratio: pointer(0.5), Words: []string{"a"}, When: pointer(time.Unix(0x6b015ae0, 0).UTC())}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(everything{})); diff != "" {
		t.Error(diff)
	}
}

func TestWrongTypesAreSerializationExceptions(t *testing.T) {
	for _, body := range []string{
		`{"Text":1}`, `{"Flag":"true"}`, `{"Small":2147483648}`, `{"Small":1.5}`, `{"Ratio":"x"}`, `{"When":"today"}`,
		`{"When":1e300}`, `{"Blob":"%"}`, `{"Leaf":[]}`, `{"Leaves":{}}`, `{"Tags":[]}`, `{"Tags":{"a":1}}`, `{"Choice":{"Other":1}}`,
		`[]`, `{`, `{} {}`, `nul`,
	} {
		err := JSON{}.Decode(service(), nil, &Request{Content: []byte(body)}, &everything{})
		if e := AsError(err); err == nil || e.Code != "SerializationException" {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestNullAndUnknownMembersAreIgnored(t *testing.T) {
	var got everything
	body := `{"Text":null,"Words":null,"Whatever":{"a":[1]},"Small":5.0}`
	if err := (JSON{}).Decode(service(), nil, &Request{Content: []byte(body)}, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(everything{Small: pointer(int32(5))}, got, cmp.AllowUnexported(everything{})); diff != "" {
		t.Error(diff)
	}
}

func TestFloatsWithoutJSONForm(t *testing.T) {
	for text, f := range map[string]float64{`{"Ratio":"Infinity"}`: math.Inf(1), `{"Ratio":"-Infinity"}`: math.Inf(-1)} {
		var got everything
		if err := (JSON{}).Decode(service(), nil, &Request{Content: []byte(text)}, &got); err != nil {
			t.Fatal(err)
		}
		if *got.Ratio != f {
			t.Errorf("%s gives %v", text, *got.Ratio)
		}
		if back := jsonFloat(f); !reflect.DeepEqual(map[string]any{"Ratio": back}, decoded(t, text)) {
			t.Errorf("%v is written as %v", f, back)
		}
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestErrorsInBothDialects(t *testing.T) {
	e := &Error{Code: "LimitExceededFault", QueryCode: "LimitExceeded", Message: "full", Status: 400}
	answer := JSON{}.Fail(service(), Call{RequestID: "r"}, e)
	if want := `{"__type":"LimitExceededFault","message":"full"}`; string(answer.Body) != want {
		t.Errorf("got %s", answer.Body)
	}
	if got := answer.Header.Get("X-Amzn-Query-Error"); got != "LimitExceeded;Sender" {
		t.Errorf("got %q", got)
	}
	answer = CBOR{}.Fail(service(), Call{}, &Error{Code: "InternalServiceFault", QueryCode: "InternalServiceError", Status: 500})
	if got := answer.Header.Get("X-Amzn-Query-Error"); got != "InternalServiceError;Receiver" {
		t.Errorf("got %q", got)
	}
}

// fuzzDecode: whatever the body, the decoder gives a SerializationException or
// an input that can be written and read again without a change.
func fuzzDecode(t *testing.T, protocol Protocol, body []byte) {
	var first everything
	if err := protocol.Decode(service(), nil, &Request{Content: body}, &first); err != nil {
		if AsError(err).Code != "SerializationException" {
			t.Fatalf("%v", err)
		}
		return
	}
	answer, err := protocol.Encode(service(), nil, Call{}, &first)
	if err != nil {
		t.Fatalf("%+v: %v", first, err)
	}
	var second everything
	if err := protocol.Decode(service(), nil, &Request{Content: answer.Body}, &second); err != nil {
		t.Fatalf("%q: %v", answer.Body, err)
	}
	again, err := protocol.Encode(service(), nil, Call{}, &second)
	if err != nil {
		t.Fatal(err)
	}
	if one, two := reparsed(t, protocol, answer.Body), reparsed(t, protocol, again.Body); !cmp.Equal(one, two, cmp.Comparer(sameFloat)) {
		t.Fatalf("%q, then %q", answer.Body, again.Body)
	}
}

func sameFloat(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func reparsed(t *testing.T, protocol Protocol, body []byte) any {
	t.Helper()
	parse := decodeJSON
	if _, ok := protocol.(CBOR); ok {
		parse = decodeCBOR
	}
	doc, err := parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"Leaf":{"name":"a"},"Choice":{"Text":"x"},"When":1795255200.25,"Tags":{"a":"b"}}`))
	f.Add([]byte(`{"Ratio":"NaN","Big":9007199254740993,"Blob":"AP8="}`))
	f.Fuzz(func(t *testing.T, body []byte) { fuzzDecode(t, JSON{}, body) })
}

func FuzzDecodeCBOR(f *testing.F) {
	for _, v := range []everything{full(), {}, {Choice: &choiceMemberText{Value: "x"}}} {
		answer, err := CBOR{}.Encode(service(), nil, Call{}, &v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(answer.Body)
	}
	f.Fuzz(func(t *testing.T, body []byte) { fuzzDecode(t, CBOR{}, body) })
}
