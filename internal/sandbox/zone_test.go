package sandbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

func configOf(server *sandbox.Server, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(server.URL()),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}
}

func TestLandingZoneHoldsWhatItNames(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithLandingZone(), sandbox.WithRegion("eu-central-1"))
	zone := server.LandingZone()
	key := zone.KMSKeyARN
	if !strings.HasPrefix(key, "arn:aws:kms:eu-central-1:111122223333:key/") {
		t.Errorf("key %s", key)
	}
	zone.KMSKeyARN = ""
	want := sandbox.LandingZone{
		TrailBucket: "landing-zone-cloudtrail-111122223333", ConfigBucket: "landing-zone-config-111122223333",
		TrailRoleARN: "arn:aws:iam::111122223333:role/landing-zone-cloudtrail", ConfigRoleARN: "arn:aws:iam::111122223333:role/landing-zone-config",
		TopicARN: "arn:aws:sns:eu-central-1:111122223333:landing-zone-alarms",
	}
	if diff := cmp.Diff(want, zone); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"arn:aws:s3:::landing-zone-cloudtrail-111122223333", "arn:aws:s3:::landing-zone-config-111122223333",
		"arn:aws:iam::111122223333:role/landing-zone-cloudtrail", "arn:aws:iam::111122223333:role/landing-zone-config",
		"arn:aws:kms:eu-central-1:111122223333:alias/landing-zone-audit", key,
		"arn:aws:sns:eu-central-1:111122223333:landing-zone-alarms",
	}, server.Resources()); diff != "" {
		t.Error(diff)
	}
	if calls := server.Calls(); len(calls) != 0 {
		t.Errorf("the journal begins with %v", calls[0].Name())
	}
}

// TestLandingZoneLetsTheServicesIn: an encrypted trail that writes to a log
// group, and a recorder with its channel, need nothing else.
func TestLandingZoneLetsTheServicesIn(t *testing.T) {
	ctx := t.Context()
	server := sandbox.Start(t, sandbox.WithLandingZone())
	zone, config := server.LandingZone(), configOf(server, "eu-west-1")
	if _, err := cloudwatchlogs.NewFromConfig(config).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String("/aws/cloudtrail/main"), KmsKeyId: &zone.KMSKeyARN,
	}); err != nil {
		t.Error(err)
	}
	if _, err := cloudtrail.NewFromConfig(config).CreateTrail(ctx, &cloudtrail.CreateTrailInput{
		Name: aws.String("main"), S3BucketName: &zone.TrailBucket, KmsKeyId: &zone.KMSKeyARN, IsMultiRegionTrail: aws.Bool(true),
		CloudWatchLogsLogGroupArn: aws.String("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/cloudtrail/main:*"),
		CloudWatchLogsRoleArn:     &zone.TrailRoleARN,
	}); err != nil {
		t.Error(err)
	}
	recorder := configservice.NewFromConfig(config)
	if _, err := recorder.PutConfigurationRecorder(ctx, &configservice.PutConfigurationRecorderInput{
		ConfigurationRecorder: &configtypes.ConfigurationRecorder{Name: aws.String("default"), RoleARN: &zone.ConfigRoleARN},
	}); err != nil {
		t.Error(err)
	}
	if _, err := recorder.PutDeliveryChannel(ctx, &configservice.PutDeliveryChannelInput{
		DeliveryChannel: &configtypes.DeliveryChannel{Name: aws.String("default"), S3BucketName: &zone.ConfigBucket},
	}); err != nil {
		t.Error(err)
	}
	status, err := kms.NewFromConfig(config).GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &zone.KMSKeyARN})
	if err != nil || !status.KeyRotationEnabled {
		t.Errorf("rotation %v, %v", status, err)
	}
}

// TestTrailNeedsTheBucketPolicy: without it CloudTrail refuses the bucket.
func TestTrailNeedsTheBucketPolicy(t *testing.T) {
	ctx := t.Context()
	server := sandbox.Start(t, sandbox.WithLandingZone())
	zone, config := server.LandingZone(), configOf(server, "eu-west-1")
	buckets := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := buckets.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: &zone.TrailBucket}); err != nil {
		t.Fatal(err)
	}
	_, err := cloudtrail.NewFromConfig(config).CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("main"), S3BucketName: &zone.TrailBucket})
	if got, want := apiError(err), "InsufficientS3BucketPolicyException"; got != want {
		t.Errorf("CreateTrail: %s, want %s", got, want)
	}
}

// TestLandingZoneComesBeforeFaults: faults, rates and stale reads are the client's.
func TestLandingZoneComesBeforeFaults(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithLandingZone(), sandbox.WithEventualConsistency(3), sandbox.WithFault("CreateBucket", sandbox.AccessDenied()))
	config := configOf(server, "eu-west-1")
	buckets := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := buckets.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String(server.LandingZone().TrailBucket)}); err != nil {
		t.Errorf("the landing zone cannot be seen: %v", err)
	}
	_, err := buckets.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("second")})
	if got, want := apiError(err), "AccessDenied"; got != want {
		t.Errorf("CreateBucket: %s, want %s", got, want)
	}
}

func apiError(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Sprint(err)
	}
	return api.ErrorCode()
}
