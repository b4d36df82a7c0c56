package rules.kms.key_rotation_test

import rego.v2

import data.rules.kms.key_rotation as rule

key := {
	"resourceType": "AWS::KMS::Key",
	"configuration": {
		"keyManager": "CUSTOMER", "keySpec": "SYMMETRIC_DEFAULT", "keyUsage": "ENCRYPT_DECRYPT", "origin": "AWS_KMS",
		"keyRotationEnabled": true, "rotationPeriodInDays": 365,
	},
}

but(configuration) := object.union(key, {"configuration": configuration})

violated(subject) if rule.violation with input as subject with data.parameters.max_period_days as 365

words(subject) := listed if listed := rule.details with input as subject with data.parameters.max_period_days as 365

test_compliant_on if {
	not violated(key)
	not rule.not_applicable with input as key
}

test_compliant_default_period if not violated(json.remove(key, ["configuration/rotationPeriodInDays"]))

test_violation_off if {
	violated(but({"keyRotationEnabled": false}))
	words(but({"keyRotationEnabled": false})) == {{
		"path": "configuration.keyRotationEnabled",
		"message": "automatic rotation is off",
	}}
}

test_violation_absent if {
	subject := {"configuration": {"keyId": "1"}}
	violated(subject)
	not rule.not_applicable with input as subject
}

test_violation_too_seldom if {
	words(but({"rotationPeriodInDays": 400})) == {{
		"path": "configuration.rotationPeriodInDays",
		"message": "key material is used for 400 days; 365 are allowed",
	}}
}

test_not_applicable_asymmetric if rule.not_applicable with input as but({"keySpec": "RSA_2048"})

test_not_applicable_hmac if {
	rule.not_applicable with input as but({"keySpec": "HMAC_256", "keyUsage": "GENERATE_VERIFY_MAC"})
}

test_not_applicable_imported if rule.not_applicable with input as but({"origin": "EXTERNAL"})

test_not_applicable_custom_store if rule.not_applicable with input as but({"origin": "AWS_CLOUDHSM"})

test_not_applicable_aws_managed if rule.not_applicable with input as but({"keyManager": "AWS"})

test_violation_default_period if {
	rule.violation with input as json.remove(key, ["configuration/rotationPeriodInDays"])
		with data.parameters.max_period_days as 180
}
