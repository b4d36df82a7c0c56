package cloudtrail_test

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const trail = "vigil_trail.test"

// config gives a trail with these lines beside name and bucket.
func config(lines string) string {
	return "resource \"vigil_trail\" \"test\" {\n  name           = \"audit\"\n  s3_bucket_name = \"" + bucket + "\"\n" + lines + "\n}\n"
}

func attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(trail, tfjsonpath.New(name), check)
}

func text(name, value string) statecheck.StateCheck {
	return attribute(name, knownvalue.StringExact(value))
}

func null(name string) statecheck.StateCheck { return attribute(name, knownvalue.Null()) }

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

// updated applies and wants the trail to be changed in place.
func updated(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionUpdate, config, checks)
}

// unchanged wants nothing to be done.
func unchanged(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionNoop, config, checks)
}

// replaced applies and wants another trail in place of the one before.
func replaced(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionDestroyBeforeCreate, config, checks)
}

func planned(action plancheck.ResourceActionType, config string, checks []statecheck.StateCheck) resource.TestStep {
	s := step(config, checks...)
	s.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(trail, action)}
	return s
}

// before lets something happen between two steps.
func before(do func(), s resource.TestStep) resource.TestStep {
	s.PreConfig = do
	return s
}

// imported imports by this id and wants what is in the state.
func imported(id string) resource.TestStep {
	return resource.TestStep{ResourceName: trail, ImportState: true, ImportStateVerify: true, ImportStateId: id}
}

// refused plans a trail with these lines and wants an error.
func refused(lines, message string) resource.TestStep {
	return resource.TestStep{Config: config(lines), ExpectError: regexp.MustCompile(message), PlanOnly: true}
}
