package iampolicy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const version2012 = "2012-10-17"

// SyntaxError says why a document is not a policy. Its text is for people;
// the services answer it with their own code (MalformedPolicy,
// MalformedPolicyDocument, InvalidParameter).
type SyntaxError struct {
	Reason string
	Err    error
}

// Error makes *SyntaxError an error.
func (e *SyntaxError) Error() string {
	if e.Err != nil {
		return e.Reason + ": " + e.Err.Error()
	}
	return e.Reason
}

// Unwrap gives the JSON decoder's error, where that was the reason.
func (e *SyntaxError) Unwrap() error { return e.Err }

func syntaxErrorf(format string, args ...any) error {
	return &SyntaxError{Reason: fmt.Sprintf(format, args...)}
}

// Parse reads a policy document as strictly as AWS does: unknown elements,
// unknown operators, both Action and NotAction and the like are a
// *SyntaxError. Whether principals and resources must be there depends on the
// kind of policy: see [Policy.CheckResourcePolicy] and its siblings.
func Parse(document []byte) (*Policy, error) {
	elements, err := decodeObject(document, "policy")
	if err != nil {
		return nil, err
	}
	policy := &Policy{}
	statements := json.RawMessage(nil)
	for name, value := range elements {
		switch name {
		case "Version":
			err = policy.parseVersion(value)
		case "Id":
			policy.ID, err = decodeString(value, "Id")
		case "Statement":
			statements = value
		default:
			err = syntaxErrorf("Unknown element %s", name)
		}
		if err != nil {
			return nil, err
		}
	}
	policy.Statements, err = parseStatements(statements)
	if err != nil {
		return nil, err
	}
	return policy, nil
}

func (p *Policy) parseVersion(value json.RawMessage) (err error) {
	p.Version, err = decodeString(value, "Version")
	if err == nil && p.Version != version2012 && p.Version != "2008-10-17" {
		return syntaxErrorf("The policy must contain a valid version string")
	}
	return err
}

func parseStatements(value json.RawMessage) ([]Statement, error) {
	if value == nil {
		return nil, syntaxErrorf("Missing required field Statement")
	}
	raw := []json.RawMessage{value}
	if firstByte(value) == '[' {
		if err := json.Unmarshal(value, &raw); err != nil {
			return nil, &SyntaxError{Reason: "Statement is not valid", Err: err}
		}
	}
	if len(raw) == 0 {
		return nil, syntaxErrorf("Could not parse the policy: Statement is empty!")
	}
	statements := make([]Statement, 0, len(raw))
	sids := map[string]bool{}
	for _, one := range raw {
		statement, err := parseStatement(one)
		if err != nil {
			return nil, err
		}
		if statement.Sid != "" && sids[statement.Sid] {
			return nil, syntaxErrorf("Statement IDs (SID) in a single policy must be unique")
		}
		sids[statement.Sid] = true
		statements = append(statements, statement)
	}
	return statements, nil
}

func parseStatement(value json.RawMessage) (Statement, error) {
	var statement Statement
	elements, err := decodeObject(value, "statement")
	if err != nil {
		return statement, err
	}
	for name, element := range elements {
		if err := statement.set(name, element); err != nil {
			return statement, err
		}
	}
	return statement, statement.check(elements)
}

func (s *Statement) set(name string, value json.RawMessage) (err error) {
	switch name {
	case "Sid":
		s.Sid, err = decodeString(value, name)
	case "Effect":
		err = s.setEffect(value)
	case "Principal":
		s.Principal, err = parsePrincipal(value)
	case "NotPrincipal":
		s.NotPrincipal, err = parsePrincipal(value)
	case "Action":
		s.Actions, err = decodeStrings(value, name)
	case "NotAction":
		s.NotActions, err = decodeStrings(value, name)
	case "Resource":
		s.Resources, err = decodeStrings(value, name)
	case "NotResource":
		s.NotResources, err = decodeStrings(value, name)
	case "Condition":
		s.Conditions, err = parseConditions(value)
	default:
		err = syntaxErrorf("Unknown element %s", name)
	}
	return err
}

func (s *Statement) setEffect(value json.RawMessage) error {
	effect, err := decodeString(value, "Effect")
	if err != nil {
		return err
	}
	if effect != "Allow" && effect != "Deny" {
		return syntaxErrorf("Invalid effect: %s", effect)
	}
	s.Deny = effect == "Deny"
	return nil
}

