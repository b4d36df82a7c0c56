package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// policyOptions say which rules a command works with.
type policyOptions struct {
	directories []string
	noBuiltin   bool
	rules, skip []string
	parameters  []string
}

func (o *policyOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVar(&o.directories, "policies", nil, "a `DIR` with rules of your own; may be repeated")
	flags.BoolVar(&o.noBuiltin, "no-builtin", false, "leave out the rules that ship with vigil")
}

func (o *policyOptions) addSelection(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.rules, "rules", nil, "run these rules only, by `ID`; may be repeated or separated by commas")
	flags.StringSliceVar(&o.skip, "skip", nil, "leave these rules out, by `ID`; may be repeated or separated by commas")
	flags.StringArrayVar(&o.parameters, "parameter", nil, "override a parameter, as `RULE.NAME=VALUE`; may be repeated")
}

func (o *policyOptions) engineOptions() (policy.Options, error) {
	if o.noBuiltin && len(o.directories) == 0 {
		return policy.Options{}, withHint(fmt.Errorf("--no-builtin leaves no rules"), "name a directory of your own rules with --policies DIR")
	}
	parameters, err := parseParameters(o.parameters)
	return policy.Options{
		Builtin: !o.noBuiltin, Directories: o.directories,
		Rules: o.rules, Skip: o.skip, Parameters: parameters,
	}, err
}

// parseParameters reads "logs/retention.minimum_days=90" into rule, name and
// value. A value that is JSON is taken as JSON, any other as a string.
func parseParameters(assignments []string) (map[string]map[string]any, error) {
	parameters := map[string]map[string]any{}
	for _, a := range assignments {
		key, text, ok := strings.Cut(a, "=")
		dot := strings.LastIndex(key, ".")
		if !ok || dot <= 0 || dot == len(key)-1 {
			return nil, fmt.Errorf("--parameter %s: a rule, a name and a value are asked for, as in logs/retention.minimum_days=90", a)
		}
		rule, name := key[:dot], key[dot+1:]
		if parameters[rule] == nil {
			parameters[rule] = map[string]any{}
		}
		parameters[rule][name] = parseValue(text)
	}
	return parameters, nil
}

func parseValue(text string) any {
	dec := json.NewDecoder(bytes.NewBufferString(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil || dec.More() || value == nil {
		return text
	}
	return value
}

// describe gives reports what they say about rules.
func describe(rules []policy.Rule) []report.Rule {
	var described []report.Rule
	for _, r := range rules {
		d := report.Rule{
			ID: r.ID, Title: r.Title, Description: r.Description, Severity: r.Severity,
			Remediation: r.Remediation, Controls: r.Controls,
		}
		for _, ref := range r.References {
			d.References = append(d.References, ref.URL)
		}
		described = append(described, d)
	}
	return described
}
