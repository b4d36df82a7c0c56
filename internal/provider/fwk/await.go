package fwk

import (
	"context"
	"errors"
	"time"
)

const (
	firstWait = 200 * time.Millisecond
	longWait  = 5 * time.Second
)

// Await calls fn until it succeeds, fails with an error that pending does not
// hold for, or the time is over; then it returns the last error fn gave. Use it
// only for errors that AWS documents as passing, and for things just created.
func Await[T any](ctx context.Context, within time.Duration, pending func(error) bool, fn func(context.Context) (T, error)) (T, error) {
	end := time.Now().Add(within)
	var last error // what AWS said, which a deadline in the next call must not hide
	for wait := firstWait; ; wait = min(2*wait, longWait) {
		v, err := fn(ctx)
		if err != nil && ctx.Err() != nil && last != nil {
			return v, errors.Join(ctx.Err(), last)
		}
		if err == nil || !pending(err) || time.Now().Add(wait).After(end) {
			return v, err
		}
		last = err
		select {
		case <-ctx.Done():
			return v, errors.Join(ctx.Err(), err)
		case <-time.After(wait):
		}
	}
}
