package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/policies"
)

// rulePages gives a page per rule that ships with Vigil and the catalog of all.
func rulePages(ctx context.Context) (pages, error) {
	engine, err := policy.Load(ctx, policy.Options{Builtin: true})
	if err != nil {
		return nil, fmt.Errorf("loading the rules: %w", err)
	}
	all := pages{"guides/rules.md": catalog(engine.Rules())}
	for _, rule := range engine.Rules() {
		file := path.Join("rules", rule.ID, path.Base(rule.ID)+".rego")
		source, err := fs.ReadFile(policies.FS(), file)
		if err != nil {
			return nil, fmt.Errorf("reading rule %s: %w", rule.ID, err)
		}
		page, err := rulePage(rule, string(source))
		if err != nil {
			return nil, fmt.Errorf("page of rule %s: %w", rule.ID, err)
		}
		all["rules/"+rule.ID+".md"] = page
	}
	return all, nil
}

func catalog(rules []policy.Rule) string {
	var b strings.Builder
	b.WriteString(header("Rules", "", "Every rule that ships with Vigil."))
	b.WriteString("# Rules\n\nEvery rule that ships with Vigil, from the metadata of the rules themselves. " +
		"`vigil rules show ID` prints the same on a terminal; a rule is left out with `--skip ID`, or with `skip` in the provider's `policy` block.\n\n")
	b.WriteString("| rule | severity | looks at | true when all is well |\n| --- | --- | --- | --- |\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| [`%s`](../rules/%s.md) | %s | %s | %s |\n", r.ID, r.ID, r.Severity, cell(codes(r.ResourceTypes)), cell(r.Title))
	}
	return b.String()
}

func rulePage(r policy.Rule, source string) (string, error) {
	var b strings.Builder
	b.WriteString(header(r.ID, "Rules", r.Title))
	fmt.Fprintf(&b, "# %s\n\n**%s.**\n\n%s\n\n", r.ID, strings.TrimSuffix(r.Title, "."), strings.TrimSpace(r.Description))
	b.WriteString("| | |\n| --- | --- |\n")
	for _, row := range facts(r) {
		if row[1] != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", row[0], cell(row[1]))
		}
	}
	if r.Remediation != "" {
		fmt.Fprintf(&b, "\n## Remediation\n\n%s\n", strings.TrimSpace(r.Remediation))
	}
	if err := writeParameters(&b, r); err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "\n## The rule\n\n`policies/rules/%s`, without its metadata:\n\n```rego\n%s\n```\n", r.ID, withoutMetadata(source))
	if len(r.References) > 0 {
		b.WriteString("\n## Read more\n\n")
		for _, ref := range r.References {
			fmt.Fprintf(&b, "- [%s](%s)\n", ref.Text, ref.URL)
		}
	}
	return b.String(), nil
}

func facts(r policy.Rule) [][2]string {
	var related []string
	for _, relation := range r.Related {
		related = append(related, relation.Type)
	}
	return [][2]string{
		{"Severity", string(r.Severity)},
		{"Looks at", codes(r.ResourceTypes)},
		{"Together with", codes(related)},
		{"Controls", codes(r.Controls)},
	}
}

func writeParameters(b *strings.Builder, r policy.Rule) error {
	if len(r.Parameters) == 0 {
		return nil
	}
	b.WriteString("\n## Parameters\n\n| name | type | default | |\n| --- | --- | --- | --- |\n")
	for _, p := range r.Parameters {
		value, err := json.Marshal(p.Default)
		if err != nil {
			return fmt.Errorf("default of parameter %s: %w", p.Name, err)
		}
		fmt.Fprintf(b, "| `%s` | %s | `%s` | %s |\n", p.Name, p.Type, cell(string(value)), cell(p.Text))
	}
	return nil
}

// withoutMetadata cuts the comment block above the package line.
func withoutMetadata(source string) string {
	if i := strings.Index(source, "\npackage "); i >= 0 {
		source = source[i+1:]
	}
	return strings.TrimSpace(source)
}

// codes lists names once each, in their order, set as code.
func codes(names []string) string {
	var list []string
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			list = append(list, "`"+name+"`")
		}
		seen[name] = true
	}
	return strings.Join(list, ", ")
}
