package rules.cloudtrail.bucket_not_public_test

import rego.v2

import data.rules.cloudtrail.bucket_not_public as rule

trail(supplementary) := {
	"resourceType": "AWS::CloudTrail::Trail",
	"configuration": {"name": "audit", "s3BucketName": "audit-logs"},
	"related": {"AWS::S3::Bucket": [{"configuration": {"name": "audit-logs"}, "supplementaryConfiguration": supplementary}]},
}

closed := {"publicAccessBlockConfiguration": {
	"blockPublicAcls": true, "ignorePublicAcls": true,
	"blockPublicPolicy": true, "restrictPublicBuckets": true,
}}

allow(statement) := {"bucketPolicy": {"policyText": {"Version": "2012-10-17", "Statement": [object.union(
	{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
	statement,
)]}}}

words(subject) := listed if listed := rule.details with input as subject

policy_words := {{"path": "configuration.s3BucketName", "message": "the bucket policy allows everybody"}}

acl_words := {{"path": "configuration.s3BucketName", "message": "the bucket ACL allows everybody"}}

test_compliant_nothing_set if not rule.violation with input as trail({})

test_compliant_service_alone if {
	not rule.violation with input as trail(allow({"Principal": {"Service": "cloudtrail.amazonaws.com"}}))
}

test_compliant_blocked if {
	not rule.violation with input as trail(object.union(closed, allow({"Principal": "*"})))
	not rule.violation with input as trail(object.union(closed, {"accessControlList": {"cannedAcl": "public-read"}}))
}

test_compliant_everybody_of_one_account if {
	tied := {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}
	not rule.violation with input as trail(allow(tied))
}

test_compliant_deny if not rule.violation with input as trail(allow({"Effect": "Deny", "Principal": "*"}))

test_compliant_acls_off if {
	off := {"accessControlList": {"cannedAcl": "public-read"}, "ownershipControls": {"rules": [{"objectOwnership": "BucketOwnerEnforced"}]}}
	not rule.violation with input as trail(off)
}

test_compliant_no_related_bucket if {
	not rule.violation with input as {"configuration": {"name": "audit"}, "related": {"AWS::S3::Bucket": []}}
}

test_violation_everybody if {
	rule.violation with input as trail(allow({"Principal": "*"}))
	words(trail(allow({"Principal": "*"}))) == policy_words
}

test_violation_everybody_in_a_list if {
	words(trail(allow({"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "*"]}}))) == policy_words
}

test_violation_single_statement_without_list if {
	single := {"bucketPolicy": {"policyText": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*"}}}}
	words(trail(single)) == policy_words
}

test_violation_everybody_but_one if {
	words(trail(allow({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}))) == policy_words
}

test_violation_condition_that_ties_nobody if {
	words(trail(allow({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}))) == policy_words
	words(trail(allow({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}))) == policy_words
}

test_violation_only_new_policies_blocked if {
	half := {"publicAccessBlockConfiguration": {"blockPublicPolicy": true, "restrictPublicBuckets": false}}
	words(trail(object.union(half, allow({"Principal": "*"})))) == policy_words
}

test_violation_canned_acl if words(trail({"accessControlList": {"cannedAcl": "public-read"}})) == acl_words

test_violation_grant if {
	grant := {"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}, "permission": "READ"}
	words(trail({"accessControlList": {"grantList": [grant]}})) == acl_words
}
