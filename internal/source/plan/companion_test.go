package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// TestCompanionOfOneOfTwoProviders plans two recorders named alike, of two
// provider configurations whose Regions the plan may not show, and starts one.
func TestCompanionOfOneOfTwoProviders(t *testing.T) {
	const document = `{"format_version":"1.2","resource_changes":[
		{"address":"aws_config_configuration_recorder.here","mode":"managed","type":"aws_config_configuration_recorder","change":{"actions":["create"],"after":{"name":"default"}}},
		{"address":"aws_config_configuration_recorder.there","mode":"managed","type":"aws_config_configuration_recorder","change":{"actions":["create"],"after":{"name":"default"}}},
		{"address":"aws_config_configuration_recorder_status.there","mode":"managed","type":"aws_config_configuration_recorder_status","change":{"actions":["create"],"after":{"name":"default","is_enabled":true}}}],
		"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{%s}},"aws.there":{"name":"aws","expressions":{%s}}},"root_module":{"resources":[
		{"address":"aws_config_configuration_recorder.here","provider_config_key":"aws","expressions":{"name":{"constant_value":"default"}}},
		{"address":"aws_config_configuration_recorder.there","provider_config_key":"aws.there","expressions":{"name":{"constant_value":"default"}}},
		{"address":"aws_config_configuration_recorder_status.there","provider_config_key":"aws.there","expressions":{"name":{"constant_value":"default"}}}]}}}`
	region := func(name string) string { return fmt.Sprintf(`"region":{"constant_value":%q}`, name) }
	for name, regions := range map[string][2]string{
		"neither Region known": {"", ""},
		"one Region known":     {"", region("us-east-1")},
		"both Regions known":   {region("eu-west-1"), region("us-east-1")},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := plan.Read(t.Context(), strings.NewReader(fmt.Sprintf(document, regions[0], regions[1])))
			if err != nil {
				t.Fatal(err)
			}
			const recording = "supplementaryConfiguration.status.recording"
			if got := leaves(at(t, set, "aws_config_configuration_recorder.there"))[recording]; got != "true" {
				t.Errorf("the recorder that is started: recording is %q", got)
			}
			if got := leaves(at(t, set, "aws_config_configuration_recorder.here"))[recording]; got != "" {
				t.Errorf("the recorder that is not started: recording is %q", got)
			}
		})
	}
}
