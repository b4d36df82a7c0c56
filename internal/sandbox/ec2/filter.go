package ec2

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// fields are what filters can ask of a resource: the values by the filter's name.
type fields map[string][]string

// matches tells whether a resource passes all filters: one value of each must
// fit, "*" and "?" are wildcards. A filter that the resource does not have is
// an error, as on EC2.
func matches(filters []types.Filter, have fields, tags map[string]string) (bool, error) {
	all := true
	for _, filter := range filters {
		values, known := valuesOf(aws.ToString(filter.Name), have, tags)
		if !known {
			return false, wire.Errorf("InvalidParameterValue", "The filter '%s' is invalid", aws.ToString(filter.Name))
		}
		all = all && anyFits(filter.Values, values)
	}
	return all, nil
}

func valuesOf(name string, have fields, tags map[string]string) ([]string, bool) {
	if key, ok := strings.CutPrefix(name, "tag:"); ok {
		value, set := tags[key]
		if !set {
			return nil, true
		}
		return []string{value}, true
	}
	if name == "tag-key" {
		var keys []string
		for key := range tags {
			keys = append(keys, key)
		}
		return keys, true
	}
	values, ok := have[name]
	return values, ok
}

func anyFits(patterns, values []string) bool {
	for _, pattern := range patterns {
		for _, value := range values {
			if fits(pattern, value) {
				return true
			}
		}
	}
	return false
}

// fits matches "*" and "?" without backtracking over more than one star.
func fits(pattern, text string) bool {
	p, t, star, resume := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p, t = p+1, t+1
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// cut gives a page: everything where the request sets no limit.
func cut[T any](items []T, token *string, limit *int32) ([]T, *string, error) {
	size := max(len(items), 1)
	if limit != nil {
		size = int(*limit)
	}
	if size < 1 {
		return nil, nil, wire.Errorf("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid.", size)
	}
	items, next, err := page.Of(items, aws.ToString(token), size)
	if err != nil {
		return nil, nil, wire.Errorf("InvalidPaginationToken", "Invalid pagination token")
	}
	if next == "" {
		return items, nil, nil
	}
	return items, &next, nil
}
