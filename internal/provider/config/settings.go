package config

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// The blocks, decoded where all of their values are known.

type groupBlock struct {
	AllSupported               *bool           `tfsdk:"all_supported"`
	IncludeGlobalResourceTypes *bool           `tfsdk:"include_global_resource_types"`
	ResourceTypes              []string        `tfsdk:"resource_types"`
	Exclusion                  *exclusionBlock `tfsdk:"exclusion_by_resource_types"`
	Strategy                   *strategyBlock  `tfsdk:"recording_strategy"`
}

type exclusionBlock struct {
	ResourceTypes []string `tfsdk:"resource_types"`
}

type strategyBlock struct {
	UseOnly *string `tfsdk:"use_only"`
}

type modeBlock struct {
	Frequency *string         `tfsdk:"recording_frequency"`
	Overrides []overrideBlock `tfsdk:"recording_mode_override"`
}

type overrideBlock struct {
	Description   *string  `tfsdk:"description"`
	Frequency     *string  `tfsdk:"recording_frequency"`
	ResourceTypes []string `tfsdk:"resource_types"`
}

type channelBlock struct {
	Name              *string `tfsdk:"name"`
	S3BucketName      *string `tfsdk:"s3_bucket_name"`
	S3KeyPrefix       *string `tfsdk:"s3_key_prefix"`
	S3KMSKeyARN       *string `tfsdk:"s3_kms_key_arn"`
	SNSTopicARN       *string `tfsdk:"sns_topic_arn"`
	DeliveryFrequency *string `tfsdk:"delivery_frequency"`
}

func (c channelBlock) name() string { return aws.ToString(c.Name) }

// decode reads a block; the zero value where there is none.
func decode[T any](ctx context.Context, o types.Object, diags *diag.Diagnostics) (v T, ok bool) {
	if o.IsNull() || o.IsUnknown() {
		return v, false
	}
	d := o.As(ctx, &v, basetypes.ObjectAsOptions{})
	diags.Append(d...)
	return v, !d.HasError()
}

// settings is a recorder in AWS's words, with all defaults filled in, so that
// two settings with one meaning are equal.
type settings struct {
	recorder  awstypes.ConfigurationRecorder
	channel   awstypes.DeliveryChannel // no name: there is none
	recording bool
}

// settingsOf gives the settings of a model whose values are all known. It
// stores the default role in the model.
func (r *recorderResource) settingsOf(ctx context.Context, m *recorderModel, diags *diag.Diagnostics) (s settings, ok bool) {
	if m.RoleARN.ValueString() == "" {
		identity, err := r.Provider().Session.Identity(ctx)
		if err != nil || identity.Account == "" {
			diags.AddError(fmt.Sprintf("AWS Config recorder %q needs role_arn", m.Name.ValueString()),
				"The default, the service-linked role, needs the account's number, which the provider was told not to ask for (skip_requesting_account_id).")
			return s, false
		}
		m.RoleARN = types.StringValue(serviceLinkedRole(identity.Partition, identity.Account))
	}
	group, _ := decode[groupBlock](ctx, m.RecordingGroup, diags)
	mode, _ := decode[modeBlock](ctx, m.RecordingMode, diags)
	channel, _ := decode[channelBlock](ctx, m.DeliveryChannel, diags)
	s = settings{
		recorder: awstypes.ConfigurationRecorder{
			Name: m.Name.ValueStringPointer(), RoleARN: m.RoleARN.ValueStringPointer(),
			RecordingGroup: group.toAWS(), RecordingMode: mode.toAWS(),
		},
		channel:   channel.toAWS(),
		recording: m.Recording.ValueBool(),
	}
	return s, !diags.HasError()
}

// linkedRole is what ends the ARN of the service-linked role.
const linkedRole = "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"

// serviceLinkedRole is the role that AWS Config makes for itself.
// https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html
func serviceLinkedRole(partition, account string) string {
	if partition == "" {
		partition = "aws"
	}
	return arn.ARN{Partition: partition, Service: "iam", AccountID: account, Resource: linkedRole}.String()
}

// toAWS derives the strategy from the lists. Exclusion of nothing is not a
// strategy that AWS takes; it means all types with the global ones.
func (b groupBlock) toAWS() *awstypes.RecordingGroup {
	var excluded []string
	if b.Exclusion != nil {
		excluded = b.Exclusion.ResourceTypes
	}
	excludes := b.Strategy != nil && aws.ToString(b.Strategy.UseOnly) == string(awstypes.RecordingStrategyTypeExclusionByResourceTypes)
	g := &awstypes.RecordingGroup{RecordingStrategy: &awstypes.RecordingStrategy{}}
	switch {
	case len(excluded) > 0:
		g.RecordingStrategy.UseOnly = awstypes.RecordingStrategyTypeExclusionByResourceTypes
		g.ExclusionByResourceTypes = &awstypes.ExclusionByResourceTypes{ResourceTypes: toTypes(excluded)}
	case len(b.ResourceTypes) > 0:
		g.RecordingStrategy.UseOnly = awstypes.RecordingStrategyTypeInclusionByResourceTypes
		g.ResourceTypes = toTypes(b.ResourceTypes)
	default:
		g.RecordingStrategy.UseOnly = awstypes.RecordingStrategyTypeAllSupportedResourceTypes
		g.AllSupported = true
		g.IncludeGlobalResourceTypes = excludes || aws.ToBool(b.IncludeGlobalResourceTypes)
	}
	return g
}

