package logs

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

func (*logGroupResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	computed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	replace := []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A CloudWatch Logs log group: where CloudTrail, flow logs and applications write, " +
			"and what metric filters read. Attributes are those of `aws_cloudwatch_log_group`, which a `moved` block turns into this one.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, PlanModifiers: computed,
				MarkdownDescription: "The name of the group."},
			"name": schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: replace, Validators: nameRules(512),
				MarkdownDescription: "Name: 1 to 512 of the characters `a-z A-Z 0-9 _ - / . #`, not beginning with `aws/`. Default: a new name. Changing it replaces the group."},
			"name_prefix": schema.StringAttribute{Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          append(nameRules(512-26), stringvalidator.ConflictsWith(path.MatchRoot("name"))),
				MarkdownDescription: "Beginning of a new name, in place of `name`."},
			"retention_in_days": schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(0),
				Validators: []validator.Int64{retentionRule{}},
				MarkdownDescription: "How long events are kept, in days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. " +
					"0 sets no retention: events never expire, unless a retention policy of the account says otherwise. Default: 0."},
			"kms_key_id": schema.StringAttribute{Optional: true, Validators: []validator.String{keyARN()},
				MarkdownDescription: "ARN of the symmetric KMS key that encrypts new events. The key's policy must let `logs.REGION.amazonaws.com` use it. Default: CloudWatch Logs' own encryption."},
			"log_group_class": schema.StringAttribute{Optional: true, Computed: true,
				Default:             stringdefault.StaticString(string(awstypes.LogGroupClassStandard)),
				Validators:          []validator.String{fwk.Known(awstypes.LogGroupClass("").Values()...)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "Class: `STANDARD`, `INFREQUENT_ACCESS`, `ESSENTIALS` or `DELIVERY`. Only `STANDARD` supports metric filters and subscriptions. AWS cannot change it: changing it replaces the group. Default: `STANDARD`."},
			"deletion_protection_enabled": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether AWS refuses to delete the group. Set it to false and apply before destroying. Default: false."},
			"skip_destroy": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether destroying leaves the group in AWS and only forgets it. Default: false."},
			"arn": schema.StringAttribute{Computed: true, PlanModifiers: computed,
				MarkdownDescription: "ARN of the group, without the `:*` that some IAM statements need."},
			"region":   fwk.RegionAttribute(),
			"tags":     fwk.TagsAttribute(),
			"tags_all": fwk.TagsAllAttribute(),
		},
		Blocks: map[string]schema.Block{"timeouts": fwk.TimeoutsBlock(ctx)},
	}
}

// nameRules are those of CreateLogGroup.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
func nameRules(longest int) []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(1, longest),
		fwk.Matching(regexp.MustCompile(`^[a-zA-Z0-9_\-/.#]*$`), "A log group's name is made of the characters a-z, A-Z, 0-9, _ - / . and #"),
		stringvalidator.RegexMatches(regexp.MustCompile(`^($|[^a]|a[^w]|aw[^s]|aws[^/]|aw?s?$)`),
			`must not begin with "aws/": CloudWatch Logs keeps these names for AWS services`),
	}
}

// keyARN: AssociateKmsKey takes an ARN only, and answers anything else with an
// access error that does not say so. Modules pass "" for "none".
func keyARN() validator.String {
	return fwk.Matching(regexp.MustCompile(`^(arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)/.+)?$`),
		"CloudWatch Logs takes the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not its id or alias: use the key's arn attribute")
}

// Retentions are the days that PutRetentionPolicy takes.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func retentions() []int64 {
	return []int64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

type retentionRule struct{}

func (retentionRule) Description(context.Context) string {
	return fmt.Sprintf("0 or one of %v", retentions())
}

func (r retentionRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (retentionRule) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	v := req.ConfigValue
	if v.IsNull() || v.IsUnknown() || v.ValueInt64() == 0 || slices.Contains(retentions(), v.ValueInt64()) {
		return
	}
	advice := fmt.Sprintf("CloudWatch Logs keeps events for one of these numbers of days: %v; 0 for ever. Got: %d.", retentions(), v.ValueInt64())
	if i, _ := slices.BinarySearch(retentions(), v.ValueInt64()); v.ValueInt64() > 0 && i < len(retentions()) {
		advice += fmt.Sprintf(" The next longer one is %d.", retentions()[i])
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Retention AWS does not offer", advice)
}
