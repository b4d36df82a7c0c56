package logs_test

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

func attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(group, tfjsonpath.New(name), check)
}

// texts wants exactly these pairs.
func texts(pairs ...string) knownvalue.Check {
	checks := make(map[string]knownvalue.Check)
	for i := 0; i < len(pairs); i += 2 {
		checks[pairs[i]] = knownvalue.StringExact(pairs[i+1])
	}
	return knownvalue.MapExact(checks)
}

// step applies; the testing library then wants an empty plan.
func step(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return resource.TestStep{Config: config, ConfigStateChecks: checks}
}

// updated applies and wants the group to be changed in place.
func updated(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionUpdate, config, checks)
}

// replaced applies and wants another group in place of the one before.
func replaced(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionDestroyBeforeCreate, config, checks)
}

func planned(action plancheck.ResourceActionType, config string, checks []statecheck.StateCheck) resource.TestStep {
	s := step(config, checks...)
	s.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(group, action)}
	return s
}

// refused plans a group with these lines and wants an error.
func refused(lines, message string) resource.TestStep {
	return resource.TestStep{
		Config:      "resource \"vigil_log_group\" \"test\" {\n  " + lines + "\n}",
		ExpectError: regexp.MustCompile(message), PlanOnly: true,
	}
}
