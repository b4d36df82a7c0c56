package cloudtrail

import (
	"context"

	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

func (*trailResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A CloudTrail trail with all that makes it record: its event selectors, its Insights, its tags, and whether it is logging. " +
			"Attributes are those of `aws_cloudtrail`; unlike there, a trail covers all Regions unless told otherwise.\n\n" +
			"The bucket's policy, the key's policy and the role's trust may be made in the same apply: for two minutes, the trail waits until AWS has spread them.\n\n" +
			"AWS makes a trail in several steps. If a step after the first fails, the trail is kept (replacing it would lose records), Terraform warns, and the next plan shows what is missing.",
		Attributes: trailAttributes(),
		Blocks: map[string]schema.Block{
			"event_selector":          eventSelectorBlock(),
			"advanced_event_selector": advancedSelectorBlock(),
			"insight_selector":        insightSelectorBlock(),
			"timeouts":                fwk.TimeoutsBlock(ctx),
		},
	}
}

func trailAttributes() map[string]schema.Attribute {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, PlanModifiers: keep,
			MarkdownDescription: "The ARN of the trail: names are unique only within a Region."},
		"name": schema.StringAttribute{Required: true, Validators: trailName(),
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			MarkdownDescription: "Name: 3 to 128 of the characters `a-z A-Z 0-9 . _ -`, first and last a letter or digit, no two of `. _ -` side by side, not an IP address. Changing it replaces the trail."},
		"s3_bucket_name": schema.StringAttribute{Required: true, Validators: bucketName(),
			MarkdownDescription: "Bucket that the log files go to. Its policy must let `cloudtrail.amazonaws.com` write."},
		"s3_key_prefix": schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(200)},
			MarkdownDescription: "Prefix of the log files' keys, before `AWSLogs/`: at most 200 characters. Default: none."},
		"sns_topic_name": schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(256)},
			PlanModifiers:       []planmodifier.String{sameMeaning{sameTopic}},
			MarkdownDescription: "Name or ARN of the SNS topic that is told of each log file. Default: none."},
		"sns_topic_arn": schema.StringAttribute{Computed: true,
			MarkdownDescription: "ARN of that topic."},
		"cloud_watch_logs_group_arn": schema.StringAttribute{Optional: true, Validators: logGroupARN(),
			PlanModifiers:       []planmodifier.String{sameMeaning{sameLogGroup}},
			MarkdownDescription: "ARN of the log group that events are sent to as well, with or without the `:*` that CloudTrail wants. Needs `cloud_watch_logs_role_arn`. Default: none."},
		"cloud_watch_logs_role_arn": schema.StringAttribute{Optional: true, Validators: roleARN(),
			MarkdownDescription: "ARN of the role with which CloudTrail writes to that group. Needs `cloud_watch_logs_group_arn`. Default: none."},
		"kms_key_id": schema.StringAttribute{Optional: true, Validators: keyID(),
			PlanModifiers:       []planmodifier.String{sameMeaning{sameKey}},
			MarkdownDescription: "KMS key that encrypts log and digest files: its ARN, id, alias (`alias/NAME`) or alias ARN. It must be in the bucket's Region. Default: S3's own encryption."},
		"enable_logging":                flag(true, "Whether the trail is logging. Default: true."),
		"enable_log_file_validation":    flag(false, "Whether CloudTrail writes signed digest files, by which one can prove that no log file was changed or deleted. Default: false, as in AWS."),
		"include_global_service_events": flag(true, "Whether events of global services such as IAM are recorded. A multi-Region trail cannot do without. Default: true."),
		"is_multi_region_trail":         flag(true, "Whether the trail covers all Regions that the account uses. Default: true, as in the AWS console; `aws_cloudtrail` and the API have false. A trail of one Region sees nothing of what happens elsewhere."),
		"is_organization_trail":         flag(false, "Whether the trail covers all accounts of the organization. Only for its management account, or a delegated administrator of CloudTrail. Default: false."),
		"home_region": schema.StringAttribute{Computed: true, PlanModifiers: keep,
			MarkdownDescription: "Region in which the trail was created, and in which alone it can be changed."},
		"arn": schema.StringAttribute{Computed: true, PlanModifiers: keep,
			MarkdownDescription: "ARN of the trail. The trail of an organization belongs to its management account, also where a delegated administrator makes it."},
		"region":   homeRegion(),
		"tags":     fwk.TagsAttribute(),
		"tags_all": fwk.TagsAllAttribute(),
	}
}

