package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// widthOfLogs is where text wraps that goes into a file or the log of a CI
// system, in columns.
const widthOfLogs = 100

func newCheckCommand(env Env) *cobra.Command {
	var opts checkOptions
	cmd := &cobra.Command{
		Use:   "check [flags] FILE",
		Short: "Check a Terraform plan or state against the rules",
		Long: `Check a Terraform plan or state, as "terraform show -json" writes it, against
the rules. FILE is a path, or - for standard input. OpenTofu's JSON is the same.

  terraform plan -out plan.tfplan
  terraform show -json plan.tfplan | vigil check -

What a plan cannot know yet is UNKNOWN: the report names the attribute and what
it waits for. It is something to check again after apply, and neither a pass nor
a violation.

EXIT STATUS
  0    nothing found at or above --fail-on
  1    the tool could not do its work: bad flags, a plan that cannot be read
  2    violations at or above --fail-on
  3    incomplete: something is outside of what was read, a rule ended in an
       error, or nothing was evaluated at all
  130  interrupted

Take any other code for a failure.`,
		Args: exactlyOneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.file, opts.command = args[0], cmd
			if err := opts.validate(); err != nil {
				return err
			}
			return runCheck(cmd.Context(), opts, env)
		},
	}
	opts.addFlags(cmd.Flags())
	return cmd
}

func exactlyOneFile(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	err := fmt.Errorf("one plan is asked for, %d are given", len(args))
	return withHint(err, "`terraform show -json plan.tfplan | "+cmd.CommandPath()+" -` checks a saved plan")
}

type checkOptions struct {
	policyOptions
	file          string
	format        string
	outputs       []string
	failOn        string
	failOnUnknown bool
	strictUnknown bool
	all           bool
	verbose       bool
	command       *cobra.Command // for its --no-color

	// What validate makes of the flags.
	main      report.Format
	writers   []output
	threshold finding.Severity
}

func (o *checkOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVarP(&o.format, "format", "f", report.Names()[0], "what to write to standard output, as a `FORMAT`:\n"+formatHelp())
	flags.StringArrayVarP(&o.outputs, "output", "o", nil, "write a report to a file too, as `FORMAT=PATH`; may be repeated")
	flags.StringVar(&o.failOn, "fail-on", string(finding.Low), "exit with 2 for violations of this `SEVERITY` or a higher one: none, low, medium, high or critical")
	flags.BoolVar(&o.failOnUnknown, "fail-on-unknown", false, "exit with 2 for what is known only after apply, too")
	flags.BoolVar(&o.strictUnknown, "strict-unknown", false, "do not assume that a value taken from a planned resource will be set")
	flags.BoolVar(&o.all, "all", false, "report every verdict, the compliant ones too")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "list on standard error what was skipped")
	o.policyOptions.addFlags(flags)
	o.addSelection(flags)
}

func formatHelp() string {
	var lines []string
	for _, f := range report.Formats() {
		lines = append(lines, fmt.Sprintf("  %-9s %s", f.Name, f.Summary))
	}
	return strings.Join(lines, "\n") + "\n"
}

func (o *checkOptions) validate() (err error) {
	if o.main, err = report.Lookup(o.format); err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	o.writers = nil
	for _, text := range o.outputs {
		out, err := parseOutput(text)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(o.writers, func(other output) bool { return other.path == out.path }) {
			return fmt.Errorf("-o %s: there is a report for this path already", text)
		}
		o.writers = append(o.writers, out)
	}
	if o.threshold, err = finding.ParseSeverity(o.failOn); err != nil {
		return fmt.Errorf("--fail-on: %w", err)
	}
	return nil
}

