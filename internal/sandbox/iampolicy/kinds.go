package iampolicy

import "strings"

// CheckResourcePolicy holds the policy against the rules of policies that are
// attached to a resource (bucket, key, topic): every statement names
// principals and resources.
func (p *Policy) CheckResourcePolicy() error {
	for _, s := range p.Statements {
		if s.Principal == nil && s.NotPrincipal == nil {
			return syntaxErrorf("Missing required field Principal")
		}
		if len(s.Resources) == 0 && len(s.NotResources) == 0 {
			return syntaxErrorf("Missing required field Resource")
		}
	}
	return nil
}

// CheckTrustPolicy holds the policy against the rules of a role's trust
// policy: principals, sts actions, no resources.
func (p *Policy) CheckTrustPolicy() error {
	for _, s := range p.Statements {
		if len(s.Resources) > 0 || len(s.NotResources) > 0 {
			return syntaxErrorf("Has prohibited field Resource")
		}
		if s.Principal == nil && s.NotPrincipal == nil {
			return syntaxErrorf("Missing required field Principal")
		}
		for _, action := range s.Actions {
			if action != "*" && !strings.HasPrefix(strings.ToLower(action), "sts:") {
				return syntaxErrorf("AssumeRole policy may only specify STS AssumeRole actions.")
			}
		}
	}
	return nil
}

// CheckIdentityPolicy holds the policy against the rules of policies of
// identities: resources as ARNs or "*", and no principals.
func (p *Policy) CheckIdentityPolicy() error {
	for _, s := range p.Statements {
		if s.Principal != nil || s.NotPrincipal != nil {
			return syntaxErrorf("Policy document should not specify a principal.")
		}
		if len(s.Resources) == 0 && len(s.NotResources) == 0 {
			return syntaxErrorf("Policy statement must contain resources.")
		}
		for _, resource := range append(s.Resources, s.NotResources...) {
			if resource != "*" && !strings.HasPrefix(resource, "arn:") {
				return syntaxErrorf("Resource %s must be in ARN format or \"*\".", resource)
			}
		}
	}
	return nil
}

// Public reports whether a statement allows everyone without a condition that
// narrows callers to fixed values, which is how S3 defines a public policy
// ("The meaning of public", S3 User Guide).
func (p *Policy) Public() bool {
	if p == nil {
		return false
	}
	for i := range p.Statements {
		s := &p.Statements[i]
		if !s.Deny && s.everyone() && !s.narrowed() {
			return true
		}
	}
	return false
}

func (s *Statement) everyone() bool {
	if s.Principal == nil {
		return s.NotPrincipal != nil
	}
	return s.Principal.Everyone || containsOrStar(s.Principal.AWS, "*")
}

// narrowed: one of the keys S3 lists, compared with values without wildcards.
func (s *Statement) narrowed() bool {
	for _, c := range s.Conditions {
		if !narrowingKey(c.Key) || strings.Contains(strings.ToLower(c.Operator), "not") || strings.EqualFold(c.Operator, "Null") {
			continue
		}
		fixed := true
		for _, value := range c.Values {
			fixed = fixed && !strings.ContainsAny(value, "*?$") && !strings.HasSuffix(value, "/0")
		}
		if _, _, ifExists := splitOperator(c.Operator); fixed && !ifExists {
			return true
		}
	}
	return false
}

func narrowingKey(key string) bool {
	switch strings.ToLower(key) {
	case "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:userid",
		"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
		"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "s3:dataaccesspointarn", "s3:dataaccesspointaccount":
		return true
	}
	return false
}
