package sandbox_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

func logsClient(s *sandbox.Server) *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(test.Config(s, test.Region))
}

func createGroup(ctx context.Context, c *cloudwatchlogs.Client, name string) error {
	_, err := c.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(name)})
	return err
}

func groupCount(t *testing.T, c *cloudwatchlogs.Client) int {
	t.Helper()
	out, err := c.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.LogGroups)
}

// TestFaultsAnswerAndCommit: what the client sees, and whether the group is
// there afterwards.
func TestFaultsAnswerAndCommit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		code   string // empty: an error that is not AWS's
		groups int
	}{
		"throttle":            {sandbox.Throttle(), "ThrottlingException", 0},
		"server error":        {sandbox.ServerError(503), "ServiceUnavailable", 0},
		"access denied":       {sandbox.AccessDenied(), "AccessDeniedException", 0},
		"expired":             {sandbox.ExpiredCredentials(), "ExpiredTokenException", 0},
		"named code":          {sandbox.Code("OperationAbortedException", "busy", 400), "OperationAbortedException", 0},
		"error after commit":  {sandbox.ServerError(500).AfterCommit(), "InternalFailure", 1},
		"reset before commit": {sandbox.Reset(), "", 0},
		"reset after commit":  {sandbox.Reset().AfterCommit(), "", 1},
		"clock skew":          {sandbox.ClockSkew(time.Hour), "InvalidSignatureException", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandbox.Start(t)
			c := logsClient(s)
			s.FailNext("CreateLogGroup", tc.fault)
			err := createGroup(t.Context(), c, "g")
			if err == nil {
				t.Fatal("the call succeeded")
			}
			if code := test.Code(err); tc.code != "" && code != tc.code {
				t.Errorf("code %q, want %q", code, tc.code)
			}
			if n := groupCount(t, c); n != tc.groups {
				t.Errorf("%d groups afterwards, want %d", n, tc.groups)
			}
		})
	}
}

func TestTruncatedBodyIsUnexpectedEOF(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	s.FailNext("DescribeLogGroups", sandbox.Truncate())
	_, err := logsClient(s).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected EOF", err)
	}
}

func TestHangEndsWithTheClient(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	c := logsClient(s)
	s.FailNext("CreateLogGroup", sandbox.Hang())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := createGroup(ctx, c, "g"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
	if n := groupCount(t, c); n != 0 {
		t.Errorf("%d groups: a call that hangs has no effect", n)
	}
}

func TestDripIsSlowAndWhole(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	s.FailNext("DescribeLogGroups", sandbox.Drip(5*time.Millisecond))
	start := time.Now()
	if n := groupCount(t, logsClient(s)); n != 0 {
		t.Errorf("%d groups", n)
	}
	if took := time.Since(start); took < 50*time.Millisecond {
		t.Errorf("took %v: {\"logGroups\":[]} has 16 bytes", took)
	}
}

func TestFaultsStrikeInOrderAndRunOut(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t, sandbox.WithFault("logs:CreateLogGroup", sandbox.Throttle().Times(2), sandbox.AccessDenied()))
	c := logsClient(s)
	var codes []string
	for range 4 {
		codes = append(codes, test.Code(createGroup(t.Context(), c, "g")))
	}
	if diff := cmp.Diff([]string{"ThrottlingException", "ThrottlingException", "AccessDeniedException", ""}, codes); diff != "" {
		t.Error(diff)
	}
	s.FailNext("*", sandbox.Throttle().Always())
	for range 3 {
		if code := test.Code(createGroup(t.Context(), c, "h")); code != "ThrottlingException" {
			t.Errorf("got %q", code)
		}
	}
	s.ClearFaults()
	if err := createGroup(t.Context(), c, "h"); err != nil {
		t.Error(err)
	}
}

// TestClientCatchesUpWithSkewedClock: the SDK learns the other clock from the
// Date header of the refusal, and signs by it.
func TestClientCatchesUpWithSkewedClock(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	config := test.Config(s, test.Region)
	config.Retryer = func() aws.Retryer { return retry.NewStandard() }
	s.FailNext("CreateLogGroup", sandbox.ClockSkew(-time.Hour).Always())
	if err := createGroup(t.Context(), cloudwatchlogs.NewFromConfig(config), "g"); err != nil {
		t.Errorf("got %v", err)
	}
	if n := len(s.Calls()); n != 2 {
		t.Errorf("%d calls, want a refused one and a good one", n)
	}
}

// TestEventualConsistency: n reads after a change see the world before it.
func TestEventualConsistency(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t, sandbox.WithEventualConsistency(2))
	c := logsClient(s)
	var counts []int
	for _, change := range []func() error{
		func() error { return createGroup(t.Context(), c, "g") },
		func() error {
			_, err := c.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
			return err
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			counts = append(counts, groupCount(t, c))
		}
	}
	if diff := cmp.Diff([]int{0, 0, 1, 1, 1, 0}, counts); diff != "" {
		t.Error(diff)
	}
}

func TestStaleFaultShowsTheOldValue(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	c := logsClient(s)
	retention := func() int32 {
		out, err := c.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
		if err != nil {
			t.Fatal(err)
		}
		return aws.ToInt32(out.LogGroups[0].RetentionInDays)
	}
	if err := createGroup(t.Context(), c, "g"); err != nil {
		t.Fatal(err)
	}
	for _, days := range []int32{7, 30} {
		if _, err := c.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(days)}); err != nil {
			t.Fatal(err)
		}
	}
	s.FailNext("DescribeLogGroups", sandbox.Stale())
	if got := []int32{retention(), retention()}; !cmp.Equal(got, []int32{7, 30}) {
		t.Errorf("got %v, want the value before the last change, then the last", got)
	}
}

func TestRatesThrottleTheBurstOnly(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t, sandbox.WithRates(map[string]sandbox.Rate{"logs:CreateLogGroup": {PerSecond: 0.001, Burst: 2}}))
	c := logsClient(s)
	var codes []string
	for _, name := range []string{"a", "b", "c"} {
		codes = append(codes, test.Code(createGroup(t.Context(), c, name)))
	}
	other := cloudwatchlogs.NewFromConfig(test.Config(s, "us-east-1"))
	codes = append(codes, test.Code(createGroup(t.Context(), other, "a")))
	if diff := cmp.Diff([]string{"", "", "ThrottlingException", ""}, codes); diff != "" {
		t.Error(diff)
	}
}

func TestJournalTellsWhatHappened(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	c := logsClient(s)
	s.FailNext("CreateLogGroup", sandbox.Reset().AfterCommit())
	_ = createGroup(t.Context(), c, "g")
	_ = createGroup(t.Context(), c, "g")
	type line struct {
		Name, Protocol, Error, Fault, Group string
		Status                              int
		Committed                           bool
	}
	var got []line
	for _, call := range s.Calls() {
		in := call.Input.(*cloudwatchlogs.CreateLogGroupInput)
		got = append(got, line{call.Name(), call.Protocol, call.Error, call.Fault, *in.LogGroupName, call.Status, call.Committed})
	}
	want := []line{
		{"logs:CreateLogGroup", "json", "", "reset", "g", 0, true},
		{"logs:CreateLogGroup", "json", "ResourceAlreadyExistsException", "", "g", 400, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
