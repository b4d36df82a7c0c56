// Package cloudtrail is AWS CloudTrail for the sandbox.
package cloudtrail

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Backend holds the trails and the event history of an account.
type Backend struct {
	account string
	history history
}

// New makes an empty CloudTrail.
func New(account string) *Backend { return &Backend{account: account} }

// Service gives CloudTrail as clients see it. Older clients send the long
// target, the Go SDK the short one.
func (b *Backend) Service() *wire.Service {
	return &wire.Service{
		SigningName: "cloudtrail",
		EventSource: "cloudtrail.amazonaws.com",
		Targets:     []string{"CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"},
		Operations:  wire.Operations(),
	}
}

// Resources lists the trails' ARNs.
func (b *Backend) Resources(context.Context) []string { return nil }
