package cloudtrail_test

import (
	"crypto/md5" // the fingerprint of AWS's keys is an MD5 sum
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"

	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

// lookup gives the names of all events that an attribute finds, in pages of two.
func lookup(t *testing.T, c *cloudtrail.Client, key types.LookupAttributeKey, value string) []string {
	t.Helper()
	var names []string
	pages := cloudtrail.NewLookupEventsPaginator(c, &cloudtrail.LookupEventsInput{MaxResults: aws.Int32(2),
		LookupAttributes: []types.LookupAttribute{{AttributeKey: key, AttributeValue: aws.String(value)}}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			names = append(names, *e.EventName)
		}
	}
	return names
}

func TestHistoryOfCalls(t *testing.T) {
	t.Parallel()
	s := account(t)
	c := trails(s)
	name := aws.String("audit")
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(c.CreateTrail, audit(nil))},
		{Name: "start", Call: test.Bind(c.StartLogging, &cloudtrail.StartLoggingInput{Name: name})},
		{Name: "stop", Call: test.Bind(c.StopLogging, &cloudtrail.StopLoggingInput{Name: name})},
		{Name: "get", Call: test.Bind(c.GetTrail, &cloudtrail.GetTrailInput{Name: aws.String("other")}), Code: "TrailNotFoundException"},
	})
	for _, tc := range []struct {
		key   types.LookupAttributeKey
		value string
		want  []string
	}{
		{types.LookupAttributeKeyResourceName, "audit", []string{"StopLogging", "StartLogging", "CreateTrail"}},
		{types.LookupAttributeKeyResourceName, bucket, []string{"CreateTrail", "PutBucketPolicy", "CreateBucket"}},
		{types.LookupAttributeKeyEventName, "StopLogging", []string{"StopLogging"}},
		{types.LookupAttributeKeyEventSource, "s3.amazonaws.com", []string{"PutBucketPolicy", "CreateBucket"}},
		{types.LookupAttributeKeyUsername, "nobody", nil},
	} {
		if diff := cmp.Diff(tc.want, lookup(t, c, tc.key, tc.value)); diff != "" {
			t.Errorf("%s=%s: (-want +got)\n%s", tc.key, tc.value, diff)
		}
	}
	if reads := lookup(t, c, types.LookupAttributeKeyReadOnly, "true"); !slices.Contains(reads, "GetTrail") || slices.Contains(reads, "CreateTrail") {
		t.Errorf("read-only events are %v", reads)
	}
}

func TestOneEventTellsAll(t *testing.T) {
	t.Parallel()
	s := account(t)
	c := trails(s)
	if _, err := c.CreateTrail(t.Context(), audit(nil)); err != nil {
		t.Fatal(err)
	}
	out, err := c.LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{StartTime: aws.Time(test.Now), EndTime: aws.Time(test.Now),
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: aws.String("CreateTrail")}}})
	if err != nil || len(out.Events) != 1 {
		t.Fatalf("%v: %v", out, err)
	}
	event := out.Events[0]
	var record map[string]any
	if err := json.Unmarshal([]byte(*event.CloudTrailEvent), &record); err != nil {
		t.Fatal(err)
	}
	for _, volatile := range []string{"eventID", "requestID", "userAgent"} {
		delete(record, volatile)
	}
	want := map[string]any{
		"eventVersion": "1.11", "eventType": "AwsApiCall", "eventCategory": "Management", "managementEvent": true,
		"eventTime": "2026-11-21T10:00:00Z", "eventSource": "cloudtrail.amazonaws.com", "eventName": "CreateTrail", "readOnly": false,
		"awsRegion": "eu-west-1", "recipientAccountId": "111122223333", "sourceIPAddress": "127.0.0.1",
		"userIdentity": map[string]any{"type": "IAMUser", "principalId": "AIDAIOSFODNN7EXAMPLE", "accountId": "111122223333",
			"arn": "arn:aws:iam::111122223333:user/sandbox", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "sandbox"},
		"requestParameters": map[string]any{"name": "audit", "s3BucketName": bucket},
		"responseElements": map[string]any{"name": "audit", "trailARN": trailARN, "s3BucketName": bucket, "includeGlobalServiceEvents": true,
			"isMultiRegionTrail": false, "isOrganizationTrail": false, "logFileValidationEnabled": false},
	}
	if diff := cmp.Diff(want, record); diff != "" {
		t.Errorf("record: (-want +got)\n%s", diff)
	}
	event.CloudTrailEvent, event.EventId = nil, nil
	wantEvent := types.Event{
		EventName: aws.String("CreateTrail"), EventSource: aws.String("cloudtrail.amazonaws.com"), EventTime: aws.Time(test.Now), ReadOnly: aws.String("false"),
		Username: aws.String("sandbox"), AccessKeyId: aws.String("AKIAIOSFODNN7EXAMPLE"), Resources: []types.Resource{
			{ResourceType: aws.String("AWS::CloudTrail::Trail"), ResourceName: aws.String("audit")},
			{ResourceType: aws.String("AWS::S3::Bucket"), ResourceName: aws.String(bucket)},
		},
	}
	if diff := cmp.Diff(wantEvent, event, test.Compare()...); diff != "" {
		t.Errorf("event: (-want +got)\n%s", diff)
	}
}

