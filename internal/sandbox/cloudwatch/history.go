package cloudwatch

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxHistory bounds the items of a Region; older ones go first.
const maxHistory = 10_000

// history holds what happened to alarms, by Region, oldest first. It outlives
// the alarms.
type history struct {
	mu    sync.RWMutex
	items map[string][]numbered
	last  int
}

type numbered struct {
	number int
	item   types.AlarmHistoryItem
}

func (b *Backend) note(ctx context.Context, a types.MetricAlarm, kind types.HistoryItemType, summary string, data map[string]any) {
	call, h := wire.CallOf(ctx), &b.history
	data["version"] = "1.0"
	text, _ := json.Marshal(data) // strings only
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.items == nil {
		h.items = map[string][]numbered{}
	}
	h.last++
	items := append(h.items[call.Region], numbered{h.last, types.AlarmHistoryItem{
		AlarmName: a.AlarmName, AlarmType: types.AlarmTypeMetricAlarm, HistoryItemType: kind,
		HistorySummary: aws.String(summary), HistoryData: aws.String(string(text)), Timestamp: aws.Time(call.Time),
	}})
	if len(items) > maxHistory {
		items = slices.Clone(items[len(items)-maxHistory/2:])
	}
	h.items[call.Region] = items
}

func (b *Backend) noteConfiguration(ctx context.Context, a types.MetricAlarm, existed bool) {
	summary, kind := fmt.Sprintf("Alarm %q created", *a.AlarmName), "Create"
	if existed {
		summary, kind = fmt.Sprintf("Alarm %q updated", *a.AlarmName), "Update"
	}
	b.note(ctx, a, types.HistoryItemTypeConfigurationUpdate, summary, map[string]any{"type": kind})
}

func (b *Backend) noteDeletion(ctx context.Context, a types.MetricAlarm) {
	b.note(ctx, a, types.HistoryItemTypeConfigurationUpdate, fmt.Sprintf("Alarm %q deleted", *a.AlarmName), map[string]any{"type": "Delete"})
}

// noteState writes a transition and what came of each action of the new state.
func (b *Backend) noteState(ctx context.Context, a types.MetricAlarm, old types.StateValue) {
	b.note(ctx, a, types.HistoryItemTypeStateUpdate, fmt.Sprintf("Alarm updated from %s to %s", old, a.StateValue), map[string]any{
		"oldState": map[string]any{"stateValue": old},
		"newState": map[string]any{"stateValue": a.StateValue, "stateReason": aws.ToString(a.StateReason)},
	})
	if !aws.ToBool(a.ActionsEnabled) {
		return
	}
	for _, arn := range actionsFor(a) {
		outcome, word := "Succeeded", "Successfully executed"
		if strings.Contains(arn, ":sns:") && !b.mayNotify(ctx, a, arn) {
			outcome, word = "Failed", "Failed to execute"
		}
		b.note(ctx, a, types.HistoryItemTypeAction, word+" action "+arn, map[string]any{
			"actionState": outcome, "notificationResource": arn, "stateUpdateTimestamp": wire.CallOf(ctx).Time.UnixMilli(),
		})
	}
}

// describeHistory gives the newest item first unless asked otherwise.
func (b *Backend) describeHistory(ctx context.Context, in *cloudwatch.DescribeAlarmHistoryInput) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	size, err := pageSize(in.MaxRecords, 100)
	if err != nil {
		return nil, err
	}
	if err := checkHistory(in); err != nil {
		return nil, err
	}
	b.history.mu.RLock()
	items := slices.Clone(b.history.items[wire.CallOf(ctx).Region])
	b.history.mu.RUnlock()
	items = slices.DeleteFunc(items, func(n numbered) bool { return !historyMatches(in, n.item) })
	key := func(n numbered) string { return fmt.Sprintf("%012d", n.number) }
	if in.ScanBy != types.ScanByTimestampAscending {
		slices.Reverse(items)
		key = func(n numbered) string { return fmt.Sprintf("%012d", int64(1_000_000_000_000)-int64(n.number)) }
	}
	part, next, err := page.After(items, key, in.NextToken, size)
	if err != nil {
		return nil, badToken()
	}
	out := &cloudwatch.DescribeAlarmHistoryOutput{AlarmHistoryItems: []types.AlarmHistoryItem{}, NextToken: next}
	for _, n := range part {
		out.AlarmHistoryItems = append(out.AlarmHistoryItems, n.item)
	}
	return out, nil
}

func checkHistory(in *cloudwatch.DescribeAlarmHistoryInput) error {
	switch {
	case in.HistoryItemType != "" && !slices.Contains(in.HistoryItemType.Values(), in.HistoryItemType):
		return invalid("1 validation error detected: Value '%s' at 'historyItemType' failed to satisfy constraint: Member must satisfy enum value set: %v", in.HistoryItemType, in.HistoryItemType.Values())
	case in.ScanBy != "" && !slices.Contains(in.ScanBy.Values(), in.ScanBy):
		return invalid("1 validation error detected: Value '%s' at 'scanBy' failed to satisfy constraint: Member must satisfy enum value set: %v", in.ScanBy, in.ScanBy.Values())
	case in.StartDate != nil && in.EndDate != nil && in.StartDate.After(*in.EndDate):
		return invalid("StartDate must be before EndDate.")
	}
	return nil
}

func historyMatches(in *cloudwatch.DescribeAlarmHistoryInput, item types.AlarmHistoryItem) bool {
	return (in.AlarmName == nil || *item.AlarmName == *in.AlarmName) &&
		(in.HistoryItemType == "" || item.HistoryItemType == in.HistoryItemType) &&
		(len(in.AlarmTypes) == 0 || slices.Contains(in.AlarmTypes, item.AlarmType)) &&
		(in.StartDate == nil || !item.Timestamp.Before(*in.StartDate)) && (in.EndDate == nil || !item.Timestamp.After(*in.EndDate))
}
