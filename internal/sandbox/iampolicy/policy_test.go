package iampolicy_test

import (
	"errors"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
)

// trailBucket is the bucket policy that the CloudTrail User Guide gives for a trail's bucket.
const trailBucket = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "AWSCloudTrailAclCheck", "Effect": "Allow",
     "Principal": {"Service": "cloudtrail.amazonaws.com"},
     "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::audit",
     "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"}}},
    {"Sid": "AWSCloudTrailWrite", "Effect": "Allow",
     "Principal": {"Service": "cloudtrail.amazonaws.com"},
     "Action": "s3:PutObject", "Resource": "arn:aws:s3:::audit/AWSLogs/111122223333/*",
     "Condition": {"StringEquals": {
       "s3:x-amz-acl": "bucket-owner-full-control",
       "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"}}}
  ]}`

func write(change func(*iampolicy.Request)) iampolicy.Request {
	request := iampolicy.Request{
		Principal: "cloudtrail.amazonaws.com",
		Action:    "s3:PutObject",
		Resource:  "arn:aws:s3:::audit/AWSLogs/111122223333/CloudTrail/x.json.gz",
		Context: map[string]string{
			"s3:x-amz-acl":      "bucket-owner-full-control",
			"aws:SourceArn":     "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
			"aws:SourceAccount": "111122223333",
		},
	}
	change(&request)
	return request
}

func TestDecideTrailBucket(t *testing.T) {
	tests := []struct {
		name   string
		change func(*iampolicy.Request)
		want   iampolicy.Decision
	}{
		{"as documented", func(*iampolicy.Request) {}, iampolicy.Allow},
		{"other service", func(r *iampolicy.Request) { r.Principal = "config.amazonaws.com" }, iampolicy.ImplicitDeny},
		{"anonymous", func(r *iampolicy.Request) { r.Principal = "" }, iampolicy.ImplicitDeny},
		{"other trail", func(r *iampolicy.Request) {
			r.Context["aws:SourceArn"] = "arn:aws:cloudtrail:us-east-1:111122223333:trail/other"
		}, iampolicy.ImplicitDeny},
		{"no acl", func(r *iampolicy.Request) { delete(r.Context, "s3:x-amz-acl") }, iampolicy.ImplicitDeny},
		{"other prefix", func(r *iampolicy.Request) { r.Resource = "arn:aws:s3:::audit/p/AWSLogs/111122223333/x" }, iampolicy.ImplicitDeny},
		{"other action", func(r *iampolicy.Request) { r.Action = "s3:DeleteObject" }, iampolicy.ImplicitDeny},
		{"action in other case", func(r *iampolicy.Request) { r.Action = "S3:putobject" }, iampolicy.Allow},
		{"key in other case", func(r *iampolicy.Request) {
			delete(r.Context, "s3:x-amz-acl")
			r.Context["S3:X-Amz-Acl"] = "bucket-owner-full-control"
		}, iampolicy.Allow},
	}
	policy, err := iampolicy.Parse([]byte(trailBucket))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := policy.Decide(write(test.change)); got != test.want {
				t.Errorf("Decide = %v, want %v", got, test.want)
			}
		})
	}
}

// one gives a policy of one statement from the inside of that statement.
func one(statement string) string {
	return `{"Version": "2012-10-17", "Statement": {` + statement + `}}`
}

func TestDecide(t *testing.T) {
	request := write(func(*iampolicy.Request) {})
	role := write(func(r *iampolicy.Request) { r.Principal = "arn:aws:iam::111122223333:role/audit" })
	const allow = `"Effect": "Allow", "Action": "s3:*", "Resource": "*"`
	tests := []struct {
		name     string
		document string
		request  iampolicy.Request
		want     iampolicy.Decision
	}{
		{"everyone", one(allow + `, "Principal": "*"`), request, iampolicy.Allow},
		{"AWS star is no service", one(allow + `, "Principal": {"AWS": "*"}`), request, iampolicy.ImplicitDeny},
		{"AWS star is a role", one(allow + `, "Principal": {"AWS": "*"}`), role, iampolicy.Allow},
		{"root is its account", one(allow + `, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}`), role, iampolicy.Allow},
		{"account id is its account", one(allow + `, "Principal": {"AWS": "111122223333"}`), role, iampolicy.Allow},
		{"other account", one(allow + `, "Principal": {"AWS": "444455556666"}`), role, iampolicy.ImplicitDeny},
		{"list of services", one(allow + `, "Principal": {"Service": ["config.amazonaws.com", "cloudtrail.amazonaws.com"]}`), request, iampolicy.Allow},
		{"NotPrincipal", one(allow + `, "NotPrincipal": {"Service": "cloudtrail.amazonaws.com"}`), request, iampolicy.ImplicitDeny},
		{"NotAction", one(`"Effect": "Allow", "Principal": "*", "NotAction": "s3:Delete*", "Resource": "*"`), request, iampolicy.Allow},
		{"NotResource", one(`"Effect": "Allow", "Principal": "*", "Action": "*", "NotResource": "arn:aws:s3:::audit/*"`), request, iampolicy.ImplicitDeny},
		{"question mark", one(`"Effect": "Allow", "Principal": "*", "Action": "s3:PutObjec?", "Resource": "*"`), request, iampolicy.Allow},
		{"deny wins whatever its place", `{"Version": "2012-10-17", "Statement": [
			{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"},
			{` + allow + `, "Principal": "*"}]}`, request, iampolicy.ExplicitDeny},
		{"deny that does not apply", `{"Version": "2012-10-17", "Statement": [
			{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*",
			 "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
			{` + allow + `, "Principal": "*"}]}`, request, iampolicy.Allow},
		{"identity policy", one(allow), role, iampolicy.Allow},
		{"two values are alternatives", one(allow + `, "Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ["444455556666", "111122223333"]}}`), request, iampolicy.Allow},
		{"two operators are both needed", one(allow + `, "Principal": "*", "Condition": {
			"StringEquals": {"aws:SourceAccount": "111122223333"}, "StringLike": {"s3:x-amz-acl": "private"}}`), request, iampolicy.ImplicitDeny},
		{"ArnLike", one(allow + `, "Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}`), request, iampolicy.Allow},
		{"ArnLike does not reach over colons", one(allow + `, "Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:*:trail/*"}}`), request, iampolicy.ImplicitDeny},
		{"StringLike does", one(allow + `, "Principal": "*", "Condition": {"StringLike": {"aws:SourceArn": "arn:aws:*:trail/*"}}`), request, iampolicy.Allow},
		{"StringEquals has no wildcards", one(allow + `, "Principal": "*", "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:*"}}`), request, iampolicy.ImplicitDeny},
		{"StringNotEquals of an absent key", one(allow + `, "Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}`), request, iampolicy.Allow},
		{"StringNotLike", one(allow + `, "Principal": "*", "Condition": {"StringNotLike": {"aws:SourceAccount": ["4*", "1*"]}}`), request, iampolicy.ImplicitDeny},
		{"IfExists of an absent key", one(allow + `, "Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}`), request, iampolicy.Allow},
		{"Null", one(allow + `, "Principal": "*", "Condition": {"Null": {"aws:SourceArn": "true"}}`), request, iampolicy.ImplicitDeny},
		{"Null false, as JSON", one(allow + `, "Principal": "*", "Condition": {"Null": {"aws:SourceArn": false}}`), request, iampolicy.Allow},
		{"number", one(allow + `, "Principal": "*", "Condition": {"NumericLessThan": {"aws:SourceAccount": 111122223334}}`), request, iampolicy.Allow},
		{"variable in a resource", one(`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::audit/AWSLogs/${aws:SourceAccount}/*"`), request, iampolicy.Allow},
		{"variable without a value", one(`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::audit/${aws:username}*"`), request, iampolicy.ImplicitDeny},
		{"no variables in 2008-10-17", `{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*",
			"Resource": "arn:aws:s3:::audit/AWSLogs/${aws:SourceAccount}/*"}}`, request, iampolicy.ImplicitDeny},
		{"escaped star is a star", one(`"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::audit/${*}"`), request, iampolicy.ImplicitDeny},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			policy, err := iampolicy.Parse([]byte(test.document))
			if err != nil {
				t.Fatal(err)
			}
			if got := policy.Decide(test.request); got != test.want {
				t.Errorf("Decide = %v, want %v", got, test.want)
			}
		})
	}
}

