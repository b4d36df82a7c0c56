package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

type rulesShowOptions struct {
	policyOptions
	id      string
	format  string
	command *cobra.Command // for its --no-color
}

func newRulesShowCommand(env Env) *cobra.Command {
	var opts rulesShowOptions
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Describe one rule: why, for what, with which parameters, what to do",
		Long: `Describe one rule: what it asks for and why, which resources it looks at, its
parameters, the controls it speaks for, and what to do about a violation.

  vigil rules show logs/retention
` + exitStatus,
		Args: exactlyOneRule,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.id, opts.command = args[0], cmd
			return runRulesShow(cmd.Context(), opts, env)
		},
	}
	opts.addFlags(cmd.Flags())
	cmd.Flags().StringVarP(&opts.format, "format", "f", "table", "table or json")
	return cmd
}

func exactlyOneRule(_ *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	return withHint(fmt.Errorf("the id of one rule is asked for, %d are given", len(args)), "`vigil rules list` lists them")
}

func runRulesShow(ctx context.Context, opts rulesShowOptions, env Env) error {
	if err := tableOrJSON(opts.format); err != nil {
		return err
	}
	rules, err := loadRules(ctx, opts.policyOptions)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rules, func(r policy.Rule) bool { return r.ID == opts.id })
	if i < 0 {
		return withHint(fmt.Errorf("there is no rule %q", opts.id), nearest(opts.id, rules))
	}
	if opts.format == "json" {
		return writeIndented(env.Stdout, ruleJSONOf(rules[i]))
	}
	width := env.screenOf(env.Stdout, opts.command).width
	return report.WriteFields(env.Stdout, ruleFields(rules[i]), cmp.Or(width, widthOfLogs))
}

// nearest helps with a rule that is not there.
func nearest(id string, rules []policy.Rule) string {
	last := id[strings.LastIndexAny(id, "/.")+1:]
	for _, r := range rules {
		if last != "" && (strings.HasSuffix(r.ID, "/"+last) || strings.ReplaceAll(id, ".", "/") == r.ID || r.Number == id) {
			return fmt.Sprintf("is %s meant? `vigil rules list` lists them all", r.ID)
		}
	}
	return "`vigil rules list` lists them"
}

func ruleFields(r policy.Rule) []report.Field {
	fields := []report.Field{
		{Label: "Rule", Lines: []string{r.ID}},
		{Label: "Title", Lines: []string{r.Title}},
		{Label: "Severity", Lines: []string{string(r.Severity)}},
		{Label: "Why", Lines: []string{strings.Join(strings.Fields(r.Description), " ")}},
		{Label: "Applies to", Lines: r.ResourceTypes},
		{Label: "Looks at", Lines: relations(r)},
		{Label: "Parameters", Lines: parameters(r)},
		{Label: "Remediation", Lines: []string{strings.Join(strings.Fields(r.Remediation), " ")}},
		{Label: "Controls", Lines: r.Controls},
		{Label: "Number", Lines: []string{r.Number}},
	}
	var more []string
	for _, ref := range r.References {
		more = append(more, strings.TrimSpace(ref.Text+" "+ref.URL))
	}
	return append(fields, report.Field{Label: "More", Lines: more})
}

func relations(r policy.Rule) []string {
	var lines []string
	for _, rel := range r.Related {
		lines = append(lines, fmt.Sprintf("%s whose %s is this one's %s", rel.Type, strings.Join(rel.Theirs, ", "), strings.Join(rel.Ours, ", ")))
	}
	return lines
}

func parameters(r policy.Rule) []string {
	var lines []string
	for _, p := range r.Parameters {
		value, err := json.Marshal(p.Default)
		if err != nil {
			value = []byte(fmt.Sprint(p.Default))
		}
		lines = append(lines, fmt.Sprintf("%s (%s, default %s): %s", p.Name, p.Type, value, strings.TrimSpace(p.Text)))
	}
	return lines
}
