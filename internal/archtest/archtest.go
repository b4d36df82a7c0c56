// Package archtest keeps the import rules, so that data flows one way: a
// source makes items, policy judges them, report prints findings, and only the
// command line and the provider know them all.
//
//	internal/item -> internal/policy          breaks the rule of item
//	internal/sandbox -> internal/item         breaks the rule of sandbox
//
// The rules are one table, [Rules]; [Check] compares it with the imports that
// [Load] reads from the source, and the package's test does both. Source is
// read rather than `go list` asked, so that files behind build tags count and
// that go test notices when a cached answer has grown old.
package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// Module is the path that our own imports start with.
const Module = "github.com/vigil-audit/terraform-provider-vigil"

// Package is one folder of Go source with what its files import, sorted.
type Package struct {
	Path        string // relative to the module; "" is its root
	Imports     []string
	TestImports []string
}

// Rule limits what the packages at and below Path may import. Paths of ours
// are relative to the module; "" is the module's root.
type Rule struct {
	Path string
	// Ours lists our packages that may be imported, with everything below
	// them. A package may always import its own tree.
	Ours []string
	// Others lists the modules of others that may be imported. Nil is any
	// module, empty is the standard library alone.
	Others []string
	// Tests extends the rule to test files.
	Tests bool
	Why   string
}

// Private says that only Importers may import the tree at Path.
type Private struct {
	Path      string
	Importers []string
	Why       string
}

// Rules returns the limits, in the order in which data flows.
func Rules() []Rule {
	return []Rule{
		{Path: "internal/item", Others: []string{}, Why: "the normal form depends on the standard library alone"},
		{Path: "internal/finding", Others: []string{}, Why: "findings are data; they depend on the standard library alone"},
		{Path: "internal/source", Ours: []string{"internal/item", "internal/awscfg"}, Why: "a source makes items and knows nothing of rules"},
		{
			Path:   "internal/policy",
			Ours:   []string{"internal/item", "internal/finding", "policies"},
			Others: []string{"github.com/open-policy-agent/opa", "gopkg.in/yaml.v3"},
			Why:    "policy turns items into findings, wherever the items came from",
		},
		{Path: "internal/report", Ours: []string{"internal/finding"}, Why: "a format sees the finished report only"},
		{Path: "policies", Ours: nil, Others: []string{}, Why: "the bundle is data with an embed directive"},
		{Path: "internal/sandbox", Tests: true, Why: "the sandbox must not share a mistake with the code that it tests"},
	}
}

// Privates returns the packages that only a few may import.
func Privates() []Private {
	return []Private{
		{Path: "internal/provider", Importers: []string{"", "internal/docgen"}, Why: "nothing depends on the provider"},
		{Path: "internal/cli", Importers: []string{"", "internal/docgen"}, Why: "nothing depends on the command line"},
		{Path: "internal/docgen", Why: "the page generator is a tool"},
		{Path: "internal/archtest", Why: "the import rules are a test"},
	}
}

// Check returns one sentence per import that breaks a rule, sorted.
func Check(packages []Package, rules []Rule, privates []Private) []string {
	var broken []string
	for _, p := range packages {
		for _, r := range rules {
			if within(p.Path, r.Path) {
				broken = append(broken, breaches(p, r)...)
			}
		}
		for _, r := range privates {
			broken = append(broken, intrusions(p, r)...)
		}
	}
	slices.Sort(broken)
	return slices.Compact(broken)
}

func breaches(p Package, r Rule) []string {
	imports := p.Imports
	if r.Tests {
		imports = slices.Concat(imports, p.TestImports)
	}
	var broken []string
	for _, imported := range imports {
		if !allowed(imported, r) {
			broken = append(broken, fmt.Sprintf("%s imports %s: %s", p.Path, relative(imported), r.Why))
		}
	}
	return broken
}

func allowed(imported string, r Rule) bool {
	switch {
	case isOurs(imported):
		return withinAny(relative(imported), append([]string{r.Path}, r.Ours...))
	case !strings.Contains(strings.Split(imported, "/")[0], "."):
		return true // the standard library: no dot before the first slash
	default:
		return r.Others == nil || withinAny(imported, r.Others)
	}
}

// intrusions looks at tests too, save those of the tree itself.
func intrusions(p Package, r Private) []string {
	if within(p.Path, r.Path) || slices.Contains(r.Importers, p.Path) {
		return nil
	}
	var broken []string
	for _, imported := range slices.Concat(p.Imports, p.TestImports) {
		if isOurs(imported) && within(relative(imported), r.Path) {
			broken = append(broken, fmt.Sprintf("%s imports %s: %s", p.Path, relative(imported), r.Why))
		}
	}
	return broken
}

func isOurs(path string) bool { return within(path, Module) }

// relative takes the module's path off a path of ours.
func relative(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, Module), "/")
}

func withinAny(path string, trees []string) bool {
	return slices.ContainsFunc(trees, func(tree string) bool { return within(path, tree) })
}

// within says whether path is tree or below it.
func within(path, tree string) bool {
	return path == tree || strings.HasPrefix(path, tree+"/")
}
