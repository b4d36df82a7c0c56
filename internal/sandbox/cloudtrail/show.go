package cloudtrail

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func (b *Backend) getTrail(ctx context.Context, in *cloudtrail.GetTrailInput) (*cloudtrail.GetTrailOutput, error) {
	t, err := b.find(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return &cloudtrail.GetTrailOutput{Trail: trailOf(t)}, nil
}

// describeTrails leaves out trails that it does not know; without names it
// gives all that are seen from here.
func (b *Backend) describeTrails(ctx context.Context, in *cloudtrail.DescribeTrailsInput) (*cloudtrail.DescribeTrailsOutput, error) {
	region := wire.CallOf(ctx).Region
	out := &cloudtrail.DescribeTrailsOutput{TrailList: []types.Trail{}}
	for _, name := range in.TrailNameList {
		if err := checkNameOrARN(name); err != nil {
			return nil, err
		}
	}
	for _, t := range b.visible(ctx, region) {
		shadow := t.home != region
		if shadow && !aws.ToBool(defaultTrue(in.IncludeShadowTrails)) {
			continue
		}
		named := slices.Contains(in.TrailNameList, t.arn) || !shadow && slices.Contains(in.TrailNameList, t.settings.name)
		if len(in.TrailNameList) == 0 || named {
			out.TrailList = append(out.TrailList, *trailOf(t))
		}
	}
	return out, nil
}

func checkNameOrARN(id string) error {
	if !strings.HasPrefix(id, "arn:") {
		return checkTrailName(id)
	}
	if _, _, _, ok := splitARN(id); !ok {
		return wire.Errorf("CloudTrailARNInvalidException", "Invalid trail ARN: %s", id)
	}
	return nil
}

// listTrails gives the trails that are seen from here; they fit on one page.
func (b *Backend) listTrails(ctx context.Context, _ *cloudtrail.ListTrailsInput) (*cloudtrail.ListTrailsOutput, error) {
	out := &cloudtrail.ListTrailsOutput{Trails: []types.TrailInfo{}}
	for _, t := range b.visible(ctx, wire.CallOf(ctx).Region) {
		out.Trails = append(out.Trails, types.TrailInfo{
			HomeRegion: aws.String(t.home), Name: aws.String(t.settings.name), TrailARN: aws.String(t.arn),
		})
	}
	return out, nil
}

func (b *Backend) startLogging(ctx context.Context, in *cloudtrail.StartLoggingInput) (*cloudtrail.StartLoggingOutput, error) {
	t, err := b.own(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if !t.logging {
		t.logging, t.started = true, wire.CallOf(ctx).Time
		b.trails.Put(ctx, t.settings.name, t)
	}
	return &cloudtrail.StartLoggingOutput{}, nil
}

func (b *Backend) stopLogging(ctx context.Context, in *cloudtrail.StopLoggingInput) (*cloudtrail.StopLoggingOutput, error) {
	t, err := b.own(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if t.logging {
		t.logging, t.stopped = false, wire.CallOf(ctx).Time
		b.trails.Put(ctx, t.settings.name, t)
	}
	return &cloudtrail.StopLoggingOutput{}, nil
}

// getTrailStatus gives the members that older clients read as text too; they
// are empty, not absent, before the first time.
func (b *Backend) getTrailStatus(ctx context.Context, in *cloudtrail.GetTrailStatusInput) (*cloudtrail.GetTrailStatusOutput, error) {
	t, err := b.find(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return &cloudtrail.GetTrailStatusOutput{
		IsLogging:                          aws.Bool(t.logging),
		StartLoggingTime:                   moment(t.started),
		StopLoggingTime:                    moment(t.stopped),
		TimeLoggingStarted:                 momentText(t.started),
		TimeLoggingStopped:                 momentText(t.stopped),
		LatestDeliveryAttemptTime:          aws.String(""),
		LatestDeliveryAttemptSucceeded:     aws.String(""),
		LatestNotificationAttemptTime:      aws.String(""),
		LatestNotificationAttemptSucceeded: aws.String(""),
	}, nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func momentText(t time.Time) *string {
	if t.IsZero() {
		return aws.String("")
	}
	return aws.String(t.UTC().Format(time.RFC3339))
}

// optional gives nil for the empty string: AWS leaves such members out.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// trailOf gives a trail as GetTrail and DescribeTrails show it.
func trailOf(t trail) *types.Trail {
	s := t.settings
	return &types.Trail{
		Name: aws.String(s.name), TrailARN: aws.String(t.arn), HomeRegion: aws.String(t.home),
		S3BucketName: aws.String(s.bucket), S3KeyPrefix: optional(s.prefix),
		SnsTopicARN: optional(s.topicARN), SnsTopicName: optional(s.topicARN), KmsKeyId: optional(s.keyARN),
		CloudWatchLogsLogGroupArn: optional(s.logGroupARN), CloudWatchLogsRoleArn: optional(s.roleARN),
		IncludeGlobalServiceEvents: aws.Bool(s.global), IsMultiRegionTrail: aws.Bool(s.multiRegion),
		IsOrganizationTrail: aws.Bool(s.ofOrganization), LogFileValidationEnabled: aws.Bool(s.validation),
		HasCustomEventSelectors: aws.Bool(!reflect.DeepEqual(t.selectors(), defaultSelectors()) || t.advanced != nil),
		HasInsightSelectors:     aws.Bool(len(t.insights) > 0),
	}
}

func createOutput(t trail) *cloudtrail.CreateTrailOutput {
	shown := trailOf(t)
	return &cloudtrail.CreateTrailOutput{
		Name: shown.Name, TrailARN: shown.TrailARN, S3BucketName: shown.S3BucketName, S3KeyPrefix: shown.S3KeyPrefix,
		SnsTopicARN: shown.SnsTopicARN, SnsTopicName: shown.SnsTopicName, KmsKeyId: shown.KmsKeyId,
		CloudWatchLogsLogGroupArn: shown.CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn: shown.CloudWatchLogsRoleArn,
		IncludeGlobalServiceEvents: shown.IncludeGlobalServiceEvents, IsMultiRegionTrail: shown.IsMultiRegionTrail,
		IsOrganizationTrail: shown.IsOrganizationTrail, LogFileValidationEnabled: shown.LogFileValidationEnabled,
	}
}

func updateOutput(t trail) *cloudtrail.UpdateTrailOutput {
	created := createOutput(t)
	return &cloudtrail.UpdateTrailOutput{
		Name: created.Name, TrailARN: created.TrailARN, S3BucketName: created.S3BucketName, S3KeyPrefix: created.S3KeyPrefix,
		SnsTopicARN: created.SnsTopicARN, SnsTopicName: created.SnsTopicName, KmsKeyId: created.KmsKeyId,
		CloudWatchLogsLogGroupArn: created.CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn: created.CloudWatchLogsRoleArn,
		IncludeGlobalServiceEvents: created.IncludeGlobalServiceEvents, IsMultiRegionTrail: created.IsMultiRegionTrail,
		IsOrganizationTrail: created.IsOrganizationTrail, LogFileValidationEnabled: created.LogFileValidationEnabled,
	}
}