func TestRulesOfLookupEvents(t *testing.T) {
	t.Parallel()
	c := trails(test.Start(t))
	attribute := types.LookupAttribute{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: aws.String("x")}
	type in = cloudtrail.LookupEventsInput
	for code, input := range map[string]*in{
		"InvalidMaxResultsException":       {MaxResults: aws.Int32(51)},
		"InvalidLookupAttributesException": {LookupAttributes: []types.LookupAttribute{attribute, attribute}},
		"InvalidTimeRangeException":        {StartTime: aws.Time(test.Now), EndTime: aws.Time(test.Now.Add(-time.Hour))},
		"InvalidNextTokenException":        {NextToken: aws.String("x")},
		"InvalidEventCategoryException":    {EventCategory: "data"},
		"":                                 {EventCategory: types.EventCategoryInsight},
	} {
		_, err := c.LookupEvents(t.Context(), input)
		if got := test.Code(err); got != code {
			t.Errorf("%q, want %q (%v)", got, code, err)
		}
	}
}

// TestPublicKeys: a real key, its MD5 sum, and another one in each Region.
func TestPublicKeys(t *testing.T) {
	t.Parallel()
	s := test.Start(t)
	var fingerprints []string
	for _, region := range []string{test.Region, "us-east-1", test.Region} {
		c := cloudtrail.NewFromConfig(test.Config(s, region))
		out, err := c.ListPublicKeys(t.Context(), &cloudtrail.ListPublicKeysInput{})
		if err != nil || len(out.PublicKeyList) != 1 {
			t.Fatalf("%v: %v", out, err)
		}
		key := out.PublicKeyList[0]
		public, err := x509.ParsePKCS1PublicKey(key.Value)
		if err != nil || public.Size() != 256 {
			t.Fatalf("%v: %v", public, err)
		}
		sum := md5.Sum(key.Value)
		if *key.Fingerprint != hex.EncodeToString(sum[:]) {
			t.Errorf("fingerprint %s of %x", *key.Fingerprint, key.Value)
		}
		if key.ValidityStartTime.After(test.Now) || key.ValidityEndTime.Before(test.Now) {
			t.Errorf("valid from %v to %v", key.ValidityStartTime, key.ValidityEndTime)
		}
		fingerprints = append(fingerprints, *key.Fingerprint)
	}
	if fingerprints[0] != fingerprints[2] || fingerprints[0] == fingerprints[1] {
		t.Errorf("got %v", fingerprints)
	}
	c := trails(s)
	early := test.Now.AddDate(-1, 0, 0)
	out, err := c.ListPublicKeys(t.Context(), &cloudtrail.ListPublicKeysInput{StartTime: aws.Time(early), EndTime: aws.Time(early)})
	if err != nil || len(out.PublicKeyList) != 0 {
		t.Errorf("a year ago: %v: %v", out, err)
	}
}
