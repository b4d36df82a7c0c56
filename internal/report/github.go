package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// annotationLimit keeps one annotation readable; a runner refuses more than
// 64 KiB. GitHub shows ten errors, ten warnings and ten notices per step, so
// the worst findings come first.
const annotationLimit = 4096

// writeGitHub writes workflow commands, one per line:
//
//	::error file=plan.json,line=1,title=cloudtrail/log_file_validation::aws_cloudtrail.legacy: ...
//
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
func writeGitHub(w io.Writer, r finding.Report, _ Options) error {
	for _, f := range inOrder(r.Findings) {
		level := annotationLevel(f)
		if level == "" {
			continue
		}
		_, err := fmt.Fprintf(w, "::%s file=%s,line=1,title=%s::%s\n", level,
			commandProperty(fileOf(r.Source)), commandProperty(annotationTitle(f)), commandData(annotationText(f)))
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, summaryLine(r))
	return err
}

func annotationLevel(f finding.Finding) string {
	switch sectionOf(f) {
	case violated:
		if rank(f.Severity) <= rank(finding.High) {
			return "error"
		}
		return "warning"
	case broken:
		return "error"
	case hiddenFromUs:
		return "warning"
	case later, waived:
		return "notice"
	}
	return ""
}

func annotationTitle(f finding.Finding) string {
	switch sectionOf(f) {
	case violated:
		return fmt.Sprintf("%s (%s)", f.Rule, f.Severity)
	case broken:
		return f.Rule + " ended in an error"
	case later:
		return f.Rule + " is known only after apply"
	case waived:
		return f.Rule + " is waived"
	}
	return f.Rule + " could not be decided"
}

func annotationText(f finding.Finding) string {
	text := subject(f.Resource) + ": " + strings.Join(reasons(f), "; ")
	if f.Verdict == finding.NonCompliant && f.Remediation != "" {
		text = strings.TrimSuffix(text, ".") + ". Remediation: " + f.Remediation
	}
	return shorten(Printable(text), annotationLimit)
}

// commandData escapes the text of a workflow command. The runner undoes exactly
// these (actions/toolkit, packages/core/src/command.ts); Printable has already
// taken line breaks out of names.
func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// commandProperty escapes the value of a property of a workflow command.
func commandProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandData(shorten(Printable(s), 255)))
}

// fileOf names the file that was checked.
func fileOf(s finding.Source) string {
	if s.Path == "" || s.Path == "-" {
		return "stdin"
	}
	return s.Path
}
