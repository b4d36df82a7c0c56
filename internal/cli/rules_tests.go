package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

type rulesTestOptions struct {
	directories []string
	verbose     bool
}

func newRulesTestCommand(env Env) *cobra.Command {
	var opts rulesTestOptions
	cmd := &cobra.Command{
		Use:   "test [flags] [DIR ...]",
		Short: "Run the Rego tests of rules",
		Long: `Run the Rego tests below the directories, as "opa test" does, with vigil's
shared library beside them and with the built-ins that rules have. Without a
directory, the tests of the rules that ship with vigil are run.

  vigil rules test ./policies

EXIT STATUS
  0    every test passed
  1    a test did not pass, the rules do not compile, or there is no test
  130  interrupted`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.directories = args
			return runRulesTest(cmd.Context(), opts, env)
		},
	}
	cmd.Flags().BoolVarP(&opts.verbose, "verbose", "v", false, "name the tests that passed, too")
	return cmd
}

func runRulesTest(ctx context.Context, opts rulesTestOptions, env Env) error {
	results, err := policy.Test(ctx, opts.directories...)
	if err != nil {
		return fmt.Errorf("running tests: %w", err)
	}
	if len(results) == 0 {
		return withHint(errors.New("there is no test"), "tests are rules named test_... in packages named ..._test, in files named *_test.rego")
	}
	failed, skipped := 0, 0
	for _, r := range results {
		switch {
		case r.Skipped:
			skipped++
		case !r.Passed:
			failed++
		}
		if err := writeTestResult(env.Stdout, r, opts.verbose); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(env.Stdout, testSummary(len(results), failed, skipped)); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d tests did not pass", failed, len(results))
	}
	return nil
}

func writeTestResult(w io.Writer, r policy.TestResult, verbose bool) error {
	word := "passed"
	switch {
	case r.Skipped:
		word = "skipped"
	case r.Error != nil:
		word = "error"
	case !r.Passed:
		word = "failed"
	}
	if word == "passed" && !verbose {
		return nil
	}
	text := fmt.Sprintf("%-7s  %s:%d  %s.%s\n", word, r.File, r.Line, strings.TrimPrefix(r.Package, "data."), r.Name)
	if r.Error != nil {
		text += "         " + report.Printable(r.Error.Error()) + "\n"
	}
	for line := range strings.Lines(r.Output) {
		text += "         " + report.Printable(strings.TrimRight(line, "\n")) + "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

func testSummary(all, failed, skipped int) string {
	text := fmt.Sprintf("%d passed", all-failed-skipped)
	if failed > 0 {
		text += fmt.Sprintf(", %d failed", failed)
	}
	if skipped > 0 {
		text += fmt.Sprintf(", %d skipped", skipped)
	}
	return text
}
