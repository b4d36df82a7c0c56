package cloudwatch

import (
	"context"
	"regexp"

	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
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

// Limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
const (
	mostActions    = 5
	mostDimensions = 30
	mostQueries    = 20
	day, week      = 24 * 60 * 60, 7 * 24 * 60 * 60 // seconds
)

func (*alarmResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	computed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A CloudWatch alarm on a metric or on metric math. Attributes are those of `aws_cloudwatch_metric_alarm`, which a `moved` block turns into this one.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, PlanModifiers: computed, MarkdownDescription: "The name of the alarm."},
			"alarm_name": schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators: []validator.String{
					stringvalidator.UTF8LengthBetween(1, 255),
					fwk.Matching(regexp.MustCompile(`^[^\x00-\x1f\x7f]*$`), "An alarm's name has no control characters"),
				},
				MarkdownDescription: "Name, unique in the Region: 1 to 255 characters. Changing it replaces the alarm."},
			"alarm_description": text("Description, at most 1024 characters.", stringvalidator.UTF8LengthAtMost(1024)),
			"comparison_operator": schema.StringAttribute{Required: true, Validators: []validator.String{fwk.Known(awstypes.ComparisonOperator("").Values()...)},
				MarkdownDescription: "How a datapoint is compared with the threshold: `GreaterThanOrEqualToThreshold`, `GreaterThanThreshold`, `LessThanThreshold`, `LessThanOrEqualToThreshold`; " +
					"for anomaly detection `LessThanLowerOrGreaterThanUpperThreshold`, `LessThanLowerThreshold`, `GreaterThanUpperThreshold`."},
			"evaluation_periods": schema.Int64Attribute{Required: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "Number of periods to look at (N). Together they last at most 7 days, or 1 day where a period is shorter than 1 hour."},
			"datapoints_to_alarm": schema.Int64Attribute{Optional: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "Number of datapoints that must be breaching (M), at most `evaluation_periods`. Default: all."},
			"threshold": schema.Float64Attribute{Optional: true,
				MarkdownDescription: "Value to compare with. Required, except with `threshold_metric_id`."},
			"threshold_metric_id": text("Id of the `metric_query` with the `ANOMALY_DETECTION_BAND` to compare with, for the anomaly detection operators."),
			"treat_missing_data": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("missing"),
				Validators:          []validator.String{fwk.Known("missing", "ignore", "breaching", "notBreaching")},
				MarkdownDescription: "What a missing datapoint means: `missing`, `ignore`, `breaching` or `notBreaching`. Default: `missing`."},
			"evaluate_low_sample_count_percentiles": schema.StringAttribute{Optional: true, Computed: true,
				Validators:          []validator.String{fwk.Known("evaluate", "ignore")},
				MarkdownDescription: "For percentiles: whether periods with too few samples are evaluated (`evaluate`) or leave the state alone (`ignore`)."},
			"metric_name":        text("Name of the metric. Either this or `metric_query`.", stringvalidator.LengthBetween(1, 255)),
			"namespace":          text("Namespace of the metric.", stringvalidator.LengthBetween(1, 255), noColonFirst()),
			"period":             periodAttribute("Length of a period in seconds: 10, 20, 30 or a multiple of 60. Below 60 the metric must be of high resolution."),
			"statistic":          text("`SampleCount`, `Average`, `Sum`, `Minimum` or `Maximum`. Either this or `extended_statistic`.", fwk.Known(awstypes.Statistic("").Values()...)),
			"extended_statistic": text("Percentile or trimmed statistic: `p99.9`, `tm90`, `IQM`, `TM(10%:90%)`, `PR(0:100)`, ...", extendedRule()),
			"unit":               text("Unit of the metric. Leave it out unless the metric is published with several units.", fwk.Known(awstypes.StandardUnit("").Values()...)),
			"dimensions":         dimensionsAttribute(),
			"actions_enabled": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether actions are run at all. Default: true."},
			"alarm_actions":             actionsAttribute("ALARM"),
			"ok_actions":                actionsAttribute("OK"),
			"insufficient_data_actions": actionsAttribute("INSUFFICIENT_DATA"),
			"arn":                       schema.StringAttribute{Computed: true, PlanModifiers: computed, MarkdownDescription: "ARN of the alarm."},
			"region":                    fwk.RegionAttribute(),
			"tags":                      fwk.TagsAttribute(),
			"tags_all":                  fwk.TagsAllAttribute(),
		},
		Blocks: map[string]schema.Block{"metric_query": queryBlock(), "timeouts": fwk.TimeoutsBlock(ctx)},
	}
}