// normal gives what AWS reports in the form of toAWS.
func normal(g *awstypes.RecordingGroup) *awstypes.RecordingGroup {
	return groupFromAWS(g).toAWS()
}

func groupFromAWS(g *awstypes.RecordingGroup) groupBlock {
	if g == nil {
		g = groupBlock{}.toAWS()
	}
	b := groupBlock{
		AllSupported: aws.Bool(g.AllSupported), IncludeGlobalResourceTypes: aws.Bool(g.AllSupported && g.IncludeGlobalResourceTypes),
		ResourceTypes: fromTypes(g.ResourceTypes),
	}
	if g.ExclusionByResourceTypes != nil && len(g.ExclusionByResourceTypes.ResourceTypes) > 0 {
		b.Exclusion = &exclusionBlock{ResourceTypes: fromTypes(g.ExclusionByResourceTypes.ResourceTypes)}
	}
	return b
}

func (b modeBlock) toAWS() *awstypes.RecordingMode {
	m := &awstypes.RecordingMode{RecordingFrequency: awstypes.RecordingFrequencyContinuous}
	if b.Frequency != nil {
		m.RecordingFrequency = awstypes.RecordingFrequency(*b.Frequency)
	}
	for _, o := range b.Overrides {
		m.RecordingModeOverrides = append(m.RecordingModeOverrides, awstypes.RecordingModeOverride{
			Description: notEmpty(o.Description), RecordingFrequency: awstypes.RecordingFrequency(aws.ToString(o.Frequency)), ResourceTypes: toTypes(o.ResourceTypes),
		})
	}
	return m
}

func modeFromAWS(m *awstypes.RecordingMode) modeBlock {
	b := modeBlock{Frequency: aws.String(string(awstypes.RecordingFrequencyContinuous)), Overrides: []overrideBlock{}}
	if m == nil {
		return b
	}
	b.Frequency = aws.String(string(m.RecordingFrequency))
	for _, o := range m.RecordingModeOverrides {
		b.Overrides = append(b.Overrides, overrideBlock{
			Description: notEmpty(o.Description), Frequency: aws.String(string(o.RecordingFrequency)), ResourceTypes: fromTypes(o.ResourceTypes),
		})
	}
	return b
}

func (c channelBlock) toAWS() awstypes.DeliveryChannel {
	d := awstypes.DeliveryChannel{
		Name: c.Name, S3BucketName: c.S3BucketName, S3KeyPrefix: notEmpty(c.S3KeyPrefix),
		S3KmsKeyArn: notEmpty(c.S3KMSKeyARN), SnsTopicARN: notEmpty(c.SNSTopicARN),
	}
	if f := aws.ToString(c.DeliveryFrequency); f != "" {
		d.ConfigSnapshotDeliveryProperties = &awstypes.ConfigSnapshotDeliveryProperties{DeliveryFrequency: awstypes.MaximumExecutionFrequency(f)}
	}
	return d
}

func channelFromAWS(d awstypes.DeliveryChannel) channelBlock {
	c := channelBlock{
		Name: d.Name, S3BucketName: d.S3BucketName, S3KeyPrefix: notEmpty(d.S3KeyPrefix),
		S3KMSKeyARN: notEmpty(d.S3KmsKeyArn), SNSTopicARN: notEmpty(d.SnsTopicARN),
	}
	if p := d.ConfigSnapshotDeliveryProperties; p != nil && p.DeliveryFrequency != "" {
		c.DeliveryFrequency = aws.String(string(p.DeliveryFrequency))
	}
	return c
}

func toTypes(list []string) []awstypes.ResourceType {
	var out []awstypes.ResourceType
	for _, t := range slices.Sorted(slices.Values(list)) {
		out = append(out, awstypes.ResourceType(t))
	}
	return out
}

// fromTypes gives nil for an empty list: an attribute that is not set.
func fromTypes(list []awstypes.ResourceType) []string {
	var out []string
	for _, t := range list {
		out = append(out, string(t))
	}
	return out
}

func notEmpty(s *string) *string {
	if aws.ToString(s) == "" {
		return nil
	}
	return s
}
