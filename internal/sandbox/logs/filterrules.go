package logs

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// maxDimensions counts the fields and the system fields together.
const maxDimensions = 3

// fieldReference is a field of a log event: $.userIdentity.arn or $status.
var fieldReference = regexp.MustCompile(`^\$.+$`)

// checkFilter holds a request against the rules of PutMetricFilter.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
func checkFilter(in *cloudwatchlogs.PutMetricFilterInput) error {
	if err := checkName(aws.ToString(in.FilterName), "filterName"); err != nil {
		return err
	}
	pattern := aws.ToString(in.FilterPattern)
	switch {
	case in.FilterPattern == nil:
		return constraint("null", "filterPattern", "Member must not be null")
	case len(pattern) > 1024:
		return constraint(pattern, "filterPattern", "Member must have length less than or equal to 1024")
	case !balanced(pattern):
		return invalid("Invalid metric filter pattern")
	case len(in.MetricTransformations) != 1:
		return constraint(len(in.MetricTransformations), "metricTransformations", "Member must have length of 1")
	}
	for _, field := range in.EmitSystemFieldDimensions {
		if field != "@aws.account" && field != "@aws.region" {
			return constraint(field, "emitSystemFieldDimensions", "Member must satisfy enum value set: [@aws.account, @aws.region]")
		}
	}
	t := in.MetricTransformations[0]
	if len(t.Dimensions)+len(in.EmitSystemFieldDimensions) > maxDimensions {
		return invalid("A metric filter can have at most %d dimensions.", maxDimensions)
	}
	return checkTransformation(t)
}

func checkTransformation(t types.MetricTransformation) error {
	for member, name := range map[string]*string{"metricName": t.MetricName, "metricNamespace": t.MetricNamespace} {
		switch {
		case aws.ToString(name) == "":
			return constraint("null", "metricTransformations.1.member."+member, "Member must not be null")
		case len(*name) > 255 || !metricName.MatchString(*name):
			return constraint(*name, "metricTransformations.1.member."+member, "Member must satisfy regular expression pattern: [^:*$]*")
		}
	}
	if err := checkMetricValue(aws.ToString(t.MetricValue)); err != nil {
		return err
	}
	if t.Unit != "" && !slices.Contains(t.Unit.Values(), t.Unit) {
		return constraint(string(t.Unit), "metricTransformations.1.member.unit", "Member must satisfy enum value set: %v", t.Unit.Values())
	}
	if t.DefaultValue != nil && len(t.Dimensions) > 0 {
		return invalid("Invalid metric transformation: default value cannot be set when dimensions are specified")
	}
	for key, value := range t.Dimensions {
		if key == "" || len(key) > 255 || len(value) > 255 || !fieldReference.MatchString(value) {
			return invalid("Invalid metric transformation: dimension %q must name a field of the pattern, not %q", key, value)
		}
	}
	return nil
}

// checkMetricValue: a number, or a field of the event that holds one.
func checkMetricValue(value string) error {
	if len(value) > 100 {
		return constraint(value, "metricTransformations.1.member.metricValue", "Member must have length less than or equal to 100")
	}
	if _, err := strconv.ParseFloat(value, 64); err != nil && !fieldReference.MatchString(value) {
		return invalid("Invalid metric transformation: metricValue %q must be a number or a field", value)
	}
	return nil
}

// balanced tells whether the brackets and quotes of a pattern close. It is all
// that is checked of the pattern language here.
func balanced(pattern string) bool {
	text := strings.TrimSpace(pattern)
	if strings.HasPrefix(text, "{") != strings.HasSuffix(text, "}") || strings.HasPrefix(text, "[") && !strings.HasSuffix(text, "]") {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0 && !quoted
}
