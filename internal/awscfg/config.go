// Package awscfg turns the settings that users of hashicorp/aws know into
// configured AWS clients: credentials through aws-sdk-go-base, and on top of
// it what a tool on the audit plane needs and the SDK does not give:
//
//   - nothing is resolved, read or called before the first client is asked for,
//     so that work which needs no AWS needs no credentials either;
//   - quota errors fail at once, cut-off answers are read again, and a server
//     that hangs is given up (retry.go, http.go);
//   - endpoints given by the user win over the environment.
//
// A [Session] is made from one [Config] and hands out clients:
//
//	session := awscfg.New(awscfg.Config{Region: "eu-west-1"})
//	logs, err := session.Logs(ctx, "") // the session's own Region
package awscfg

import (
	"time"

	awsbase "github.com/hashicorp/aws-sdk-go-base/v2"
)

// AssumeRole is one step of a chain of roles, each assumed with the
// credentials of the one before.
type AssumeRole = awsbase.AssumeRole

// WebIdentity assumes a role with an OpenID Connect token.
type WebIdentity = awsbase.AssumeRoleWithWebIdentity

// Config is everything a user can say about reaching AWS. The zero value
// means what the AWS SDK does by default: environment, shared files, instance
// metadata.
type Config struct {
	Region    string // else AWS_REGION, AWS_DEFAULT_REGION, the profile's
	Profile   string
	AccessKey string
	SecretKey string
	Token     string

	SharedConfigFiles      []string
	SharedCredentialsFiles []string

	AssumeRole  []AssumeRole // in order
	WebIdentity *WebIdentity

	// Endpoints are base URLs by service; they win over AWS_ENDPOINT_URL_*.
	Endpoints map[Service]string

	// MaxAttempts is how often one request is sent at most; 25 where zero.
	MaxAttempts int
	// RetryMode is "standard" or "adaptive"; empty for AWS_RETRY_MODE, then standard.
	RetryMode string
	// RetryTokens is the capacity of the token bucket that retries draw from; zero for none.
	RetryTokens int

	UseFIPS      bool
	UseDualStack bool
	S3PathStyle  bool
	STSRegion    string

	CustomCABundle string
	HTTPProxy      *string // nil: the environment's; "" for none
	HTTPSProxy     *string
	NoProxy        string
	Insecure       bool

	MetadataEndpoint     string // of the EC2 instance metadata service
	MetadataEndpointMode string // IPv4 or IPv6

	AllowedAccounts   []string
	ForbiddenAccounts []string

	SkipCredentialsValidation bool
	SkipRequestingAccount     bool
	SkipMetadataAPICheck      *bool // nil: AWS_EC2_METADATA_DISABLED decides
	SkipRegionValidation      bool

	// Product and Version name the caller in the User-Agent header.
	Product, Version string

	// HeaderTimeout is how long a server may take to begin its answer, and
	// BodyIdleTimeout how long it may pause inside one; 30 s where zero.
	HeaderTimeout, BodyIdleTimeout time.Duration
}

// Identity is whose credentials a session uses.
type Identity struct {
	Account   string // twelve digits; empty where asking was skipped
	Partition string // "aws", "aws-cn", "aws-us-gov", ...
}

// Service is the name of an AWS service in the `endpoints` block.
type Service string

// The services whose endpoints can be set. Names as in hashicorp/aws.
const (
	CloudTrail Service = "cloudtrail"
	CloudWatch Service = "cloudwatch"
	Logs       Service = "logs"
	ConfigSvc  Service = "configservice"
	EC2        Service = "ec2"
	IAM        Service = "iam"
	KMS        Service = "kms"
	S3         Service = "s3"
	SNS        Service = "sns"
	SSO        Service = "sso"
	STS        Service = "sts"
)

// EndpointNames gives every name accepted in the `endpoints` block with the
// service it stands for: hashicorp/aws has several names for some.
func EndpointNames() map[string]Service {
	return map[string]Service{
		"cloudtrail":     CloudTrail,
		"cloudwatch":     CloudWatch,
		"logs":           Logs,
		"cloudwatchlogs": Logs,
		"cloudwatchlog":  Logs,
		"config":         ConfigSvc,
		"configservice":  ConfigSvc,
		"ec2":            EC2,
		"iam":            IAM,
		"kms":            KMS,
		"s3":             S3,
		"sns":            SNS,
		"sso":            SSO,
		"sts":            STS,
	}
}
