package cloudwatch_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

const signature = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=00"

// post sends a request of a client that is not the Go SDK.
func post(t *testing.T, s *sandbox.Server, header http.Header, body string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	request.Header.Set("Authorization", signature)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(content)
}

// TestOneAlarmInThreeProtocols: put in CBOR by the SDK, read in JSON 1.0 and in
// Query, and refused in both with the code that Query always had.
func TestOneAlarmInThreeProtocols(t *testing.T) {
	t.Parallel()
	s := test.Start(t)
	if _, err := cloudwatch.NewFromConfig(test.Config(s, test.Region)).PutMetricAlarm(t.Context(), alarm(nil)); err != nil {
		t.Fatal(err)
	}
	json := func(action string) http.Header {
		return http.Header{"Content-Type": {"application/x-amz-json-1.0"}, "X-Amz-Target": {"GraniteServiceVersion20100801." + action}}
	}
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}

	status, header, body := post(t, s, json("DescribeAlarms"), `{"AlarmNames":["root-login"]}`)
	want := `{"CompositeAlarms":[],"MetricAlarms":[{"ActionsEnabled":true,"AlarmActions":[],"AlarmArn":"` + arn + `","AlarmConfigurationUpdatedTimestamp":1795255200,` +
		`"AlarmName":"root-login","ComparisonOperator":"GreaterThanOrEqualToThreshold","DatapointsToAlarm":2,"Dimensions":[],"EvaluationPeriods":3,` +
		`"InsufficientDataActions":[],"MetricName":"RootLogin","Namespace":"Audit","OKActions":[],"Period":300,"StateReason":"Unchecked: Initial alarm creation",` +
		`"StateTransitionedTimestamp":1795255200,"StateUpdatedTimestamp":1795255200,"StateValue":"INSUFFICIENT_DATA","Statistic":"Sum","Threshold":1.0}]}`
	if diff := cmp.Diff(want, body); diff != "" || status != http.StatusOK || header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("%d %s: (-want +got)\n%s", status, header.Get("Content-Type"), diff)
	}

	status, _, body = post(t, s, form, url.Values{"Action": {"DescribeAlarms"}, "Version": {"2010-08-01"}, "AlarmNames.member.1": {"root-login"}}.Encode())
	for _, part := range []string{
		`<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">`, "<AlarmName>root-login</AlarmName>",
		"<StateUpdatedTimestamp>2026-11-21T10:00:00", "<Threshold>1", "<RequestId>",
	} {
		if !strings.Contains(body, part) || status != http.StatusOK {
			t.Errorf("%d: no %s in %s", status, part, body)
		}
	}

	status, header, body = post(t, s, json("ListTagsForResource"), `{"ResourceARN":"audit"}`)
	if status != http.StatusBadRequest || header.Get("X-Amzn-Query-Error") != "InvalidParameterValue;Sender" || !strings.HasPrefix(body, `{"__type":"InvalidParameterValueException"`) {
		t.Errorf("%d %s %s", status, header.Get("X-Amzn-Query-Error"), body)
	}
	status, _, body = post(t, s, form, "Action=ListTagsForResource&Version=2010-08-01&ResourceARN=audit")
	if status != http.StatusBadRequest || !strings.Contains(body, "<Code>InvalidParameterValue</Code>") || !strings.Contains(body, "<Type>Sender</Type>") {
		t.Errorf("%d %s", status, body)
	}
}
