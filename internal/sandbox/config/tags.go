package config

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTags is the number of tags of one resource.
const maxTags = 50

func (b *Backend) tagResource(ctx context.Context, in *configservice.TagResourceInput) (*configservice.TagResourceOutput, error) {
	r, err := b.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	r.tags = slices.Clone(r.tags)
	for _, tag := range in.Tags {
		at := slices.IndexFunc(r.tags, func(t types.Tag) bool { return *t.Key == *tag.Key })
		if at < 0 {
			r.tags = append(r.tags, tag)
			continue
		}
		r.tags[at] = tag
	}
	if len(r.tags) > maxTags {
		return nil, tooManyTags()
	}
	b.recorders.Put(ctx, *r.settings.Name, r)
	return &configservice.TagResourceOutput{}, nil
}

func (b *Backend) untagResource(ctx context.Context, in *configservice.UntagResourceInput) (*configservice.UntagResourceOutput, error) {
	r, err := b.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	r.tags = slices.DeleteFunc(slices.Clone(r.tags), func(t types.Tag) bool { return slices.Contains(in.TagKeys, *t.Key) })
	b.recorders.Put(ctx, *r.settings.Name, r)
	return &configservice.UntagResourceOutput{}, nil
}

func (b *Backend) listTags(ctx context.Context, in *configservice.ListTagsForResourceInput) (*configservice.ListTagsForResourceOutput, error) {
	r, err := b.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	size := int(in.Limit)
	switch {
	case size < 0 || size > 100:
		return nil, wire.Errorf("InvalidLimitException", "The specified limit is outside the allowable range.")
	case size == 0:
		size = 100
	}
	tags := slices.SortedFunc(slices.Values(r.tags), func(x, y types.Tag) int { return strings.Compare(*x.Key, *y.Key) })
	part, next, err := page.After(tags, func(t types.Tag) string { return *t.Key }, in.NextToken, size)
	if err != nil {
		return nil, wire.Errorf("InvalidNextTokenException", "The specified next token is not valid.")
	}
	return &configservice.ListTagsForResourceOutput{Tags: append([]types.Tag{}, part...), NextToken: next}, nil
}

// tagged finds the recorder of an ARN; nothing else here has tags.
func (b *Backend) tagged(ctx context.Context, arn *string) (recorder, error) {
	for _, r := range b.recorders.List(ctx) {
		if *r.settings.Arn == aws.ToString(arn) {
			return r, nil
		}
	}
	return recorder{}, wire.Errorf("ResourceNotFoundException", "The resource '%s' does not exist.", aws.ToString(arn))
}

func tooManyTags() error {
	return wire.Errorf("TooManyTagsException", "You have reached the limit of %d tags.", maxTags)
}

func checkTags(tags []types.Tag) error {
	seen := map[string]bool{}
	for _, tag := range tags {
		key, value := aws.ToString(tag.Key), aws.ToString(tag.Value)
		switch {
		case key == "" || len(key) > 128 || tag.Value == nil || len(value) > 256:
			return invalid("The tag '%s' is not valid: keys have 1 to 128 characters, values up to 256.", key)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("The tag key '%s' is reserved.", key)
		case seen[key]:
			return invalid("The tag key '%s' appears more than once.", key)
		}
		seen[key] = true
	}
	if len(tags) > maxTags {
		return tooManyTags()
	}
	return nil
}
