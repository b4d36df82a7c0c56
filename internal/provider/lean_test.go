package provider

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// counting is a server that counts StopProvider and can hold a call.
type counting struct {
	tfprotov6.ProviderServer
	stops atomic.Int64
	held  chan struct{} // ReadResource waits for it
	began chan struct{}
}

func (c *counting) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	c.stops.Add(1)
	return &tfprotov6.StopProviderResponse{}, nil
}

func (c *counting) PlanResourceChange(context.Context, *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

func (c *counting) ReadResource(context.Context, *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	close(c.began)
	<-c.held
	return &tfprotov6.ReadResourceResponse{}, nil
}

func TestLean(t *testing.T) {
	t.Parallel()
	inner := &counting{held: make(chan struct{}), began: make(chan struct{})}
	server := &lean{ProviderServer: inner}
	plan := func(times int) {
		for range times {
			if _, err := server.PlanResourceChange(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
	}
	plan(keptCalls - 1)
	if n := inner.stops.Load(); n != 0 {
		t.Errorf("forgot contexts %d times before there were enough", n)
	}
	plan(keptCalls + 1)
	if n := inner.stops.Load(); n != 2 {
		t.Errorf("forgot contexts %d times after %d calls, want 2", n, 2*keptCalls)
	}

	finished := make(chan struct{})
	go func() {
		defer close(finished)
		_, _ = server.ReadResource(t.Context(), nil)
	}()
	<-inner.began
	plan(3 * keptCalls)
	if n := inner.stops.Load(); n != 2 {
		t.Error("StopProvider was called while a call was running: it would have been cancelled")
	}
	close(inner.held)
	<-finished
	if n := inner.stops.Load(); n != 3 {
		t.Errorf("forgot contexts %d times after the last call ended, want 3", n)
	}
}
