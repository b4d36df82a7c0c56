package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/vigil-audit/terraform-provider-vigil/internal/cli"
)

func TestSandbox(t *testing.T) {
	p := start(t, nil, "sandbox", "--landing-zone")
	p.await(t, &p.stderr, "Ctrl-C ends it", 30*time.Second)
	vars := map[string]string{}
	for _, v := range variables(p.stdout.String()) {
		name, value, _ := strings.Cut(v, "=")
		vars[name] = value
	}
	buckets, err := s3.New(s3.Options{
		BaseEndpoint: aws.String(vars["AWS_ENDPOINT_URL"]), Region: vars["AWS_REGION"], UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(vars["AWS_ACCESS_KEY_ID"], vars["AWS_SECRET_ACCESS_KEY"], ""),
	}).ListBuckets(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range buckets.Buckets {
		names = append(names, aws.ToString(b.Name))
	}
	for _, name := range []string{"TF_VAR_trail_bucket", "TF_VAR_config_bucket"} {
		if !strings.Contains(strings.Join(names, " "), vars[name]) || vars[name] == "" {
			t.Errorf("%s=%s is not among the buckets %v", name, vars[name], names)
		}
	}
	assertUnknownIsLogged(t, p, vars["AWS_ENDPOINT_URL"])
	p.interrupt(t)
	if code := p.exitCode(t, 30*time.Second); code != cli.ExitClean {
		t.Errorf("exit code %d after Ctrl-C", code)
	}
}

func assertUnknownIsLogged(t *testing.T, p *process, url string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "CloudTrail_20131101.MakeCoffee")
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode < 400 {
		t.Errorf("status %d for an operation that AWS does not have", response.StatusCode)
	}
	p.await(t, &p.stderr, "MakeCoffee", 10*time.Second)
}

func TestSandboxSaysWhyItCannotStart(t *testing.T) {
	p := start(t, nil, "sandbox", "--addr", "256.0.0.1:0")
	if code := p.exitCode(t, 30*time.Second); code != cli.ExitBroken {
		t.Errorf("exit code %d, want %d", code, cli.ExitBroken)
	}
	inOrder(t, p.stderr.String(), "vigil: error: starting the sandbox: ", "256.0.0.1")
}
