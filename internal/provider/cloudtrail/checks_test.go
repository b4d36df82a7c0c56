package cloudtrail_test

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
)

const trail = "vigil_trail.test"

// What steps do and want, said of the one resource under test.
var (
	attribute = acctest.Subject(trail).Attribute
	text      = acctest.Subject(trail).Text
	planned   = acctest.Subject(trail).Planned
	updated   = acctest.Subject(trail).Updated
	unchanged = acctest.Subject(trail).Unchanged
	replaced  = acctest.Subject(trail).Replaced
	texts     = acctest.Texts
	count     = acctest.Count
	step      = acctest.Step
	before    = acctest.Before
)

// config gives a trail with these lines beside name and bucket.
func config(lines string) string {
	return "resource \"vigil_trail\" \"test\" {\n  name           = \"audit\"\n  s3_bucket_name = \"" + bucket + "\"\n" + lines + "\n}\n"
}

func null(name string) statecheck.StateCheck { return attribute(name, knownvalue.Null()) }

// imported imports by this id and wants what is in the state.
func imported(id string) resource.TestStep {
	return resource.TestStep{ResourceName: trail, ImportState: true, ImportStateVerify: true, ImportStateId: id}
}

// refused plans a trail with these lines and wants an error.
func refused(lines, message string) resource.TestStep {
	return resource.TestStep{Config: config(lines), ExpectError: regexp.MustCompile(message), PlanOnly: true}
}