func queryBlock() schema.Block {
	return schema.ListNestedBlock{
		MarkdownDescription: "A metric or an expression over other queries, at most 20. The alarm watches the one with `return_data`. Their order has no meaning.",
		Validators:          []validator.List{listvalidator.SizeAtMost(mostQueries)},
		NestedObject: schema.NestedBlockObject{
			Attributes: map[string]schema.Attribute{
				"id": schema.StringAttribute{Required: true, Validators: []validator.String{
					stringvalidator.LengthBetween(1, 255),
					fwk.Matching(regexp.MustCompile(`^[a-z]\w*$`), "The id of a query begins with a lower-case letter and goes on with letters, digits and _")},
					MarkdownDescription: "Name of the query in expressions: a lower-case letter, then letters, digits and `_`."},
				"account_id":  text("Account of the metric, for cross-account alarms.", fwk.Matching(regexp.MustCompile(`^\d{12}$`), "An AWS account id is twelve digits")),
				"expression":  text("[Metric math](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html) or a Metrics Insights query. Either this or `metric`.", stringvalidator.LengthBetween(1, 2048)),
				"label":       text("Label for people."),
				"period":      periodAttribute("Length of a period in seconds, for an expression that has no metric to take it from."),
				"return_data": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether this is the query to watch. Default: false."},
			},
			Blocks: map[string]schema.Block{"metric": schema.ListNestedBlock{
				MarkdownDescription: "The metric to read; at most one.",
				Validators:          []validator.List{listvalidator.SizeAtMost(1)},
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"metric_name": required("Name of the metric.", stringvalidator.LengthBetween(1, 255)),
					"namespace":   text("Namespace of the metric.", stringvalidator.LengthBetween(1, 255), noColonFirst()),
					"period": schema.Int64Attribute{Required: true, Validators: []validator.Int64{periodRule{}},
						MarkdownDescription: "Length of a period in seconds: 10, 20, 30 or a multiple of 60."},
					"stat":       required("Statistic: `Sum`, `Average`, `p99`, ..."),
					"unit":       text("Unit of the metric.", fwk.Known(awstypes.StandardUnit("").Values()...)),
					"dimensions": dimensionsAttribute(),
				}},
			}},
		},
	}
}

func text(description string, rules ...validator.String) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: rules}
}

func required(description string, rules ...validator.String) schema.Attribute {
	return schema.StringAttribute{Required: true, MarkdownDescription: description, Validators: rules}
}

func periodAttribute(description string) schema.Attribute {
	return schema.Int64Attribute{Optional: true, Validators: []validator.Int64{periodRule{}}, MarkdownDescription: description}
}

func dimensionsAttribute() schema.Attribute {
	return schema.MapAttribute{Optional: true, ElementType: types.StringType,
		Validators: []validator.Map{
			mapvalidator.SizeAtMost(mostDimensions), mapvalidator.NoNullValues(),
			mapvalidator.KeysAre(stringvalidator.LengthBetween(1, 255)), mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 1024)),
		},
		MarkdownDescription: "Dimensions of the metric, name to value; at most 30. A metric with other dimensions is another metric."}
}

func actionsAttribute(state string) schema.Attribute {
	return schema.SetAttribute{Optional: true, ElementType: types.StringType,
		Validators: []validator.Set{
			setvalidator.SizeAtMost(mostActions),
			setvalidator.ValueStringsAre(stringvalidator.LengthAtMost(1024), fwk.Matching(regexp.MustCompile(`^arn:[\w-]+:[\w-]+:`), "An action is an ARN, of an SNS topic for example")),
		},
		MarkdownDescription: "ARNs of what to do when the state becomes `" + state + "`: SNS topics, Lambda functions, EC2, Auto Scaling or Systems Manager actions; at most 5."}
}

func noColonFirst() validator.String {
	return fwk.Matching(regexp.MustCompile(`^[^:]`), "A namespace does not begin with a colon")
}

// extendedRule: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
func extendedRule() validator.String {
	return fwk.Matching(regexp.MustCompile(`^((p|tm|wm|tc|ts)(100|\d{1,2})(\.\d{1,10})?|IQM|(TM|WM|TC|TS|PR)\([\d.]*%?:[\d.]*%?\))$`),
		`An extended statistic is a percentile such as "p99.9", or one of tm, tc, ts, wm, IQM, TM(a:b), TC(a:b), TS(a:b), WM(a:b), PR(a:b)`)
}