func TestConditionOperators(t *testing.T) {
	context := map[string]string{
		"aws:SourceIp": "203.0.113.9", "aws:CurrentTime": "2024-05-01T10:00:00Z", "aws:SecureTransport": "true",
		"s3:max-keys": "10", "k:bin": "hello", "k:text": "Hello",
	}
	tests := []struct {
		condition string
		want      bool
	}{
		{`"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}`, true},
		{`"IpAddress": {"aws:SourceIp": "203.0.113.9"}`, true},
		{`"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}`, false},
		{`"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}`, false},
		{`"DateLessThan": {"aws:CurrentTime": "2024-05-02"}`, true},
		{`"DateGreaterThanEquals": {"aws:CurrentTime": "2024-05-01T10:00:00Z"}`, true},
		{`"DateNotEquals": {"aws:CurrentTime": "2024-05-01T10:00:00Z"}`, false},
		{`"NumericGreaterThan": {"s3:max-keys": "9"}`, true},
		{`"NumericLessThanEquals": {"s3:max-keys": 9}`, false},
		{`"NumericEquals": {"k:text": "1"}`, false},
		{`"Bool": {"aws:SecureTransport": true}`, true},
		{`"BinaryEquals": {"k:bin": "aGVsbG8="}`, true},
		{`"StringEqualsIgnoreCase": {"k:text": "hELLO"}`, true},
		{`"StringNotEqualsIgnoreCase": {"k:text": "hELLO"}`, false},
		{`"ForAnyValue:StringLike": {"k:text": ["x", "He*"]}`, true},
		{`"ForAllValues:StringEquals": {"k:absent": "x"}`, true},
		{`"stringlike": {"k:text": "H?llo"}`, true},
	}
	for _, test := range tests {
		t.Run(test.condition, func(t *testing.T) {
			policy, err := iampolicy.Parse([]byte(one(`"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {` + test.condition + `}`)))
			if err != nil {
				t.Fatal(err)
			}
			if got := policy.Allows(iampolicy.Request{Action: "a:b", Resource: "r", Context: context}); got != test.want {
				t.Errorf("Allows = %v, want %v", got, test.want)
			}
		})
	}
}

