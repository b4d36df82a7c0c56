// Package landingzone sets an account up the way a landing zone would before
// anybody deploys an audit baseline into it: buckets with their policies,
// roles, a key and a topic. It uses nothing but the APIs of AWS.
package landingzone

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Zone names what a landing zone holds.
type Zone struct {
	// TrailBucket takes the log files of CloudTrail, ConfigBucket the deliveries of AWS Config.
	TrailBucket, ConfigBucket string
	// KMSKeyARN encrypts log files, log groups and the topic.
	KMSKeyARN string
	// TrailRoleARN lets CloudTrail write to CloudWatch Logs, ConfigRoleARN lets AWS Config read the account.
	TrailRoleARN, ConfigRoleARN string
	// TopicARN takes the notifications of alarms.
	TopicARN string
}

// tag marks everything that belongs to the landing zone.
const (
	tagKey   = "managed-by"
	tagValue = "landing-zone"
)

// builder makes the parts of a zone in one account and Region.
type builder struct {
	s3  *s3.Client
	iam *iam.Client
	kms *kms.Client
	sns *sns.Client
	place
}

// place is where the zone is, for the ARNs in its policies.
type place struct{ account, region string }

// Create makes a landing zone in the account and Region of the configuration.
// An error names the part that could not be made; what was made before stays.
func Create(ctx context.Context, config aws.Config) (Zone, error) {
	caller, err := sts.NewFromConfig(config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Zone{}, fmt.Errorf("asking for the account: %w", err)
	}
	b := builder{
		s3:    s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
		iam:   iam.NewFromConfig(config),
		kms:   kms.NewFromConfig(config),
		sns:   sns.NewFromConfig(config),
		place: place{account: aws.ToString(caller.Account), region: config.Region},
	}
	return b.build(ctx)
}

func (b builder) build(ctx context.Context) (Zone, error) {
	zone := Zone{
		TrailBucket:  "landing-zone-cloudtrail-" + b.account,
		ConfigBucket: "landing-zone-config-" + b.account,
	}
	var err error
	if err = b.bucket(ctx, zone.TrailBucket, trailBucketPolicy(b.place, zone.TrailBucket)); err != nil {
		return Zone{}, err
	}
	if err = b.bucket(ctx, zone.ConfigBucket, configBucketPolicy(b.place, zone.ConfigBucket)); err != nil {
		return Zone{}, err
	}
	if zone.KMSKeyARN, err = b.key(ctx); err != nil {
		return Zone{}, err
	}
	if zone.TrailRoleARN, err = b.trailRole(ctx); err != nil {
		return Zone{}, err
	}
	if zone.ConfigRoleARN, err = b.configRole(ctx, zone.ConfigBucket); err != nil {
		return Zone{}, err
	}
	if zone.TopicARN, err = b.topic(ctx, zone.KMSKeyARN); err != nil {
		return Zone{}, err
	}
	return zone, nil
}
