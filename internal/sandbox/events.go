package sandbox

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/cloudtrail"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sts"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// recorder numbers the calls and writes them into the event history.
type recorder struct {
	account  string
	sink     *cloudtrail.Backend
	sessions *sts.STS
	last     *atomic.Uint64
}

func newRecorder(account string, sink *cloudtrail.Backend, sessions *sts.STS) recorder {
	r := recorder{account: account, sink: sink, sessions: sessions, last: &atomic.Uint64{}}
	r.last.Store(1) // see wire.Call.Sequence
	return r
}

func (r recorder) number() uint64 { return r.last.Add(1) }

// event records a call. Calls that never reached their service (broken
// connections, unknown actions, no credentials) leave no event, as on AWS;
// nor do actions on data.
func (r recorder) event(x *exchange) {
	svc := x.route.Service
	if svc == nil || x.call.AccessKey == "" || x.action.Data {
		return
	}
	if _, known := svc.Operations[x.route.Operation]; !known && svc.Raw == nil {
		return
	}
	if !x.done && x.failure == nil {
		return
	}
	id, who, region := newRequestID(), identityOf(x, r.sessions), eventRegion(x.call)
	r.sink.Record(cloudtrail.Event{
		ID: id, Name: x.call.Operation, Source: svc.EventSource, Time: x.call.Time, Region: region,
		ReadOnly: x.call.ReadOnly, AccessKey: x.call.AccessKey, Username: who.userName,
		Resources: resources(x), Document: r.document(x, id, region, who),
	})
}

// eventRegion gives the Region whose history has the event: IAM's are in
// us-east-1 wherever the call came from.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
func eventRegion(call wire.Call) string {
	if call.Service == "iam" {
		return "us-east-1"
	}
	return call.Region
}

// document writes the event record.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
func (r recorder) document(x *exchange, id, region string, who identity) string {
	doc := map[string]any{
		"eventVersion": "1.11", "eventID": id, "eventType": "AwsApiCall", "eventCategory": "Management",
		"managementEvent": true, "eventTime": x.call.Time.UTC().Format(time.RFC3339),
		"eventSource": x.route.Service.EventSource, "eventName": x.call.Operation, "readOnly": x.call.ReadOnly,
		"awsRegion": region, "recipientAccountId": r.account, "requestID": x.call.RequestID,
		"sourceIPAddress": x.call.SourceIP, "userAgent": x.call.UserAgent,
		"userIdentity":      who.record(x.call),
		"requestParameters": nil, "responseElements": nil,
	}
	if x.input != nil {
		doc["requestParameters"] = wire.Document(x.input)
	}
	if x.output != nil && !x.call.ReadOnly {
		doc["responseElements"] = wire.Document(x.output)
	}
	if x.failure != nil {
		doc["errorCode"], doc["errorMessage"] = x.failure.Code, x.failure.Message
	}
	text, err := json.Marshal(doc)
	if err != nil { // only a float without a JSON form can be the reason
		doc["requestParameters"], doc["responseElements"] = nil, nil
		text, _ = json.Marshal(doc)
	}
	return string(text)
}

// resources lists what the call names, by Service.Resources or the raw action.
func resources(x *exchange) []wire.Resource {
	if x.input == nil {
		return x.action.Resources
	}
	var named []wire.Resource
	input := reflect.ValueOf(x.input).Elem()
	for field, kind := range x.route.Service.Resources {
		value := reflect.Indirect(input.FieldByName(field))
		if value.IsValid() && value.Kind() == reflect.String && value.Len() > 0 {
			named = append(named, wire.Resource{Type: kind, Name: value.String()})
		}
	}
	slices.SortFunc(named, func(a, b wire.Resource) int { return cmp.Compare(a.Type+a.Name, b.Type+b.Name) })
	return named
}
