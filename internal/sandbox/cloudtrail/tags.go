package cloudtrail

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTags is the number of tags of one trail.
const maxTags = 50

func (b *Backend) addTags(ctx context.Context, in *cloudtrail.AddTagsInput) (*cloudtrail.AddTagsOutput, error) {
	t, err := b.tagged(ctx, aws.ToString(in.ResourceId))
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.TagsList); err != nil {
		return nil, err
	}
	t.tags = mergeTags(t.tags, in.TagsList)
	if len(t.tags) > maxTags {
		return nil, tooManyTags(len(t.tags))
	}
	b.trails.Put(ctx, t.settings.name, t)
	return &cloudtrail.AddTagsOutput{}, nil
}

// removeTags takes away the tags of the given keys; their values do not count.
func (b *Backend) removeTags(ctx context.Context, in *cloudtrail.RemoveTagsInput) (*cloudtrail.RemoveTagsOutput, error) {
	t, err := b.tagged(ctx, aws.ToString(in.ResourceId))
	if err != nil {
		return nil, err
	}
	t.tags = slices.DeleteFunc(slices.Clone(t.tags), func(old types.Tag) bool {
		return slices.ContainsFunc(in.TagsList, func(gone types.Tag) bool {
			return aws.ToString(gone.Key) == aws.ToString(old.Key)
		})
	})
	b.trails.Put(ctx, t.settings.name, t)
	return &cloudtrail.RemoveTagsOutput{}, nil
}

func (b *Backend) listTags(ctx context.Context, in *cloudtrail.ListTagsInput) (*cloudtrail.ListTagsOutput, error) {
	if n := len(in.ResourceIdList); n < 1 || n > 20 {
		return nil, wire.Errorf("InvalidParameterException", "ResourceIdList must have 1 to 20 ARNs, not %d.", n)
	}
	out := &cloudtrail.ListTagsOutput{ResourceTagList: []types.ResourceTag{}}
	for _, arn := range in.ResourceIdList {
		t, err := b.tagged(ctx, arn)
		if err != nil {
			return nil, err
		}
		tags := append([]types.Tag{}, t.tags...)
		out.ResourceTagList = append(out.ResourceTagList, types.ResourceTag{ResourceId: aws.String(arn), TagsList: tags})
	}
	return out, nil
}

// tagged finds the trail of an ARN in its home Region, the only one that knows
// its tags.
func (b *Backend) tagged(ctx context.Context, arn string) (trail, error) {
	region, account, name, ok := splitARN(arn)
	switch {
	case !strings.HasPrefix(arn, "arn:"):
		return trail{}, wire.Errorf("CloudTrailARNInvalidException", "Invalid ARN: %q", arn)
	case !ok:
		return trail{}, wire.Errorf("ResourceTypeNotSupportedException", "Resource type not supported: %s", arn)
	}
	t, exists := b.trails.Get(ctx, name)
	if !exists || account != b.account || region != wire.CallOf(ctx).Region {
		return trail{}, wire.Errorf("ResourceNotFoundException", "Resource not found: %s", arn)
	}
	return t, nil
}

// checkTags holds a list of tags against the rules of tagging.
//
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
func checkTags(tags []types.Tag) error {
	seen := map[string]bool{}
	for _, tag := range tags {
		key, value := aws.ToString(tag.Key), aws.ToString(tag.Value)
		switch {
		case key == "" || len(key) > 128:
			return badTag("Tag keys have 1 to 128 characters: %q", key)
		case len(value) > 256:
			return badTag("Tag values have at most 256 characters: key %q", key)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return badTag("Tag keys must not start with aws: %q", key)
		case seen[key]:
			return badTag("Duplicate tag key: %q", key)
		}
		seen[key] = true
	}
	if len(tags) > maxTags {
		return tooManyTags(len(tags))
	}
	return nil
}

func badTag(format string, args ...any) error {
	return wire.Errorf("InvalidTagParameterException", format, args...)
}

func tooManyTags(n int) error {
	return wire.Errorf("TagsLimitExceededException", "A trail has at most %d tags, not %d.", maxTags, n)
}

// mergeTags gives old with the values of given, new keys at the end.
func mergeTags(old, given []types.Tag) []types.Tag {
	merged := slices.Clone(old)
	for _, tag := range given {
		at := slices.IndexFunc(merged, func(t types.Tag) bool { return aws.ToString(t.Key) == aws.ToString(tag.Key) })
		if at < 0 {
			merged = append(merged, tag)
			continue
		}
		merged[at] = tag
	}
	return merged
}
