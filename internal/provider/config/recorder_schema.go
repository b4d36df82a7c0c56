package config

import (
	"context"
	"regexp"
	"strings"

	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
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

func (*recorderResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The AWS Config recorder of a Region, with the delivery channel it needs and whether it is recording. " +
			"It stands for `aws_config_configuration_recorder`, `aws_config_delivery_channel` and `aws_config_configuration_recorder_status` together, and keeps the order in which AWS wants them made and deleted.\n\n" +
			"AWS has one customer-managed recorder and one channel in each Region of an account. Where there is a recorder already, import it.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, PlanModifiers: keep,
				MarkdownDescription: "The name of the recorder."},
			"name": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("default"), Validators: recorderName(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "Name: 1 to 256 characters, not beginning with `AWSConfigurationRecorderFor`. AWS cannot rename a recorder: changing it replaces the recorder and its channel, and nothing is recorded meanwhile. Default: `default`."},
			"role_arn": schema.StringAttribute{Optional: true, Computed: true,
				Validators:          []validator.String{fwk.Matching(regexp.MustCompile(`^arn:[\w-]+:iam::\d{12}:role/.+$`), "AWS Config takes the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")},
				MarkdownDescription: "ARN of the role with which AWS Config reads the account. Default: the service-linked role `AWSServiceRoleForConfig`, which must exist (`aws iam create-service-linked-role --aws-service-name config.amazonaws.com`)."},
			"recording": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether the recorder is recording. Default: true."},
			"arn": schema.StringAttribute{Computed: true, PlanModifiers: keep,
				MarkdownDescription: "ARN of the recorder."},
			"region":   fwk.RegionAttribute(),
			"tags":     fwk.TagsAttribute(),
			"tags_all": fwk.TagsAllAttribute(),
		},
		Blocks: map[string]schema.Block{
			"recording_group":  recordingGroupBlock(),
			"recording_mode":   recordingModeBlock(),
			"delivery_channel": deliveryChannelBlock(),
			"timeouts":         fwk.TimeoutsBlock(ctx),
		},
	}
}

func recordingGroupBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Which resource types are recorded: all, only some (`resource_types`), or all but some (`exclusion_by_resource_types`). Default: all, without the global IAM types.",
		Attributes: map[string]schema.Attribute{
			"all_supported": schema.BoolAttribute{Optional: true, Computed: true,
				MarkdownDescription: "Whether all types are recorded, also those that AWS adds later. Default: true, unless types are listed here or under `exclusion_by_resource_types`."},
			"include_global_resource_types": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "With `all_supported`: whether IAM users, groups, roles and policies are recorded too. Turn it on in one Region, else each change is recorded, and paid, many times. Default: false."},
			"resource_types": resourceTypes("Types to record, and no others (`AWS::EC2::SecurityGroup`)."),
		},
		Blocks: map[string]schema.Block{
			"exclusion_by_resource_types": schema.SingleNestedBlock{
				MarkdownDescription: "Records all types but these, with the global IAM types.",
				Attributes:          map[string]schema.Attribute{"resource_types": resourceTypes("Types not to record. Empty: none is left out.")},
			},
			"recording_strategy": schema.SingleNestedBlock{
				MarkdownDescription: "Never needed: the strategy follows from the lists. Here for configurations that come from `aws_config_configuration_recorder`.",
				Attributes: map[string]schema.Attribute{"use_only": schema.StringAttribute{Optional: true,
					Validators:          []validator.String{fwk.Known(awstypes.RecordingStrategyType("").Values()...)},
					MarkdownDescription: "`ALL_SUPPORTED_RESOURCE_TYPES`, `INCLUSION_BY_RESOURCE_TYPES` or `EXCLUSION_BY_RESOURCE_TYPES`."}},
			},
		},
	}
}

