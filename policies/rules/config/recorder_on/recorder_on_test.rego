package rules.config.recorder_on_test

import rego.v2

import data.rules.config.recorder_on as rule

recorder := {
	"resourceType": "AWS::Config::ConfigurationRecorder",
	"configuration": {"name": "default"},
	"supplementaryConfiguration": {"status": {"recording": true}},
}

account(recorders) := {
	"resourceType": "AWS::::Account", "configuration": {},
	"related": {"AWS::Config::ConfigurationRecorder": recorders},
}

words(subject) := listed if listed := rule.details with input as subject

test_compliant_on if not rule.violation with input as recorder

test_not_applicable_account_with_recorder if rule.not_applicable with input as account([recorder])

test_violation_account_is_judged_without_one if not rule.not_applicable with input as account([])

test_violation_off if {
	off := object.union(recorder, {"supplementaryConfiguration": {"status": {"recording": false}}})
	rule.violation with input as off
	words(off) == {{
		"path": "supplementaryConfiguration.status.recording",
		"message": "the recorder is not started",
	}}
}

test_violation_absent if rule.violation with input as object.remove(recorder, ["supplementaryConfiguration"])

test_violation_no_related_recorder if {
	rule.violation with input as account([])
	words(account([])) == {{"path": "", "message": "the Region has no recorder"}}
}
