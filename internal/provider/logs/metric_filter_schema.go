package logs

import (
	"context"
	"regexp"

	awscw "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
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

// Limits: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
// and API_MetricTransformation.html.
const (
	longestPattern = 1024
	mostDimensions = 3
)

func (*metricFilterResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A metric filter of a CloudWatch Logs log group: each event that matches its pattern feeds a metric. " +
			"Attributes are those of `aws_cloudwatch_log_metric_filter`, which a `moved` block turns into this one.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "The name of the filter."},
			"name": schema.StringAttribute{Required: true, PlanModifiers: replace,
				Validators: []validator.String{
					stringvalidator.LengthBetween(1, 512),
					fwk.Matching(regexp.MustCompile(`^[^:*]*$`), `A metric filter's name has no ":" and no "*"`),
				},
				MarkdownDescription: "Name, unique in the group: 1 to 512 characters without `:` and `*`. Changing it replaces the filter."},
			"log_group_name": schema.StringAttribute{Required: true, PlanModifiers: replace, Validators: nameRules(512),
				MarkdownDescription: "Name of the log group, which must be of the class `STANDARD`. Changing it replaces the filter."},
			"pattern": schema.StringAttribute{Required: true, Validators: []validator.String{patternLength{}},
				MarkdownDescription: "[Filter pattern](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html), at most 1024 characters. Blanks around it do not count; an empty one matches every event."},
			"apply_on_transformed_logs": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the pattern reads events as the group's transformer leaves them. Default: false."},
			"emit_system_field_dimensions": schema.SetAttribute{Optional: true, ElementType: types.StringType,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(fwk.Known("@aws.account", "@aws.region"))},
				MarkdownDescription: "System fields to add as dimensions: `@aws.account`, `@aws.region`. They count towards the three dimensions."},
			"field_selection_criteria": schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.LengthBetween(1, 2000)},
				MarkdownDescription: "Expression over system fields that selects the events to look at, such as `@aws.region = \"eu-west-1\"`; at most 2000 characters."},
			"region": fwk.RegionAttribute(),
		},
		Blocks: map[string]schema.Block{
			"metric_transformation": transformationBlock(),
			"timeouts":              fwk.TimeoutsBlock(ctx),
		},
	}
}

func transformationBlock() schema.Block {
	metricName := []validator.String{
		stringvalidator.LengthBetween(1, 255),
		fwk.Matching(regexp.MustCompile(`^[^:*$]*$`), `Names and namespaces of metrics have no ":", "*" and "$"`),
	}
	return schema.ListNestedBlock{
		MarkdownDescription: "The metric to feed; exactly one.",
		Validators:          []validator.List{listvalidator.IsRequired(), listvalidator.SizeBetween(1, 1)},
		NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{Required: true, Validators: metricName,
				MarkdownDescription: "Name of the metric: 1 to 255 characters without `:`, `*` and `$`."},
			"namespace": schema.StringAttribute{Required: true, Validators: append(metricName[:len(metricName):len(metricName)], ownNamespace{}),
				MarkdownDescription: "Namespace of the metric, by the same rules."},
			"value": schema.StringAttribute{Required: true, Validators: []validator.String{
				stringvalidator.LengthBetween(1, 100),
				fwk.Matching(regexp.MustCompile(`^(\$.+|[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)$`), `The value of a metric is a number or a field of the event ("$.bytes", "$bytes")`),
			},
				MarkdownDescription: "What a matching event adds: a number, or a field of the event (`$.bytes` in JSON patterns, `$bytes` in space-delimited ones); at most 100 characters."},
			"default_value": schema.Float64Attribute{Optional: true,
				MarkdownDescription: "What is published in a minute in which events came but none matched. Not with `dimensions`. Default: nothing."},
			"dimensions": schema.MapAttribute{Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.NoNullValues(),
					mapvalidator.KeysAre(stringvalidator.LengthBetween(1, 255)),
					mapvalidator.ValueStringsAre(stringvalidator.LengthAtMost(255),
						fwk.Matching(regexp.MustCompile(`^\$.+$`), `The value of a dimension is a field of the event, such as "$.eventName"`)),
				},
				MarkdownDescription: "Dimensions of the metric: name to field of the event; at most three. Each distinct value is a metric of its own, and is billed as one."},
			"unit": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString(string(awscw.StandardUnitNone)),
				Validators:          []validator.String{fwk.Known(awscw.StandardUnit("").Values()...)},
				MarkdownDescription: "Unit of the metric, such as `Count` or `Bytes`. Default: `None`."},
		}},
	}
}
