package cloudwatch

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// actionARNs are the forms of an alarm's actions.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
var actionARNs = regexp.MustCompile(`^arn:aws[a-z-]*:(?:` + strings.Join([]string{
	`sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?`,
	`automate:[a-z0-9-]+:ec2:(stop|terminate|reboot|recover)`,
	`swf:[a-z0-9-]+:\d{12}:action/actions/AWS_EC2\.InstanceId\.(Stop|Terminate|Reboot|Recover)/1\.0`,
	`autoscaling:[a-z0-9-]+:\d{12}:scalingPolicy:.+`,
	`lambda:[a-z0-9-]+:\d{12}:function:.+`,
	`ssm:[a-z0-9-]+:\d{12}:opsitem:[1-4](#CATEGORY=[A-Za-z]+)?`,
	`ssm-incidents::\d{12}:response-?plan/.+`,
	`aiops:[a-z0-9-]+:\d{12}:investigation-group/?:?.+`,
}, "|") + `)$`)

func checkActions(call wire.Call, in *cloudwatch.PutMetricAlarmInput) error {
	for member, actions := range map[string][]string{
		"alarmActions": in.AlarmActions, "oKActions": in.OKActions, "insufficientDataActions": in.InsufficientDataActions,
	} {
		if len(actions) > maxActions {
			return invalid("1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", actions, member, maxActions)
		}
		for _, arn := range actions {
			if err := checkAction(call, in, arn); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkAction(call wire.Call, in *cloudwatch.PutMetricAlarmInput, arn string) error {
	if !actionARNs.MatchString(arn) {
		return invalid("Invalid arn syntax: %s", arn)
	}
	parts := strings.SplitN(arn, ":", 6)
	service, region := parts[2], parts[3]
	if region != "" && region != call.Region {
		return invalid("Invalid region %s specified. Only %s is supported.", region, call.Region)
	}
	ofInstance := slices.ContainsFunc(in.Dimensions, func(d types.Dimension) bool { return aws.ToString(d.Name) == "InstanceId" })
	if (service == "automate" || service == "swf") && !ofInstance {
		return invalid("The action %s needs the dimension InstanceId.", arn)
	}
	if service == "autoscaling" && in.ThresholdMetricId != nil {
		return invalid("Alarms on anomaly detection cannot have Auto Scaling actions: %s", arn)
	}
	return nil
}

// checkWarmUp: a warm-up lasts up to two days.
func checkWarmUp(c *types.WarmUpConfiguration) error {
	if c == nil {
		return nil
	}
	if minutes := aws.ToInt32(c.WarmUpPeriodDurationInMinutes); minutes < 1 || minutes > 2880 {
		return invalid("The warm-up period must be from 1 to 2880 minutes, not %d.", minutes)
	}
	return nil
}
