package logs

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// The forms of names, from the service's API reference.
var (
	groupName  = regexp.MustCompile(`^[\.\-_/#A-Za-z0-9]+$`)
	plainName  = regexp.MustCompile(`^[^:*]*$`)
	metricName = regexp.MustCompile(`^[^:*$]*$`)
	tagText    = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterException", format, args...)
}

// constraint words a broken rule as the service's own validation does.
func constraint(value any, member, format string, args ...any) error {
	return invalid("1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: %s",
		value, member, fmt.Sprintf(format, args...))
}

func checkGroupName(name string) error {
	switch {
	case name == "":
		return constraint(name, "logGroupName", "Member must have length greater than or equal to 1")
	case len(name) > 512:
		return constraint(name, "logGroupName", "Member must have length less than or equal to 512")
	case !groupName.MatchString(name):
		return constraint(name, "logGroupName", `Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`)
	case strings.HasPrefix(strings.ToLower(name), "aws/"):
		return invalid("Log groups starting with AWS/ are reserved for AWS.")
	}
	return nil
}

// checkName holds the name of a stream or filter against its form.
func checkName(name, member string) error {
	switch {
	case name == "":
		return constraint(name, member, "Member must have length greater than or equal to 1")
	case len(name) > 512:
		return constraint(name, member, "Member must have length less than or equal to 512")
	case !plainName.MatchString(name):
		return constraint(name, member, "Member must satisfy regular expression pattern: [^:*]*")
	}
	return nil
}

// pageSize gives the size of a page: 50 unless the request says less.
func pageSize(limit *int32) (int, error) {
	if limit == nil {
		return 50, nil
	}
	if *limit < 1 {
		return 0, constraint(*limit, "limit", "Member must have value greater than or equal to 1")
	}
	if *limit > 50 {
		return 0, constraint(*limit, "limit", "Member must have value less than or equal to 50")
	}
	return int(*limit), nil
}

func badToken() error { return invalid("The specified nextToken is invalid.") }