func recordingModeBlock() schema.Block {
	frequency := func(text string) schema.Attribute {
		return schema.StringAttribute{Optional: true, Computed: true,
			Default:             stringdefault.StaticString(string(awstypes.RecordingFrequencyContinuous)),
			Validators:          []validator.String{fwk.Known(awstypes.RecordingFrequency("").Values()...)},
			MarkdownDescription: text}
	}
	return schema.SingleNestedBlock{
		MarkdownDescription: "How often changes are recorded. Default: continuously.",
		Attributes: map[string]schema.Attribute{
			"recording_frequency": frequency("`CONTINUOUS` (each change) or `DAILY` (once a day, if something changed). Default: `CONTINUOUS`."),
		},
		Blocks: map[string]schema.Block{"recording_mode_override": schema.ListNestedBlock{
			MarkdownDescription: "Another frequency for some types; AWS takes one override.",
			Validators:          []validator.List{listvalidator.SizeAtMost(1)},
			NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
				"description": schema.StringAttribute{Optional: true, MarkdownDescription: "Words for people."},
				"recording_frequency": schema.StringAttribute{Required: true,
					Validators:          []validator.String{fwk.Known(awstypes.RecordingFrequency("").Values()...)},
					MarkdownDescription: "`CONTINUOUS` or `DAILY`."},
				"resource_types": schema.SetAttribute{ElementType: types.StringType, Required: true,
					Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(resourceType())},
					MarkdownDescription: "Types it is for."},
			}},
		}},
	}
}

func deliveryChannelBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Where configuration history and snapshots go. Required: without a channel, AWS Config does not record.",
		Validators:          []validator.Object{objectvalidator.IsRequired()},
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("default"),
				Validators:          []validator.String{stringvalidator.LengthBetween(1, 256)},
				MarkdownDescription: "Name: 1 to 256 characters. AWS cannot rename a channel; changing it stops the recorder for the moment in which the channel is made anew. Default: `default`."},
			"s3_bucket_name": schema.StringAttribute{Required: true,
				Validators:          []validator.String{fwk.Matching(regexp.MustCompile(`^[^:/]+$`), "AWS Config takes the name of a bucket, not its ARN or URL")},
				MarkdownDescription: "Bucket. Its policy must let `config.amazonaws.com` or the recorder's role write."},
			"s3_key_prefix": schema.StringAttribute{Optional: true,
				Validators:          []validator.String{fwk.Matching(regexp.MustCompile(`^([^/].*)?$`), "The prefix does not begin with a slash")},
				MarkdownDescription: "Prefix of the keys, before `AWSLogs/`. Default: none."},
			"s3_kms_key_arn": schema.StringAttribute{Optional: true,
				Validators:          []validator.String{fwk.Matching(regexp.MustCompile(`^(arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)/.+)?$`), "AWS Config takes the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not its id or alias")},
				MarkdownDescription: "ARN of the KMS key that encrypts what is delivered. Default: the bucket's own encryption."},
			"sns_topic_arn": schema.StringAttribute{Optional: true,
				Validators:          []validator.String{fwk.Matching(regexp.MustCompile(`^(arn:[\w-]+:sns:[\w-]+:\d{12}:.+)?$`), "AWS Config takes the ARN of an SNS topic (arn:aws:sns:REGION:ACCOUNT:NAME)")},
				MarkdownDescription: "ARN of the SNS topic that is told of changes. AWS has no way to take a topic away; removing it makes the channel anew. Default: none."},
			"delivery_frequency": schema.StringAttribute{Optional: true,
				Validators:          []validator.String{fwk.Known(awstypes.MaximumExecutionFrequency("").Values()...)},
				MarkdownDescription: "How often a snapshot of everything is delivered: `One_Hour`, `Three_Hours`, `Six_Hours`, `Twelve_Hours` or `TwentyFour_Hours`. Default: AWS's own."},
		},
	}
}

func recorderName() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(1, 256),
		notServiceLinked{},
	}
}

// notServiceLinked refuses names that AWS keeps for service-linked recorders.
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html
type notServiceLinked struct{}

const serviceLinkedPrefix = "AWSConfigurationRecorderFor"

func (notServiceLinked) Description(context.Context) string {
	return "must not begin with " + serviceLinkedPrefix
}

func (n notServiceLinked) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (notServiceLinked) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if strings.HasPrefix(req.ConfigValue.ValueString(), serviceLinkedPrefix) {
		resp.Diagnostics.AddAttributeError(req.Path, "Value AWS does not take",
			"AWS keeps names that begin with "+serviceLinkedPrefix+" for service-linked recorders.")
	}
}

// resourceType checks the shape only: AWS adds types every month.
func resourceType() validator.String {
	return fwk.Matching(regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$`), "A resource type is written AWS::SERVICE::THING")
}

func resourceTypes(text string) schema.Attribute {
	return schema.SetAttribute{ElementType: types.StringType, Optional: true,
		Validators:          []validator.Set{setvalidator.ValueStringsAre(resourceType())},
		MarkdownDescription: text}
}
