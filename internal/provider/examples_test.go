package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfconfig "github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// Every resource has an example, and every example is applied, imported by the
// first command of its import.sh, planned without a change, and destroyed.
// Variables stand for what a landing zone has made; they are declared here.
func TestAccExamples(t *testing.T) {
	for _, name := range resourceTypes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join("..", "..", "examples", "resources", name)
			config := read(t, filepath.Join(dir, "resource.tf"))
			script := read(t, filepath.Join(dir, "import.sh"))
			command := regexp.MustCompile(`(?m)^terraform import (\S+) '?([^\s']+)'?$`).FindStringSubmatch(script)
			if command == nil || !strings.HasPrefix(command[1], name+".") {
				t.Fatalf("import.sh does not import a %s", name)
			}
			aws := sandbox.Start(t, sandbox.WithLandingZone())
			declarations, values := declare(t, aws.LandingZone(), config)
			acctest.Run(t, aws, resource.TestCase{Steps: []resource.TestStep{
				{Config: declarations + config, ConfigVariables: values},
				{
					ConfigVariables: values,
					ResourceName:    command[1], ImportState: true, ImportStateId: command[2], ImportStateVerify: true,
				},
			}})
		})
	}
}

// declare declares the variables that a configuration reads.
func declare(t *testing.T, zone sandbox.LandingZone, config string) (string, tfconfig.Variables) {
	t.Helper()
	known := map[string]string{
		"trail_bucket": zone.TrailBucket, "config_bucket": zone.ConfigBucket, "kms_key_arn": zone.KMSKeyARN,
		"trail_role_arn": zone.TrailRoleARN, "config_role_arn": zone.ConfigRoleARN, "alarm_topic_arn": zone.TopicARN,
	}
	var names []string
	for _, m := range regexp.MustCompile(`\bvar\.(\w+)`).FindAllStringSubmatch(config, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	var declarations strings.Builder
	values := make(tfconfig.Variables)
	for _, n := range slices.Compact(names) {
		if known[n] == "" {
			t.Fatalf("the example reads var.%s, which is nothing that a landing zone has", n)
		}
		if !strings.Contains(config, `variable "`+n+`"`) {
			declarations.WriteString("variable \"" + n + "\" {}\n")
		}
		values[n] = tfconfig.StringVariable(known[n])
	}
	return declarations.String(), values
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
