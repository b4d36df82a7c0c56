package report

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// What GitHub takes from one run, and shows of it:
// https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
const (
	sarifMaxResults = 25000 // it shows the first 5,000 by severity
	sarifMaxTags    = 20    // it shows ten
	sarifMaxText    = 1024  // of a rule's descriptions
	sarifMaxMessage = 4096
	sarifMaxNotes   = 1000
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
	projectURL  = "https://github.com/vigil-audit/terraform-provider-vigil"
)

// writeSARIF writes violations as results, the waived ones as suppressed. A
// scanner's alert is something to mend, so what is only unknown, and rules that
// ended in an error, are notifications of the run.
func writeSARIF(w io.Writer, r finding.Report, o Options) error {
	sorted := inOrder(r.Findings)
	rules, index := sarifRules(sorted, o.Rules)
	results, left := sarifResults(sorted, index, sarifURI(r.Source))
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: r.Tool.Name, Version: r.Tool.Version, InformationURI: projectURL, Rules: rules,
		}},
		AutomationDetails: sarifAutomation{ID: "vigil/"},
		Invocations:       []sarifInvocation{sarifInvocationOf(sorted, left, sarifURI(r.Source))},
		Results:           results,
		ColumnKind:        "unicodeCodePoints",
	}
	return encodeJSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// sarifRules describes every rule that ran, then those that only the findings name.
func sarifRules(findings []finding.Finding, known []Rule) ([]sarifRule, map[string]int) {
	index := map[string]int{}
	described := []sarifRule{}
	add := func(r Rule) {
		if _, ok := index[r.ID]; !ok {
			index[r.ID] = len(described)
			described = append(described, sarifRuleOf(r))
		}
	}
	for _, r := range known {
		add(r)
	}
	for _, f := range findings {
		add(Rule{ID: f.Rule, Title: f.Title, Severity: f.Severity, Remediation: f.Remediation, Controls: f.Controls})
	}
	return described, index
}

func sarifRuleOf(r Rule) sarifRule {
	tags := append([]string{"security", "aws"}, r.Controls...)
	title := firstOf(r.Title, r.ID)
	rule := sarifRule{
		ID:                   r.ID,
		Name:                 r.ID,
		ShortDescription:     sarifText(title, sarifMaxText),
		FullDescription:      sarifText(firstOf(r.Description, title), sarifMaxText),
		Help:                 sarifHelp(r),
		DefaultConfiguration: sarifConfiguration{Level: sarifLevel(r.Severity)},
		Properties: sarifRuleProperties{
			Tags: tags[:min(len(tags), sarifMaxTags)], SecuritySeverity: securitySeverity(r.Severity), Precision: "very-high",
		},
	}
	if len(r.References) > 0 {
		rule.HelpURI = r.References[0]
	}
	return rule
}

func sarifHelp(r Rule) sarifMultiformat {
	paragraphs := []string{firstOf(r.Description, r.Title, r.ID)}
	if r.Remediation != "" {
		paragraphs = append(paragraphs, "Remediation: "+r.Remediation)
	}
	paragraphs = append(paragraphs, r.References...)
	text := strings.Join(paragraphs, "\n\n")
	return sarifMultiformat{Text: text, Markdown: text}
}

func sarifResults(sorted []finding.Finding, index map[string]int, uri string) (results []sarifResult, left int) {
	results = []sarifResult{}
	for _, f := range sorted {
		if s := sectionOf(f); s != violated && s != waived {
			continue
		}
		if len(results) == sarifMaxResults {
			left++
			continue
		}
		results = append(results, sarifResultOf(f, index[f.Rule], uri))
	}
	return results, left
}

func sarifResultOf(f finding.Finding, rule int, uri string) sarifResult {
	result := sarifResult{
		RuleID:    f.Rule,
		RuleIndex: rule,
		Level:     sarifLevel(f.Severity),
		Message:   sarifText(subject(f.Resource)+": "+message(f), sarifMaxMessage),
		Locations: sarifLocations(f, uri),
		// GitHub keeps an alert by this one; without it the upload would hash
		// the line, and every finding of a rule is on line 1 of the plan.
		PartialFingerprints: map[string]string{"primaryLocationLineHash": f.ID + ":1", "vigilFindingId/v1": f.ID},
	}
	if f.Waiver != nil {
		why := fmt.Sprintf("%s (%s, until %s)", f.Waiver.Reason, f.Waiver.Owner, f.Waiver.Expires)
		result.Suppressions = []sarifSuppression{{Kind: "external", Status: "accepted", Justification: Printable(why)}}
	}
	return result
}

func sarifLocations(f finding.Finding, uri string) []sarifLocation {
	return []sarifLocation{{
		PhysicalLocation: sarifPhysicalLocation{ArtifactLocation: sarifArtifact{URI: uri}, Region: sarifRegion{StartLine: 1}},
		LogicalLocations: []sarifLogicalLocation{{
			FullyQualifiedName: shorten(Printable(subject(f.Resource)), sarifMaxText), Kind: "resource",
		}},
	}}
}

func sarifInvocationOf(sorted []finding.Finding, left int, uri string) sarifInvocation {
	in := sarifInvocation{ExecutionSuccessful: true, Notifications: []sarifNotification{}}
	if left > 0 {
		in.Notifications = append(in.Notifications, sarifNotification{
			Level: "warning", Message: sarifText(fmt.Sprintf("%s left out: GitHub takes %d results", plural(left, "more violation"), sarifMaxResults), sarifMaxMessage),
		})
	}
	for _, f := range sorted {
		level := map[section]string{broken: "error", hiddenFromUs: "warning", later: "note"}[sectionOf(f)]
		if level == "" || len(in.Notifications) == sarifMaxNotes {
			continue
		}
		in.ExecutionSuccessful = in.ExecutionSuccessful && level != "error"
		in.Notifications = append(in.Notifications, sarifNotification{
			Level: level, Message: sarifText(annotationText(f), sarifMaxMessage),
			AssociatedRule: &sarifDescriptor{ID: f.Rule}, Locations: sarifLocations(f, uri),
		})
	}
	return in
}

// sarifText makes a plain text message. "[text](target)" would be a link in it
// (section 3.11.6), and a name from a plan must not make one.
func sarifText(s string, limit int) sarifMessage {
	return sarifMessage{Text: shorten(strings.ReplaceAll(Printable(s), "](", "] ("), limit)}
}

func sarifLevel(s finding.Severity) string {
	switch s {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	}
	return "note"
}

// securitySeverity places a severity inside the band GitHub gives it: critical
// above 9.0, high from 7.0, medium from 4.0, low above 0.
func securitySeverity(s finding.Severity) string {
	switch s {
	case finding.Critical:
		return "9.5"
	case finding.High:
		return "8.0"
	case finding.Medium:
		return "5.5"
	}
	return "2.0"
}

// sarifURI makes a URI reference of the path of the plan, as RFC 3986 wants
// it; GitHub takes a relative one from the root of the repository.
func sarifURI(s finding.Source) string {
	path := filepath.ToSlash(fileOf(s))
	if filepath.IsAbs(fileOf(s)) {
		return (&url.URL{Scheme: "file", Path: path}).String()
	}
	return (&url.URL{Path: strings.TrimPrefix(path, "./")}).String()
}
