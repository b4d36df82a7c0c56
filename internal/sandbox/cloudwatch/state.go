package cloudwatch

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// setAlarmState moves an alarm by hand. Its actions are only noted in the
// history: nothing is sent.
func (b *Backend) setAlarmState(ctx context.Context, in *cloudwatch.SetAlarmStateInput) (*cloudwatch.SetAlarmStateOutput, error) {
	if err := checkState(in); err != nil {
		return nil, err
	}
	a, exists := b.alarms.Get(ctx, aws.ToString(in.AlarmName))
	if !exists {
		return nil, &wire.Error{Code: "ResourceNotFound", Message: "Unknown Alarm", Status: http.StatusNotFound}
	}
	old, now := a.shown.StateValue, aws.Time(wire.CallOf(ctx).Time)
	a.shown.StateValue, a.shown.StateReason, a.shown.StateReasonData = in.StateValue, in.StateReason, in.StateReasonData
	a.shown.StateUpdatedTimestamp = now
	if old != in.StateValue {
		a.shown.StateTransitionedTimestamp = now
	}
	b.alarms.Put(ctx, *in.AlarmName, a)
	if old != in.StateValue {
		b.noteState(ctx, a.shown, old)
	}
	return &cloudwatch.SetAlarmStateOutput{}, nil
}

func checkState(in *cloudwatch.SetAlarmStateInput) error {
	switch {
	case aws.ToString(in.AlarmName) == "":
		return missing("AlarmName")
	case !slices.Contains(in.StateValue.Values(), in.StateValue):
		return invalid("1 validation error detected: Value '%s' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: %v", in.StateValue, in.StateValue.Values())
	case in.StateReason == nil:
		return missing("StateReason")
	case len(*in.StateReason) > 1023:
		return invalid("1 validation error detected: Value at 'stateReason' failed to satisfy constraint: Member must have length less than or equal to 1023")
	case in.StateReasonData != nil && (len(*in.StateReasonData) > 4000 || !json.Valid([]byte(*in.StateReasonData))):
		e := wire.Errorf("InvalidFormatFault", "Unable to deserialize JSON for StateReasonData")
		e.QueryCode = "InvalidFormat"
		return e
	}
	return nil
}

// actionsFor gives the actions of the state that an alarm is in.
func actionsFor(a types.MetricAlarm) []string {
	switch a.StateValue {
	case types.StateValueAlarm:
		return a.AlarmActions
	case types.StateValueOk:
		return a.OKActions
	default:
		return a.InsufficientDataActions
	}
}

// mayNotify tells whether CloudWatch may publish to a topic for an alarm.
func (b *Backend) mayNotify(ctx context.Context, a types.MetricAlarm, topic string) bool {
	policy, exists := b.neighbours.TopicPolicy(ctx, topic)
	account := wire.CallOf(ctx).Account
	return exists && policy.Allows(iampolicy.Request{
		Principal: "cloudwatch.amazonaws.com", Action: "sns:Publish", Resource: topic,
		Context: map[string]string{"aws:SourceArn": *a.AlarmArn, "aws:SourceAccount": account, "aws:SourceOwner": account},
	})
}
