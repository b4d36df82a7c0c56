package ec2

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// defaultFormat is version 2 of the record format.
const defaultFormat = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} " +
	"${packets} ${bytes} ${start} ${end} ${action} ${log-status}"

func invalid(format string, args ...any) *wire.Error {
	return wire.Errorf("InvalidParameter", format, args...)
}

// flowLogSettings checks a request as far as it does not depend on the
// resource, and fills in the defaults.
func (s *EC2) flowLogSettings(ctx context.Context, in *awsec2.CreateFlowLogsInput) (settings, error) {
	made := settings{
		traffic: in.TrafficType, destinationType: in.LogDestinationType, destination: aws.ToString(in.LogDestination), group: aws.ToString(in.LogGroupName),
		role: aws.ToString(in.DeliverLogsPermissionArn), crossRole: aws.ToString(in.DeliverCrossAccountRole),
		format: aws.ToString(in.LogFormat), interval: 600,
	}
	if in.MaxAggregationInterval != nil {
		made.interval = *in.MaxAggregationInterval
	}
	if made.format == "" {
		made.format = defaultFormat
	}
	if made.destinationType == "" {
		made.destinationType = types.LogDestinationTypeCloudWatchLogs
	}
	for _, err := range []error{checkFlowRequest(in), checkInterval(made.interval), checkFormat(made.format), s.checkDestination(ctx, &made, in.DestinationOptions)} {
		if err != nil {
			return settings{}, err
		}
	}
	return made, nil
}

func checkFlowRequest(in *awsec2.CreateFlowLogsInput) error {
	switch {
	case len(in.ResourceIds) == 0:
		return missing("ResourceId")
	case len(in.ResourceIds) > 25:
		return invalid("The maximum number of resources in one request is 25")
	case in.ResourceType == "":
		return missing("ResourceType")
	case in.TrafficType == "":
		return missing("TrafficType")
	}
	if err := oneOf("ResourceType", in.ResourceType, in.ResourceType.Values()); err != nil {
		return err
	}
	return oneOf("TrafficType", in.TrafficType, in.TrafficType.Values())
}

func oneOf[T ~string](parameter string, value T, known []T) error {
	for _, one := range known {
		if one == value {
			return nil
		}
	}
	return wire.Errorf("InvalidParameterValue", "Value (%s) for parameter %s is invalid.", value, parameter)
}

func checkInterval(seconds int32) error {
	if seconds != 60 && seconds != 600 {
		return invalid("Invalid Flow Log Max Aggregation Interval. Valid values are 60 and 600 seconds.")
	}
	return nil
}

var formatField = regexp.MustCompile(`^\$\{[a-z0-9-]+\}$`)

// checkFormat: fields as ${name}, separated by spaces.
func checkFormat(format string) error {
	for _, field := range strings.Split(format, " ") {
		if !formatField.MatchString(field) {
			return invalid("LogFormat is invalid: %s", format)
		}
	}
	return nil
}

// checkDestination: every kind of destination has its own parameters.
func (s *EC2) checkDestination(ctx context.Context, made *settings, options *types.DestinationOptionsRequest) error {
	if err := oneOf("LogDestinationType", made.destinationType, made.destinationType.Values()); err != nil {
		return err
	}
	if made.destinationType == types.LogDestinationTypeCloudWatchLogs {
		if options != nil {
			return invalid("DestinationOptions can only be used with log destination type s3")
		}
		return checkGroup(made)
	}
	switch {
	case made.group != "":
		return invalid("LogGroupName can only be used with log destination type cloud-watch-logs")
	case made.destination == "":
		return invalid("LogDestination can't be empty for log destination type %s", made.destinationType)
	case made.destinationType == types.LogDestinationTypeKinesisDataFirehose:
		if !strings.HasPrefix(made.destination, "arn:aws:firehose:") {
			return invalid("LogDestination: %s is not a delivery stream", made.destination)
		}
		return nil
	}
	return s.checkBucket(ctx, made, options)
}

func checkGroup(made *settings) error {
	switch {
	case made.group == "" && made.destination == "":
		return invalid("LogDestination can't be empty if LogGroupName is not provided.")
	case made.group != "" && made.destination != "":
		return invalid("Please only provide LogGroupName or only provide LogDestination.")
	case made.role == "":
		return invalid("DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
	case !strings.HasPrefix(made.role, "arn:aws:iam::"):
		return invalid("DeliverLogsPermissionArn: %s is not a valid ARN of a role", made.role)
	}
	if made.destination == "" {
		return nil
	}
	group, ok := groupOf(made.destination)
	if !ok {
		return invalid("LogDestination: %s is not a log group", made.destination)
	}
	made.group = group
	return nil
}

func (s *EC2) checkBucket(ctx context.Context, made *settings, options *types.DestinationOptionsRequest) error {
	name, ok := strings.CutPrefix(made.destination, "arn:aws:s3:::")
	bucket, _, _ := strings.Cut(name, "/")
	if !ok || !s.neighbours.BucketExists(ctx, bucket) {
		return invalid("LogDestination: %s does not exist", bucket)
	}
	if strings.Contains(name, "/AWSLogs") {
		return invalid("LogDestination: AWSLogs is a reserved term")
	}
	made.options = &types.DestinationOptionsResponse{
		FileFormat: types.DestinationFileFormatPlainText, HiveCompatiblePartitions: aws.Bool(false), PerHourPartition: aws.Bool(false),
	}
	if options == nil {
		return nil
	}
	if options.FileFormat != "" {
		made.options.FileFormat = options.FileFormat
	}
	made.options.HiveCompatiblePartitions = aws.Bool(aws.ToBool(options.HiveCompatiblePartitions))
	made.options.PerHourPartition = aws.Bool(aws.ToBool(options.PerHourPartition))
	return oneOf("FileFormat", made.options.FileFormat, made.options.FileFormat.Values())
}
