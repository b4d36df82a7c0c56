package plan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares all that is read from whole files. Each testdata/NAME.json
// has its NAME.golden; the large plan is the one of the examples.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "../../../examples/ci/baseline.json") {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			got := render(t, readFile(t, file))
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
		})
	}
}

func readFile(t *testing.T, file string) *item.Set {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set, err := plan.Read(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func readText(t *testing.T, text string) *item.Set {
	t.Helper()
	set, err := plan.Read(context.Background(), strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// render writes a set for people: what rules see as JSON, then what they do not.
func render(t *testing.T, set *item.Set) string {
	t.Helper()
	var b bytes.Buffer
	line := func(what string, v any) {
		b.WriteString(what)
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, it := range set.Items {
		line("", it)
		for _, u := range it.Unknown {
			b.WriteString("  " + u.Path + " waits for [" + strings.Join(u.References, " ") + "]")
			if u.From != nil {
				b.WriteString(" from " + u.From.String())
			}
			b.WriteString("\n")
		}
		for _, s := range it.Sensitive {
			b.WriteString("  " + s + " is secret\n")
		}
		b.WriteString("\n")
	}
	line("skipped ", set.Skipped)
	for _, p := range set.Partial {
		b.WriteString("partial: " + p + "\n")
	}
	return b.String()
}
