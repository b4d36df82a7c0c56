package rules.cloudtrail.insights_test

import rego.v2

import data.rules.cloudtrail.insights as rule

both := ["ApiCallRateInsight", "ApiErrorRateInsight"]

trail(types) := {
	"resourceType": "AWS::CloudTrail::Trail",
	"configuration": {"name": "audit", "insightSelectors": [{"insightType": type} | some type in types]},
}

violated(subject, types) if rule.violation with input as subject with data.parameters.insight_types as types

words(subject) := listed if listed := rule.details with input as subject with data.parameters.insight_types as both

test_compliant_both if not violated(trail(both), both)

test_compliant_one_is_asked_for if not violated(trail(["ApiCallRateInsight"]), ["ApiCallRateInsight"])

test_violation_one_missing if {
	violated(trail(["ApiCallRateInsight"]), both)
	words(trail(["ApiCallRateInsight"])) == {{
		"path": "configuration.insightSelectors",
		"message": "ApiErrorRateInsight is off",
	}}
}

test_violation_empty if violated(trail([]), both)

test_violation_absent if {
	subject := {"configuration": {"name": "audit"}}
	violated(subject, both)
	words(subject) == {
		{"path": "configuration.insightSelectors", "message": "ApiCallRateInsight is off"},
		{"path": "configuration.insightSelectors", "message": "ApiErrorRateInsight is off"},
	}
}