// homeRegion is the shared attribute with what is different for trails.
func homeRegion() schema.Attribute {
	a := fwk.RegionAttribute()
	if text, ok := a.(schema.StringAttribute); ok {
		text.MarkdownDescription = "Region to create the trail in. Default: the provider's Region; a trail stays where it is when that changes. Changing this attribute replaces the trail."
		return text
	}
	return a
}

func flag(otherwise bool, description string) schema.Attribute {
	return schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(otherwise), MarkdownDescription: description}
}

// The limits of selectors:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html

func eventSelectorBlock() schema.Block {
	return schema.ListNestedBlock{
		MarkdownDescription: "Basic event selector, up to 5. Conflicts with `advanced_event_selector`. Without any selector, AWS's default holds: all management events, no data events.",
		Validators:          []validator.List{listvalidator.SizeAtMost(maxBasicSelectors)},
		NestedObject: schema.NestedBlockObject{
			Attributes: map[string]schema.Attribute{
				"read_write_type": schema.StringAttribute{Optional: true, Computed: true,
					Default:             stringdefault.StaticString(string(awstypes.ReadWriteTypeAll)),
					Validators:          []validator.String{fwk.Known(awstypes.ReadWriteType("").Values()...)},
					MarkdownDescription: "Which events: `All`, `ReadOnly` or `WriteOnly`. Default: `All`."},
				"include_management_events": flag(true, "Whether management events are recorded. Default: true."),
				"exclude_management_event_sources": schema.SetAttribute{ElementType: types.StringType, Optional: true,
					Validators:          []validator.Set{setvalidator.ValueStringsAre(fwk.Known("kms.amazonaws.com", "rdsdata.amazonaws.com"))},
					MarkdownDescription: "Services whose management events are left out: `kms.amazonaws.com`, `rdsdata.amazonaws.com`."},
			},
			Blocks: map[string]schema.Block{"data_resource": schema.ListNestedBlock{
				MarkdownDescription: "Data events to record. All selectors of a trail together hold up to 250 values.",
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"type": schema.StringAttribute{Required: true,
						Validators:          []validator.String{fwk.Known("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table")},
						MarkdownDescription: "`AWS::S3::Object`, `AWS::Lambda::Function` or `AWS::DynamoDB::Table`; other types need advanced selectors."},
					"values": schema.SetAttribute{ElementType: types.StringType, Required: true, Validators: []validator.Set{setvalidator.SizeAtLeast(1)},
						MarkdownDescription: "ARNs or beginnings of ARNs (`arn:aws:s3:::bucket/prefix`, `arn:aws:lambda` for all functions)."},
				}},
			}},
		},
	}
}

func advancedSelectorBlock() schema.Block {
	values := func(text string) schema.Attribute {
		return schema.SetAttribute{ElementType: types.StringType, Optional: true,
			Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 2048))},
			MarkdownDescription: text}
	}
	return schema.ListNestedBlock{
		MarkdownDescription: "Advanced event selector: an event is recorded when all fields of one selector match. All selectors of a trail together hold up to 500 values. Conflicts with `event_selector`.",
		NestedObject: schema.NestedBlockObject{
			Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.LengthAtMost(1000)},
					MarkdownDescription: "Name for people."},
			},
			Blocks: map[string]schema.Block{"field_selector": schema.ListNestedBlock{
				MarkdownDescription: "A condition on one field of the event.",
				Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"field": schema.StringAttribute{Required: true, Validators: fieldName(),
						MarkdownDescription: "Field: `eventCategory` (needed in each selector), `readOnly`, `resources.type`, `resources.ARN`, `eventName`, `eventSource` and [all that AWS adds](https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html)."},
					"equals":          values("The field is one of these."),
					"not_equals":      values("The field is none of these."),
					"starts_with":     values("The field begins with one of these."),
					"not_starts_with": values("The field begins with none of these."),
					"ends_with":       values("The field ends with one of these."),
					"not_ends_with":   values("The field ends with none of these."),
				}},
			}},
		},
	}
}

func insightSelectorBlock() schema.Block {
	return schema.ListNestedBlock{
		MarkdownDescription: "CloudTrail Insights: events about an unusual rate of calls or errors.",
		NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
			"insight_type": schema.StringAttribute{Required: true, Validators: []validator.String{fwk.Known(awstypes.InsightType("").Values()...)},
				MarkdownDescription: "`ApiCallRateInsight` (needs write management events) or `ApiErrorRateInsight` (needs read or write management events)."},
			"event_categories": schema.SetAttribute{ElementType: types.StringType, Optional: true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(fwk.Known(awstypes.SourceEventCategory("").Values()...))},
				MarkdownDescription: "Events that are analysed: `Management`, `Data` (needs data events). Default: management events."},
		}},
	}
}
