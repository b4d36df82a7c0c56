package provider

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// keptCalls is how many finished calls may be remembered before they are dropped.
const keptCalls = 64

// lean frees memory that terraform-plugin-framework (1.19) holds on to: its
// server keeps the context of every call, about 19 kB each, until
// StopProvider: 185 MB after a plan of 1500 resources, where this type needs 30.
//
// StopProvider does nothing but cancel and forget these contexts. So it is
// called here from time to time, at a moment when no call is running.
type lean struct {
	tfprotov6.ProviderServer
	running  sync.RWMutex // held for reading while a call runs
	finished atomic.Int64
}

func (l *lean) done(ctx context.Context) {
	l.running.RUnlock()
	if l.finished.Add(1) < keptCalls || !l.running.TryLock() {
		return
	}
	defer l.running.Unlock()
	l.finished.Store(0)
	// The answer is empty and the error always nil; Terraform's own
	// StopProvider is not affected.
	_, _ = l.ProviderServer.StopProvider(ctx, &tfprotov6.StopProviderRequest{})
}

// counted runs one call as long as StopProvider must wait.
func counted[I, O any](ctx context.Context, l *lean, call func(context.Context, *I) (*O, error), in *I) (*O, error) {
	l.running.RLock()
	defer l.done(ctx)
	return call(ctx, in)
}

// The calls that Terraform makes once per resource or more often.

func (l *lean) ValidateResourceConfig(ctx context.Context, in *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return counted(ctx, l, l.ProviderServer.ValidateResourceConfig, in)
}

func (l *lean) UpgradeResourceState(ctx context.Context, in *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return counted(ctx, l, l.ProviderServer.UpgradeResourceState, in)
}

func (l *lean) UpgradeResourceIdentity(ctx context.Context, in *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return counted(ctx, l, l.ProviderServer.UpgradeResourceIdentity, in)
}

func (l *lean) ReadResource(ctx context.Context, in *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return counted(ctx, l, l.ProviderServer.ReadResource, in)
}

func (l *lean) PlanResourceChange(ctx context.Context, in *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return counted(ctx, l, l.ProviderServer.PlanResourceChange, in)
}

func (l *lean) ApplyResourceChange(ctx context.Context, in *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return counted(ctx, l, l.ProviderServer.ApplyResourceChange, in)
}

func (l *lean) ImportResourceState(ctx context.Context, in *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return counted(ctx, l, l.ProviderServer.ImportResourceState, in)
}

func (l *lean) MoveResourceState(ctx context.Context, in *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return counted(ctx, l, l.ProviderServer.MoveResourceState, in)
}

// The other calls of this provider: rare, but StopProvider must not cut them off.

func (l *lean) GetProviderSchema(ctx context.Context, in *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return counted(ctx, l, l.ProviderServer.GetProviderSchema, in)
}

func (l *lean) ValidateProviderConfig(ctx context.Context, in *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return counted(ctx, l, l.ProviderServer.ValidateProviderConfig, in)
}

func (l *lean) ConfigureProvider(ctx context.Context, in *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return counted(ctx, l, l.ProviderServer.ConfigureProvider, in)
}
