package config

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// recorder is the customer-managed recorder of a Region: there is one at most.
type recorder struct {
	settings         types.ConfigurationRecorder
	tags             []types.Tag
	recording        bool
	started, stopped time.Time
}

// defaultName is the name of a recorder or channel that is put without one.
const defaultName = "default"

// putRecorder makes the recorder or changes the one of the same name, which
// goes on recording. Tags count at the first time only.
func (b *Backend) putRecorder(ctx context.Context, in *configservice.PutConfigurationRecorderInput) (*configservice.PutConfigurationRecorderOutput, error) {
	if in.ConfigurationRecorder == nil {
		return nil, wire.Errorf("ValidationException", "1 validation error detected: Value null at 'configurationRecorder' failed to satisfy constraint: Member must not be null")
	}
	settings, err := checkRecorder(*in.ConfigurationRecorder)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	name := *settings.Name
	r, exists := b.recorders.Get(ctx, name)
	if !exists {
		if len(b.recorders.List(ctx)) > 0 {
			return nil, wire.Errorf("MaxNumberOfConfigurationRecordersExceededException", "Failed to put configuration recorder '%s' because the maximum number of configuration recorders: 1 is reached.", name)
		}
		r = recorder{tags: in.Tags}
		settings.Arn = aws.String(recorderARN(ctx, name))
	} else {
		settings.Arn = r.settings.Arn
	}
	r.settings = settings
	b.recorders.Put(ctx, name, r)
	return &configservice.PutConfigurationRecorderOutput{}, nil
}

// recorderARN ends in a random id, as on AWS.
func recorderARN(ctx context.Context, name string) string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand
	call := wire.CallOf(ctx)
	return "arn:aws:config:" + call.Region + ":" + call.Account + ":configuration-recorder/" + name + "/" + hex.EncodeToString(id[:])
}

func (b *Backend) deleteRecorder(ctx context.Context, in *configservice.DeleteConfigurationRecorderInput) (*configservice.DeleteConfigurationRecorderOutput, error) {
	r, err := b.findRecorder(ctx, in.ConfigurationRecorderName)
	if err != nil {
		return nil, err
	}
	b.recorders.Delete(ctx, *r.settings.Name)
	return &configservice.DeleteConfigurationRecorderOutput{}, nil
}

func (b *Backend) startRecorder(ctx context.Context, in *configservice.StartConfigurationRecorderInput) (*configservice.StartConfigurationRecorderOutput, error) {
	r, err := b.findRecorder(ctx, in.ConfigurationRecorderName)
	if err != nil {
		return nil, err
	}
	if len(b.channels.List(ctx)) == 0 {
		return nil, wire.Errorf("NoAvailableDeliveryChannelException", "Delivery channel is not available to start configuration recorder.")
	}
	if !r.recording {
		r.recording, r.started = true, wire.CallOf(ctx).Time
		b.recorders.Put(ctx, *r.settings.Name, r)
	}
	return &configservice.StartConfigurationRecorderOutput{}, nil
}

func (b *Backend) stopRecorder(ctx context.Context, in *configservice.StopConfigurationRecorderInput) (*configservice.StopConfigurationRecorderOutput, error) {
	r, err := b.findRecorder(ctx, in.ConfigurationRecorderName)
	if err != nil {
		return nil, err
	}
	if r.recording {
		r.recording, r.stopped = false, wire.CallOf(ctx).Time
		b.recorders.Put(ctx, *r.settings.Name, r)
	}
	return &configservice.StopConfigurationRecorderOutput{}, nil
}

func (b *Backend) findRecorder(ctx context.Context, name *string) (recorder, error) {
	r, exists := b.recorders.Get(ctx, aws.ToString(name))
	if !exists {
		return recorder{}, missingRecorder(aws.ToString(name))
	}
	return r, nil
}

func missingRecorder(name string) error {
	return wire.Errorf("NoSuchConfigurationRecorderException", "Cannot find configuration recorder with the specified name '%s'.", name)
}

// question is the way in which three actions ask for recorders: by names, by
// ARN, or by the service that a service-linked recorder belongs to.
type question struct {
	names          []string
	arn, principal *string
}

// asked gives the recorders of a question; all without one. There are no
// service-linked recorders.
func (b *Backend) asked(ctx context.Context, q question) ([]recorder, error) {
	switch {
	case q.arn != nil && (q.principal != nil || len(q.names) > 0), q.principal != nil && len(q.names) > 0:
		return nil, wire.Errorf("ValidationException", "You can specify only one of the configuration recorder name, the ARN and the service principal.")
	case q.principal != nil:
		return nil, missingRecorder(*q.principal)
	case q.arn != nil:
		for _, r := range b.recorders.List(ctx) {
			if *r.settings.Arn == *q.arn {
				return []recorder{r}, nil
			}
		}
		return nil, missingRecorder(*q.arn)
	case len(q.names) == 0:
		return b.recorders.List(ctx), nil
	}
	var found []recorder
	for _, name := range q.names {
		r, err := b.findRecorder(ctx, &name)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

func (b *Backend) describeRecorders(ctx context.Context, in *configservice.DescribeConfigurationRecordersInput) (*configservice.DescribeConfigurationRecordersOutput, error) {
	found, err := b.asked(ctx, question{names: in.ConfigurationRecorderNames, arn: in.Arn, principal: in.ServicePrincipal})
	if err != nil {
		return nil, err
	}
	out := &configservice.DescribeConfigurationRecordersOutput{ConfigurationRecorders: []types.ConfigurationRecorder{}}
	for _, r := range found {
		out.ConfigurationRecorders = append(out.ConfigurationRecorders, r.settings)
	}
	return out, nil
}

func (b *Backend) listRecorders(ctx context.Context, in *configservice.ListConfigurationRecordersInput) (*configservice.ListConfigurationRecordersOutput, error) {
	if in.NextToken != nil {
		return nil, wire.Errorf("ValidationException", "The specified next token is not valid.")
	}
	out := &configservice.ListConfigurationRecordersOutput{ConfigurationRecorderSummaries: []types.ConfigurationRecorderSummary{}}
	for _, r := range b.recorders.List(ctx) {
		if !scopeMatches(in.Filters, r.settings.RecordingScope) {
			continue
		}
		out.ConfigurationRecorderSummaries = append(out.ConfigurationRecorderSummaries, types.ConfigurationRecorderSummary{
			Arn: r.settings.Arn, Name: r.settings.Name, RecordingScope: r.settings.RecordingScope,
		})
	}
	return out, nil
}

func scopeMatches(filters []types.ConfigurationRecorderFilter, scope types.RecordingScope) bool {
	for _, f := range filters {
		if f.FilterName == types.ConfigurationRecorderFilterNameRecordingScope && !slices.Contains(f.FilterValue, string(scope)) {
			return false
		}
	}
	return true
}
