package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// TestSARIFMatchesTheSchema holds our SARIF against the schema of the standard:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
func TestSARIFMatchesTheSchema(t *testing.T) {
	schema, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	match, err := rego.New(rego.Query("[_, faults] := json.match_schema(input.document, input.schema)")).PrepareForEval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]string{
		"sample": written(t, "sarif", sample(), report.Options{}),
		"clean":  written(t, "sarif", clean(), report.Options{}),
	}
	for title, name := range hostile() {
		documents[title] = written(t, "sarif", hostileReport(name), report.Options{})
	}
	for title, document := range documents {
		if faults := faultsOf(t, match, document, string(schema)); len(faults) > 0 {
			t.Errorf("%s: %v", title, faults)
		}
	}
	broken := strings.Replace(documents["sample"], `"level": "warning"`, `"level": "dire"`, 1)
	if len(faultsOf(t, match, broken, string(schema))) == 0 {
		t.Error("the schema takes any level")
	}
}

func faultsOf(t *testing.T, match rego.PreparedEvalQuery, document, schema string) []any {
	t.Helper()
	results, err := match.Eval(t.Context(), rego.EvalInput(map[string]any{"document": document, "schema": schema}))
	if err != nil {
		t.Fatal(err)
	}
	return results[0].Bindings["faults"].([]any)
}
