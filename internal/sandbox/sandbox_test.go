package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const authorization = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-west-1/cloudtrail/aws4_request, SignedHeaders=host, Signature=00"

func TestUnknownActionGetsAWSErrorAndLogLine(t *testing.T) {
	var log strings.Builder
	aws := sandbox.Start(t, sandbox.WithLog(&log))
	request, err := http.NewRequest(http.MethodPost, aws.URL(), strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", authorization)
	request.Header.Set("X-Amz-Target", "CloudTrail_20131101.InventTrail")
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body strings.Builder
	if err := response.Write(&body); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(body.String(), `{"__type":"UnknownOperationException"}`) {
		t.Errorf("got %s", body.String())
	}
	if !strings.Contains(log.String(), "cloudtrail:InventTrail") {
		t.Errorf("log says %q", log.String())
	}
	calls := aws.Calls()
	want := []string{"cloudtrail:InventTrail eu-west-1 AKIAIOSFODNN7EXAMPLE UnknownOperationException"}
	var got []string
	for _, c := range calls {
		got = append(got, strings.Join([]string{c.Name(), c.Region, c.AccessKey, c.Error}, " "))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