// check looks at what the elements must be together.
func (s *Statement) check(elements map[string]json.RawMessage) error {
	if _, ok := elements["Effect"]; !ok {
		return syntaxErrorf("Missing required field Effect")
	}
	if len(s.Actions) == 0 && len(s.NotActions) == 0 {
		return syntaxErrorf("Missing required field Action")
	}
	for _, pair := range [][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		_, has := elements[pair[0]]
		_, hasNot := elements[pair[1]]
		if has && hasNot {
			return syntaxErrorf("Statement has both %s and %s", pair[0], pair[1])
		}
	}
	for _, action := range append(s.Actions, s.NotActions...) {
		if !validAction(action) {
			return syntaxErrorf("Policy has invalid action")
		}
	}
	return nil
}

func validAction(action string) bool {
	if action == "*" {
		return true
	}
	vendor, name, found := strings.Cut(action, ":")
	return found && vendor != "" && name != "" && !strings.ContainsAny(action, " \t\n")
}

func parsePrincipal(value json.RawMessage) (*Principal, error) {
	if firstByte(value) == '"' {
		text, err := decodeString(value, "Principal")
		if err != nil {
			return nil, err
		}
		if text != "*" {
			return nil, syntaxErrorf("Invalid principal in policy")
		}
		return &Principal{Everyone: true}, nil
	}
	elements, err := decodeObject(value, "Principal")
	if err != nil {
		return nil, err
	}
	principal := &Principal{}
	for kind, element := range elements {
		if err := principal.set(kind, element); err != nil {
			return nil, err
		}
	}
	return principal, principal.check()
}

func (p *Principal) set(kind string, value json.RawMessage) (err error) {
	switch kind {
	case "AWS":
		p.AWS, err = decodeStrings(value, kind)
	case "Service":
		p.Service, err = decodeStrings(value, kind)
	case "Federated":
		p.Federated, err = decodeStrings(value, kind)
	case "CanonicalUser":
		p.CanonicalUser, err = decodeStrings(value, kind)
	default:
		err = syntaxErrorf("Invalid principal in policy")
	}
	return err
}

func (p *Principal) check() error {
	if len(p.AWS)+len(p.Service)+len(p.Federated)+len(p.CanonicalUser) == 0 {
		return syntaxErrorf("Invalid principal in policy")
	}
	for _, name := range p.Service {
		if name != "*" && !isServicePrincipal(name) {
			return syntaxErrorf("Invalid principal in policy")
		}
	}
	for _, name := range p.AWS {
		if !validAWSPrincipal(name) {
			return syntaxErrorf("Invalid principal in policy")
		}
	}
	return nil
}

func validAWSPrincipal(name string) bool {
	if name == "*" || isAccountID(name) {
		return true
	}
	if account := accountOf(name); account != "" {
		return isAccountID(account) || account == "cloudfront"
	}
	// The unique id of a deleted or renamed identity: AIDA..., AROA...
	return len(name) >= 16 && (strings.HasPrefix(name, "AIDA") || strings.HasPrefix(name, "AROA"))
}

func isAccountID(text string) bool {
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

func parseConditions(value json.RawMessage) ([]Condition, error) {
	operators, err := decodeObject(value, "Condition")
	if err != nil {
		return nil, err
	}
	var conditions []Condition
	for _, name := range sortedKeys(operators) {
		if err := checkOperator(name); err != nil {
			return nil, err
		}
		keys, err := decodeObject(operators[name], "Condition")
		if err != nil {
			return nil, err
		}
		for _, key := range sortedKeys(keys) {
			values, err := decodeStrings(keys[key], "Condition")
			if err != nil {
				return nil, err
			}
			conditions = append(conditions, Condition{Operator: name, Key: key, Values: values})
		}
	}
	return conditions, nil
}

func checkOperator(name string) error {
	set, base, ifExists := splitOperator(name)
	setKnown := set == "" || strings.EqualFold(set, "ForAllValues") || strings.EqualFold(set, "ForAnyValue")
	_, known := operatorOf(base)
	isNull := strings.EqualFold(base, "Null") && !ifExists
	if !setKnown || !known && !isNull {
		return syntaxErrorf("Invalid Condition type : %s", name)
	}
	return nil
}

var errTrailingData = errors.New("data after the end of the document")

func decodeEnd(decoder *json.Decoder) error {
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailingData
	}
	return nil
}
