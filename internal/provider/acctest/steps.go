package acctest

import (
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// Subject is the resource that a test is about, by its address.
type Subject string

// Attribute checks an attribute in the state.
func (s Subject) Attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(string(s), tfjsonpath.New(name), check)
}

// Text wants exactly this string.
func (s Subject) Text(name, value string) statecheck.StateCheck {
	return s.Attribute(name, knownvalue.StringExact(value))
}

// Updated applies and wants the resource to be changed in place.
func (s Subject) Updated(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return s.Planned(plancheck.ResourceActionUpdate, config, checks)
}

// Unchanged wants nothing to be done.
func (s Subject) Unchanged(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return s.Planned(plancheck.ResourceActionNoop, config, checks)
}

// Replaced applies and wants another resource in place of the one before.
func (s Subject) Replaced(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return s.Planned(plancheck.ResourceActionDestroyBeforeCreate, config, checks)
}

// Planned applies and wants this action in the plan.
func (s Subject) Planned(action plancheck.ResourceActionType, config string, checks []statecheck.StateCheck) resource.TestStep {
	step := Step(config, checks...)
	step.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(string(s), action)}
	return step
}

// Step applies; the testing library then wants an empty plan.
func Step(config string, checks ...statecheck.StateCheck) resource.TestStep {
	return resource.TestStep{Config: config, ConfigStateChecks: checks}
}

// Before lets something happen ahead of a step.
func Before(do func(), step resource.TestStep) resource.TestStep {
	step.PreConfig = do
	return step
}

// Texts wants exactly these pairs of keys and values.
func Texts(pairs ...string) knownvalue.Check {
	checks := make(map[string]knownvalue.Check)
	for i := 0; i < len(pairs); i += 2 {
		checks[pairs[i]] = knownvalue.StringExact(pairs[i+1])
	}
	return knownvalue.MapExact(checks)
}
