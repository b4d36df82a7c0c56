package cloudtrail

import (
	"context"
	"net"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// trailName holds the rules of CreateTrail.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
func trailName() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(3, 128),
		fwk.Matching(regexp.MustCompile(`^[a-zA-Z0-9._-]*$`), "A trail's name is made of the characters a-z, A-Z, 0-9, . _ and -"),
		fwk.Matching(regexp.MustCompile(`^([a-zA-Z0-9](.*[a-zA-Z0-9])?)?$`), "A trail's name begins and ends with a letter or a digit"),
		fwk.Matching(regexp.MustCompile(`^[._-]?([^._-]+[._-]?)*$`), "A trail's name has no two of . _ - side by side"),
		notAddress{},
	}
}

// notAddress refuses names that look like an IPv4 address.
type notAddress struct{}

func (notAddress) Description(context.Context) string { return "must not look like an IP address" }

func (n notAddress) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (notAddress) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if net.ParseIP(req.ConfigValue.ValueString()) != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Value AWS does not take",
			"A trail's name must not look like an IP address. Got: "+req.ConfigValue.String()+".")
	}
}

func bucketName() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(3, 255),
		fwk.Matching(regexp.MustCompile(`^[^:/]*$`), "CloudTrail takes the name of a bucket, not its ARN or URL"),
	}
}

// Modules pass "" for "none"; AWS takes it so too. Hence the empty
// alternative in each of the following.

func logGroupARN() []validator.String {
	return []validator.String{fwk.Matching(regexp.MustCompile(`^(arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+(:\*)?)?$`),
		"CloudTrail takes the ARN of a log group (arn:aws:logs:REGION:ACCOUNT:log-group:NAME, with or without :* at the end)")}
}

func roleARN() []validator.String {
	return []validator.String{fwk.Matching(regexp.MustCompile(`^(arn:[\w-]+:iam::\d{12}:role/.+)?$`),
		"CloudTrail takes the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")}
}

func keyID() []validator.String {
	return []validator.String{fwk.Matching(regexp.MustCompile(`^(arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)/.+|alias/.+|mrk-[0-9a-f]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$`),
		"CloudTrail takes a KMS key's ARN or id, or an alias (alias/NAME) or its ARN")}
}

func fieldName() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(1, 1000),
		fwk.Matching(regexp.MustCompile(`^[\w.|]*$`), "The name of an event field is made of letters, digits, . and _"),
	}
}

// sameMeaning keeps the value of the state while the configuration says the
// same in other words, so that there is nothing to change.
type sameMeaning struct {
	// same compares two values as a trail with this ARN understands them.
	same func(a, b string, trail arn.ARN) bool
}

func (sameMeaning) Description(context.Context) string {
	return "another way to write the same value changes nothing"
}

func (m sameMeaning) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m sameMeaning) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("arn"), &id)...)
	trail, _ := arn.Parse(id.ValueString()) // zero: nothing is of this account
	if m.same(req.ConfigValue.ValueString(), req.StateValue.ValueString(), trail) {
		resp.PlanValue = req.StateValue
	}
}

// sameLogGroup compares ARNs without regard to the ":*" at the end.
func sameLogGroup(a, b string, _ arn.ARN) bool {
	return strings.TrimSuffix(a, ":*") == strings.TrimSuffix(b, ":*")
}

// withStar gives the ARN as CloudTrail wants it: of the streams, not the group.
func withStar(group string) string {
	if group == "" || strings.HasSuffix(group, ":*") {
		return group
	}
	return group + ":*"
}

// sameTopic compares ARNs and names of topics: a name is that of a topic in
// the trail's own account and Region.
func sameTopic(a, b string, trail arn.ARN) bool {
	return topicARN(a, trail) == topicARN(b, trail)
}

func topicARN(topic string, trail arn.ARN) string {
	if topic == "" || arn.IsARN(topic) {
		return topic
	}
	return arn.ARN{Partition: trail.Partition, Service: "sns", Region: trail.Region, AccountID: trail.AccountID, Resource: topic}.String()
}

// sameKey compares ids, aliases and ARNs of keys, as far as their text tells.
// Which key is behind an alias, only AWS knows.
func sameKey(a, b string, trail arn.ARN) bool {
	return keyARN(a, trail) == keyARN(b, trail)
}

func keyARN(key string, trail arn.ARN) string {
	if key == "" || arn.IsARN(key) {
		return key
	}
	if !strings.HasPrefix(key, "alias/") {
		key = "key/" + key
	}
	return arn.ARN{Partition: trail.Partition, Service: "kms", Region: trail.Region, AccountID: trail.AccountID, Resource: key}.String()
}

func lastPart(s, separator string) string {
	return s[strings.LastIndex(s, separator)+1:]
}
