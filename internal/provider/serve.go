package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider until Terraform closes the connection. With debug
// it prints how to attach Terraform to it (TF_REATTACH_PROVIDERS). The context
// is not listened to: Terraform alone decides when a plugin may go, and tells
// running operations to stop by a call.
func Serve(_ context.Context, version string, debug bool) error {
	var opts []tf6server.ServeOpt
	if debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	return tf6server.Serve(Address, NewServer(version), opts...)
}

// NewServer makes protocol 6 servers of the provider.
func NewServer(version string, opts ...Option) func() tfprotov6.ProviderServer {
	inner := providerserver.NewProtocol6(New(version, opts...))
	return func() tfprotov6.ProviderServer { return &lean{ProviderServer: inner()} }
}
