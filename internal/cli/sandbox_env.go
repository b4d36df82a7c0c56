package cli

import (
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// variable is one environment variable.
type variable struct{ name, value string }

const sandboxRegion = "eu-west-1"

// sandboxVariables lead AWS's own tools, and the configuration of
// examples/demo, to a sandbox.
func sandboxVariables(aws *sandbox.Server, landingZone bool) []variable {
	vars := []variable{
		{"AWS_ENDPOINT_URL", aws.URL()},
		{"AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"},
		{"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
		{"AWS_REGION", sandboxRegion},
		{"AWS_DEFAULT_REGION", sandboxRegion}, // the AWS CLI knows only this one
		{"AWS_EC2_METADATA_DISABLED", "true"},
		{"TF_VAR_endpoint", aws.URL()},
		{"TF_VAR_region", sandboxRegion},
	}
	if !landingZone {
		return vars
	}
	zone := aws.LandingZone()
	return append(vars,
		variable{"TF_VAR_trail_bucket", zone.TrailBucket},
		variable{"TF_VAR_config_bucket", zone.ConfigBucket},
		variable{"TF_VAR_kms_key_arn", zone.KMSKeyARN},
		variable{"TF_VAR_trail_role_arn", zone.TrailRoleARN},
		variable{"TF_VAR_config_role_arn", zone.ConfigRoleARN},
		variable{"TF_VAR_alarm_topic_arn", zone.TopicARN},
	)
}

// shellQuote writes a word that sh, bash and zsh read as it is.
func shellQuote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=+,@") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