func runCheck(ctx context.Context, opts checkOptions, env Env) error {
	engine, err := loadEngine(ctx, opts)
	if err != nil {
		return err
	}
	set, findings, err := evaluate(ctx, engine, opts, env)
	if err != nil {
		return err
	}
	r := finding.Report{
		Version:  1,
		Tool:     finding.Tool{Name: "vigil", Version: env.Version},
		Source:   sourceOf(opts.file, set),
		Summary:  finding.Summarize(resourcesIn(set), findings),
		Findings: findings,
	}
	if err := writeReports(r, describe(engine.Rules()), opts, env); err != nil {
		return err
	}
	return verdict(r, set, opts)
}

func evaluate(ctx context.Context, engine *policy.Engine, opts checkOptions, env Env) (*item.Set, []finding.Finding, error) {
	progress := progress{env: env}
	defer progress.done()
	progress.show("reading %s", report.Printable(nameOf(opts.file)))
	set, err := readPlan(ctx, opts.file, env)
	if err != nil {
		return nil, nil, err
	}
	progress.done()
	for _, why := range set.Partial {
		env.tell("warning: %s does not hold everything: %s", nameOf(opts.file), why)
	}
	if opts.verbose {
		env.tellSkipped(set)
	}
	progress.show("evaluating %d resources", resourcesIn(set))
	findings, err := engine.Evaluate(ctx, set)
	if err != nil {
		return nil, nil, fmt.Errorf("evaluating %s: %w", nameOf(opts.file), err)
	}
	return set, findings, nil
}

// resourcesIn counts the items of a set that are resources; the account, which
// rules about the whole account look at, is none.
func resourcesIn(set *item.Set) int {
	n := 0
	for _, i := range set.Items {
		if i.Type != item.AccountType {
			n++
		}
	}
	return n
}

func loadEngine(ctx context.Context, opts checkOptions) (*policy.Engine, error) {
	options, err := opts.engineOptions()
	if err != nil {
		return nil, err
	}
	options.StrictUnknown = opts.strictUnknown
	engine, err := policy.Load(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("loading rules: %w", err)
	}
	if len(engine.Rules()) == 0 {
		return nil, withHint(errors.New("no rule is left to run"), "`vigil rules list` lists them; look at --rules and --skip")
	}
	return engine, nil
}

func readPlan(ctx context.Context, file string, env Env) (*item.Set, error) {
	in := env.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, cause(err))
		}
		defer f.Close()
		in = f
	}
	set, err := plan.Read(ctx, bufio.NewReaderSize(in, 1<<20))
	if err != nil {
		return nil, explain(nameOf(file), err)
	}
	return set, nil
}

// explain gives the hint of a plan that cannot be read a line of its own.
func explain(name string, err error) error {
	var fault *plan.Error
	if !errors.As(err, &fault) || fault.Hint == "" {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	bare := *fault
	bare.Hint = ""
	return withHint(fmt.Errorf("reading %s: %w", name, &bare), fault.Hint)
}

// nameOf is what messages call the plan.
func nameOf(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

func sourceOf(file string, set *item.Set) finding.Source {
	kind := item.Plan
	if len(set.Items) > 0 {
		kind = set.Items[0].Source.Kind
	}
	return finding.Source{Kind: string(kind), Path: file}
}

// writeReports writes the files first: a reader of standard output that goes
// away early must not cost the others their report.
func writeReports(r finding.Report, rules []report.Rule, opts checkOptions, env Env) error {
	for _, out := range opts.writers {
		err := writeFile(out.path, func(w io.Writer) error {
			return out.format.Write(w, selected(r, out.format, opts.all), report.Options{Rules: rules})
		})
		if err != nil {
			return err
		}
	}
	screen := env.screenOf(env.Stdout, opts.command)
	return opts.main.Write(env.Stdout, selected(r, opts.main, opts.all), report.Options{
		Color: screen.color, Width: cmp.Or(screen.width, widthOfLogs), Rules: rules,
	})
}

// selected leaves out what asks for nothing, unless it is wanted.
func selected(r finding.Report, format report.Format, all bool) finding.Report {
	if all || format.Matrix {
		return r
	}
	r.Findings = finding.Open(r.Findings)
	return r
}
