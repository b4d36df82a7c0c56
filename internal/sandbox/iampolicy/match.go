package iampolicy

import "strings"

// anyActionMatches compares actions without regard to case, as IAM does.
func anyActionMatches(patterns []string, action string) bool {
	action = strings.ToLower(action)
	for _, pattern := range patterns {
		if matchWildcards(strings.ToLower(pattern), action) {
			return true
		}
	}
	return false
}

func (p *Principal) matches(principal string) bool {
	if p.Everyone {
		return true
	}
	if isServicePrincipal(principal) {
		return containsOrStar(p.Service, principal)
	}
	for _, pattern := range p.AWS {
		if matchesAWSPrincipal(pattern, principal) {
			return true
		}
	}
	return containsOrStar(p.Federated, principal)
}

func containsOrStar(values []string, want string) bool {
	for _, value := range values {
		if value == "*" || value == want {
			return true
		}
	}
	return false
}

func isServicePrincipal(principal string) bool {
	return strings.HasSuffix(principal, ".amazonaws.com") || strings.HasSuffix(principal, ".amazonaws.com.cn")
}

// matchesAWSPrincipal: "*" is everyone; an account id or its root ARN stands
// for every identity of the account; anything else is one identity.
func matchesAWSPrincipal(pattern, principal string) bool {
	if pattern == "*" {
		return true
	}
	if pattern == principal {
		return principal != ""
	}
	account := accountOf(principal)
	if account == "" {
		return false
	}
	return pattern == account || strings.HasPrefix(pattern, "arn:") &&
		strings.HasSuffix(pattern, ":root") && accountOf(pattern) == account
}

func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return parts[4]
}

// matchWildcards matches "*" (any run of characters) and "?" (any one
// character) in linear time and space: the pattern comes from a user.
func matchWildcards(pattern, text string) bool {
	p, t := 0, 0
	star, resume := -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || literal(pattern[p]) == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// Placeholders for the characters that ${*}, ${?} and ${$} stand for: they
// must not act as wildcards. U+0001 to U+0003 cannot appear in ARNs or actions.
const (
	literalStar     = '\x01'
	literalQuestion = '\x02'
	literalDollar   = '\x03'
)

func literal(c byte) byte {
	switch c {
	case literalStar:
		return '*'
	case literalQuestion:
		return '?'
	case literalDollar:
		return '$'
	}
	return c
}

// matchARN matches the six parts of an ARN one by one: unlike in resources, a
// wildcard of ArnLike does not reach over a colon of the first five parts
// (IAM User Guide, "Amazon Resource Name (ARN) condition operators").
func matchARN(pattern, arn string) bool {
	want, got := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	if len(want) != 6 || len(got) != 6 {
		return pattern == "*"
	}
	for i := range want {
		if !matchWildcards(want[i], got[i]) {
			return false
		}
	}
	return true
}

// expandVariables replaces ${key} and ${key, 'default'} by the request's
// value. A variable without value and default matches nothing (IAM User Guide,
// "Policy variables"); the variables exist only from version 2012-10-17 on.
func expandVariables(text string, context map[string]string, version string) string {
	if version != version2012 || !strings.Contains(text, "${") {
		return text
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return out.String() + "${" + rest
		}
		out.WriteString(variable(name, context))
		text = after
	}
}

// noMatch cannot appear in a request's values.
const noMatch = "\x00"

func variable(name string, context map[string]string) string {
	switch name {
	case "*":
		return string(rune(literalStar))
	case "?":
		return string(rune(literalQuestion))
	case "$":
		return string(rune(literalDollar))
	}
	key, fallback, hasFallback := strings.Cut(name, ",")
	if value, ok := lookup(context, strings.TrimSpace(key)); ok {
		return escapeWildcards(value)
	}
	if hasFallback {
		return escapeWildcards(strings.Trim(strings.TrimSpace(fallback), "'"))
	}
	return noMatch
}

func escapeWildcards(value string) string {
	return strings.NewReplacer("*", string(rune(literalStar)), "?", string(rune(literalQuestion))).Replace(value)
}

func lookup(context map[string]string, key string) (string, bool) {
	if value, ok := context[key]; ok {
		return value, true
	}
	for name, value := range context {
		if strings.EqualFold(name, key) {
			return value, true
		}
	}
	return "", false
}
