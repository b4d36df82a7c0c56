// Package item holds the normal form that every source produces and every
// rule reads: what AWS Config calls a configuration item.
//
// An item has the same JSON wherever it came from, so one rule file judges a
// Terraform plan, live AWS state and AWS Config's own records:
//
//	{"resourceType": "AWS::CloudTrail::Trail", "resourceName": "audit",
//	 "configuration": {"name": "audit", "logFileValidationEnabled": true},
//	 "source": {"kind": "plan", "address": "aws_cloudtrail.audit", "action": "create"},
//	 "unknown": ["configuration.kmsKeyId"]}
//
// Unset is absent, never null. What is not known yet is listed in Unknown,
// never guessed. A [Symbol] names a value before it is known, which is how items
// are related before anything exists.
//
// The package imports only the standard library.
package item

import "encoding/json"

// Item is one configuration item.
//
// Values in Configuration and SupplementaryConfiguration are what
// encoding/json gives with UseNumber: string, bool, json.Number, []any,
// map[string]any. null occurs in one place only: it holds the position of a
// list element whose path is in Unknown. Empty strings, lists and maps are
// left out as unset.
type Item struct {
	Type                       string            `json:"resourceType"`
	ID                         string            `json:"resourceId,omitempty"`
	Name                       string            `json:"resourceName,omitempty"`
	ARN                        string            `json:"arn,omitempty"`
	Account                    string            `json:"awsAccountId,omitempty"`
	Region                     string            `json:"awsRegion,omitempty"`
	Tags                       map[string]string `json:"tags,omitempty"`
	Configuration              map[string]any    `json:"configuration"`
	SupplementaryConfiguration map[string]any    `json:"supplementaryConfiguration,omitempty"`
	Source                     Source            `json:"source"`
	Unknown                    []Unknown         `json:"unknown,omitempty"` // by path

	// Sensitive lists the paths whose values the source marked as secret. Rules
	// may judge them; messages and reports must not show them.
	Sensitive []string `json:"-"`
	// Symbols names the values that identify the item, by path, known or not:
	// what references from other planned resources resolve to. It is how a
	// bucket with a known name meets a reference to its id, which is unknown.
	Symbols map[string]Symbol `json:"-"`
}

// SourceKind says where an item came from.
type SourceKind string

// The kinds of source.
const (
	Plan     SourceKind = "plan"
	State    SourceKind = "state"
	Live     SourceKind = "live"
	Snapshot SourceKind = "snapshot"
)

// Source is where an item came from. Address and Action are set for plans and
// states only; Action is Terraform's word: create, update, replace, delete,
// read or no-op.
type Source struct {
	Kind    SourceKind `json:"kind"`
	Address string     `json:"address,omitempty"`
	Action  string     `json:"action,omitempty"`
}

// Unknown is one path whose value is known only after apply.
type Unknown struct {
	// Path is dotted with indices in brackets, from the item's root:
	// "configuration.kmsKeyId", "configuration.eventSelectors[0].dataResources".
	// A key that holds a dot, a bracket or a quote is quoted: tags["a.b/c"].
	Path string
	// References are the absolute addresses the value waits for, as Terraform
	// writes them: "aws_kms_key.audit.arn", "module.trail.data.aws_iam_policy_document.logs.json".
	// Empty when the provider computes the value itself.
	References []string
	// From is set when the value is taken from exactly one attribute of one
	// planned resource: relations are joined through it, and a rule may assume
	// that the value is not null.
	From *Symbol
}

// MarshalJSON writes the path alone: rules see which paths are unknown, not why.
func (u Unknown) MarshalJSON() ([]byte, error) { return json.Marshal(u.Path) }

// UnmarshalJSON reads the form that MarshalJSON writes.
func (u *Unknown) UnmarshalJSON(b []byte) error {
	*u = Unknown{}
	return json.Unmarshal(b, &u.Path)
}

// Set is everything one source gave, in a stable order.
type Set struct {
	Items []*Item
	// Skipped counts what the source holds and no item covers, by Terraform or AWS type.
	Skipped map[string]int
	// Partial says in words why the source does not hold everything that it
	// should (a plan made with -target); empty when it does. What is absent from
	// a partial source may exist all the same.
	Partial []string
}
