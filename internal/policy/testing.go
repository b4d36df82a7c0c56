package policy

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/vigil-audit/terraform-provider-vigil/policies"
)

// TestResult is the outcome of one Rego test.
type TestResult struct {
	Package  string // "rules.logs.retention_test"
	Name     string // "test_violation_short"
	File     string
	Line     int
	Passed   bool
	Skipped  bool // named todo_test_...
	Error    error
	Output   string // what the test printed
	Duration time.Duration
}

// Test runs the Rego tests below the directories as `opa test` would, with the
// shared library of the bundle beside them and with the built-ins that rules
// have; without a directory it runs the bundle's own tests.
func Test(ctx context.Context, dirs ...string) ([]TestResult, error) {
	sources, err := parseTree(policies.FS(), "", withTests)
	if err != nil {
		return nil, fmt.Errorf("reading the bundle: %w", err)
	}
	if len(dirs) > 0 {
		sources = keep(sources, func(s source) bool { return !s.isRule() && !isTest(s.file) })
	}
	for _, dir := range dirs {
		own, err := parseDirectory(dir, withTests)
		if err != nil {
			return nil, err
		}
		sources = append(sources, own...)
	}
	if err := errors.Join(checkOwners(keep(sources, func(s source) bool { return !isTest(s.file) }))...); err != nil {
		return nil, err
	}
	return runTests(ctx, sources)
}

func runTests(ctx context.Context, sources []source) ([]TestResult, error) {
	modules := make(map[string]*ast.Module, len(sources))
	for _, s := range sources {
		modules[s.file] = s.mod
	}
	store := inmem.New()
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	results, err := tester.NewRunner().
		// print is there for tests alone: rules are compiled without it.
		SetCompiler(newCompiler("print", "internal.print", "internal.test_case").WithEnablePrintStatements(true)).
		SetStore(store).
		CapturePrintOutput(true).
		RaiseBuiltinErrors(true).
		SetTimeout(DefaultDeadline).
		SetModules(modules).
		RunTests(ctx, txn)
	if err != nil {
		return nil, fmt.Errorf("compiling tests: %w", err)
	}
	var all []TestResult
	for r := range results {
		all = append(all, testResult(r))
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].File != all[j].File {
			return all[i].File < all[j].File
		}
		return all[i].Line < all[j].Line
	})
	return all, ctx.Err()
}

func testResult(r *tester.Result) TestResult {
	return TestResult{
		Package: r.Package, Name: r.Name, File: r.Location.File, Line: r.Location.Row,
		Passed: !r.Fail && !r.Skip && r.Error == nil, Skipped: r.Skip, Error: r.Error,
		Output: string(r.Output), Duration: r.Duration,
	}
}
