package kms

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTags is how many tags a key may have.
const maxTags = 50

// withTags copies the tags and adds those.
func withTags(tags map[string]string, added []types.Tag) (map[string]string, error) {
	changed := map[string]string{}
	maps.Copy(changed, tags)
	for _, tag := range added {
		name, value := aws.ToString(tag.TagKey), aws.ToString(tag.TagValue)
		if name == "" || len(name) > 128 || len(value) > 256 || strings.HasPrefix(strings.ToLower(name), "aws:") {
			return nil, wire.Errorf("TagException", "Tag keys have 1 to 128 characters and do not begin with aws:; values have at most 256.")
		}
		changed[name] = value
	}
	if len(changed) > maxTags {
		return nil, wire.Errorf("LimitExceededException", "Too many tags: a key has at most %d", maxTags)
	}
	return changed, nil
}

func (s *KMS) tagResource(ctx context.Context, in *awskms.TagResourceInput) (*awskms.TagResourceOutput, error) {
	_, err := s.change(ctx, in.KeyId, func(k *key) (err error) {
		if err := k.notPendingDeletion(); err != nil {
			return err
		}
		k.tags, err = withTags(k.tags, in.Tags)
		return err
	})
	return &awskms.TagResourceOutput{}, err
}

func (s *KMS) untagResource(ctx context.Context, in *awskms.UntagResourceInput) (*awskms.UntagResourceOutput, error) {
	_, err := s.change(ctx, in.KeyId, func(k *key) error {
		for _, name := range in.TagKeys {
			delete(k.tags, name)
		}
		return k.notPendingDeletion()
	})
	return &awskms.UntagResourceOutput{}, err
}

func (s *KMS) listResourceTags(ctx context.Context, in *awskms.ListResourceTagsInput) (*awskms.ListResourceTagsOutput, error) {
	k, err := s.key(ctx, in.KeyId)
	if err != nil {
		return nil, err
	}
	names, next, err := cut(slices.Sorted(maps.Keys(k.tags)), in.Marker, in.Limit, 50, 50)
	if err != nil {
		return nil, err
	}
	out := &awskms.ListResourceTagsOutput{Tags: []types.Tag{}, NextMarker: next, Truncated: next != nil}
	for _, name := range names {
		out.Tags = append(out.Tags, types.Tag{TagKey: aws.String(name), TagValue: aws.String(k.tags[name])})
	}
	return out, nil
}
