package plan_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// TestUnknownIsNeverGuessed marks attributes unknown at random, at any depth,
// of every resource in the test plans. Whatever the item then still has must
// be what it had, and whatever it no longer has must be listed as unknown.
func TestUnknownIsNeverGuessed(t *testing.T) {
	resources := resourcesOfPlans(t)
	if len(resources) < 30 {
		t.Fatalf("only %d resources to try", len(resources))
	}
	for _, r := range resources {
		before, err := plan.Items(r)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(25) {
			rng := rand.New(rand.NewPCG(seed, 1))
			hidden := r
			hidden.Values, hidden.Unknown = hide(rng, r.Values, r.Unknown)
			after, err := plan.Items(hidden)
			if err != nil {
				t.Fatalf("%s, seed %d: %v", r.Address, seed, err)
			}
			compareItems(t, r.Address, before, after)
		}
	}
}

func compareItems(t *testing.T, address string, before, after []*item.Item) {
	t.Helper()
	if len(before) != len(after) {
		t.Fatalf("%s: %d items became %d", address, len(before), len(after))
	}
	for n := range before {
		had, has := leaves(before[n]), leaves(after[n])
		for path, value := range has {
			if had[path] != value {
				t.Errorf("%s: %s is %s although %s", address, path, value, orNothing(had[path]))
			}
		}
		for path := range had {
			if has[path] == "" && !isUnknown(after[n], path) {
				t.Errorf("%s: %s is gone and not listed as unknown", address, path)
			}
		}
	}
}

func orNothing(s string) string {
	if s == "" {
		return "it was unset"
	}
	return "it was " + s
}

// leaves are the known values of an item, as JSON by path.
func leaves(it *item.Item) map[string]string {
	found := map[string]string{}
	var walk func(v any, path string)
	walk = func(v any, path string) {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			for name, member := range v {
				walk(member, path+"."+name)
			}
		case []any:
			for n, element := range v {
				walk(element, path+"["+string(rune('0'+n))+"]")
			}
		default:
			raw, _ := json.Marshal(v)
			found[path] = string(raw)
		}
	}
	walk(it.Configuration, "configuration")
	walk(it.SupplementaryConfiguration, "supplementaryConfiguration")
	for name, v := range it.Tags {
		found["tags."+name] = v
	}
	return found
}

func isUnknown(it *item.Item, path string) bool {
	return slices.ContainsFunc(it.Unknown, func(u item.Unknown) bool {
		rest, ok := strings.CutPrefix(path, u.Path)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// hide takes attributes away at random, and marks them unknown.
func hide(rng *rand.Rand, values, unknown map[string]any) (left, marks map[string]any) {
	left, marks = maps.Clone(values), map[string]any{}
	maps.Copy(marks, unknown)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		switch {
		case v == nil:
		case rng.IntN(4) == 0:
			delete(left, name)
			marks[name] = true
		default:
			left[name], marks[name] = hideWithin(rng, v, marks[name])
		}
	}
	return left, marks
}

func hideWithin(rng *rand.Rand, v, mark any) (any, any) {
	switch v := v.(type) {
	case map[string]any:
		inner, _ := mark.(map[string]any)
		return both(hide(rng, v, inner))
	case []any:
		inner, _ := mark.([]any)
		left, marks := slices.Clone(v), make([]any, len(v))
		copy(marks, inner)
		for n := range v {
			if rng.IntN(6) == 0 {
				left[n], marks[n] = nil, true
				continue
			}
			left[n], marks[n] = hideWithin(rng, v[n], marks[n])
		}
		return left, marks
	}
	if mark == nil {
		mark = false
	}
	return v, mark
}

func both(a, b map[string]any) (any, any) { return a, b }

// resourcesOfPlans are the planned resources of all test plans.
func resourcesOfPlans(t *testing.T) []plan.Resource {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var resources []plan.Resource
	for _, file := range append(files, baseline) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Changes []struct {
				Address, Type, Mode string
				Change              struct {
					After   map[string]any
					Unknown map[string]any `json:"after_unknown"`
				}
			} `json:"resource_changes"`
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		for _, c := range doc.Changes {
			if c.Mode == "managed" && c.Change.After != nil {
				resources = append(resources, plan.Resource{Type: c.Type, Address: c.Address, Values: c.Change.After, Unknown: c.Change.Unknown})
			}
		}
	}
	return resources
}
