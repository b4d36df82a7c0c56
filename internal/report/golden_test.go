package report_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds the exact text of each format. Read the difference before
// you take it with -update: other people's programs read these.
func TestGolden(t *testing.T) {
	rules := []report.Rule{{
		ID: "logs/retention", Title: "Log groups are kept long enough", Severity: finding.Low,
		Description: "Short-lived logs are gone when an incident is noticed.", Remediation: "Set retention_in_days to 365 or more.",
		Controls: []string{"nist-800-53-r5/AU-11"}, References: []string{"https://example.com/retention"},
	}}
	cases := []struct {
		file, format string
		report       finding.Report
		options      report.Options
	}{
		{"sample.table.txt", "table", sample(), report.Options{}},
		{"sample.table-60.txt", "table", sample(), report.Options{Width: 60}},
		{"sample.table-color.txt", "table", sample(), report.Options{Width: 60, Color: true}},
		{"sample.json", "json", sample(), report.Options{}},
		{"sample.sarif", "sarif", sample(), report.Options{Rules: rules}},
		{"sample.junit.xml", "junit", sample(), report.Options{}},
		{"sample.md", "markdown", sample(), report.Options{}},
		{"sample.github.txt", "github", sample(), report.Options{}},
		{"clean.table.txt", "table", clean(), report.Options{}},
		{"clean.json", "json", clean(), report.Options{}},
		{"clean.sarif", "sarif", clean(), report.Options{}},
		{"clean.junit.xml", "junit", clean(), report.Options{}},
		{"clean.md", "markdown", clean(), report.Options{}},
		{"empty.table.txt", "table", finding.Report{}, report.Options{}},
		{"clean.github.txt", "github", clean(), report.Options{}},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			compareGolden(t, c.file, written(t, c.format, c.report, c.options))
		})
	}
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("not the text of %s (-want +got):\n%s", path, diff)
	}
}
