package cloudwatch

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func (b *Backend) tagResource(ctx context.Context, in *cloudwatch.TagResourceInput) (*cloudwatch.TagResourceOutput, error) {
	a, err := b.tagged(ctx, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	a.tags = slices.Clone(a.tags)
	for _, tag := range in.Tags {
		at := slices.IndexFunc(a.tags, func(t types.Tag) bool { return *t.Key == *tag.Key })
		if at < 0 {
			a.tags = append(a.tags, tag)
			continue
		}
		a.tags[at] = tag
	}
	if len(a.tags) > maxTags {
		return nil, badValue("An alarm has at most %d tags.", maxTags)
	}
	b.alarms.Put(ctx, *a.shown.AlarmName, a)
	return &cloudwatch.TagResourceOutput{}, nil
}

func (b *Backend) untagResource(ctx context.Context, in *cloudwatch.UntagResourceInput) (*cloudwatch.UntagResourceOutput, error) {
	a, err := b.tagged(ctx, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	a.tags = slices.DeleteFunc(slices.Clone(a.tags), func(t types.Tag) bool { return slices.Contains(in.TagKeys, *t.Key) })
	b.alarms.Put(ctx, *a.shown.AlarmName, a)
	return &cloudwatch.UntagResourceOutput{}, nil
}

func (b *Backend) listTags(ctx context.Context, in *cloudwatch.ListTagsForResourceInput) (*cloudwatch.ListTagsForResourceOutput, error) {
	a, err := b.tagged(ctx, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &cloudwatch.ListTagsForResourceOutput{Tags: append([]types.Tag{}, a.tags...)}, nil
}

// tagged finds the alarm of an ARN. Alarm names may hold colons.
func (b *Backend) tagged(ctx context.Context, arn *string) (alarm, error) {
	call, id := wire.CallOf(ctx), aws.ToString(arn)
	if !strings.HasPrefix(id, "arn:") {
		return alarm{}, badValue("The value %q for parameter ResourceARN is not an ARN.", id)
	}
	name, ok := strings.CutPrefix(id, "arn:aws:cloudwatch:"+call.Region+":"+call.Account+":alarm:")
	a, exists := b.alarms.Get(ctx, name)
	if !ok || !exists {
		return alarm{}, &wire.Error{Code: "ResourceNotFoundException", Message: "The resource does not exist: " + id, Status: http.StatusNotFound}
	}
	return a, nil
}
