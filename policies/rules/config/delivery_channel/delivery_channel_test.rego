package rules.config.delivery_channel_test

import rego.v2

import data.rules.config.delivery_channel as rule

channel(supplementary) := {
	"resourceType": "AWS::Config::DeliveryChannel",
	"configuration": {"name": "default", "s3BucketName": "audit-config"},
	"related": {"AWS::S3::Bucket": [{"resourceType": "AWS::S3::Bucket", "configuration": {"name": "audit-config"}, "supplementaryConfiguration": supplementary}]},
}

allow(principal, action) := {"bucketPolicy": {"policyText": {"Statement": [{
	"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*",
}]}}}

words(subject) := listed if listed := rule.details with input as subject

refused := {{
	"path": "configuration.s3BucketName",
	"message": "the bucket has no policy that lets config.amazonaws.com put objects",
}}

test_compliant_on if {
	not rule.violation with input as channel(allow({"Service": "config.amazonaws.com"}, "s3:PutObject"))
}

test_compliant_patterns if {
	not rule.violation with input as channel(allow({"Service": ["delivery.logs.amazonaws.com", "config.amazonaws.com"]}, ["s3:Get*", "S3:put*"]))
	not rule.violation with input as channel(allow("*", "*"))
}

test_violation_no_policy if {
	rule.violation with input as channel({})
	words(channel({})) == refused
}

test_violation_bucket_without_anything if {
	bare := {"configuration": {"s3BucketName": "b"}, "related": {"AWS::S3::Bucket": [{"resourceType": "AWS::S3::Bucket", "configuration": {"name": "b"}}]}}
	words(bare) == refused
}

test_violation_other_service if words(channel(allow({"Service": "cloudtrail.amazonaws.com"}, "s3:PutObject"))) == refused

test_violation_other_action if words(channel(allow({"Service": "config.amazonaws.com"}, "s3:GetBucketAcl"))) == refused

test_violation_no_related_bucket_named if {
	subject := {"configuration": {"name": "default"}, "related": {"AWS::S3::Bucket": []}}
	rule.violation with input as subject
	words(subject) == {{"path": "configuration.s3BucketName", "message": "no bucket is set"}}
}
