package fwk

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errPassing = errors.New("not yet")
	errFinal   = errors.New("never")
)

func TestAwait(t *testing.T) {
	tests := []struct {
		name     string
		deadline time.Duration // of the context
		within   time.Duration
		answers  []error // the last one repeats
		slow     time.Duration
		calls    int
		want     []error
	}{
		{"at once", time.Hour, time.Minute, []error{nil}, 0, 1, nil},
		{"after a while", time.Hour, time.Minute, []error{errPassing, errPassing, nil}, 0, 3, nil},
		{"another error", time.Hour, time.Minute, []error{errPassing, errFinal}, 0, 2, []error{errFinal}},
		{"the time is over", time.Hour, time.Second, []error{errPassing}, 0, 3, []error{errPassing}},
		{"the deadline comes between two calls", 500 * time.Millisecond, time.Minute, []error{errPassing}, 0, 2, []error{errPassing, context.DeadlineExceeded}},
		{"the deadline comes within a call", 1500 * time.Millisecond, time.Minute, []error{errPassing}, 900 * time.Millisecond, 2, []error{errPassing, context.DeadlineExceeded}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				calls := 0
				_, err := Await(ctx, test.within, func(err error) bool { return errors.Is(err, errPassing) }, func(ctx context.Context) (any, error) {
					calls++
					select {
					case <-ctx.Done():
						return nil, ctx.Err()
					case <-time.After(test.slow):
						return nil, test.answers[min(calls, len(test.answers))-1]
					}
				})
				if calls != test.calls {
					t.Errorf("%d calls, want %d", calls, test.calls)
				}
				if (err == nil) != (test.want == nil) {
					t.Errorf("error = %v, want %v", err, test.want)
				}
				for _, want := range test.want {
					if !errors.Is(err, want) {
						t.Errorf("error = %v, want it to hold %v", err, want)
					}
				}
			})
		})
	}
}
