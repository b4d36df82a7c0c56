// Package logs is Amazon CloudWatch Logs for the sandbox: groups with
// retention, keys, protection and tags; their streams; their metric filters.
// It keeps no log events.
package logs

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Neighbours is what CloudWatch Logs must know of the other services.
type Neighbours interface {
	// KeyPolicy gives the policy of the KMS key behind an ARN and whether it is
	// enabled; false at the end where there is no such key.
	KeyPolicy(ctx context.Context, arn string) (policy *iampolicy.Policy, enabled, exists bool)
}

// Backend holds the log groups of an account. It may be used by many
// goroutines.
type Backend struct {
	neighbours Neighbours
	groups     store.Table[group]
}

// New makes a CloudWatch Logs without groups.
func New(neighbours Neighbours) *Backend { return &Backend{neighbours: neighbours} }

// Service gives CloudWatch Logs as clients see it.
func (b *Backend) Service() *wire.Service {
	return &wire.Service{
		SigningName: "logs",
		EventSource: "logs.amazonaws.com",
		Targets:     []string{"Logs_20140328"},
		Names:       func(_, field string) string { return wire.LowerFirst(field) },
		Resources:   map[string]string{"LogGroupName": "AWS::Logs::LogGroup"},
		Operations: wire.Operations(
			wire.Op("CreateLogGroup", b.createLogGroup),
			wire.Op("DeleteLogGroup", b.deleteLogGroup),
			wire.Op("DescribeLogGroups", b.describeLogGroups),
			wire.Op("ListLogGroups", b.listLogGroups),
			wire.Op("PutRetentionPolicy", b.putRetentionPolicy),
			wire.Op("DeleteRetentionPolicy", b.deleteRetentionPolicy),
			wire.Op("AssociateKmsKey", b.associateKey),
			wire.Op("DisassociateKmsKey", b.disassociateKey),
			wire.Op("PutLogGroupDeletionProtection", b.putDeletionProtection),
			wire.Op("CreateLogStream", b.createLogStream),
			wire.Op("DeleteLogStream", b.deleteLogStream),
			wire.Op("DescribeLogStreams", b.describeLogStreams),
			wire.Op("PutMetricFilter", b.putMetricFilter),
			wire.Op("DeleteMetricFilter", b.deleteMetricFilter),
			wire.Op("DescribeMetricFilters", b.describeMetricFilters),
			wire.Op("TagResource", b.tagResource),
			wire.Op("UntagResource", b.untagResource),
			wire.Op("ListTagsForResource", b.listTagsForResource),
			wire.Op("TagLogGroup", b.tagLogGroup),
			wire.Op("UntagLogGroup", b.untagLogGroup),
			wire.Op("ListTagsLogGroup", b.listTagsLogGroup),
		),
	}
}

// Resources lists the groups' ARNs.
func (b *Backend) Resources(ctx context.Context) []string {
	var arns []string
	for _, g := range b.groups.All(ctx) {
		arns = append(arns, g.arn)
	}
	return arns
}

// LogGroupExists tells whether the Region of the call has a group of the name.
func (b *Backend) LogGroupExists(ctx context.Context, name string) bool {
	_, exists := b.groups.Get(ctx, name)
	return exists
}
