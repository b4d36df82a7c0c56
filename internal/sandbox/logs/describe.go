package logs

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
)

func groupKey(g group) string { return g.name }

func (b *Backend) describeLogGroups(ctx context.Context, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	size, err := pageSize(in.Limit)
	if err != nil {
		return nil, err
	}
	if in.LogGroupNamePattern != nil && in.LogGroupNamePrefix != nil {
		return nil, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	if in.LogGroupIdentifiers != nil && (in.LogGroupNamePattern != nil || in.LogGroupNamePrefix != nil || in.LogGroupClass != "") {
		return nil, invalid("LogGroup identifiers cannot be used with other filters.")
	}
	groups := slices.DeleteFunc(b.groups.List(ctx), func(g group) bool {
		return !strings.HasPrefix(g.name, aws.ToString(in.LogGroupNamePrefix)) ||
			!strings.Contains(g.name, aws.ToString(in.LogGroupNamePattern)) ||
			!classMatches(g.class, in.LogGroupClass) ||
			in.LogGroupIdentifiers != nil && !slices.Contains(in.LogGroupIdentifiers, g.name) && !slices.Contains(in.LogGroupIdentifiers, g.arn)
	})
	part, next, err := page.After(groups, groupKey, in.NextToken, size)
	if err != nil {
		return nil, badToken()
	}
	out := &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: []types.LogGroup{}, NextToken: next}
	for _, g := range part {
		out.LogGroups = append(out.LogGroups, groupOf(g))
	}
	return out, nil
}

// classMatches: the two cheaper classes are asked for together.
func classMatches(class, wanted types.LogGroupClass) bool {
	cheap := []types.LogGroupClass{types.LogGroupClassInfrequentAccess, types.LogGroupClassEssentials}
	return wanted == "" || class == wanted || slices.Contains(cheap, class) && slices.Contains(cheap, wanted)
}

// groupOf gives a group as DescribeLogGroups shows it, with its ARN in both
// forms.
func groupOf(g group) types.LogGroup {
	shown := types.LogGroup{
		LogGroupName: aws.String(g.name), Arn: aws.String(g.arn + ":*"), LogGroupArn: aws.String(g.arn),
		CreationTime: aws.Int64(g.created), LogGroupClass: g.class, StoredBytes: aws.Int64(0),
		MetricFilterCount: aws.Int32(int32(len(g.filters))), DeletionProtectionEnabled: aws.Bool(g.protected),
	}
	if g.retention > 0 {
		shown.RetentionInDays = aws.Int32(g.retention)
	}
	if g.key != "" {
		shown.KmsKeyId = aws.String(g.key)
	}
	return shown
}

// listPattern is the small language of ListLogGroups' pattern: up to five
// substrings or, after ^, prefixes.
var listPattern = regexp.MustCompile(`^\^?[\.\-_/#A-Za-z0-9]{3,24}(\|\^?[\.\-_/#A-Za-z0-9]{3,24}){0,4}$`)

func (b *Backend) listLogGroups(ctx context.Context, in *cloudwatchlogs.ListLogGroupsInput) (*cloudwatchlogs.ListLogGroupsOutput, error) {
	size := 50
	if in.Limit != nil {
		if size = int(*in.Limit); size < 1 || size > 1000 {
			return nil, constraint(size, "limit", "Member must have value from 1 to 1000")
		}
	}
	pattern := aws.ToString(in.LogGroupNamePattern)
	if in.LogGroupNamePattern != nil && !listPattern.MatchString(pattern) {
		return nil, constraint(pattern, "logGroupNamePattern", "Member must satisfy regular expression pattern: %s", listPattern)
	}
	groups := slices.DeleteFunc(b.groups.List(ctx), func(g group) bool {
		return !patternMatches(pattern, g.name) || !classMatches(g.class, in.LogGroupClass) || !tagsMatch(in.LogGroupTags, g.tags)
	})
	part, next, err := page.After(groups, groupKey, in.NextToken, size)
	if err != nil {
		return nil, badToken()
	}
	out := &cloudwatchlogs.ListLogGroupsOutput{LogGroups: []types.LogGroupSummary{}, NextToken: next}
	for _, g := range part {
		out.LogGroups = append(out.LogGroups, types.LogGroupSummary{
			LogGroupName: aws.String(g.name), LogGroupArn: aws.String(g.arn), LogGroupClass: g.class,
		})
	}
	return out, nil
}

func patternMatches(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	return slices.ContainsFunc(strings.Split(pattern, "|"), func(part string) bool {
		if prefix, anchored := strings.CutPrefix(part, "^"); anchored {
			return strings.HasPrefix(name, prefix)
		}
		return strings.Contains(name, part)
	})
}

// tagsMatch: all filters must hold; one without values asks for the key only.
func tagsMatch(filters []types.TagFilter, tags map[string]string) bool {
	for _, f := range filters {
		value, set := tags[aws.ToString(f.Key)]
		if !set || len(f.Values) > 0 && !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}
