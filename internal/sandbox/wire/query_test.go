package wire_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func form(body string) *wire.Request {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return &wire.Request{Request: r, Content: []byte(body)}
}

func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreTypes(document.NoSerde{}, middleware.Metadata{}))
}

func TestQueryDecode(t *testing.T) {
	var got sns.CreateTopicInput
	err := wire.Query{}.Decode(&wire.Service{}, nil, form("Action=CreateTopic&Version=2010-03-31&Name=a"+
		"&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=x%26y&Tags.member.2.Key=second&Tags.member.10.Key=tenth&Tags.member.2.Value=&Unknown=1"), &got)
	if err != nil {
		t.Fatal(err)
	}
	want := sns.CreateTopicInput{
		Name: aws.String("a"), Attributes: map[string]string{"DisplayName": "x&y"},
		Tags: []snstypes.Tag{{Key: aws.String("second"), Value: aws.String("")}, {Key: aws.String("tenth")}},
	}
	if diff := same(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestQueryRefuses(t *testing.T) {
	for body, want := range map[string]string{
		"Tags.member.x.Key=a":      "MalformedInput: Unexpected list index in Tags.x",
		"Tags.1.Key=a":             "MalformedInput: Unexpected element in the list Tags",
		"Name.x=a":                 "MalformedInput: Unexpected structure at Name",
		"Attributes.entry.1.key=a": "MalformedInput: Incomplete entry in Attributes",
		"Tags.member.-1.Key=a":     "MalformedInput: Unexpected list index in Tags.-1",
		strings.Repeat("a.", 5000) + "b=1&Tags.member.x=1": "MalformedInput: Unexpected list index in Tags.x",
	} {
		if err := (wire.Query{}).Decode(&wire.Service{}, nil, form(body), &sns.CreateTopicInput{}); err == nil || err.Error() != want {
			t.Errorf("%.40s: %v, want %s", body, err, want)
		}
	}
}

func TestQueryEncode(t *testing.T) {
	svc := &wire.Service{XMLNamespace: "http://sns.amazonaws.com/doc/2010-03-31/"}
	answer, err := wire.Query{}.Encode(svc, &wire.Operation{Name: "ListTopics"}, wire.Call{RequestID: "id"},
		&sns.ListTopicsOutput{Topics: []snstypes.Topic{{TopicArn: aws.String("a<b")}}})
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListTopicsResult>` +
		`<Topics><member><TopicArn>a&lt;b</TopicArn></member></Topics></ListTopicsResult>` +
		`<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ListTopicsResponse>`
	if diff := cmp.Diff(want, string(answer.Body)); diff != "" {
		t.Error(diff)
	}
}

func TestErrorShapes(t *testing.T) {
	e, call := &wire.Error{Code: "NotFound", Message: "no & more", Status: http.StatusNotFound}, wire.Call{RequestID: "id"}
	const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	for want, got := range map[string]string{
		`<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>NotFound</Code><Message>no &amp; more</Message></Error><RequestId>id</RequestId></ErrorResponse>`: string(wire.Query{}.Fail(&wire.Service{XMLNamespace: "urn:x"}, call, e).Body),
		`<Response><Errors><Error><Code>NotFound</Code><Message>no &amp; more</Message></Error></Errors><RequestID>id</RequestID></Response>`:                           string(wire.EC2Query{}.Fail(nil, call, e).Body),
		`<Error><Code>NotFound</Code><Message>no &amp; more</Message><Key>k</Key><RequestId>id</RequestId><HostId>sandbox</HostId></Error>`:                             string(wire.RESTXML{}.EncodeError(call, e, "Key", "k")),
	} {
		if diff := cmp.Diff(head+want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEC2QueryDecode(t *testing.T) {
	var got ec2.DescribeVpcsInput
	if err := (wire.EC2Query{}).Decode(&wire.Service{}, nil, form("VpcId.1=vpc-1&Filter.1.Name=cidr&Filter.1.Value.1=a&Filter.1.Value.2=b&MaxResults=5&DryRun=false"), &got); err != nil {
		t.Fatal(err)
	}
	want := ec2.DescribeVpcsInput{
		VpcIds: []string{"vpc-1"}, MaxResults: aws.Int32(5), DryRun: aws.Bool(false),
		Filters: []ec2types.Filter{{Name: aws.String("cidr"), Values: []string{"a", "b"}}},
	}
	if diff := same(want, got); diff != "" {
		t.Error(diff)
	}
	err := wire.EC2Query{}.Decode(&wire.Service{}, nil, form("Colour=red"), &got)
	if err == nil || err.Error() != "UnknownParameter: The parameter Colour is not recognized" {
		t.Errorf("unknown parameter: %v", err)
	}
}
