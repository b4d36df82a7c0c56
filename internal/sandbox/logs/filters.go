package logs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxFilters is the quota of metric filters per group.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const maxFilters = 100

func (g group) filter(name *string) (int, bool) {
	return slices.BinarySearchFunc(g.filters, aws.ToString(name), func(f types.MetricFilter, name string) int {
		return cmp.Compare(aws.ToString(f.FilterName), name)
	})
}

// putMetricFilter makes a filter or replaces the one of the same name, which
// keeps its time of creation.
func (b *Backend) putMetricFilter(ctx context.Context, in *cloudwatchlogs.PutMetricFilterInput) (*cloudwatchlogs.PutMetricFilterOutput, error) {
	if err := checkFilter(in); err != nil {
		return nil, err
	}
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if g.class != types.LogGroupClassStandard {
		return nil, wire.Errorf("InvalidOperationException", "Metric filters are not supported for log groups of the class %s.", g.class)
	}
	filter := filterOf(ctx, in)
	at, exists := g.filter(in.FilterName)
	g.filters = slices.Clone(g.filters)
	switch {
	case exists:
		filter.CreationTime = g.filters[at].CreationTime
		g.filters[at] = filter
	case len(g.filters) >= maxFilters:
		return nil, wire.Errorf("LimitExceededException", "Resource limit exceeded.")
	default:
		g.filters = slices.Insert(g.filters, at, filter)
	}
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.PutMetricFilterOutput{}, nil
}

func filterOf(ctx context.Context, in *cloudwatchlogs.PutMetricFilterInput) types.MetricFilter {
	transformations := slices.Clone(in.MetricTransformations)
	for i := range transformations {
		if transformations[i].Unit == "" {
			transformations[i].Unit = types.StandardUnitNone
		}
	}
	return types.MetricFilter{
		FilterName: in.FilterName, FilterPattern: in.FilterPattern, LogGroupName: in.LogGroupName,
		MetricTransformations: transformations, ApplyOnTransformedLogs: in.ApplyOnTransformedLogs,
		EmitSystemFieldDimensions: in.EmitSystemFieldDimensions, FieldSelectionCriteria: in.FieldSelectionCriteria,
		CreationTime: aws.Int64(wire.CallOf(ctx).Time.UnixMilli()),
	}
}

func (b *Backend) deleteMetricFilter(ctx context.Context, in *cloudwatchlogs.DeleteMetricFilterInput) (*cloudwatchlogs.DeleteMetricFilterOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	at, exists := g.filter(in.FilterName)
	if !exists {
		return nil, wire.Errorf("ResourceNotFoundException", "The specified metric filter does not exist.")
	}
	g.filters = slices.Delete(slices.Clone(g.filters), at, at+1)
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.DeleteMetricFilterOutput{}, nil
}

// filterKey orders by group, then filter.
func filterKey(f types.MetricFilter) string {
	return aws.ToString(f.LogGroupName) + "\x00" + aws.ToString(f.FilterName)
}

func (b *Backend) describeMetricFilters(ctx context.Context, in *cloudwatchlogs.DescribeMetricFiltersInput) (*cloudwatchlogs.DescribeMetricFiltersOutput, error) {
	size, err := pageSize(in.Limit)
	if err != nil {
		return nil, err
	}
	switch {
	case (in.MetricName == nil) != (in.MetricNamespace == nil):
		return nil, invalid("metricName and metricNamespace must be given together.")
	case in.FilterNamePrefix != nil && in.LogGroupName == nil:
		return nil, invalid("filterNamePrefix needs logGroupName.")
	}
	groups := b.groups.List(ctx)
	if in.LogGroupName != nil {
		g, err := b.find(ctx, in.LogGroupName)
		if err != nil {
			return nil, err
		}
		groups = []group{g}
	}
	filters := []types.MetricFilter{}
	for _, g := range groups {
		for _, f := range g.filters {
			if filterMatches(in, f) {
				filters = append(filters, f)
			}
		}
	}
	part, next, err := page.After(filters, filterKey, in.NextToken, size)
	if err != nil {
		return nil, badToken()
	}
	return &cloudwatchlogs.DescribeMetricFiltersOutput{MetricFilters: append([]types.MetricFilter{}, part...), NextToken: next}, nil
}

func filterMatches(in *cloudwatchlogs.DescribeMetricFiltersInput, f types.MetricFilter) bool {
	if !strings.HasPrefix(aws.ToString(f.FilterName), aws.ToString(in.FilterNamePrefix)) {
		return false
	}
	return in.MetricName == nil || slices.ContainsFunc(f.MetricTransformations, func(t types.MetricTransformation) bool {
		return aws.ToString(t.MetricName) == *in.MetricName && aws.ToString(t.MetricNamespace) == *in.MetricNamespace
	})
}
