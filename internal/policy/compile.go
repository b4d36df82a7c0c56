package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

//go:embed builtins.txt
var allowedBuiltins string

// allowed lists the names in builtins.txt.
func allowed() []string {
	var names []string
	for line := range strings.Lines(allowedBuiltins) {
		if name := strings.TrimSpace(line); name != "" && !strings.HasPrefix(name, "#") {
			names = append(names, name)
		}
	}
	return names
}

// capabilities is what a rule may use: the listed built-ins, no network.
func capabilities(extra ...string) *ast.Capabilities {
	listed := append(allowed(), extra...)
	caps := ast.CapabilitiesForThisVersion()
	caps.Builtins = slices.DeleteFunc(caps.Builtins, func(b *ast.Builtin) bool {
		return !slices.Contains(listed, b.Name)
	})
	// Empty, not nil: nil would allow every host.
	caps.AllowNet = []string{}
	return caps
}

// newCompiler gives a strict compiler that checks rules against the schemas
// their metadata names.
func newCompiler(extraBuiltins ...string) *ast.Compiler {
	return ast.NewCompiler().
		WithStrict(true).
		WithCapabilities(capabilities(extraBuiltins...)).
		WithSchemas(schemas()).
		WithUseTypeCheckAnnotations(true)
}

// compile compiles all modules together and refuses what would break the
// promise of the three values.
func compile(sources []source) (*ast.Compiler, error) {
	modules := make(map[string]*ast.Module, len(sources))
	for _, s := range sources {
		if with := firstWith(s.mod); with != nil {
			return nil, fmt.Errorf("%s: a rule must not use \"with\": the engine would no longer see what it reads", with.Loc())
		}
		modules[s.file] = s.mod
	}
	compiler := newCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}

func firstWith(mod *ast.Module) (found *ast.With) {
	ast.WalkWiths(mod, func(w *ast.With) bool {
		if found == nil {
			found = w
		}
		return found != nil
	})
	return found
}
