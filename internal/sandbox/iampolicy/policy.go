// Package iampolicy reads IAM policy documents and decides requests against
// them: bucket policies, key policies, topic policies and the trust policies
// of roles, the way AWS does when one of its services (a service principal) or
// an identity asks. It follows the grammar and the evaluation logic of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html.
//
//	policy, err := iampolicy.Parse(document)
//	policy.Allows(iampolicy.Request{
//		Principal: "cloudtrail.amazonaws.com",
//		Action:    "s3:PutObject",
//		Resource:  "arn:aws:s3:::audit/AWSLogs/111122223333/x",
//		Context:   map[string]string{"s3:x-amz-acl": "bucket-owner-full-control"},
//	})
package iampolicy

// Policy is a parsed policy document.
type Policy struct {
	// Version is "2012-10-17", "2008-10-17" or empty (which means 2008-10-17: no policy variables).
	Version    string
	ID         string
	Statements []Statement
}

// Statement is one statement of a policy. Exactly one of Actions and
// NotActions is set; at most one of Resources and NotResources, of Principal
// and NotPrincipal.
type Statement struct {
	Sid          string
	Deny         bool // Effect "Deny"; else "Allow"
	Principal    *Principal
	NotPrincipal *Principal
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	Conditions   []Condition
}

// Principal says to whom a statement applies.
type Principal struct {
	// Everyone is the bare "*".
	Everyone      bool
	AWS           []string // ARNs, account ids or "*"
	Service       []string // "cloudtrail.amazonaws.com"
	Federated     []string
	CanonicalUser []string
}

// Condition is one operator applied to one key: all conditions of a statement
// must hold, and one of the values must match (none of them for the negated operators).
type Condition struct {
	// Operator as written: "StringEquals", "ArnLike", "ForAnyValue:StringLikeIfExists".
	Operator string
	// Key as written; keys compare without regard to case.
	Key    string
	Values []string
}

// Request is one question to a policy.
type Request struct {
	// Principal is a service ("cloudtrail.amazonaws.com"), an ARN
	// ("arn:aws:iam::111122223333:role/x"), or empty for an anonymous caller.
	Principal string
	Action    string // "s3:PutObject"
	// Resource is an ARN. Trust policies have no resources: it is ignored there.
	Resource string
	// Context holds the condition keys of the request, such as "aws:SourceArn"; keys compare without regard to case.
	Context map[string]string
}

// Decision is the outcome of one policy for one request.
type Decision int

// The three outcomes: nothing applies (so the answer is no, unless another
// policy allows), an Allow applies, a Deny applies.
const (
	ImplicitDeny Decision = iota
	Allow
	ExplicitDeny
)

// Allows reports whether the policy allows the request: an Allow statement
// applies and no Deny statement does. A nil policy allows nothing.
func (p *Policy) Allows(request Request) bool { return p.Decide(request) == Allow }

// Decide evaluates every statement; an applicable Deny wins over every Allow.
func (p *Policy) Decide(request Request) Decision {
	if p == nil {
		return ImplicitDeny
	}
	decision := ImplicitDeny
	for i := range p.Statements {
		statement := &p.Statements[i]
		if !statement.applies(request, p.Version) {
			continue
		}
		if statement.Deny {
			return ExplicitDeny
		}
		decision = Allow
	}
	return decision
}

func (s *Statement) applies(request Request, version string) bool {
	return s.matchesPrincipal(request.Principal) &&
		s.matchesAction(request.Action) &&
		s.matchesResource(request, version) &&
		s.matchesConditions(request.Context, version)
}

func (s *Statement) matchesPrincipal(principal string) bool {
	switch {
	case s.Principal != nil:
		return s.Principal.matches(principal)
	case s.NotPrincipal != nil:
		return !s.NotPrincipal.matches(principal)
	}
	return true // an identity policy: whoever carries it
}

func (s *Statement) matchesAction(action string) bool {
	if len(s.NotActions) > 0 {
		return !anyActionMatches(s.NotActions, action)
	}
	return anyActionMatches(s.Actions, action)
}

func (s *Statement) matchesResource(request Request, version string) bool {
	switch {
	case len(s.NotResources) > 0:
		return !anyResourceMatches(s.NotResources, request, version)
	case len(s.Resources) > 0:
		return anyResourceMatches(s.Resources, request, version)
	}
	return true // a trust policy: the role that carries it
}

func anyResourceMatches(patterns []string, request Request, version string) bool {
	for _, pattern := range patterns {
		if matchWildcards(expandVariables(pattern, request.Context, version), request.Resource) {
			return true
		}
	}
	return false
}
