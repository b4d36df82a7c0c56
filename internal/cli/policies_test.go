package cli

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseParameters(t *testing.T) {
	got, err := parseParameters([]string{
		"logs/retention.minimum_days=90", "logs/retention.classes=[\"STANDARD\"]", "cloudtrail/insights.types=",
		"acme/x.word=plain words", "acme/x.equation=a=b", "acme/x.on=true", "acme/x.null=null", "acme/x.two=1 2",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]any{
		"logs/retention":      {"minimum_days": json.Number("90"), "classes": []any{"STANDARD"}},
		"cloudtrail/insights": {"types": ""},
		"acme/x":              {"word": "plain words", "equation": "a=b", "on": true, "null": "null", "two": "1 2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestParseParametersRefuses(t *testing.T) {
	for _, text := range []string{"", "x", "logs/retention=1", ".x=1", "logs/retention.=1"} {
		if got, err := parseParameters([]string{text}); err == nil {
			t.Errorf("%q gave %v", text, got)
		}
	}
}
