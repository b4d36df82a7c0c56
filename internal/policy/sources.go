package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// source is one Rego file.
type source struct {
	file string // as shown to people
	root string // "" for the bundle, else the user's directory
	mod  *ast.Module
}

// isTest tells the tests of a rule, which no engine loads.
func isTest(file string) bool { return strings.HasSuffix(file, "_test.rego") }

// pkg is the package without its leading "data".
func (s source) pkg() string {
	return strings.TrimPrefix(s.mod.Package.Path.String(), "data.")
}

// isRule tells the packages that are rules from the libraries beside them.
func (s source) isRule() bool { return strings.HasPrefix(s.pkg(), "rules.") }

// readSources parses what opts asks for, without tests. Libraries of the
// bundle are there even when its rules are not asked for.
func readSources(bundle fs.FS, opts Options) ([]source, error) {
	sources, err := parseTree(bundle, "", withoutTests)
	if err != nil {
		return nil, err
	}
	sources = keep(sources, func(s source) bool { return opts.Builtin || !s.isRule() })
	for _, dir := range opts.Directories {
		more, err := parseDirectory(dir, withoutTests)
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, fmt.Errorf("directory %s holds no .rego file", dir)
		}
		sources = append(sources, more...)
	}
	return sources, errors.Join(checkOwners(sources)...)
}

func keep(sources []source, wanted func(source) bool) []source {
	var kept []source
	for _, s := range sources {
		if wanted(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// withTests and withoutTests say whether the tests of rules are read.
const withTests, withoutTests = true, false

// parseDirectory reads a user's directory.
func parseDirectory(dir string, tests bool) ([]source, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("opening policy directory: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("opening policy directory: %s is a file; name the directory that holds it", dir)
	}
	return parseTree(os.DirFS(dir), dir, tests)
}

// parseTree parses every .rego file below the root of tree. The order is that
// of the file names, so errors come in the same order everywhere.
func parseTree(tree fs.FS, root string, tests bool) ([]source, error) {
	var sources []source
	var faults []error
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".rego") || isTest(name) && !tests {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file := name
		if root != "" {
			file = filepath.Join(root, filepath.FromSlash(name))
		}
		mod, err := parse(file, string(text))
		if err != nil {
			faults = append(faults, err)
			return nil
		}
		sources = append(sources, source{file: file, root: root, mod: mod})
		return nil
	})
	return sources, errors.Join(err, errors.Join(faults...))
}

// parse reads one module. Rules must say "import rego.v2": with the older
// "not", a negated call whose argument is undefined fails without a word, and
// a violation is missed.
func parse(file, text string) (*ast.Module, error) {
	mod, err := ast.ParseModuleWithOpts(file, text, ast.ParserOptions{
		ProcessAnnotation: true,
		RegoVersion:       ast.RegoV1,
	})
	if err != nil {
		return nil, err
	}
	if mod == nil {
		return nil, fmt.Errorf("%s: the file is empty", file)
	}
	for _, imp := range mod.Imports {
		if imp.Path.Value.Compare(ast.RegoV2CompatibleRef) == 0 {
			return mod, nil
		}
	}
	return nil, fmt.Errorf("%s:1: add \"import rego.v2\" below the package line: without it \"not\" of something undefined is not true", file)
}

// checkOwners refuses a rule in two files, and a library package spread over
// two directories: one could change what the other means. A package that is
// neither a rule nor a library, such as a misspelt one, would never be asked.
func checkOwners(sources []source) []error {
	var faults []error
	first := map[string]source{}
	for _, s := range sources {
		if steps := strings.Split(s.pkg(), "."); steps[0] != "lib" && (steps[0] != "rules" || len(steps) < 3) {
			faults = append(faults, fmt.Errorf("%s: package %s: want rules.<service>.<rule> for a rule, or lib.<name> for what rules share", s.mod.Package.Loc(), s.pkg()))
		}
		other, seen := first[s.pkg()]
		switch {
		case !seen:
			first[s.pkg()] = s
		case s.isRule():
			faults = append(faults, fmt.Errorf("%s: rule %s is already defined in %s", s.file, ruleID(s.pkg()), where(other)))
		case s.root != other.root:
			faults = append(faults, fmt.Errorf("%s: package %s belongs to %s; choose another name", s.file, s.pkg(), where(other)))
		}
	}
	return faults
}

func where(s source) string {
	if s.root == "" {
		return "the rules that ship with Vigil"
	}
	return s.file
}

// ruleID makes the public id of a rule from its package:
// rules.cloudtrail.insights gives cloudtrail/insights.
func ruleID(pkg string) string {
	return strings.ReplaceAll(strings.TrimPrefix(pkg, "rules."), ".", "/")
}
