package policy

import (
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// The list may only name what OPA has, and nothing that reaches outside.
func TestAllowed(t *testing.T) {
	known := map[string]*ast.Builtin{}
	for _, b := range ast.CapabilitiesForThisVersion().Builtins {
		known[b.Name] = b
	}
	list := allowed()
	if len(list) < 50 || !slices.IsSorted(list) {
		t.Errorf("%d names, sorted: %v", len(list), slices.IsSorted(list))
	}
	for _, name := range list {
		switch b := known[name]; {
		case b == nil:
			t.Errorf("OPA has no built-in %s", name)
		case b.IsNondeterministic():
			t.Errorf("%s does not give the same answer twice", name)
		}
	}
	for _, name := range []string{"http.send", "net.lookup_ip_addr", "json.match_schema", "json.verify_schema", "opa.runtime", "time.now_ns", "rand.intn", "uuid.rfc4122"} {
		if slices.Contains(list, name) || known[name] == nil {
			t.Errorf("%s: allowed or unknown to OPA", name)
		}
	}
}

// What is not listed is off: a built-in that a new OPA brings as much as one
// that is known to be dangerous.
func TestCapabilities(t *testing.T) {
	caps := capabilities()
	var names []string
	for _, b := range caps.Builtins {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, allowed()) {
		t.Errorf("capabilities are not the list: %v", names)
	}
	if caps.AllowNet == nil || len(caps.AllowNet) != 0 {
		t.Errorf("AllowNet is %#v; nil would allow every host", caps.AllowNet)
	}
}
