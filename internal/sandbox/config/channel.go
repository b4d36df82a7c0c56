package config

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// channel is the delivery channel of a Region: there is one at most.
type channel struct {
	arn      string // no ARN of AWS's: channels have none
	settings types.DeliveryChannel
}

var (
	topicARN = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?$`)
	keyARN   = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$`)
)

// putChannel makes the channel or changes the one of the same name. A bucket or
// topic that is left out stays as it was.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html
func (b *Backend) putChannel(ctx context.Context, in *configservice.PutDeliveryChannelInput) (*configservice.PutDeliveryChannelOutput, error) {
	if in.DeliveryChannel == nil {
		return nil, invalid("1 validation error detected: Value null at 'deliveryChannel' failed to satisfy constraint: Member must not be null")
	}
	recorders := b.recorders.List(ctx)
	if len(recorders) == 0 {
		return nil, wire.Errorf("NoAvailableConfigurationRecorderException", "Configuration recorder is not available to put delivery channel.")
	}
	settings := *in.DeliveryChannel
	if settings.Name == nil {
		settings.Name = aws.String(defaultName)
	}
	name := *settings.Name
	old, exists := b.channels.Get(ctx, name)
	if exists {
		settings.S3BucketName = given(settings.S3BucketName, old.settings.S3BucketName)
		settings.SnsTopicARN = given(settings.SnsTopicARN, old.settings.SnsTopicARN)
	}
	if err := checkChannel(settings); err != nil {
		return nil, err
	}
	if !exists && len(b.channels.List(ctx)) > 0 {
		return nil, wire.Errorf("MaxNumberOfDeliveryChannelsExceededException", "Failed to put delivery channel '%s' because the maximum number of delivery channels: 1 is reached.", name)
	}
	if err := b.checkDelivery(ctx, settings, *recorders[0].settings.RoleARN); err != nil {
		return nil, err
	}
	call := wire.CallOf(ctx)
	arn := "arn:aws:config:" + call.Region + ":" + call.Account + ":delivery-channel/" + name
	b.channels.Put(ctx, name, channel{arn: arn, settings: settings})
	return &configservice.PutDeliveryChannelOutput{}, nil
}

func given(value, old *string) *string {
	if value != nil {
		return value
	}
	return old
}

// checkChannel holds the settings of a channel against the forms of their
// values.
func checkChannel(c types.DeliveryChannel) error {
	frequency := types.MaximumExecutionFrequency("")
	if c.ConfigSnapshotDeliveryProperties != nil {
		frequency = c.ConfigSnapshotDeliveryProperties.DeliveryFrequency
	}
	switch {
	case *c.Name == "" || len(*c.Name) > 256:
		return wire.Errorf("InvalidDeliveryChannelNameException", "The delivery channel name '%s' is not valid: it must have 1 to 256 characters.", *c.Name)
	case aws.ToString(c.S3BucketName) == "":
		return wire.Errorf("NoSuchBucketException", "Cannot find a S3 bucket with an empty bucket name.")
	case c.S3KeyPrefix != nil && (*c.S3KeyPrefix == "" || strings.HasPrefix(*c.S3KeyPrefix, "/")):
		return wire.Errorf("InvalidS3KeyPrefixException", "The s3 key prefix '%s' is not valid.", *c.S3KeyPrefix)
	case c.S3KmsKeyArn != nil && !keyARN.MatchString(*c.S3KmsKeyArn):
		return wire.Errorf("InvalidS3KmsKeyArnException", "The arn '%s' is not a valid kms key or alias arn.", *c.S3KmsKeyArn)
	case c.SnsTopicARN != nil && !topicARN.MatchString(*c.SnsTopicARN):
		return wire.Errorf("InvalidSNSTopicARNException", "The sns topic arn '%s' is not valid.", *c.SnsTopicARN)
	case frequency != "" && !slices.Contains(frequency.Values(), frequency):
		return invalid("The delivery frequency %q is not valid.", frequency)
	}
	return nil
}

func (b *Backend) deleteChannel(ctx context.Context, in *configservice.DeleteDeliveryChannelInput) (*configservice.DeleteDeliveryChannelOutput, error) {
	c, err := b.findChannel(ctx, in.DeliveryChannelName)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(b.recorders.List(ctx), func(r recorder) bool { return r.recording }) {
		return nil, wire.Errorf("LastDeliveryChannelDeleteFailedException", "Failed to delete last specified delivery channel with name '%s', because there is a running configuration recorder.", *c.settings.Name)
	}
	b.channels.Delete(ctx, *c.settings.Name)
	return &configservice.DeleteDeliveryChannelOutput{}, nil
}

func (b *Backend) findChannel(ctx context.Context, name *string) (channel, error) {
	c, exists := b.channels.Get(ctx, aws.ToString(name))
	if !exists {
		return channel{}, wire.Errorf("NoSuchDeliveryChannelException", "Cannot find delivery channel with specified name '%s'.", aws.ToString(name))
	}
	return c, nil
}

// namedChannels gives the channels of the names; all without names.
func (b *Backend) namedChannels(ctx context.Context, names []string) ([]channel, error) {
	if len(names) == 0 {
		return b.channels.List(ctx), nil
	}
	var found []channel
	for _, name := range names {
		c, err := b.findChannel(ctx, &name)
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

func (b *Backend) describeChannels(ctx context.Context, in *configservice.DescribeDeliveryChannelsInput) (*configservice.DescribeDeliveryChannelsOutput, error) {
	found, err := b.namedChannels(ctx, in.DeliveryChannelNames)
	if err != nil {
		return nil, err
	}
	out := &configservice.DescribeDeliveryChannelsOutput{DeliveryChannels: []types.DeliveryChannel{}}
	for _, c := range found {
		out.DeliveryChannels = append(out.DeliveryChannels, c.settings)
	}
	return out, nil
}

// describeChannelStatus gives channels that never delivered: that is, with
// empty reports, and no stream.
func (b *Backend) describeChannelStatus(ctx context.Context, in *configservice.DescribeDeliveryChannelStatusInput) (*configservice.DescribeDeliveryChannelStatusOutput, error) {
	found, err := b.namedChannels(ctx, in.DeliveryChannelNames)
	if err != nil {
		return nil, err
	}
	out := &configservice.DescribeDeliveryChannelStatusOutput{DeliveryChannelsStatus: []types.DeliveryChannelStatus{}}
	for _, c := range found {
		out.DeliveryChannelsStatus = append(out.DeliveryChannelsStatus, types.DeliveryChannelStatus{
			Name:                       c.settings.Name,
			ConfigSnapshotDeliveryInfo: &types.ConfigExportDeliveryInfo{},
			ConfigHistoryDeliveryInfo:  &types.ConfigExportDeliveryInfo{},
			ConfigStreamDeliveryInfo:   &types.ConfigStreamDeliveryInfo{},
		})
	}
	return out, nil
}
