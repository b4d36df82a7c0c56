// Package report writes a finding.Report for people and for machines: one file
// per format, and one table, [Formats], from which flag help, validation and
// dispatch come.
//
// Names in a report are written by whoever wrote the plan, and a report is read
// by terminals, web pages and CI runners that act on what they read. So every
// format makes hostile text harmless in its own way; the rules are in text.go
// and beside each format.
package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// Format is one way to write a report.
type Format struct {
	Name    string
	Summary string // one line for the help text
	// Matrix says that the format is of use only with every verdict in it,
	// COMPLIANT and NOT_APPLICABLE too.
	Matrix bool
	write  func(io.Writer, finding.Report, Options) error
}

// Options are what a format may need besides the report.
type Options struct {
	// Color allows ANSI colours. Only the table has any.
	Color bool
	// Width is where the table wraps, in terminal columns; 0 is never.
	Width int
	// Rules describes the rules that ran. Findings carry what most readers
	// need, so it may be empty.
	Rules []Rule
}

// Rule is what a report says about a rule, apart from its findings.
type Rule struct {
	ID          string
	Title       string
	Description string
	Severity    finding.Severity
	Remediation string
	Controls    []string
	References  []string
}

// Formats lists every format, the default first.
func Formats() []Format {
	return []Format{
		{Name: "table", Summary: "for people", write: writeTable},
		{Name: "json", Summary: "everything, for programs", write: writeJSON},
		{Name: "sarif", Summary: "SARIF 2.1.0, for GitHub code scanning", write: writeSARIF},
		{Name: "junit", Summary: "JUnit XML with every verdict, for CI test reports", Matrix: true, write: writeJUnit},
		{Name: "markdown", Summary: "for a pull request comment", write: writeMarkdown},
		{Name: "github", Summary: "GitHub Actions annotations", write: writeGitHub},
	}
}

// Names lists the names of the formats, the default first.
func Names() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, error) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, fmt.Errorf("there is no format %q; there are %s", name, strings.Join(Names(), ", "))
}

// Write writes r to w. The error is that of w: a report that was cut off is
// never taken for a whole one.
func (f Format) Write(w io.Writer, r finding.Report, o Options) error {
	buffered := bufio.NewWriter(w)
	if err := f.write(buffered, r, o); err != nil {
		return fmt.Errorf("writing the %s report: %w", f.Name, err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("writing the %s report: %w", f.Name, err)
	}
	return nil
}
