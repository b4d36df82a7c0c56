package awscfg

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// defaultAttempts is hashicorp/aws's number, so that moving changes nothing.
	defaultAttempts = 25
	// refusedAttempts is enough for an endpoint that restarts; after it, nobody is there.
	refusedAttempts = 4

	baseDelay     = 100 * time.Millisecond
	throttleDelay = 500 * time.Millisecond // a rate limit counts per second
	maxDelay      = 20 * time.Second
)

// attempts is how often one request is sent at most.
func (c Config) attempts() int {
	if c.MaxAttempts > 0 {
		return c.MaxAttempts
	}
	if n, err := strconv.Atoi(os.Getenv("AWS_MAX_ATTEMPTS")); err == nil && n > 0 {
		return n
	}
	return defaultAttempts
}

// quotaCodes are errors that the SDK takes for throttling, but that mean a
// quota is used up: sending again cannot help.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html#API_CreateLogGroup_Errors
func quotaCodes() []string { return []string{"LimitExceededException", "LimitExceeded"} }

// conflictCodes are errors that AWS documents as passing by themselves and the
// SDK does not send again:
//   - OperationAbortedException (Logs): several requests to change one resource were in conflict;
//   - ConflictException (CloudTrail): the resource is not ready, or another operation is changing it;
//   - ConcurrentModificationException (CloudWatch): more than one process tried to modify a resource;
//   - TooManyRequests, 429 by status below.
func conflictCodes() []string {
	return []string{"OperationAbortedException", "ConflictException", "ConcurrentModificationException", "ConcurrentModification"}
}

// newRetryer pins everything that the SDK would otherwise take from its
// defaults or from AWS_NEW_RETRIES_2026: what is sent again, when, how often.
func newRetryer(c Config, cfg *aws.Config) func() aws.Retryer {
	mode := cfg.RetryMode
	if c.RetryMode != "" {
		mode = aws.RetryMode(c.RetryMode)
	}
	standard := func(o *retry.StandardOptions) {
		o.MaxAttempts = c.attempts()
		o.MaxBackoff = maxDelay
		o.Backoff = retry.BackoffDelayerFunc(backoff)
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(retryable)}, o.Retryables...)
		o.RateLimiter = ratelimit.None
		if c.RetryTokens > 0 {
			o.RateLimiter = ratelimit.NewTokenRateLimit(uint(c.RetryTokens))
		}
	}
	return func() aws.Retryer {
		if mode == aws.RetryModeAdaptive {
			return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
				o.StandardOptions = append(o.StandardOptions, standard)
			})
		}
		return retry.NewStandard(standard)
	}
}

// retryable is asked before the SDK's own checks; unknown leaves it to them.
func retryable(err error) aws.Ternary {
	var api smithy.APIError
	if errors.As(err, &api) {
		for _, code := range quotaCodes() {
			if api.ErrorCode() == code {
				return aws.FalseTernary
			}
		}
		for _, code := range conflictCodes() {
			if api.ErrorCode() == code {
				return aws.TrueTernary
			}
		}
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.HTTPStatusCode() == http.StatusTooManyRequests {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// backoff doubles from a base, with half of it random, so that many clients do not
// come back at once. It gives up early where nobody listens.
func backoff(attempt int, err error) (time.Duration, error) {
	if errors.Is(err, syscall.ECONNREFUSED) && attempt >= refusedAttempts {
		return 0, &retry.MaxAttemptsError{Attempt: attempt, Err: err}
	}
	base := baseDelay
	if (retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}).IsErrorThrottle(err) == aws.TrueTernary {
		base = throttleDelay
	}
	d := min(base<<min(attempt-1, 16), maxDelay)
	return d/2 + rand.N(d/2+1), nil
}

// addAttemptMiddleware looks at each attempt inside the SDK's retry loop.
func addAttemptMiddleware(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("VigilAttempt",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			reads := readOnly(awsmiddleware.GetOperationName(ctx))
			attempt := ctx
			if !reads && ctx.Err() == nil {
				var done context.CancelFunc
				attempt, done = seenThrough(ctx, interruptGrace)
				defer done()
			}
			out, metadata, err := next.HandleFinalize(attempt, in)
			if err == nil {
				return out, metadata, nil
			}
			noteAttempt(ctx, err)
			if reads && cutOff(err) {
				err = &cutOffError{err}
			}
			return out, metadata, err
		}), "Retry", middleware.After)
}

// interruptGrace is how long an interrupt waits for the answer to a request
// that changes something. Terraform waits as long; a second Ctrl-C ends both.
const interruptGrace = 20 * time.Second

// seenThrough gives a context in which such a request is sent: an interrupt
// takes effect only after the grace. Terraform's "stop" cancels all contexts
// at once, and a creation that is cut off then leaves something in AWS that no
// state knows. The deadline holds as ever.
func seenThrough(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	kept, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if deadline, ok := ctx.Deadline(); ok {
		kept, cancel = context.WithDeadline(kept, deadline) // its cancel is all there is to call
	}
	stop := context.AfterFunc(ctx, func() {
		late := time.NewTimer(grace)
		defer late.Stop()
		select {
		case <-late.C:
			cancel()
		case <-kept.Done():
		}
	})
	return kept, func() { stop(); cancel() }
}

// cutOff tells whether a successful answer ended too early: while it was
// decoded, or already while it was read for the log. The SDK takes that for a
// broken protocol and does not ask again.
func cutOff(err error) bool {
	var idle *idleError
	return errors.As(err, &idle) || errors.Is(err, io.ErrUnexpectedEOF)
}

func readOnly(operation string) bool {
	for _, verb := range []string{"Describe", "Get", "List", "Lookup", "Head", "Filter"} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}

// cutOffError marks an answer that may be asked for again.
type cutOffError struct{ err error }

func (e *cutOffError) Error() string        { return "the answer was cut off: " + e.err.Error() }
func (e *cutOffError) Unwrap() error        { return e.err }
func (e *cutOffError) RetryableError() bool { return true }

// Outcome tells what is known of the attempts of one call.
type Outcome struct {
	mu        sync.Mutex
	ambiguous bool
}

type outcomeKey struct{}

// Track gives a context whose calls are recorded in the outcome.
func Track(ctx context.Context) (context.Context, *Outcome) {
	o := new(Outcome)
	return context.WithValue(ctx, outcomeKey{}, o), o
}

// Ambiguous tells whether some attempt ended without a clear answer, so that
// AWS may have done what was asked although the attempt failed. A creation
// that then ends with "already exists" was possibly our own.
func (o *Outcome) Ambiguous() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ambiguous
}

func noteAttempt(ctx context.Context, err error) {
	o, ok := ctx.Value(outcomeKey{}).(*Outcome)
	if !ok {
		return
	}
	var response *smithyhttp.ResponseError
	answered := errors.As(err, &response) && response.HTTPStatusCode() >= 400 && response.HTTPStatusCode() < 500
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ambiguous = o.ambiguous || !answered
}
