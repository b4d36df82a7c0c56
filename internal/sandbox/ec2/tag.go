package ec2

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTags is how many tags a resource may have.
const maxTags = 50

// specifiedTags gives the tags that a request wants for what it creates.
func specifiedTags(specifications []types.TagSpecification, kind types.ResourceType) (map[string]string, error) {
	tags := map[string]string{}
	for _, specification := range specifications {
		if specification.ResourceType != kind {
			return nil, wire.Errorf("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", specification.ResourceType)
		}
		var err error
		if tags, err = withTags(tags, specification.Tags); err != nil {
			return nil, err
		}
	}
	return tags, nil
}

// withTags copies the tags and adds those.
func withTags(tags map[string]string, added []types.Tag) (map[string]string, error) {
	changed := map[string]string{}
	maps.Copy(changed, tags)
	for _, tag := range added {
		key, value := aws.ToString(tag.Key), aws.ToString(tag.Value)
		switch {
		case key == "":
			return nil, wire.Errorf("InvalidParameterValue", "Tag key cannot be null or empty.")
		case len(key) > 127:
			return nil, wire.Errorf("InvalidParameterValue", "Tag key exceeds the maximum length of 127 characters.")
		case len(value) > 255:
			return nil, wire.Errorf("InvalidParameterValue", "Tag value exceeds the maximum length of 255 characters.")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return nil, wire.Errorf("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
		}
		changed[key] = value
	}
	if len(changed) > maxTags {
		return nil, wire.Errorf("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
	}
	return changed, nil
}

func (s *EC2) createTags(ctx context.Context, in *awsec2.CreateTagsInput) (*awsec2.CreateTagsOutput, error) {
	if len(in.Tags) == 0 {
		return nil, missing("Tag")
	}
	err := s.changeTags(ctx, in.Resources, in.DryRun, func(tags map[string]string) (map[string]string, error) { return withTags(tags, in.Tags) })
	return &awsec2.CreateTagsOutput{}, err
}

// deleteTags deletes all tags where the request names none; with a value, only
// a tag that has it.
func (s *EC2) deleteTags(ctx context.Context, in *awsec2.DeleteTagsInput) (*awsec2.DeleteTagsOutput, error) {
	err := s.changeTags(ctx, in.Resources, in.DryRun, func(tags map[string]string) (map[string]string, error) {
		if len(in.Tags) == 0 {
			return map[string]string{}, nil
		}
		left := maps.Clone(tags)
		for _, tag := range in.Tags {
			if key := aws.ToString(tag.Key); tag.Value == nil || left[key] == *tag.Value {
				delete(left, key)
			}
		}
		return left, nil
	})
	return &awsec2.DeleteTagsOutput{}, err
}

// changeTags changes the tags of all resources, or of none.
func (s *EC2) changeTags(ctx context.Context, ids []string, dry *bool, change func(map[string]string) (map[string]string, error)) error {
	if len(ids) == 0 {
		return missing("ResourceId")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := map[string]map[string]string{}
	for _, id := range ids {
		if s.kindOf(ctx, id) == "" {
			return wire.Errorf("InvalidID", "The ID '%s' is not valid", id)
		}
		tags, err := change(s.tagMap(ctx, id))
		if err != nil {
			return err
		}
		changed[id] = tags
	}
	if aws.ToBool(dry) {
		return dryRun()
	}
	for id, tags := range changed {
		s.tags.Put(ctx, id, tags)
	}
	return nil
}

// kindOf gives the type of the resource that an id names; empty where there is none.
func (s *EC2) kindOf(ctx context.Context, id string) types.ResourceType {
	if _, ok := s.flowLogs.Get(ctx, id); ok {
		return types.ResourceTypeVpcFlowLog
	}
	for _, v := range s.vpcs.List(ctx) {
		switch id {
		case v.id:
			return types.ResourceTypeVpc
		case v.acl:
			return types.ResourceTypeNetworkAcl
		case v.table:
			return types.ResourceTypeRouteTable
		case v.group:
			return types.ResourceTypeSecurityGroup
		}
	}
	return ""
}

func (s *EC2) describeTags(ctx context.Context, in *awsec2.DescribeTagsInput) (*awsec2.DescribeTagsOutput, error) {
	found := []types.TagDescription{}
	for _, id := range s.taggable(ctx) {
		for _, tag := range s.tagsOf(ctx, id) {
			kind := s.kindOf(ctx, id)
			ok, err := matches(in.Filters, fields{
				"resource-id": {id}, "resource-type": {string(kind)}, "key": {*tag.Key}, "value": {*tag.Value},
			}, map[string]string{*tag.Key: *tag.Value})
			if err != nil {
				return nil, err
			}
			if ok {
				found = append(found, types.TagDescription{ResourceId: aws.String(id), ResourceType: kind, Key: tag.Key, Value: tag.Value})
			}
		}
	}
	listed, next, err := cut(found, in.NextToken, in.MaxResults)
	return &awsec2.DescribeTagsOutput{Tags: listed, NextToken: next}, err
}

// taggable lists the ids of everything in the call's Region.
func (s *EC2) taggable(ctx context.Context) []string {
	var ids []string
	for _, v := range s.vpcs.List(ctx) {
		ids = append(ids, v.id, v.acl, v.table, v.group)
	}
	for _, f := range s.flowLogs.List(ctx) {
		ids = append(ids, f.id)
	}
	return ids
}

func (s *EC2) tagMap(ctx context.Context, id string) map[string]string {
	tags, _ := s.tags.Get(ctx, id)
	return tags
}

// tagsOf lists the tags of a resource by key; nil where it has none, as EC2
// then leaves the list out.
func (s *EC2) tagsOf(ctx context.Context, id string) []types.Tag {
	var list []types.Tag
	tags := s.tagMap(ctx, id)
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return list
}

// forget drops the tags of a resource that is gone.
func (s *EC2) forget(ctx context.Context, id string) { s.tags.Delete(ctx, id) }
