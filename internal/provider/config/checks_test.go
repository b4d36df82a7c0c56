package config_test

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
)

const recorder = "vigil_config_recorder.test"

const channel = `delivery_channel { s3_bucket_name = "` + bucket + `" }`

// What steps do and want, said of the one resource under test.
var (
	attribute = acctest.Subject(recorder).Attribute
	text      = acctest.Subject(recorder).Text
	planned   = acctest.Subject(recorder).Planned
	updated   = acctest.Subject(recorder).Updated
	unchanged = acctest.Subject(recorder).Unchanged
	replaced  = acctest.Subject(recorder).Replaced
	texts     = acctest.Texts
	count     = acctest.Count
	step      = acctest.Step
	before    = acctest.Before
)

// with gives a recorder with these lines beside its role.
func with(lines string) string {
	return "resource \"vigil_config_recorder\" \"test\" {\n  role_arn = \"" + roleARN + "\"\n" + lines + "\n}\n"
}

// config gives a recorder with a plain channel and these lines.
func config(lines string) string { return with(channel + "\n" + lines) }

func in(block, name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(recorder, tfjsonpath.New(block).AtMapKey(name), check)
}

func imported(id string, ignore ...string) resource.TestStep {
	return resource.TestStep{ResourceName: recorder, ImportState: true, ImportStateVerify: true, ImportStateId: id, ImportStateVerifyIgnore: ignore}
}

func refused(config, message string) resource.TestStep {
	return resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message), PlanOnly: true}
}
