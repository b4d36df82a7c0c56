package cloudtrail

import (
	"net"
	"regexp"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// The forms of names, from the API reference of CreateTrail.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
var (
	nameLetters  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	doubledMarks = regexp.MustCompile(`[._-]{2}`)
	bucketName   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	keyID        = regexp.MustCompile(`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+|alias/.+|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)
	topicName    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	topicARN     = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$`)
	roleName     = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)
)

// checkTrailName holds a name against CloudTrail's rules: 3 to 128 letters,
// digits, periods, hyphens and underscores, a letter or digit at both ends, no
// two marks in a row, not an IP address.
func checkTrailName(name string) error {
	switch {
	case len(name) < 3:
		return badName("Trail name too short. Minimum allowed length: 3 characters. Specified name length: %d characters.", len(name))
	case len(name) > 128:
		return badName("Trail name too long. Maximum allowed length: 128 characters. Specified name length: %d characters.", len(name))
	case !nameLetters.MatchString(name):
		return badName("Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).")
	case isMark(name[0]):
		return badName("Trail name must starts with a letter or number.")
	case isMark(name[len(name)-1]):
		return badName("Trail name must ends with a letter or number.")
	case doubledMarks.MatchString(name):
		return badName("Trail name cannot have adjacent periods, hyphens or underscores: %s", name)
	case net.ParseIP(name) != nil:
		return badName("Trail name cannot be an IP address: %s", name)
	}
	return nil
}

func isMark(c byte) bool { return strings.IndexByte("._-", c) >= 0 }

func badName(format string, args ...any) error {
	return wire.Errorf("InvalidTrailNameException", format, args...)
}

// checkSettings holds the settings against each other and against the forms of
// S3's names.
func checkSettings(s settings) error {
	switch {
	case !bucketName.MatchString(s.bucket):
		return wire.Errorf("InvalidS3BucketNameException", "Bucket name %q is not valid.", s.bucket)
	case len(s.prefix) > 200 || strings.HasPrefix(s.prefix, "/"):
		return wire.Errorf("InvalidS3PrefixException", "S3 prefix %q is not valid: it must have at most 200 characters and not start with a slash.", s.prefix)
	case s.multiRegion && !s.global:
		return wire.Errorf("InvalidParameterCombinationException", "Multi-Region trail must include global service events.")
	case s.ofOrganization:
		return wire.Errorf("OrganizationsNotInUseException", "Your account is not a member of an organization.")
	case s.logGroupARN != "" && s.roleARN == "":
		return wire.Errorf("InvalidCloudWatchLogsRoleArnException", "A role is required for the log group %s.", s.logGroupARN)
	case s.logGroupARN == "" && s.roleARN != "":
		return wire.Errorf("InvalidCloudWatchLogsLogGroupArnException", "A log group is required for the role %s.", s.roleARN)
	}
	return nil
}
