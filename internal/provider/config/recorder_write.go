package config

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// existsError says that the Region has a recorder already. PutConfigurationRecorder
// would quietly change one of the same name.
type existsError struct{ name string }

func (e *existsError) Error() string {
	return fmt.Sprintf("the Region has a configuration recorder already, %q, and AWS allows one", e.name)
}

// stuckError says that a failed creation could not be taken back either.
type stuckError struct{ created, undo error }

func (e *stuckError) Error() string {
	return fmt.Sprintf("%v\n\nTaking back what had been created failed too: %v", e.created, e.undo)
}

func (e *stuckError) Unwrap() []error { return []error{e.created, e.undo} }

// createRecorder makes recorder and channel and starts recording. It gives the
// recorder's ARN. When a step fails, the ones before it are taken back.
func createRecorder(ctx context.Context, api *configservice.Client, want settings, tags map[string]string) (*string, error) {
	there, err := api.DescribeConfigurationRecorders(ctx, &configservice.DescribeConfigurationRecordersInput{})
	if err != nil {
		return nil, fmt.Errorf("looking for a recorder: %w", err)
	}
	for _, r := range there.ConfigurationRecorders {
		if aws.ToString(r.ServicePrincipal) == "" {
			return nil, &existsError{aws.ToString(r.Name)}
		}
	}
	_, err = api.PutConfigurationRecorder(ctx, &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &want.recorder, Tags: tagList(tags)})
	if err != nil {
		return nil, err
	}
	made, err := finishRecorder(ctx, api, want)
	if err == nil {
		return made.Arn, nil
	}
	// An interrupted apply must take back too.
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
	defer cancel()
	if failed := deleteAll(undo, api, *want.recorder.Name, *want.channel.Name); failed != nil {
		return made.Arn, &stuckError{err, failed}
	}
	return nil, err
}

// finishRecorder does what comes after PutConfigurationRecorder. A recorder or
// channel made a moment ago may not be known everywhere yet.
func finishRecorder(ctx context.Context, api *configservice.Client, want settings) (made awstypes.ConfigurationRecorder, err error) {
	if err := putChannel(ctx, api, want.channel); err != nil {
		return made, fmt.Errorf("making the delivery channel: %w", err)
	}
	if want.recording {
		if err := start(ctx, api, *want.recorder.Name); err != nil {
			return made, fmt.Errorf("starting to record: %w", err)
		}
	}
	made, err = fwk.Await(ctx, appearTimeout, isNotFound, func(ctx context.Context) (awstypes.ConfigurationRecorder, error) {
		return findRecorder(ctx, api, *want.recorder.Name)
	})
	if err != nil {
		return made, fmt.Errorf("reading it back: %w", err)
	}
	settle(ctx, api, want)
	return made, nil
}

// putChannel waits for the bucket's policy and the role, which may be as new as
// the channel.
func putChannel(ctx context.Context, api *configservice.Client, c awstypes.DeliveryChannel) error {
	pending := func(err error) bool {
		return is[*awstypes.InsufficientDeliveryPolicyException](err) || is[*awstypes.NoAvailableConfigurationRecorderException](err)
	}
	_, err := fwk.Await(ctx, propagationTimeout, pending, func(ctx context.Context) (any, error) {
		return api.PutDeliveryChannel(ctx, &configservice.PutDeliveryChannelInput{DeliveryChannel: &c})
	})
	return err
}

func start(ctx context.Context, api *configservice.Client, name string) error {
	pending := func(err error) bool { return isNotFound(err) || is[*awstypes.NoAvailableDeliveryChannelException](err) }
	_, err := fwk.Await(ctx, appearTimeout, pending, func(ctx context.Context) (any, error) {
		return api.StartConfigurationRecorder(ctx, &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: &name})
	})
	return err
}

func stop(ctx context.Context, api *configservice.Client, name string) error {
	_, err := api.StopConfigurationRecorder(ctx, &configservice.StopConfigurationRecorderInput{ConfigurationRecorderName: &name})
	return err
}

// deleteAll stops and deletes; what is gone already is as wanted.
func deleteAll(ctx context.Context, api *configservice.Client, name, channel string) error {
	if err := stop(ctx, api, name); err != nil && !isNotFound(err) {
		return fmt.Errorf("stopping to record: %w", err)
	}
	if channel != "" {
		if err := deleteChannel(ctx, api, channel); err != nil {
			return fmt.Errorf("deleting the delivery channel: %w", err)
		}
	}
	_, err := api.DeleteConfigurationRecorder(ctx, &configservice.DeleteConfigurationRecorderInput{ConfigurationRecorderName: &name})
	if err != nil && !isNotFound(err) {
		return fmt.Errorf("deleting the recorder: %w", err)
	}
	awaitGone(ctx, api, name)
	return nil
}

// awaitGone waits until a deleted recorder is not seen any more: a Region has
// one, and the next to be made must not meet the old one.
func awaitGone(ctx context.Context, api *configservice.Client, name string) {
	pending := func(err error) bool { return errors.Is(err, errSettling) }
	_, _ = fwk.Await(ctx, settleTimeout, pending, func(ctx context.Context) (any, error) {
		if _, err := findRecorder(ctx, api, name); err != nil {
			return nil, err // not found, or nothing that waiting helps against
		}
		return nil, errSettling
	})
}

