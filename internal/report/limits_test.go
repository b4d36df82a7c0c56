package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// many makes n violations; the last one alone is critical.
func many(n int) finding.Report {
	r := sample()
	r.Findings = nil
	for i := range n {
		f := sample().Findings[0]
		f.ID = fmt.Sprintf("f%d", i)
		f.Resource.Address = fmt.Sprintf("aws_cloudwatch_log_group.app[%d]", i)
		r.Findings = append(r.Findings, f)
	}
	r.Findings[n-1].Severity = finding.Critical
	r.Summary = finding.Summary{NonCompliant: n, Evaluated: n, Resources: n}
	return r
}

func TestMarkdownFitsAComment(t *testing.T) {
	got := written(t, "markdown", many(2000), report.Options{})
	if len(got) > 65536 {
		t.Errorf("%d bytes; GitHub takes 65,536", len(got))
	}
	rows := strings.Count(got, "`aws_cloudwatch_log_group.app[")
	want := fmt.Sprintf("%d more rows did not fit into a comment", 2000-rows)
	if !strings.Contains(got, want) {
		t.Errorf("%d rows, and the report does not say %q", rows, want)
	}
	if !strings.Contains(got, "app[1999]") {
		t.Error("the critical violation was left out")
	}
}

func TestSARIFTakesWhatGitHubTakes(t *testing.T) {
	const limit = 25000
	var log struct {
		Runs []struct {
			Results     []struct{ Level string }
			Invocations []struct {
				Notifications []struct{ Message struct{ Text string } } `json:"toolExecutionNotifications"`
			}
		}
	}
	if err := json.Unmarshal([]byte(written(t, "sarif", many(limit+7), report.Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != limit || run.Results[0].Level != "error" {
		t.Errorf("%d results, the first at level %q; want %d with the critical one first", len(run.Results), run.Results[0].Level, limit)
	}
	if got, want := run.Invocations[0].Notifications[0].Message.Text, "7 more violations left out: GitHub takes 25000 results"; got != want {
		t.Errorf("notification %q, want %q", got, want)
	}
}

var errFull = errors.New("no space left on device")

// fullDisk takes some bytes and then no more.
type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.room {
		return d.room, errFull
	}
	d.room -= len(p)
	return len(p), nil
}

func TestEveryFormatTellsOfAFullDisk(t *testing.T) {
	for _, f := range report.Formats() {
		for _, room := range []int{0, 100, 5000} {
			err := f.Write(&fullDisk{room: room}, many(100), report.Options{})
			if !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: %v", f.Name, room, err)
			}
		}
	}
}

func TestLookupNamesTheFormats(t *testing.T) {
	_, err := report.Lookup("yaml")
	if err == nil || err.Error() != `there is no format "yaml"; there are table, json, sarif, junit, markdown, github` {
		t.Errorf("error = %v", err)
	}
}
