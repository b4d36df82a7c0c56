package awscfg_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
)

// settings reach the server and nothing else.
func settings(url string) awscfg.Config {
	off := true
	return awscfg.Config{
		Region: "eu-west-1", AccessKey: "AKIAIOSFODNN7EXAMPLE", SecretKey: "secret",
		SkipCredentialsValidation: true, SkipRequestingAccount: true, SkipMetadataAPICheck: &off,
		Endpoints:     map[awscfg.Service]string{awscfg.Logs: url, awscfg.STS: url},
		HeaderTimeout: 300 * time.Millisecond, BodyIdleTimeout: 300 * time.Millisecond,
		Product: "vigil", Version: "test",
	}
}

// server answers its n-th request (from 1) and counts them.
func server(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) (string, *atomic.Int64) {
	t.Helper()
	var count atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Only after the body is read does the server notice that a client left.
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		answer(int(count.Add(1)), w, r)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL, &count
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("X-Amzn-Errortype", code)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"__type":"` + code + `","message":"no"}`))
}

func logsClient(t *testing.T, c awscfg.Config) *cloudwatchlogs.Client {
	t.Helper()
	api, err := awscfg.New(c).Logs(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func describe(ctx context.Context, api *cloudwatchlogs.Client) error {
	_, err := api.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	return err
}

func create(ctx context.Context, api *cloudwatchlogs.Client) error {
	name := "x"
	_, err := api.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	return err
}

// write is a call that changes something and has an answer worth reading.
func write(ctx context.Context, api *cloudwatchlogs.Client) error {
	query, second := "fields @message", int64(1)
	_, err := api.StartQuery(ctx, &cloudwatchlogs.StartQueryInput{QueryString: &query, StartTime: &second, EndTime: &second})
	return err
}

func TestRetries(t *testing.T) {
	t.Parallel()
	const body = `{"logGroups": []}`
	cut := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "17")
		_, _ = w.Write([]byte(body[:8]))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	tests := []struct {
		name   string
		call   func(context.Context, *cloudwatchlogs.Client) error
		first  func(w http.ResponseWriter, r *http.Request) // what the first request gets; others succeed
		calls  int64
		failed bool
	}{
		{"a used-up quota is final", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "LimitExceededException") }, 1, true},
		{"throttling passes", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "ThrottlingException") }, 2, false},
		{"a conflict between writers passes", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "OperationAbortedException") }, 2, false},
		{"so does CloudTrail's", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "ConflictException") }, 2, false},
		{"429 passes", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 429, "Busy") }, 2, false},
		{"503 passes", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 503, "ServiceUnavailableException") }, 2, false},
		{"expired credentials are final", create, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "ExpiredTokenException") }, 1, true},
		{"access denied is final", describe, func(w http.ResponseWriter, _ *http.Request) { refuse(w, 400, "AccessDeniedException") }, 1, true},
		{"a read cut off is repeated", describe, func(w http.ResponseWriter, _ *http.Request) { cut(w) }, 2, false},
		{"a write cut off is not", write, func(w http.ResponseWriter, _ *http.Request) { cut(w) }, 1, true},
		{"a read that stops coming is repeated", describe, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(body[:8]))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 2, false},
		{"a server that never answers is given up", describe, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 2, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url, count := server(t, func(n int, w http.ResponseWriter, r *http.Request) {
				if n == 1 {
					test.first(w, r)
					return
				}
				_, _ = w.Write([]byte(body))
			})
			err := test.call(t.Context(), logsClient(t, settings(url)))
			if (err != nil) != test.failed || count.Load() != test.calls {
				t.Errorf("%d calls, error %v; want %d calls, failure %v", count.Load(), err, test.calls, test.failed)
			}
		})
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	url, count := server(t, func(_ int, w http.ResponseWriter, _ *http.Request) { refuse(w, 503, "ServiceUnavailableException") })
	c := settings(url)
	c.MaxAttempts = 3
	if err := describe(t.Context(), logsClient(t, c)); err == nil || count.Load() != 3 {
		t.Errorf("%d calls, error %v; want 3 calls and an error", count.Load(), err)
	}
}

// The few attempts that credential calls get are not those of other calls.
func TestAttemptsAreThoseConfigured(t *testing.T) {
	t.Parallel()
	url, count := server(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n < 5 {
			refuse(w, 503, "ServiceUnavailableException")
			return
		}
		_, _ = w.Write([]byte(`{"logGroups": []}`))
	})
	if err := describe(t.Context(), logsClient(t, settings(url))); err != nil || count.Load() != 5 {
		t.Errorf("%d calls, error %v; want success with the fifth", count.Load(), err)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	started := time.Now()
	if err := describe(t.Context(), logsClient(t, settings("http://"+l.Addr().String()))); err == nil {
		t.Error("no error")
	}
	if d := time.Since(started); d > 10*time.Second {
		t.Errorf("gave up after %s", d)
	}
}

func TestCancelledCallEndsAtOnce(t *testing.T) {
	t.Parallel()
	url, _ := server(t, func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c := settings(url)
	c.HeaderTimeout = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	started := time.Now()
	if err := describe(ctx, logsClient(t, c)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if d := time.Since(started); d > time.Second {
		t.Errorf("took %s", d)
	}
}

// Terraform's Ctrl-C cancels all calls: what was asked to be created is heard
// of all the same, so that it gets into the state; nothing else is begun.
func TestInterruptWaitsForTheAnswerOfAWrite(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *cloudwatchlogs.Client) error{"write": create, "read": describe} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, interrupt := context.WithCancel(t.Context())
			url, count := server(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
				interrupt()
				time.Sleep(100 * time.Millisecond)
				_, _ = w.Write([]byte(`{}`))
			})
			api := logsClient(t, settings(url))
			if err := call(ctx, api); (err == nil) != (name == "write") {
				t.Errorf("interrupted: %v", err)
			}
			if err := call(ctx, api); !errors.Is(err, context.Canceled) || count.Load() != 1 {
				t.Errorf("after the interrupt: %v, %d requests; want none", err, count.Load())
			}
		})
	}
}

// An interrupt during a write that fails is not followed by another attempt.
func TestInterruptEndsRetries(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	url, count := server(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		interrupt()
		refuse(w, 400, "ThrottlingException")
	})
	if err := create(ctx, logsClient(t, settings(url))); err == nil || count.Load() != 1 {
		t.Errorf("error %v after %d requests, want one", err, count.Load())
	}
}

func TestNoCredentials(t *testing.T) {
	c := settings("http://127.0.0.1:1")
	c.AccessKey, c.SecretKey = "", ""
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	none := filepath.Join(t.TempDir(), "none")
	t.Setenv("AWS_CONFIG_FILE", none)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", none)
	if _, err := awscfg.New(c).Identity(t.Context()); err == nil || !strings.Contains(err.Error(), "no AWS credentials that work") {
		t.Errorf("error %v", err)
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	url, _ := server(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			panic(http.ErrAbortHandler) // AWS may have done it: nobody knows
		}
		refuse(w, 400, "ResourceAlreadyExistsException")
	})
	ctx, outcome := awscfg.Track(t.Context())
	if err := create(ctx, logsClient(t, settings(url))); err == nil || !outcome.Ambiguous() {
		t.Errorf("error %v, ambiguous %v; want an error after an ambiguous attempt", err, outcome.Ambiguous())
	}
	ctx, outcome = awscfg.Track(t.Context())
	if err := create(ctx, logsClient(t, settings(url))); err == nil || outcome.Ambiguous() {
		t.Errorf("error %v, ambiguous %v; want a clear error", err, outcome.Ambiguous())
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	const answer = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/u</Arn><UserId>U</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	tests := []struct {
		name    string
		change  func(*awscfg.Config)
		account string
		calls   int64
		err     string
	}{
		{"asked once", func(*awscfg.Config) {}, "111122223333", 1, ""},
		{"allowed", func(c *awscfg.Config) { c.AllowedAccounts = []string{"111122223333"} }, "111122223333", 1, ""},
		{"not allowed", func(c *awscfg.Config) { c.AllowedAccounts = []string{"444455556666"} }, "", 1, "AWS account ID not allowed: 111122223333"},
		{"forbidden", func(c *awscfg.Config) { c.ForbiddenAccounts = []string{"111122223333"} }, "", 1, "AWS account ID not allowed: 111122223333"},
		{"not asked", func(c *awscfg.Config) { c.SkipCredentialsValidation, c.SkipRequestingAccount = true, true }, "", 0, ""},
		{"a restriction that cannot be checked", func(c *awscfg.Config) {
			c.SkipCredentialsValidation, c.SkipRequestingAccount = true, true
			c.AllowedAccounts = []string{"111122223333"}
		}, "", 0, "the account is not known"},
		{"unknown Region", func(c *awscfg.Config) { c.Region = "eu-wset-1" }, "", 0, "skip_region_validation turns this check off"},
		{"unknown Region accepted", func(c *awscfg.Config) { c.Region, c.SkipRegionValidation = "eu-wset-1", true }, "111122223333", 1, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url, count := server(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/xml")
				_, _ = w.Write([]byte(answer))
			})
			c := settings(url)
			c.SkipCredentialsValidation, c.SkipRequestingAccount = false, false
			test.change(&c)
			s := awscfg.New(c)
			for range 2 { // the second answer comes from memory
				id, err := s.Identity(t.Context())
				if id.Account != test.account || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("account %q, error %v; want %q, %q", id.Account, err, test.account, test.err)
				}
			}
			if count.Load() != test.calls {
				t.Errorf("%d calls, want %d", count.Load(), test.calls)
			}
		})
	}
}

func TestRegionWithoutNetwork(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte("[default]\nregion = eu-north-1\n[profile audit]\nregion = eu-south-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	t.Setenv("AWS_PROFILE", "")
	check := func(c awscfg.Config, want string) {
		t.Helper()
		if got := awscfg.New(c).Region(t.Context()); got != want {
			t.Errorf("Region %q, want %q", got, want)
		}
	}
	check(awscfg.Config{}, "eu-north-1")
	check(awscfg.Config{Profile: "audit"}, "eu-south-1")
	check(awscfg.Config{Profile: "missing"}, "")
	t.Setenv("AWS_DEFAULT_REGION", "us-west-2")
	check(awscfg.Config{Profile: "audit"}, "us-west-2")
	t.Setenv("AWS_REGION", "us-east-2")
	check(awscfg.Config{}, "us-east-2")
	check(awscfg.Config{Region: "ca-central-1"}, "ca-central-1")
}

func TestEndpointOfConfigurationWins(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://127.0.0.1:1")
	url, count := server(t, func(_ int, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) })
	if err := describe(t.Context(), logsClient(t, settings(url))); err != nil || count.Load() != 1 {
		t.Errorf("%d calls, error %v", count.Load(), err)
	}
}
