package logs

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTags is the number of tags of one group.
const maxTags = 50

func (b *Backend) tagResource(ctx context.Context, in *cloudwatchlogs.TagResourceInput) (*cloudwatchlogs.TagResourceOutput, error) {
	g, err := b.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := b.addTags(ctx, g, in.Tags); err != nil {
		return nil, err
	}
	return &cloudwatchlogs.TagResourceOutput{}, nil
}

func (b *Backend) untagResource(ctx context.Context, in *cloudwatchlogs.UntagResourceInput) (*cloudwatchlogs.UntagResourceOutput, error) {
	g, err := b.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	b.removeTags(ctx, g, in.TagKeys)
	return &cloudwatchlogs.UntagResourceOutput{}, nil
}

func (b *Backend) listTagsForResource(ctx context.Context, in *cloudwatchlogs.ListTagsForResourceInput) (*cloudwatchlogs.ListTagsForResourceOutput, error) {
	g, err := b.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &cloudwatchlogs.ListTagsForResourceOutput{Tags: tagsOf(g)}, nil
}

// The three older actions name the group instead of its ARN.

func (b *Backend) tagLogGroup(ctx context.Context, in *cloudwatchlogs.TagLogGroupInput) (*cloudwatchlogs.TagLogGroupOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if err := b.addTags(ctx, g, in.Tags); err != nil {
		return nil, err
	}
	return &cloudwatchlogs.TagLogGroupOutput{}, nil
}

func (b *Backend) untagLogGroup(ctx context.Context, in *cloudwatchlogs.UntagLogGroupInput) (*cloudwatchlogs.UntagLogGroupOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	b.removeTags(ctx, g, in.Tags)
	return &cloudwatchlogs.UntagLogGroupOutput{}, nil
}

func (b *Backend) listTagsLogGroup(ctx context.Context, in *cloudwatchlogs.ListTagsLogGroupInput) (*cloudwatchlogs.ListTagsLogGroupOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	return &cloudwatchlogs.ListTagsLogGroupOutput{Tags: tagsOf(g)}, nil
}

// tagged finds the group of an ARN, which ends in its name: the form with ":*"
// is not taken here.
func (b *Backend) tagged(ctx context.Context, arn *string) (group, error) {
	if id := aws.ToString(arn); !strings.HasPrefix(id, "arn:") || strings.Contains(id, "*") {
		return group{}, constraint(id, "resourceArn", `Member must satisfy regular expression pattern: [\w+=/:,.@-]*`)
	}
	return b.identified(ctx, *arn)
}

func (b *Backend) addTags(ctx context.Context, g group, tags map[string]string) error {
	if len(tags) == 0 {
		return constraint("{}", "tags", "Member must have length greater than or equal to 1")
	}
	if err := checkTags(tags); err != nil {
		return err
	}
	merged := tagsOf(g)
	maps.Copy(merged, tags)
	if len(merged) > maxTags {
		return wire.Errorf("TooManyTagsException", "A resource can have no more than %d tags.", maxTags)
	}
	g.tags = merged
	b.groups.Put(ctx, g.name, g)
	return nil
}

func (b *Backend) removeTags(ctx context.Context, g group, keys []string) {
	left := tagsOf(g)
	for _, key := range keys {
		delete(left, key)
	}
	g.tags = left
	b.groups.Put(ctx, g.name, g)
}

// tagsOf gives a copy of the tags, never nil.
func tagsOf(g group) map[string]string {
	tags := make(map[string]string, len(g.tags))
	maps.Copy(tags, g.tags)
	return tags
}

func checkTags(tags map[string]string) error {
	for key, value := range tags {
		switch {
		case key == "" || len(key) > 128 || !tagText.MatchString(key):
			return constraint(key, "tags", `Map keys must satisfy constraint: [Member must have length from 1 to 128 and satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$]`)
		case len(value) > 256 || !tagText.MatchString(value):
			return constraint(value, "tags", `Map values must satisfy constraint: [Member must have length up to 256 and satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$]`)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("Tag keys must not start with aws: %q", key)
		}
	}
	return nil
}
