package config

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// The states as the service writes them. The SDK's constants have another
// spelling ("Success").
//
// https://docs.aws.amazon.com/cli/latest/reference/configservice/describe-configuration-recorder-status.html
const (
	statusPending types.RecorderStatus = "PENDING"
	statusSuccess types.RecorderStatus = "SUCCESS"
	statusFailure types.RecorderStatus = "FAILURE"
)

func (b *Backend) describeRecorderStatus(ctx context.Context, in *configservice.DescribeConfigurationRecorderStatusInput) (*configservice.DescribeConfigurationRecorderStatusOutput, error) {
	found, err := b.asked(ctx, question{names: in.ConfigurationRecorderNames, arn: in.Arn, principal: in.ServicePrincipal})
	if err != nil {
		return nil, err
	}
	out := &configservice.DescribeConfigurationRecorderStatusOutput{ConfigurationRecordersStatus: []types.ConfigurationRecorderStatus{}}
	for _, r := range found {
		out.ConfigurationRecordersStatus = append(out.ConfigurationRecordersStatus, b.statusOf(ctx, r))
	}
	return out, nil
}

// statusOf: a recorder that never ran is pending; one that may not assume its
// role fails.
func (b *Backend) statusOf(ctx context.Context, r recorder) types.ConfigurationRecorderStatus {
	status := types.ConfigurationRecorderStatus{
		Arn: r.settings.Arn, Name: r.settings.Name, Recording: r.recording,
		LastStartTime: moment(r.started), LastStopTime: moment(r.stopped), LastStatus: statusPending,
	}
	if r.started.IsZero() {
		return status
	}
	status.LastStatus = statusSuccess
	status.LastStatusChangeTime = moment(r.started)
	if r.stopped.After(r.started) {
		status.LastStatusChangeTime = moment(r.stopped)
	}
	if _, ok := b.assumed(ctx, *r.settings.RoleARN); !ok && !serviceLinked(*r.settings.RoleARN) {
		status.LastStatus = statusFailure
		status.LastErrorCode = aws.String("AccessDenied")
		status.LastErrorMessage = aws.String("The role cannot be assumed: " + *r.settings.RoleARN)
	}
	return status
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// assumed gives the role of an ARN where Config may assume it.
func (b *Backend) assumed(ctx context.Context, arn string) (Role, bool) {
	role, exists := b.neighbours.RecorderRole(ctx, arn)
	if !exists || !role.Trusts(servicePrincipal, map[string]string{"aws:SourceAccount": wire.CallOf(ctx).Account}) {
		return nil, false
	}
	return role, true
}

// serviceLinked tells whether a role is Config's own, which is there whether
// IAM shows it or not.
func serviceLinked(role string) bool {
	return strings.HasSuffix(role, ":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
}
