package config_test

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const recorder = "vigil_config_recorder.test"

const channel = `delivery_channel { s3_bucket_name = "` + bucket + `" }`

// with gives a recorder with these lines beside its role.
func with(lines string) string {
	return "resource \"vigil_config_recorder\" \"test\" {\n  role_arn = \"" + roleARN + "\"\n" + lines + "\n}\n"
}

// config gives a recorder with a plain channel and these lines.
func config(lines string) string { return with(channel + "\n" + lines) }

func attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(recorder, tfjsonpath.New(name), check)
}

func in(block, name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(recorder, tfjsonpath.New(block).AtMapKey(name), check)
}

func text(name, value string) statecheck.StateCheck {
	return attribute(name, knownvalue.StringExact(value))
}

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

func updated(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionUpdate, config, checks)
}

func unchanged(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionNoop, config, checks)
}

func replaced(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionDestroyBeforeCreate, config, checks)
}

func planned(action plancheck.ResourceActionType, config string, checks []statecheck.StateCheck) resource.TestStep {
	s := step(config, checks...)
	s.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(recorder, action)}
	return s
}

// before lets something happen between two steps.
func before(do func(), s resource.TestStep) resource.TestStep {
	s.PreConfig = do
	return s
}

func imported(id string, ignore ...string) resource.TestStep {
	return resource.TestStep{ResourceName: recorder, ImportState: true, ImportStateVerify: true, ImportStateId: id, ImportStateVerifyIgnore: ignore}
}

func refused(config, message string) resource.TestStep {
	return resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message), PlanOnly: true}
}
