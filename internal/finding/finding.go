// Package finding holds the result of checking: verdicts, severities, the
// identity of a finding, waivers. Data only; the JSON form is the public
// contract of `vigil check --format json`.
package finding

// Verdict is the answer of one rule about one resource.
type Verdict string

// The verdicts. Every pair of resource and rule gets exactly one.
// Compliant is said only if no value of the unknowns could make it a violation.
const (
	Compliant     Verdict = "COMPLIANT"
	NonCompliant  Verdict = "NON_COMPLIANT"
	NotApplicable Verdict = "NOT_APPLICABLE"
	Undecided     Verdict = "UNKNOWN"
	Failed        Verdict = "ERROR"
)

// Reason says why a verdict is UNKNOWN.
type Reason string

// The reasons of an UNKNOWN verdict.
const (
	AfterApply  Reason = "after_apply"  // a value is known only after apply
	NotVisible  Reason = "not_visible"  // what the rule needs is outside of this source
	NotReadable Reason = "not_readable" // it exists, but could not be read
)

// Severity is ordered: None < Low < Medium < High < Critical.
type Severity string

// The severities. None is used by --fail-on only, never by a rule.
const (
	None     Severity = "none"
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Finding is one verdict with everything a reader needs to act on it.
type Finding struct {
	ID          string        `json:"id"`
	Rule        string        `json:"rule"`
	Verdict     Verdict       `json:"verdict"`
	Reason      Reason        `json:"reason,omitempty"`
	Severity    Severity      `json:"severity"`
	Title       string        `json:"title"`
	Message     string        `json:"message"`
	Resource    Resource      `json:"resource"`
	Path        string        `json:"path,omitempty"`
	Unknown     []UnknownPath `json:"unknown"`
	Assumes     []UnknownPath `json:"assumes"`
	Controls    []string      `json:"controls"`
	Remediation string        `json:"remediation,omitempty"`
	Waiver      *Waiver       `json:"waiver"`
}

// Resource names the item a finding is about.
type Resource struct {
	Type    string `json:"type"`
	ID      string `json:"id,omitempty"`
	Name    string `json:"name,omitempty"`
	ARN     string `json:"arn,omitempty"`
	Address string `json:"address,omitempty"`
	Region  string `json:"region,omitempty"`
	Account string `json:"account,omitempty"`
}

// UnknownPath is an attribute that is not known yet and the address (of a
// resource attribute, a data source or a module output) that it waits for.
type UnknownPath struct {
	Path     string `json:"path"`
	WaitsFor string `json:"waits_for"`
}

// Waiver is the exception that covers a finding.
type Waiver struct {
	Owner   string `json:"owner"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

// Report is the result of one run.
type Report struct {
	Version  int       `json:"version"`
	Tool     Tool      `json:"tool"`
	Source   Source    `json:"source"`
	Summary  Summary   `json:"summary"`
	Findings []Finding `json:"findings"`
}

// Tool is the program that made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Source is what was checked.
type Source struct {
	Kind string `json:"kind"`
	Path string `json:"path"`
}

// Summary counts verdicts. Evaluated is the number of resource x rule pairs;
// Resources the number of resources looked at.
type Summary struct {
	Resources     int `json:"resources"`
	Evaluated     int `json:"evaluated"`
	Compliant     int `json:"compliant"`
	NonCompliant  int `json:"non_compliant"`
	NotApplicable int `json:"not_applicable"`
	Unknown       int `json:"unknown"`
	Error         int `json:"error"`
	Waived        int `json:"waived"`
}
