package finding

import (
	"fmt"
	"slices"
)

// Severities lists the severities a rule may have, from low to critical.
func Severities() []Severity { return []Severity{Low, Medium, High, Critical} }

// ParseSeverity reads the argument of --fail-on: none, low, medium, high or
// critical.
func ParseSeverity(text string) (Severity, error) {
	s := Severity(text)
	if s.rank() < 0 {
		return None, fmt.Errorf("severity %q: want none, low, medium, high or critical", text)
	}
	return s, nil
}

// AtLeast says whether s is as severe as limit or more. No severity reaches
// None: --fail-on none lets every finding pass.
func (s Severity) AtLeast(limit Severity) bool {
	return limit != None && s.rank() >= limit.rank()
}

// Compare orders severities as cmp.Compare does.
func (s Severity) Compare(other Severity) int { return s.rank() - other.rank() }

func (s Severity) rank() int {
	return slices.Index([]Severity{None, Low, Medium, High, Critical}, s)
}
