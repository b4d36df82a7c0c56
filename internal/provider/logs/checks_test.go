package logs_test

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
)

// What steps do and want, said of the one resource under test.
var (
	attribute = acctest.Subject(group).Attribute
	updated   = acctest.Subject(group).Updated
	replaced  = acctest.Subject(group).Replaced
	texts     = acctest.Texts
	count     = acctest.Count
	step      = acctest.Step
)

// refused plans a group with these lines and wants an error.
func refused(lines, message string) resource.TestStep {
	return resource.TestStep{
		Config:      "resource \"vigil_log_group\" \"test\" {\n  " + lines + "\n}",
		ExpectError: regexp.MustCompile(message), PlanOnly: true,
	}
}
