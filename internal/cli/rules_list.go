package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

type rulesListOptions struct {
	policyOptions
	format string
}

func newRulesListCommand(env Env) *cobra.Command {
	var opts rulesListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the rules",
		Long: `List the rules that check would run, with their severity.

  vigil rules list --format json | jq -r '.[].id'
` + exitStatus,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRulesList(cmd.Context(), opts, env) },
	}
	opts.addFlags(cmd.Flags())
	cmd.Flags().StringVarP(&opts.format, "format", "f", "table", "table or json")
	return cmd
}

func runRulesList(ctx context.Context, opts rulesListOptions, env Env) error {
	if err := tableOrJSON(opts.format); err != nil {
		return err
	}
	rules, err := loadRules(ctx, opts.policyOptions)
	if err != nil {
		return err
	}
	if opts.format == "json" {
		return writeRulesJSON(env.Stdout, rules)
	}
	return writeRulesTable(env.Stdout, rules)
}

func tableOrJSON(format string) error {
	if format != "table" && format != "json" {
		return fmt.Errorf("--format %s: there are table and json", format)
	}
	return nil
}

func loadRules(ctx context.Context, opts policyOptions) ([]policy.Rule, error) {
	options, err := opts.engineOptions()
	if err != nil {
		return nil, err
	}
	engine, err := policy.Load(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("loading rules: %w", err)
	}
	return engine.Rules(), nil
}

func writeRulesTable(w io.Writer, rules []policy.Rule) error {
	width := len("RULE")
	for _, r := range rules {
		width = max(width, len(r.ID))
	}
	if _, err := fmt.Fprintf(w, "%-*s  %-8s  %s\n", width, "RULE", "SEVERITY", "TITLE"); err != nil {
		return err
	}
	for _, r := range rules {
		if _, err := fmt.Fprintf(w, "%-*s  %-8s  %s\n", width, r.ID, r.Severity, r.Title); err != nil {
			return err
		}
	}
	return nil
}

// ruleJSON is a rule as `vigil rules list --format json` writes it.
type ruleJSON struct {
	ID            string            `json:"id"`
	Title         string            `json:"title"`
	Description   string            `json:"description"`
	Severity      finding.Severity  `json:"severity"`
	ResourceTypes []string          `json:"resource_types"`
	Related       []policy.Relation `json:"related"`
	Trigger       []string          `json:"trigger"`
	Parameters    []parameterJSON   `json:"parameters"`
	Controls      []string          `json:"controls"`
	Remediation   string            `json:"remediation"`
	References    []referenceJSON   `json:"references"`
	Number        string            `json:"number,omitempty"`
}

type parameterJSON struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Default any    `json:"default"`
	Text    string `json:"text"`
}

type referenceJSON struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

func writeRulesJSON(w io.Writer, rules []policy.Rule) error {
	list := []ruleJSON{}
	for _, r := range rules {
		list = append(list, ruleJSONOf(r))
	}
	return writeIndented(w, list)
}

func writeIndented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func ruleJSONOf(r policy.Rule) ruleJSON {
	j := ruleJSON{
		ID: r.ID, Title: r.Title, Description: r.Description, Severity: r.Severity,
		ResourceTypes: orEmpty(r.ResourceTypes), Related: orEmpty(r.Related), Trigger: orEmpty(r.Trigger),
		Parameters: []parameterJSON{}, Controls: orEmpty(r.Controls), Remediation: r.Remediation,
		References: []referenceJSON{}, Number: r.Number,
	}
	for _, p := range r.Parameters {
		j.Parameters = append(j.Parameters, parameterJSON(p))
	}
	for _, ref := range r.References {
		j.References = append(j.References, referenceJSON(ref))
	}
	return j
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
