package iampolicy

import (
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// operator is a condition operator without its set prefix and IfExists suffix.
type operator struct {
	// match compares one value of the policy with the value of the request.
	match func(policy, request string) bool
	// negated operators hold when no value matches, and also when the key is absent.
	negated bool
	// wildcards says that "*" and "?" of the policy's value have their meaning.
	wildcards bool
}

// operatorOf gives the operator of that name; names compare without regard to case.
func operatorOf(name string) (operator, bool) {
	base, negated := name, false
	for positive, negative := range negations() {
		if strings.EqualFold(name, negative) {
			base, negated = positive, true
		}
	}
	match, wildcards := comparison(strings.ToLower(base))
	return operator{match: match, negated: negated, wildcards: wildcards}, match != nil
}

func negations() map[string]string {
	return map[string]string{
		"StringEquals":           "StringNotEquals",
		"StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
		"StringLike":             "StringNotLike",
		"ArnEquals":              "ArnNotEquals",
		"ArnLike":                "ArnNotLike",
		"NumericEquals":          "NumericNotEquals",
		"DateEquals":             "DateNotEquals",
		"IpAddress":              "NotIpAddress",
	}
}

func comparison(name string) (match func(policy, request string) bool, wildcards bool) {
	switch name {
	case "stringequals":
		return func(a, b string) bool { return a == b }, false
	case "stringequalsignorecase":
		return strings.EqualFold, false
	case "stringlike":
		return matchWildcards, true
	case "arnequals", "arnlike": // AWS: the two behave identically
		return matchARN, true
	case "bool":
		return strings.EqualFold, false
	case "binaryequals":
		return equalBinary, false
	case "ipaddress":
		return inPrefix, false
	}
	if kind, order, ok := orderOf(name); ok {
		return ordered(kind, order), false
	}
	return nil, false
}

// orderOf splits numericLessThanEquals and its like into kind and the
// accepted outcomes of "request compared with policy".
func orderOf(name string) (kind string, accepted []int, ok bool) {
	for _, kind := range []string{"numeric", "date"} {
		rest, found := strings.CutPrefix(name, kind)
		if !found {
			continue
		}
		switch rest {
		case "equals":
			return kind, []int{0}, true
		case "lessthan":
			return kind, []int{-1}, true
		case "lessthanequals":
			return kind, []int{-1, 0}, true
		case "greaterthan":
			return kind, []int{1}, true
		case "greaterthanequals":
			return kind, []int{1, 0}, true
		}
	}
	return "", nil, false
}

func ordered(kind string, accepted []int) func(policy, request string) bool {
	return func(policy, request string) bool {
		want, ok1 := quantity(kind, policy)
		got, ok2 := quantity(kind, request)
		if !ok1 || !ok2 {
			return false
		}
		outcome := 0
		if got < want {
			outcome = -1
		} else if got > want {
			outcome = 1
		}
		for _, a := range accepted {
			if a == outcome {
				return true
			}
		}
		return false
	}
}

func quantity(kind, text string) (float64, bool) {
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return number, true
	}
	if kind == "date" {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return float64(at.UnixMilli()) / 1000, true
		}
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			return float64(at.Unix()), true
		}
	}
	return 0, false
}

func equalBinary(policy, request string) bool {
	decoded, err := base64.StdEncoding.DecodeString(policy)
	return err == nil && (string(decoded) == request || policy == request)
}

func inPrefix(policy, request string) bool {
	address, err := netip.ParseAddr(request)
	if err != nil {
		return false
	}
	if prefix, err := netip.ParsePrefix(policy); err == nil {
		return prefix.Contains(address)
	}
	single, err := netip.ParseAddr(policy)
	return err == nil && single == address
}

// splitOperator takes "ForAnyValue:StringLikeIfExists" apart.
func splitOperator(name string) (set, base string, ifExists bool) {
	if before, after, found := strings.Cut(name, ":"); found {
		set, name = before, after
	}
	if n := len(name) - len("IfExists"); n > 0 && strings.EqualFold(name[n:], "IfExists") {
		return set, name[:n], true
	}
	return set, name, false
}

func (s *Statement) matchesConditions(context map[string]string, version string) bool {
	for i := range s.Conditions {
		if !s.Conditions[i].holds(context, version) {
			return false
		}
	}
	return true
}

func (c *Condition) holds(context map[string]string, version string) bool {
	set, base, ifExists := splitOperator(c.Operator)
	value, present := lookup(context, c.Key)
	if strings.EqualFold(base, "Null") {
		return c.holdsNull(present)
	}
	op, known := operatorOf(base)
	if !known {
		return false // Parse refuses it; a hand-made policy never grants by it
	}
	if !present {
		return ifExists || op.negated || strings.EqualFold(set, "ForAllValues")
	}
	for _, want := range c.Values {
		if op.match(c.expand(want, op, context, version), value) {
			return !op.negated
		}
	}
	return op.negated
}

// expand resolves variables. Only operators with wildcards understand the
// placeholders that keep a variable's "*" literal, so the others get plain text.
func (c *Condition) expand(want string, op operator, context map[string]string, version string) string {
	expanded := expandVariables(want, context, version)
	if op.wildcards || expanded == want {
		return expanded
	}
	plain := []byte(expanded)
	for i, b := range plain {
		plain[i] = literal(b)
	}
	return string(plain)
}

// holdsNull: "true" means that the key must be absent.
func (c *Condition) holdsNull(present bool) bool {
	for _, want := range c.Values {
		if strings.EqualFold(want, "true") != present {
			return true
		}
	}
	return false
}