// deleteChannel waits until AWS knows everywhere that the recorder has stopped.
func deleteChannel(ctx context.Context, api *configservice.Client, channel string) error {
	pending := func(err error) bool { return is[*awstypes.LastDeliveryChannelDeleteFailedException](err) }
	_, err := fwk.Await(ctx, settleTimeout, pending, func(ctx context.Context) (any, error) {
		return api.DeleteDeliveryChannel(ctx, &configservice.DeleteDeliveryChannelInput{DeliveryChannelName: &channel})
	})
	if is[*awstypes.NoSuchDeliveryChannelException](err) {
		return nil
	}
	return err
}

// updateRecorder makes the calls that lead from one to the other settings.
func updateRecorder(ctx context.Context, api *configservice.Client, from, to settings) error {
	if !reflect.DeepEqual(from.recorder, to.recorder) {
		if _, err := api.PutConfigurationRecorder(ctx, &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &to.recorder}); err != nil {
			return err
		}
	}
	recording := from.recording
	switch {
	case reflect.DeepEqual(from.channel, to.channel):
	case mustMakeAnew(from.channel, to.channel):
		if err := replaceChannel(ctx, api, from, to); err != nil {
			return fmt.Errorf("making the delivery channel anew: %w", err)
		}
		recording = false
	default:
		if err := putChannel(ctx, api, to.channel); err != nil {
			return fmt.Errorf("changing the delivery channel: %w", err)
		}
	}
	name := *to.recorder.Name
	if to.recording && !recording {
		if err := start(ctx, api, name); err != nil {
			return fmt.Errorf("starting to record: %w", err)
		}
	}
	if !to.recording && recording {
		if err := stop(ctx, api, name); err != nil {
			return fmt.Errorf("stopping to record: %w", err)
		}
	}
	return nil
}

// mustMakeAnew tells which changes PutDeliveryChannel cannot make: a channel has
// no new name, and a topic that is left out stays.
// https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html
func mustMakeAnew(from, to awstypes.DeliveryChannel) bool {
	return from.Name != nil && (*from.Name != *to.Name || from.SnsTopicARN != nil && to.SnsTopicARN == nil)
}

// replaceChannel deletes the channel and makes the new one; that works only
// while nothing is recorded. When the new one is refused, the old one comes
// back, so that a mistake does not leave the Region without a record.
func replaceChannel(ctx context.Context, api *configservice.Client, from, to settings) error {
	name := *to.recorder.Name
	if err := stop(ctx, api, name); err != nil {
		return err
	}
	err := deleteChannel(ctx, api, *from.channel.Name)
	if err == nil {
		err = putChannel(ctx, api, to.channel)
	}
	if err == nil {
		return nil
	}
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
	defer cancel()
	restored := putChannel(back, api, from.channel)
	if restored == nil && from.recording {
		restored = start(back, api, name)
	}
	if restored != nil {
		return errors.Join(err, fmt.Errorf("putting the old channel back: %w", restored))
	}
	return err
}

func putTags(ctx context.Context, api *configservice.Client, id string, from, to map[string]string) error {
	set, remove := fwk.Diff(from, to)
	if id == "" && len(set)+len(remove) > 0 {
		return errors.New("its tags cannot be changed: the endpoint reports no ARN of the recorder, by which AWS Config wants it named")
	}
	if len(remove) > 0 {
		if _, err := api.UntagResource(ctx, &configservice.UntagResourceInput{ResourceArn: &id, TagKeys: remove}); err != nil {
			return fmt.Errorf("removing its tags: %w", err)
		}
	}
	if len(set) > 0 {
		if _, err := api.TagResource(ctx, &configservice.TagResourceInput{ResourceArn: &id, Tags: tagList(set)}); err != nil {
			return fmt.Errorf("setting its tags: %w", err)
		}
	}
	return nil
}

func tagList(tags map[string]string) []awstypes.Tag {
	var list []awstypes.Tag
	for k, v := range tags {
		list = append(list, awstypes.Tag{Key: aws.String(k), Value: aws.String(v)})
	}
	slices.SortFunc(list, func(a, b awstypes.Tag) int { return strings.Compare(*a.Key, *b.Key) })
	return list
}

// errSettling says that reads still answer as before a change.
var errSettling = errors.New("the change is not visible yet")

// settle waits until reads show what was written, so that the refresh that
// comes next does not take an old answer for drift. It is no error if that
// does not happen in time: the next plan will show it.
func settle(ctx context.Context, api *configservice.Client, want settings) {
	pending := func(err error) bool { return errors.Is(err, errSettling) || isNotFound(err) }
	_, _ = fwk.Await(ctx, settleTimeout, pending, func(ctx context.Context) (any, error) {
		found, err := readRecorder(ctx, api, *want.recorder.Name)
		if err != nil {
			return nil, err
		}
		same := found.channel != nil && sameChannel(want.channel, *found.channel) && found.recording == want.recording &&
			aws.ToString(found.recorder.RoleARN) == *want.recorder.RoleARN &&
			reflect.DeepEqual(want.recorder.RecordingGroup, normal(found.recorder.RecordingGroup)) &&
			reflect.DeepEqual(want.recorder.RecordingMode, modeFromAWS(found.recorder.RecordingMode).toAWS())
		if !same {
			return nil, errSettling
		}
		return nil, nil
	})
}
