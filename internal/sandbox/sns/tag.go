package sns

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTags is how many tags a topic may have.
const maxTags = 50

// withTags copies the tags and adds those.
func withTags(tags map[string]string, added []types.Tag) (map[string]string, error) {
	changed := map[string]string{}
	maps.Copy(changed, tags)
	for _, tag := range added {
		key, value := aws.ToString(tag.Key), aws.ToString(tag.Value)
		if key == "" || len(key) > 128 || len(value) > 256 {
			return nil, invalidParameter("Tags Reason: tag keys have 1 to 128 characters, values at most 256")
		}
		changed[key] = value
	}
	if len(changed) > maxTags {
		return nil, wire.Errorf("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
	}
	return changed, nil
}

func (s *SNS) tagResource(ctx context.Context, in *awssns.TagResourceInput) (*awssns.TagResourceOutput, error) {
	return &awssns.TagResourceOutput{}, s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) (map[string]string, error) {
		return withTags(tags, in.Tags)
	})
}

func (s *SNS) untagResource(ctx context.Context, in *awssns.UntagResourceInput) (*awssns.UntagResourceOutput, error) {
	return &awssns.UntagResourceOutput{}, s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) (map[string]string, error) {
		changed := maps.Clone(tags)
		for _, key := range in.TagKeys {
			delete(changed, key)
		}
		return changed, nil
	})
}

func (s *SNS) changeTags(ctx context.Context, arn *string, change func(map[string]string) (map[string]string, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.tagged(ctx, arn)
	if err != nil {
		return err
	}
	if t.tags, err = change(t.tags); err != nil {
		return err
	}
	s.topics.Put(ctx, t.arn, t)
	return nil
}

func (s *SNS) listTagsForResource(ctx context.Context, in *awssns.ListTagsForResourceInput) (*awssns.ListTagsForResourceOutput, error) {
	t, err := s.tagged(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &awssns.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for _, key := range slices.Sorted(maps.Keys(t.tags)) {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String(t.tags[key])})
	}
	return out, nil
}

// tagged gives the topic; the tag operations have their own code for none.
func (s *SNS) tagged(ctx context.Context, arn *string) (topic, error) {
	if err := checkTopicARN(aws.ToString(arn)); err != nil {
		return topic{}, err
	}
	t, ok := s.topics.Get(ctx, *arn)
	if !ok {
		return topic{}, &wire.Error{Code: "ResourceNotFound", Message: "Resource does not exist", Status: 404}
	}
	return t, nil
}
