package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider"
)

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	resp, err := provider.NewServer("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return resp
}

func resourceTypes(t *testing.T) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(schemas(t).ResourceSchemas))
}

func TestResourceTypes(t *testing.T) {
	want := []string{"vigil_config_recorder", "vigil_log_group", "vigil_metric_alarm", "vigil_metric_filter", "vigil_trail"}
	if diff := cmp.Diff(want, resourceTypes(t)); diff != "" {
		t.Errorf("resource types (-want +got):\n%s", diff)
	}
}

// Everything has a text, because the documentation is made from it.
func TestEverythingIsDescribed(t *testing.T) {
	resp := schemas(t)
	describedBlock(t, "provider", resp.Provider.Block)
	for name, s := range resp.ResourceSchemas {
		describedBlock(t, name, s.Block)
	}
}

func describedBlock(t *testing.T, name string, b *tfprotov6.SchemaBlock) {
	t.Helper()
	for _, a := range b.Attributes {
		if a.Description == "" {
			t.Errorf("%s.%s has no description", name, a.Name)
		}
	}
	for _, n := range b.BlockTypes {
		if n.Block.Description == "" && n.TypeName != "timeouts" {
			t.Errorf("%s.%s has no description", name, n.TypeName)
		}
		describedBlock(t, name+"."+n.TypeName, n.Block)
	}
}
