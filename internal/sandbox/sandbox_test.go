package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

// signature gives the Authorization header of a request for a service; the
// sandbox reads its scope only.
func signature(region, service string) string {
	return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/" + region + "/" + service + "/aws4_request, SignedHeaders=host, Signature=00"
}

// requestID is what differs from answer to answer.
var requestID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// TestRequestsThatNobodyKnows: AWS's own shape of error in the protocol of the
// request, a line in the log, and never a 200.
func TestRequestsThatNobodyKnows(t *testing.T) {
	t.Parallel()
	json := http.Header{"Content-Type": {"application/x-amz-json-1.1"}}
	target := func(name string) http.Header {
		h := json.Clone()
		h.Set("X-Amz-Target", name)
		return h
	}
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	rpc := http.Header{"Content-Type": {"application/cbor"}, "Smithy-Protocol": {"rpc-v2-cbor"}}
	for name, tc := range map[string]struct {
		method, path, body string
		header             http.Header
		sign               string
		status             int
		answer, logged     string
	}{
		"unknown action": {"POST", "/", "{}", target("CloudTrail_20131101.InventTrail"), signature("eu-west-1", "cloudtrail"),
			400, `{"__type":"UnknownOperationException"}`, "cloudtrail:InventTrail"},
		"long target": {"POST", "/", "{}", target("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListTrails"), signature("eu-west-1", "cloudtrail"),
			200, `{"Trails":[]}`, ""},
		"unknown service": {"POST", "/", "{}", target("DynamoDB_20120810.ListTables"), signature("eu-west-1", "dynamodb"),
			400, `{"__type":"UnknownOperationException"}`, "?:ListTables"},
		"not signed": {"POST", "/", "{}", target("Logs_20140328.DescribeLogGroups"), "",
			400, `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`, "MissingAuthenticationTokenException"},
		"signed for another service": {"POST", "/", "{}", target("Logs_20140328.DescribeLogGroups"), signature("eu-west-1", "config"),
			400, `{"__type":"InvalidSignatureException","message":"Credential should be scoped to correct service: 'logs'."}`, "InvalidSignatureException"},
		"signed for no Region": {"POST", "/", "{}", target("Logs_20140328.DescribeLogGroups"), signature("moon", "logs"),
			400, `{"__type":"InvalidSignatureException","message":"Credential should be scoped to a valid region."}`, "InvalidSignatureException"},
		"broken JSON": {"POST", "/", "{", target("Logs_20140328.DescribeLogGroups"), signature("eu-west-1", "logs"),
			400, `{"__type":"SerializationException","message":"reading the JSON body: unexpected EOF"}`, ""},
		"unknown Query action": {"POST", "/", "Action=ListDashboards&Version=2010-08-01", form, signature("eu-west-1", "monitoring"),
			400, "<Code>InvalidAction</Code>", "monitoring:ListDashboards"},
		"Query of another version": {"POST", "/", "Action=DescribeAlarms&Version=2009-01-01", form, signature("eu-west-1", "monitoring"),
			400, "<Code>InvalidAction</Code>", "monitoring:DescribeAlarms"},
		"Query of an unknown service": {"POST", "/", "Action=CreateQueue&Version=2012-11-05", form, signature("eu-west-1", "sqs"),
			400, "<Code>InvalidAction</Code>", "?:CreateQueue"},
		"unknown CBOR action": {"POST", "/service/GraniteServiceVersion20100801/operation/ListDashboards", "\xa0", rpc, signature("eu-west-1", "monitoring"),
			400, string(encoded(t, map[string]string{"__type": "UnknownOperationException"})), "monitoring:ListDashboards"},
		"unknown CBOR service": {"POST", "/service/Nothing/operation/Go", "\xa0", rpc, signature("eu-west-1", "nothing"),
			400, string(encoded(t, map[string]string{"__type": "UnknownOperationException"})), "?:Go"},
		"unknown bucket feature": {"GET", "/bucket?intelligent-tiering", "", http.Header{}, signature("eu-west-1", "s3"),
			501, "<Code>NotImplemented</Code>", "NotImplemented"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log lockedLog
			s := sandbox.Start(t, sandbox.WithLog(&log))
			request, err := http.NewRequestWithContext(t.Context(), tc.method, s.URL()+tc.path, strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header = tc.header.Clone()
			if tc.sign != "" {
				request.Header.Set("Authorization", tc.sign)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != tc.status || !bytes.Contains(body, []byte(tc.answer)) {
				t.Errorf("%d %q, want %d with %q", response.StatusCode, requestID.ReplaceAll(body, []byte("ID")), tc.status, tc.answer)
			}
			if got := log.String(); !strings.Contains(got, tc.logged) || tc.logged == "" && tc.status == 200 && got != "" {
				t.Errorf("log says %q, want %q in it", got, tc.logged)
			}
		})
	}
}

func encoded(t *testing.T, doc any) []byte {
	t.Helper()
	body, err := cbor.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// lockedLog is written by the server and read by the test.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestRegionsAreApart: each has its own things, under its own ARNs.
func TestRegionsAreApart(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t, sandbox.WithAccount("444455556666"))
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		if err := createGroup(t.Context(), cloudwatchlogs.NewFromConfig(test.Config(s, region)), "g"); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"arn:aws:logs:eu-west-1:444455556666:log-group:g", "arn:aws:logs:us-east-1:444455556666:log-group:g"}
	if diff := cmp.Diff(want, s.Resources()); diff != "" {
		t.Error(diff)
	}
}

// TestConcurrentChangesLoseNothing: twenty clients tag one group at once.
func TestConcurrentChangesLoseNothing(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	c := logsClient(s)
	if err := createGroup(t.Context(), c, "g"); err != nil {
		t.Fatal(err)
	}
	id := aws.String("arn:aws:logs:eu-west-1:111122223333:log-group:g")
	var clients sync.WaitGroup
	for i := range 20 {
		clients.Go(func() {
			_, err := c.TagResource(t.Context(), &cloudwatchlogs.TagResourceInput{ResourceArn: id, Tags: map[string]string{fmt.Sprint("k", i): "v"}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
	out, err := c.ListTagsForResource(t.Context(), &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: id})
	if err != nil || len(out.Tags) != 20 {
		t.Errorf("%d tags of twenty: %v", len(out.Tags), err)
	}
}

func TestCloseTwice(t *testing.T) {
	t.Parallel()
	s := sandbox.New()
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Listen("256.0.0.1:0"); err == nil {
		t.Error("listening on no address succeeded")
	}
}
