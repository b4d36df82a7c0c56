package item_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

func TestEveryTagIsUnderstood(t *testing.T) {
	for _, k := range item.Kinds() {
		for _, r := range k.Terraform {
			t.Run(k.Type+"/"+r.Type, func(t *testing.T) {
				fields := k.Fields(r)
				if len(fields) == 0 {
					t.Error("the Terraform type fills no field")
				}
				checkTargets(t, fields)
				attributes := attributesOf(fields)
				if len(r.Identity) > 0 && !slices.ContainsFunc(r.Identity, func(a string) bool { return attributes[a] }) {
					t.Error("no field holds what identifies the resource")
				}
				if r.Companion() && (r.Owner == "" || r.Joins == "") {
					t.Error("a companion does not say whose it is")
				}
			})
		}
	}
}

func attributesOf(fields []item.Field) map[string]bool {
	found := map[string]bool{}
	for _, f := range fields {
		for _, a := range f.Sources {
			if len(a.Path) == 1 {
				found[a.Path[0]] = true
			}
			if len(a.Path) == 0 {
				for name := range attributesOf(f.Fields) {
					found[name] = true
				}
			}
		}
	}
	return found
}

// checkTargets: what a tag says that a value names is a field that exists.
func checkTargets(t *testing.T, fields []item.Field) {
	t.Helper()
	for _, f := range fields {
		checkTargets(t, f.Fields)
		for _, to := range f.To {
			schema := item.Schema(to.Kind)
			if schema == nil {
				t.Fatalf("%s names %s, which is no kind", f.Name, to.Kind)
			}
			configuration := schema["properties"].(map[string]any)["configuration"].(map[string]any)["properties"].(map[string]any)
			if configuration[to.Field] == nil {
				t.Errorf("%s names %s of %s, which it has not", f.Name, to.Field, to.Kind)
			}
		}
	}
}

func TestFieldsOfTag(t *testing.T) {
	type shape struct {
		Name   string   `json:"name" aws:"bucket" cc:"bucket_name"`
		Status string   `json:"status" aws:"versioning.enabled,word=true:Enabled,configured|status"`
		Other  string   `json:"other" cc:"other"`
		List   []string `json:"list" aws:"list" to:"AWS::KMS::Key#arn"`
		Always bool     `json:"always" aws:",const=true"`
	}
	k := item.Kind{Shape: shape{}}
	want := []item.Field{
		{Name: "name", Type: item.Text, Sources: []item.Attribute{{Path: []string{"bucket"}}}},
		{Name: "status", Type: item.Text, Sources: []item.Attribute{
			{Path: []string{"versioning", "enabled"}, Words: map[string]string{"true": "Enabled"}, Configured: true},
			{Path: []string{"status"}},
		}},
		{Name: "list", Type: item.List, Element: item.Text, Sources: []item.Attribute{{Path: []string{"list"}}}, To: []item.Target{{Kind: "AWS::KMS::Key", Field: "arn"}}},
		{Name: "always", Type: item.Boolean, Sources: []item.Attribute{{Constant: "true"}}},
	}
	if diff := cmp.Diff(want, k.Fields(item.Resource{Tags: []string{"aws"}})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
