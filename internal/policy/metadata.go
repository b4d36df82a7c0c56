package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// custom is the block "custom:" of a rule's metadata.
type custom struct {
	Severity      finding.Severity     `json:"severity"`
	ResourceTypes []string             `json:"resource_types"`
	Trigger       []string             `json:"trigger"`
	Parameters    map[string]Parameter `json:"parameters"`
	Related       []Relation           `json:"related"`
	Remediation   string               `json:"remediation"`
	Number        string               `json:"number"`
}

// describe reads the metadata of every rule package, sorted by id. All faults
// are reported at once, each with its file and line.
func describe(compiler *ast.Compiler, sources []source) ([]Rule, error) {
	var rules []Rule
	var faults []error
	for _, s := range sources {
		if !s.isRule() {
			continue
		}
		rule, err := describeRule(compiler, s)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		rules = append(rules, rule)
	}
	sort.Slice(rules, func(i, j int) bool { return rules[i].ID < rules[j].ID })
	return rules, errors.Join(faults...)
}

func describeRule(compiler *ast.Compiler, s source) (Rule, error) {
	notes := compiler.GetAnnotationSet().GetPackageScope(s.mod.Package)
	if notes == nil {
		return Rule{}, fmt.Errorf("%s: rule %s has no \"# METADATA\" block above its package line", s.mod.Package.Loc(), ruleID(s.pkg()))
	}
	meta, err := decodeCustom(notes.Custom)
	if err != nil {
		return Rule{}, fmt.Errorf("%s: metadata of rule %s: custom: %w", notes.Loc(), ruleID(s.pkg()), err)
	}
	rule := Rule{
		ID: ruleID(s.pkg()), File: s.file,
		Title: notes.Title, Description: notes.Description, References: references(notes),
		Severity: meta.Severity, ResourceTypes: meta.ResourceTypes, Trigger: meta.Trigger,
		Related: meta.Related, Remediation: meta.Remediation, Number: meta.Number,
		Parameters: parameters(meta.Parameters),
	}
	if err := errors.Join(checkRule(rule)...); err != nil {
		return Rule{}, fmt.Errorf("%s: metadata of rule %s: %w", notes.Loc(), rule.ID, err)
	}
	if err := errors.Join(checkBody(compiler, s), checkParameterUse(compiler.Modules[s.file], rule)); err != nil {
		return Rule{}, fmt.Errorf("%s: rule %s: %w", s.mod.Package.Loc(), rule.ID, err)
	}
	return rule, nil
}

// decodeCustom refuses a key it does not know: a misspelt one would silently
// lose its effect.
func decodeCustom(values map[string]any) (custom, error) {
	var meta custom
	text, err := json.Marshal(values)
	if err != nil {
		return meta, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	err = decoder.Decode(&meta)
	return meta, err
}

func references(notes *ast.Annotations) []Reference {
	var refs []Reference
	for _, r := range notes.RelatedResources {
		refs = append(refs, Reference{Text: r.Description, URL: r.Ref.String()})
	}
	return refs
}

func parameters(declared map[string]Parameter) []Parameter {
	var params []Parameter
	for name, p := range declared {
		p.Name = name
		params = append(params, p)
	}
	sort.Slice(params, func(i, j int) bool { return params[i].Name < params[j].Name })
	return params
}

func checkRule(rule Rule) []error {
	var faults []error
	complain := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if strings.TrimSpace(rule.Title) == "" {
		complain("title is missing: a sentence that is true when all is well")
	}
	if !slices.Contains(finding.Severities(), rule.Severity) {
		complain("severity %q: want one of %v", rule.Severity, finding.Severities())
	}
	if len(rule.ResourceTypes) == 0 {
		complain("resource_types is missing: no item would ever be judged")
	}
	for _, typ := range rule.ResourceTypes {
		if item.Schema(typ) == nil {
			complain("resource_types: no source makes items of type %q", typ)
		}
	}
	for _, trigger := range rule.Trigger {
		if trigger != "change" && trigger != "periodic" {
			complain("trigger %q: want change or periodic", trigger)
		}
	}
	for _, relation := range rule.Related {
		faults = append(faults, checkRelation(relation)...)
	}
	for _, param := range rule.Parameters {
		if err := checkParameter(param, param.Default); err != nil {
			complain("default of parameter %s: %w", param.Name, err)
		}
	}
	return faults
}

func checkRelation(r Relation) []error {
	var faults []error
	if item.Schema(r.Type) == nil {
		faults = append(faults, fmt.Errorf("related: no source makes items of type %q", r.Type))
	}
	if len(r.Theirs) == 0 || len(r.Theirs) != len(r.Ours) {
		faults = append(faults, fmt.Errorf("related %s: theirs and ours must name the same number of paths, at least one", r.Type))
	}
	for _, path := range slices.Concat(r.Theirs, r.Ours) {
		if _, err := parsePath(path); err != nil {
			faults = append(faults, fmt.Errorf("related %s: %w", r.Type, err))
		}
	}
	if r.Absent != "" && r.Absent != absentNone && r.Absent != absentNotVisible {
		faults = append(faults, fmt.Errorf("related %s: absent %q: want %s or %s", r.Type, r.Absent, absentNone, absentNotVisible))
	}
	return faults
}