func TestNilPolicyAllowsNothing(t *testing.T) {
	var policy *iampolicy.Policy
	if policy.Allows(write(func(*iampolicy.Request) {})) || policy.Public() {
		t.Error("a nil policy allowed something")
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"empty", ``, "This policy contains invalid Json: EOF"},
		{"list", `[]`, "policy must be a JSON object"},
		{"data after the end", `{"Statement": []} x`, "This policy contains invalid Json: data after the end of the document"},
		{"no statement", `{"Version": "2012-10-17"}`, "Missing required field Statement"},
		{"empty statement list", `{"Statement": []}`, "Could not parse the policy: Statement is empty!"},
		{"version", `{"Version": "2024-01-01", "Statement": []}`, "The policy must contain a valid version string"},
		{"unknown element", `{"Statment": []}`, "Unknown element Statment"},
		{"effect", one(`"Effect": "allow", "Action": "*"`), "Invalid effect: allow"},
		{"no effect", one(`"Action": "*"`), "Missing required field Effect"},
		{"no action", one(`"Effect": "Allow"`), "Missing required field Action"},
		{"both actions", one(`"Effect": "Allow", "Action": "*", "NotAction": "s3:*"`), "Statement has both Action and NotAction"},
		{"action without vendor", one(`"Effect": "Allow", "Action": "PutObject"`), "Policy has invalid action"},
		{"service", one(`"Effect": "Allow", "Action": "*", "Principal": {"Service": "cloudtrail"}`), "Invalid principal in policy"},
		{"bare principal", one(`"Effect": "Allow", "Action": "*", "Principal": "arn:aws:iam::111122223333:root"`), "Invalid principal in policy"},
		{"principal kind", one(`"Effect": "Allow", "Action": "*", "Principal": {"Services": "x"}`), "Invalid principal in policy"},
		{"operator", one(`"Effect": "Allow", "Action": "*", "Condition": {"StringIs": {"a": "b"}}`), "Invalid Condition type : StringIs"},
		{"duplicate name", one(`"Effect": "Allow", "Effect": "Deny", "Action": "*"`), "Duplicate element Effect in statement"},
		{"duplicate sid", `{"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "*"}, {"Sid": "a", "Effect": "Deny", "Action": "*"}]}`,
			"Statement IDs (SID) in a single policy must be unique"},
		{"number as action", one(`"Effect": "Allow", "Action": 1`), "Action must be a string or a list of strings"},
		{"null as action", one(`"Effect": "Allow", "Action": null`), "Action must be a string or a list of strings"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := iampolicy.Parse([]byte(test.document))
			var syntax *iampolicy.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse gave %v, want a SyntaxError", err)
			}
			if err.Error() != test.want {
				t.Errorf("Parse: %q, want %q", err.Error(), test.want)
			}
		})
	}
}

