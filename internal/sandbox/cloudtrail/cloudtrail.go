// Package cloudtrail is AWS CloudTrail for the sandbox: trails with their
// selectors, insights, status and tags; the event history; the public keys of
// the digests.
//
// A trail lives in its home Region. One that covers all Regions is seen from
// each of them (a shadow trail, to be named by ARN), and changed at home only.
package cloudtrail

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Neighbours is what CloudTrail must know of the other services before it
// accepts a trail. A policy is nil where there is none, and then allows nothing.
type Neighbours interface {
	// BucketPolicy gives the policy of an S3 bucket, and whether the bucket exists.
	BucketPolicy(ctx context.Context, bucket string) (policy *iampolicy.Policy, exists bool)
	// Key gives the KMS key behind an id, ARN or alias; false where there is none.
	Key(ctx context.Context, id string) (Key, bool)
	// TopicPolicy gives the policy of an SNS topic by its ARN, and whether the topic exists.
	TopicPolicy(ctx context.Context, arn string) (policy *iampolicy.Policy, exists bool)
	// LogGroupExists tells whether CloudWatch Logs has the group in the Region of the call.
	LogGroupExists(ctx context.Context, name string) bool
	// Role gives the IAM role of an ARN; false where there is none.
	Role(ctx context.Context, arn string) (Role, bool)
}

// Key is a KMS key as CloudTrail sees it.
type Key struct {
	ARN     string
	Enabled bool
	Policy  *iampolicy.Policy
}

// Role is an IAM role as CloudTrail sees it.
type Role interface {
	// Trusts tells whether a service may assume the role.
	Trusts(service string, context map[string]string) bool
	// Allows tells whether the role's policies let it do something.
	Allows(action, resource string, context map[string]string) bool
}

// Backend holds the trails and the event history of an account. It may be used
// by many goroutines.
type Backend struct {
	account    string
	neighbours Neighbours
	trails     store.Table[trail]
	history    history
	keys       keyring
}

// New makes a CloudTrail without trails.
func New(account string, neighbours Neighbours) *Backend {
	return &Backend{account: account, neighbours: neighbours}
}

// Service gives CloudTrail as clients see it. Older clients send the long
// target, the Go SDK the short one.
func (b *Backend) Service() *wire.Service {
	return &wire.Service{
		SigningName: "cloudtrail",
		EventSource: "cloudtrail.amazonaws.com",
		Targets:     []string{"CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"},
		Names:       memberName,
		Resources: map[string]string{
			"Name": trailType, "TrailName": trailType, "ResourceId": trailType, "S3BucketName": "AWS::S3::Bucket",
		},
		Operations: wire.Operations(
			wire.Op("CreateTrail", b.createTrail),
			wire.Op("UpdateTrail", b.updateTrail),
			wire.Op("DeleteTrail", b.deleteTrail),
			wire.Op("GetTrail", b.getTrail),
			wire.Op("DescribeTrails", b.describeTrails),
			wire.Op("ListTrails", b.listTrails),
			wire.Op("GetTrailStatus", b.getTrailStatus),
			wire.Op("StartLogging", b.startLogging),
			wire.Op("StopLogging", b.stopLogging),
			wire.Op("PutEventSelectors", b.putEventSelectors),
			wire.Op("GetEventSelectors", b.getEventSelectors),
			wire.Op("PutInsightSelectors", b.putInsightSelectors),
			wire.Op("GetInsightSelectors", b.getInsightSelectors),
			wire.Op("AddTags", b.addTags),
			wire.Op("RemoveTags", b.removeTags),
			wire.Op("ListTags", b.listTags),
			wire.Op("LookupEvents", b.lookupEvents),
			wire.Op("ListPublicKeys", b.listPublicKeys),
		),
	}
}

// memberName knows the three members that start in lower case.
func memberName(_, field string) string {
	switch field {
	case "TrailList", "TrailNameList", "IncludeShadowTrails":
		return wire.LowerFirst(field)
	default:
		return field
	}
}

// trailType is the CloudFormation type of trails, as events name it.
const trailType = "AWS::CloudTrail::Trail"

// Resources lists the trails' ARNs.
func (b *Backend) Resources(ctx context.Context) []string {
	var arns []string
	for _, t := range b.trails.All(ctx) {
		arns = append(arns, t.arn)
	}
	return arns
}
