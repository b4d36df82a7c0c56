package config

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// errRecorderNotFound says that there is no recorder of that name.
var errRecorderNotFound = errors.New("there is no such configuration recorder")

// foundRecorder is everything AWS says of one recorder.
type foundRecorder struct {
	recorder  awstypes.ConfigurationRecorder
	recording bool
	channel   *awstypes.DeliveryChannel // nil where there is none
	tags      map[string]string
}

func readRecorder(ctx context.Context, api *configservice.Client, name string) (found foundRecorder, err error) {
	if found.recorder, err = findRecorder(ctx, api, name); err != nil {
		return found, err
	}
	status, err := api.DescribeConfigurationRecorderStatus(ctx, &configservice.DescribeConfigurationRecorderStatusInput{ConfigurationRecorderNames: []string{name}})
	if err != nil {
		return found, fmt.Errorf("reading its status: %w", err)
	}
	for _, s := range status.ConfigurationRecordersStatus {
		found.recording = found.recording || s.Recording
	}
	channels, err := api.DescribeDeliveryChannels(ctx, &configservice.DescribeDeliveryChannelsInput{})
	if err != nil {
		return found, fmt.Errorf("reading the delivery channel: %w", err)
	}
	if len(channels.DeliveryChannels) > 0 { // a Region has one
		found.channel = &channels.DeliveryChannels[0]
	}
	found.tags, err = readTags(ctx, api, aws.ToString(found.recorder.Arn))
	return found, err
}

func findRecorder(ctx context.Context, api *configservice.Client, name string) (awstypes.ConfigurationRecorder, error) {
	out, err := api.DescribeConfigurationRecorders(ctx, &configservice.DescribeConfigurationRecordersInput{ConfigurationRecorderNames: []string{name}})
	if err != nil {
		return awstypes.ConfigurationRecorder{}, err
	}
	for _, r := range out.ConfigurationRecorders {
		if aws.ToString(r.Name) == name {
			return r, nil
		}
	}
	return awstypes.ConfigurationRecorder{}, errRecorderNotFound
}

// readTags gives no tags where the recorder has no ARN: endpoints from before
// recorders had one.
func readTags(ctx context.Context, api *configservice.Client, id string) (map[string]string, error) {
	tags := map[string]string{}
	if id == "" {
		return tags, nil
	}
	pages := configservice.NewListTagsForResourcePaginator(api, &configservice.ListTagsForResourceInput{ResourceArn: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading its tags: %w", err)
		}
		for _, t := range page.Tags {
			tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	return tags, nil
}

func isNotFound(err error) bool {
	return errors.Is(err, errRecorderNotFound) || is[*awstypes.NoSuchConfigurationRecorderException](err)
}

// model gives what AWS says of a recorder, in the words of the model before
// where they mean the same.
func (f foundRecorder) model(ctx context.Context, before recorderModel, diags *diag.Diagnostics) recorderModel {
	m := before
	m.Name = types.StringPointerValue(f.recorder.Name)
	m.ID = m.Name
	m.ARN = types.StringPointerValue(f.recorder.Arn)
	m.RoleARN = types.StringPointerValue(f.recorder.RoleARN)
	m.Recording = types.BoolValue(f.recording)

	group, _ := decode[groupBlock](ctx, before.RecordingGroup, diags)
	if !reflect.DeepEqual(group.toAWS(), normal(f.recorder.RecordingGroup)) {
		m.RecordingGroup = object(ctx, before.RecordingGroup, groupFromAWS(f.recorder.RecordingGroup), diags)
	}
	mode, _ := decode[modeBlock](ctx, before.RecordingMode, diags)
	if !reflect.DeepEqual(mode.toAWS(), modeFromAWS(f.recorder.RecordingMode).toAWS()) {
		m.RecordingMode = object(ctx, before.RecordingMode, modeFromAWS(f.recorder.RecordingMode), diags)
	}
	channel, _ := decode[channelBlock](ctx, before.DeliveryChannel, diags)
	switch {
	case f.channel == nil:
		m.DeliveryChannel = types.ObjectNull(before.DeliveryChannel.AttributeTypes(ctx))
	case !sameChannel(channel.toAWS(), *f.channel):
		m.DeliveryChannel = object(ctx, before.DeliveryChannel, channelFromAWS(*f.channel), diags)
	}
	return m
}

// sameChannel compares a wanted channel with what AWS reports. Without a
// frequency, AWS may report the one it chose.
func sameChannel(want, got awstypes.DeliveryChannel) bool {
	got = channelFromAWS(got).toAWS()
	if want.ConfigSnapshotDeliveryProperties == nil {
		got.ConfigSnapshotDeliveryProperties = nil
	}
	return reflect.DeepEqual(want, got)
}

func object(ctx context.Context, like types.Object, v any, diags *diag.Diagnostics) types.Object {
	o, d := types.ObjectValueFrom(ctx, like.AttributeTypes(ctx), v)
	diags.Append(d...)
	return o
}