func TestKinds(t *testing.T) {
	const (
		resource = `"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*", "Resource": "arn:aws:s3:::b/*"`
		trust    = `"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "cloudtrail.amazonaws.com"}`
		identity = `"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"`
	)
	tests := []struct {
		name, statement           string
		resource, trust, identity bool
	}{
		{"resource", resource, true, false, false},
		{"trust", trust, false, true, false},
		{"identity", identity, false, false, true},
		{"identity without ARN", `"Effect": "Allow", "Action": "s3:GetObject", "Resource": "bucket"`, false, false, false},
		{"trust of another action", `"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*"`, false, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			policy, err := iampolicy.Parse([]byte(one(test.statement)))
			if err != nil {
				t.Fatal(err)
			}
			got := [3]bool{policy.CheckResourcePolicy() == nil, policy.CheckTrustPolicy() == nil, policy.CheckIdentityPolicy() == nil}
			if want := [3]bool{test.resource, test.trust, test.identity}; got != want {
				t.Errorf("resource, trust, identity = %v, want %v", got, want)
			}
		})
	}
}

func TestPublic(t *testing.T) {
	const allow = `"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`
	tests := []struct {
		name, statement string
		want            bool
	}{
		{"everyone", allow + `, "Principal": "*"`, true},
		{"AWS star", allow + `, "Principal": {"AWS": "*"}`, true},
		{"service", allow + `, "Principal": {"Service": "config.amazonaws.com"}`, false},
		{"deny", `"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"`, false},
		{"narrowed by account", allow + `, "Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}`, false},
		{"narrowed by a wildcard", allow + `, "Principal": "*", "Condition": {"StringLike": {"aws:SourceAccount": "1*"}}`, true},
		{"narrowed by the whole internet", allow + `, "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}`, true},
		{"only if the key exists", allow + `, "Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}`, true},
		{"other key", allow + `, "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			policy, err := iampolicy.Parse([]byte(one(test.statement)))
			if err != nil {
				t.Fatal(err)
			}
			if got := policy.Public(); got != test.want {
				t.Errorf("Public = %v, want %v", got, test.want)
			}
		})
	}
}

// FuzzParse: no document makes the parser or the evaluation panic, and a Deny
// for everyone put in front of any policy turns every answer into ExplicitDeny.
func FuzzParse(f *testing.F) {
	f.Add(trailBucket)
	f.Add(one(`"Effect": "Allow", "NotAction": "s3:*", "NotPrincipal": {"AWS": "*"}, "Resource": "${aws:SourceArn, 'x'}*"`))
	f.Add(`{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Null": {"a": true}}}}`)
	request := write(func(*iampolicy.Request) {})
	f.Fuzz(func(t *testing.T, document string) {
		policy, err := iampolicy.Parse([]byte(document))
		if err != nil {
			return
		}
		policy.Decide(request)
		policy.Public()
		policy.Statements = append([]iampolicy.Statement{{Deny: true, Principal: &iampolicy.Principal{Everyone: true}, Actions: []string{"*"}}}, policy.Statements...)
		if got := policy.Decide(request); got != iampolicy.ExplicitDeny {
			t.Errorf("Decide = %v behind a Deny for everyone", got)
		}
	})
}
