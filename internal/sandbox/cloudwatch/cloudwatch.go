// Package cloudwatch is Amazon CloudWatch for the sandbox: metric alarms with
// their states, history and tags. It keeps no metrics, so alarms change state
// only by SetAlarmState.
package cloudwatch

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Neighbours is what CloudWatch must know of the other services.
type Neighbours interface {
	// TopicPolicy gives the policy of an SNS topic by its ARN, and whether the topic exists.
	TopicPolicy(ctx context.Context, arn string) (policy *iampolicy.Policy, exists bool)
}

// Backend holds the alarms of an account. It may be used by many goroutines.
type Backend struct {
	neighbours Neighbours
	alarms     store.Table[alarm]
	history    history
}

// New makes a CloudWatch without alarms.
func New(neighbours Neighbours) *Backend { return &Backend{neighbours: neighbours} }

// Service gives CloudWatch as clients see it. The Go SDK and newer AWS CLIs
// speak CBOR, others JSON, older ones Query.
func (b *Backend) Service() *wire.Service {
	return &wire.Service{
		SigningName:  "monitoring",
		EventSource:  "monitoring.amazonaws.com",
		Targets:      []string{"GraniteServiceVersion20100801"},
		CBORName:     "GraniteServiceVersion20100801",
		Version:      "2010-08-01",
		XMLNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
		Query:        wire.Query{},
		Unions: []any{
			&types.EvaluationCriteriaMemberPromQLCriteria{},
			&types.EvaluationWindowMemberSlidingWindow{},
			&types.EvaluationWindowMemberWallClockWindow{},
		},
		Resources: map[string]string{"AlarmName": "AWS::CloudWatch::Alarm"},
		Operations: wire.Operations(
			wire.Op("PutMetricAlarm", b.putMetricAlarm),
			wire.Op("DescribeAlarms", b.describeAlarms),
			wire.Op("DescribeAlarmsForMetric", b.describeAlarmsForMetric),
			wire.Op("DeleteAlarms", b.deleteAlarms),
			wire.Op("EnableAlarmActions", b.enableActions),
			wire.Op("DisableAlarmActions", b.disableActions),
			wire.Op("SetAlarmState", b.setAlarmState),
			wire.Op("DescribeAlarmHistory", b.describeHistory),
			wire.Op("TagResource", b.tagResource),
			wire.Op("UntagResource", b.untagResource),
			wire.Op("ListTagsForResource", b.listTags),
		),
	}
}

// Resources lists the alarms' ARNs.
func (b *Backend) Resources(ctx context.Context) []string {
	var arns []string
	for _, a := range b.alarms.All(ctx) {
		arns = append(arns, *a.shown.AlarmArn)
	}
	return arns
}

// invalid is the answer to values that break a rule of the service itself.
func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationError", format, args...)
}

func badValue(format string, args ...any) error {
	e := wire.Errorf("InvalidParameterValueException", format, args...)
	e.QueryCode = "InvalidParameterValue"
	return e
}

func badCombination(format string, args ...any) error {
	e := wire.Errorf("InvalidParameterCombinationException", format, args...)
	e.QueryCode = "InvalidParameterCombination"
	return e
}

func missing(member string) error {
	e := wire.Errorf("MissingRequiredParameterException", "The parameter %s is required.", member)
	e.QueryCode = "MissingParameter"
	return e
}
