package awscfg

import (
	"context"
	"strings"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/time/rate"
)

// pacer keeps a session below the rates at which CloudTrail begins to refuse
// calls: ten reads a second, two of its events, one change; each in an account
// and Region, and none of them adjustable. Other services have higher rates
// that AWS raises on request; there, refused calls are sent again later.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
type pacer struct {
	mu       sync.Mutex
	limiters map[string]*rate.Limiter // by Region and operation
}

// perSecond is CloudTrail's rate for an operation.
func perSecond(operation string) int {
	switch {
	case operation == "LookupEvents" || strings.HasPrefix(operation, "ListInsights"):
		return 2
	case readOnly(operation):
		return 10
	}
	return 1
}

// wait returns when the next attempt of an operation may be sent.
func (p *pacer) wait(ctx context.Context, region, operation string) error {
	p.mu.Lock()
	if p.limiters == nil {
		p.limiters = make(map[string]*rate.Limiter)
	}
	key := region + " " + operation
	limiter, ok := p.limiters[key]
	if !ok {
		n := perSecond(operation)
		// A little below: calls do not arrive as evenly as they are sent.
		limiter = rate.NewLimiter(0.9*rate.Limit(n), n)
		p.limiters[key] = limiter
	}
	p.mu.Unlock()
	// Not limiter.Wait: that fails at once where the deadline is nearer than
	// the turn, with an error that is not the context's.
	turn := limiter.Reserve()
	timer := time.NewTimer(turn.Delay())
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		turn.Cancel()
		return ctx.Err()
	}
}

// add lets each attempt wait for its turn.
func (p *pacer) add(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("VigilPace",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			if err := p.wait(ctx, awsmiddleware.GetRegion(ctx), awsmiddleware.GetOperationName(ctx)); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, err
			}
			return next.HandleFinalize(ctx, in)
		}), "Retry", middleware.After)
}
