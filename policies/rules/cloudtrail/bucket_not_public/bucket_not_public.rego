# METADATA
# title: The bucket of the trail is not public
# description: >-
#   The log files tell who works in the account, on what, and from where. Whoever can read them
#   knows the account, whoever can write them can hide in it.
# related_resources:
#   - description: How Amazon S3 decides that a bucket is public
#     ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# schemas:
#   - input: schema["AWS::CloudTrail::Trail"]
# custom:
#   severity: critical
#   resource_types: ["AWS::CloudTrail::Trail"]
#   trigger: [change, periodic]
#   number: CT-10
#   related:
#     - {type: "AWS::S3::Bucket", theirs: [configuration.name], ours: [configuration.s3BucketName], one: true, absent: not_visible}
#   remediation: Turn all four public access block settings on, and allow nobody outside of the account in the bucket policy or ACL.
package rules.cloudtrail.bucket_not_public

import rego.v2

import data.lib.documents

violation if _public_policy

violation if _public_acl

details contains {"path": "configuration.s3BucketName", "message": "the bucket policy allows everybody"} if _public_policy

details contains {"path": "configuration.s3BucketName", "message": "the bucket ACL allows everybody"} if _public_acl

# RestrictPublicBuckets takes the effect from a public policy, IgnorePublicAcls
# from public ACLs. The two Block settings only refuse new ones.
_public_policy if {
	not _block.restrictPublicBuckets
	documents.public(_policy)
}

_public_acl if {
	_acls_count
	_acl.cannedAcl in {"public-read", "public-read-write", "authenticated-read"}
}

_public_acl if {
	_acls_count
	some grant in _acl.grantList
	grant.grantee.uri in {
		"http://acs.amazonaws.com/groups/global/AllUsers",
		"http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
	}
}

_acls_count if {
	not _block.ignorePublicAcls
	not _acls_off
}

_acls_off if {
	some ownership in input.related["AWS::S3::Bucket"][0].supplementaryConfiguration.ownershipControls.rules
	ownership.objectOwnership == "BucketOwnerEnforced"
}

# A trail has one bucket, so no iteration: what is known of it counts even while
# its policy is not.
_block := input.related["AWS::S3::Bucket"][0].supplementaryConfiguration.publicAccessBlockConfiguration

_policy := input.related["AWS::S3::Bucket"][0].supplementaryConfiguration.bucketPolicy.policyText

_acl := input.related["AWS::S3::Bucket"][0].supplementaryConfiguration.accessControlList
