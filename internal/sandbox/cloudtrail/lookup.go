package cloudtrail

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// lookupEvents searches the event history of the Region, newest first, by at
// most one attribute. There are no Insights events.
func (b *Backend) lookupEvents(ctx context.Context, in *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
	if err := checkLookup(in); err != nil {
		return nil, err
	}
	size := int(aws.ToInt32(in.MaxResults))
	if in.MaxResults == nil {
		size = 50
	}
	region := wire.CallOf(ctx).Region
	question := fmt.Sprint(in.EventCategory, aws.ToTime(in.StartTime).Unix(), aws.ToTime(in.EndTime).Unix(), lookupText(in))
	before, err := lookupPosition(in.NextToken, question)
	if err != nil {
		return nil, err
	}
	out := &cloudtrail.LookupEventsOutput{Events: []types.Event{}}
	if in.EventCategory == types.EventCategoryInsight {
		return out, nil
	}
	for position, e := range b.history.backwards(region, before) {
		if !lookupMatches(in, e) {
			continue
		}
		if len(out.Events) == size {
			out.NextToken = aws.String(lookupToken(position+1, question))
			break
		}
		out.Events = append(out.Events, eventOf(e))
	}
	return out, nil
}

func checkLookup(in *cloudtrail.LookupEventsInput) error {
	switch {
	case in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > 50):
		return wire.Errorf("InvalidMaxResultsException", "MaxResults must be from 1 to 50, not %d.", *in.MaxResults)
	case len(in.LookupAttributes) > 1:
		return wire.Errorf("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
	case in.StartTime != nil && in.EndTime != nil && in.StartTime.After(*in.EndTime):
		return wire.Errorf("InvalidTimeRangeException", "The start time is after the end time.")
	case in.EventCategory != "" && in.EventCategory != types.EventCategoryInsight:
		return wire.Errorf("InvalidEventCategoryException", "Value %s for EventCategory is invalid.", in.EventCategory)
	}
	for _, a := range in.LookupAttributes {
		if !slices.Contains(a.AttributeKey.Values(), a.AttributeKey) || aws.ToString(a.AttributeValue) == "" || len(*a.AttributeValue) > 2000 {
			return wire.Errorf("InvalidLookupAttributesException", "The lookup attribute %s=%q is not valid.", a.AttributeKey, aws.ToString(a.AttributeValue))
		}
	}
	return nil
}

func lookupText(in *cloudtrail.LookupEventsInput) string {
	if len(in.LookupAttributes) == 0 {
		return ""
	}
	return string(in.LookupAttributes[0].AttributeKey) + "=" + aws.ToString(in.LookupAttributes[0].AttributeValue)
}

// lookupToken holds where to go on, and the question: a token is only good for
// the question that it came from.
func lookupToken(position int, question string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(position) + " " + question))
}

func lookupPosition(token *string, question string) (int, error) {
	if token == nil {
		return -1, nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(*token)
	number, of, _ := strings.Cut(string(plain), " ")
	position, bad := strconv.Atoi(number)
	if err != nil || bad != nil || position < 0 || of != question {
		return 0, wire.Errorf("InvalidNextTokenException", "The token is not valid, or the request has other parameters than the one that gave it.")
	}
	return position, nil
}

func lookupMatches(in *cloudtrail.LookupEventsInput, e Event) bool {
	second := e.Time.Truncate(time.Second)
	if in.StartTime != nil && second.Before(in.StartTime.Truncate(time.Second)) || in.EndTime != nil && second.After(*in.EndTime) {
		return false
	}
	for _, a := range in.LookupAttributes {
		if !attributeMatches(a.AttributeKey, aws.ToString(a.AttributeValue), e) {
			return false
		}
	}
	return true
}

func attributeMatches(key types.LookupAttributeKey, value string, e Event) bool {
	switch key {
	case types.LookupAttributeKeyEventId:
		return e.ID == value
	case types.LookupAttributeKeyEventName:
		return e.Name == value
	case types.LookupAttributeKeyReadOnly:
		return strconv.FormatBool(e.ReadOnly) == value
	case types.LookupAttributeKeyUsername:
		return e.Username == value
	case types.LookupAttributeKeyEventSource:
		return e.Source == value
	case types.LookupAttributeKeyAccessKeyId:
		return e.AccessKey == value
	case types.LookupAttributeKeyResourceType:
		return slices.ContainsFunc(e.Resources, func(r wire.Resource) bool { return r.Type == value })
	case types.LookupAttributeKeyResourceName:
		return slices.ContainsFunc(e.Resources, func(r wire.Resource) bool { return r.Name == value })
	default:
		return false
	}
}

func eventOf(e Event) types.Event {
	event := types.Event{
		EventId: aws.String(e.ID), EventName: aws.String(e.Name), EventSource: aws.String(e.Source),
		EventTime: aws.Time(e.Time.Truncate(time.Second)), ReadOnly: aws.String(strconv.FormatBool(e.ReadOnly)),
		Username: optional(e.Username), AccessKeyId: optional(e.AccessKey),
		CloudTrailEvent: aws.String(e.Document), Resources: []types.Resource{},
	}
	for _, r := range e.Resources {
		event.Resources = append(event.Resources, types.Resource{ResourceType: aws.String(r.Type), ResourceName: aws.String(r.Name)})
	}
	return event
}
