// Package config is AWS Config for the sandbox: the configuration recorder,
// the delivery channel, what state they are in, and the order in which they
// may come and go. It records no configuration items.
package config

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Neighbours is what Config must know of the other services. A policy is
// nil where there is none, and then allows nothing.
type Neighbours interface {
	// BucketPolicy gives the policy of an S3 bucket, and whether the bucket exists.
	BucketPolicy(ctx context.Context, bucket string) (policy *iampolicy.Policy, exists bool)
	// TopicPolicy gives the policy of an SNS topic by its ARN, and whether the topic exists.
	TopicPolicy(ctx context.Context, arn string) (policy *iampolicy.Policy, exists bool)
	// KeyPolicy gives the policy of a KMS key by its ARN and whether it is
	// enabled; false at the end where there is no such key.
	KeyPolicy(ctx context.Context, arn string) (policy *iampolicy.Policy, enabled, exists bool)
	// RecorderRole gives the IAM role of an ARN; false where there is none.
	RecorderRole(ctx context.Context, arn string) (Role, bool)
}

// Role is an IAM role as Config sees it.
type Role interface {
	// Trusts tells whether a service may assume the role.
	Trusts(service string, context map[string]string) bool
	// Allows tells whether the role's policies let it do something.
	Allows(action, resource string, context map[string]string) bool
}

// Backend holds the recorder and the delivery channel of each Region. It may be
// used by many goroutines.
type Backend struct {
	neighbours Neighbours
	recorders  store.Table[recorder]
	channels   store.Table[channel]
}

// New makes a Config that records nothing.
func New(neighbours Neighbours) *Backend { return &Backend{neighbours: neighbours} }

// Service gives Config as clients see it.
func (b *Backend) Service() *wire.Service {
	return &wire.Service{
		SigningName: "config",
		EventSource: "config.amazonaws.com",
		Targets:     []string{"StarlingDoveService"},
		Names:       memberName,
		Resources: map[string]string{
			"ConfigurationRecorderName": "AWS::Config::ConfigurationRecorder",
			"DeliveryChannelName":       "AWS::Config::DeliveryChannel",
		},
		Operations: wire.Operations(
			wire.Op("PutConfigurationRecorder", b.putRecorder),
			wire.Op("DescribeConfigurationRecorders", b.describeRecorders),
			wire.Op("DeleteConfigurationRecorder", b.deleteRecorder),
			wire.Op("DescribeConfigurationRecorderStatus", b.describeRecorderStatus),
			wire.Op("ListConfigurationRecorders", b.listRecorders),
			wire.Op("StartConfigurationRecorder", b.startRecorder),
			wire.Op("StopConfigurationRecorder", b.stopRecorder),
			wire.Op("PutDeliveryChannel", b.putChannel),
			wire.Op("DescribeDeliveryChannels", b.describeChannels),
			wire.Op("DeleteDeliveryChannel", b.deleteChannel),
			wire.Op("DescribeDeliveryChannelStatus", b.describeChannelStatus),
			wire.Op("TagResource", b.tagResource),
			wire.Op("UntagResource", b.untagResource),
			wire.Op("ListTagsForResource", b.listTags),
		),
	}
}

// memberName knows the structures whose members start in lower case; all
// others (and all inputs and outputs) are as in Go.
func memberName(structName, field string) string {
	switch structName {
	case "ConfigurationRecorder", "RecordingGroup", "ExclusionByResourceTypes", "RecordingStrategy",
		"RecordingMode", "RecordingModeOverride", "ScopeConfiguration",
		"ConfigurationRecorderStatus", "ConfigurationRecorderSummary", "ConfigurationRecorderFilter",
		"DeliveryChannel", "ConfigSnapshotDeliveryProperties",
		"DeliveryChannelStatus", "ConfigExportDeliveryInfo", "ConfigStreamDeliveryInfo":
		return wire.LowerFirst(field)
	default:
		return field
	}
}

// Resources lists the recorders' ARNs and, as they have none, the names of the
// delivery channels in the form of one.
func (b *Backend) Resources(ctx context.Context) []string {
	var arns []string
	for _, r := range b.recorders.All(ctx) {
		arns = append(arns, *r.settings.Arn)
	}
	for _, c := range b.channels.All(ctx) {
		arns = append(arns, c.arn)
	}
	return arns
}
