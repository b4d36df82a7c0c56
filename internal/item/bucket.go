package item

// Bucket is an S3 bucket. What S3 answers by a dozen calls, and Terraform
// spreads over as many resources, is in Supplementary.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
type Bucket struct {
	ResourceID    string              `json:"resourceId" aws:"bucket" cc:"bucket_name"`
	ResourceName  string              `json:"resourceName" aws:"bucket" cc:"bucket_name"`
	ARN           string              `json:"arn" aws:"arn" cc:"arn"`
	Tags          map[string]string   `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration BucketConfiguration `json:"configuration" aws:"." cc:"."`
	Supplementary BucketSupplementary `json:"supplementaryConfiguration" aws:"." cc:"." policy:"." pab:"." versioning:"." logging:"." acl:"." encryption:"." ownership:"." lock:"."`
}

// BucketConfiguration is the configuration of a [Bucket].
type BucketConfiguration struct {
	Name string `json:"name" aws:"bucket" cc:"bucket_name"`
	ARN  string `json:"arn" aws:"arn" cc:"arn"`
}

// BucketSupplementary is everything about a bucket but its name.
type BucketSupplementary struct {
	BucketPolicy                      BucketPolicy      `json:"bucketPolicy" aws:"." policy:"."`
	PublicAccessBlockConfiguration    PublicAccessBlock `json:"publicAccessBlockConfiguration" cc:"public_access_block_configuration,configured" pab:"."`
	AccessControlList                 AccessControlList `json:"accessControlList" aws:"." cc:"." acl:"."`
	BucketVersioningConfiguration     Versioning        `json:"bucketVersioningConfiguration" aws:"versioning,configured" cc:"versioning_configuration,configured" versioning:"versioning_configuration"`
	BucketLoggingConfiguration        BucketLogging     `json:"bucketLoggingConfiguration" aws:"logging,configured" cc:"logging_configuration,configured" logging:"."`
	ServerSideEncryptionConfiguration Encryption        `json:"serverSideEncryptionConfiguration" aws:"server_side_encryption_configuration,configured" cc:"bucket_encryption,configured" encryption:"."`
	OwnershipControls                 OwnershipControls `json:"ownershipControls" cc:"ownership_controls,configured" ownership:"."`
	ObjectLockConfiguration           ObjectLock        `json:"objectLockConfiguration" aws:"object_lock_configuration,configured" cc:"object_lock_configuration,configured" lock:"."`
}

// BucketPolicy holds the policy document as a JSON object, not as text.
type BucketPolicy struct {
	PolicyText map[string]any `json:"policyText" aws:"policy,json,configured" policy:"policy,json|policy_document,json"`
}

// PublicAccessBlock holds the four switches against public access.
type PublicAccessBlock struct {
	BlockPublicACLs       bool `json:"blockPublicAcls" pab:"block_public_acls" cc:"block_public_acls,configured"`
	IgnorePublicACLs      bool `json:"ignorePublicAcls" pab:"ignore_public_acls" cc:"ignore_public_acls,configured"`
	BlockPublicPolicy     bool `json:"blockPublicPolicy" pab:"block_public_policy" cc:"block_public_policy,configured"`
	RestrictPublicBuckets bool `json:"restrictPublicBuckets" pab:"restrict_public_buckets" cc:"restrict_public_buckets,configured"`
}

// AccessControlList is either a canned ACL (private, public-read, ...), as it
// was asked for, or the grants that it came to.
type AccessControlList struct {
	CannedACL string  `json:"cannedAcl" aws:"acl,configured" cc:"access_control,configured,word=Private:private,word=PublicRead:public-read,word=PublicReadWrite:public-read-write,word=AuthenticatedRead:authenticated-read,word=LogDeliveryWrite:log-delivery-write,word=BucketOwnerRead:bucket-owner-read,word=BucketOwnerFullControl:bucket-owner-full-control,word=AwsExecRead:aws-exec-read" acl:"acl,configured"`
	GrantList []Grant `json:"grantList" aws:"grant,configured" acl:"access_control_policy.grant"`
}

// Grant gives one grantee one permission: FULL_CONTROL, WRITE, WRITE_ACP, READ
// or READ_ACP. URI names a predefined group, such as
// http://acs.amazonaws.com/groups/global/AllUsers.
type Grant struct {
	Grantee    Grantee `json:"grantee" aws:"." acl:"grantee"`
	Permission string  `json:"permission" aws:"permissions,first" acl:"permission"`
}

// Grantee is a canonical user, an e-mail address or a predefined group.
type Grantee struct {
	Type string `json:"type" aws:"type" acl:"type"`
	ID   string `json:"id" aws:"id" acl:"id"`
	URI  string `json:"uri" aws:"uri" acl:"uri"`
}

// Versioning is a bucket's versioning: Status is Enabled or Suspended.
type Versioning struct {
	Status             string `json:"status" aws:"enabled,word=true:Enabled,word=false:" cc:"status" versioning:"status"`
	IsMFADeleteEnabled bool   `json:"isMfaDeleteEnabled" aws:"mfa_delete" versioning:"mfa_delete,word=Enabled:true,word=Disabled:false,configured"`
}

// BucketLogging says where access logs go.
type BucketLogging struct {
	DestinationBucketName string `json:"destinationBucketName" aws:"target_bucket" cc:"destination_bucket_name,configured" logging:"target_bucket" to:"AWS::S3::Bucket#name"`
	LogFilePrefix         string `json:"logFilePrefix" aws:"target_prefix" cc:"log_file_prefix,configured" logging:"target_prefix"`
}

// Encryption is a bucket's default encryption.
type Encryption struct {
	Rules []EncryptionRule `json:"rules" aws:"rule" cc:"server_side_encryption_configuration" encryption:"rule"`
}

// EncryptionRule is one default: SSEAlgorithm is AES256, aws:kms or aws:kms:dsse.
type EncryptionRule struct {
	ApplyServerSideEncryptionByDefault EncryptionDefault `json:"applyServerSideEncryptionByDefault" aws:"apply_server_side_encryption_by_default" cc:"server_side_encryption_by_default,configured" encryption:"apply_server_side_encryption_by_default"`
	BucketKeyEnabled                   bool              `json:"bucketKeyEnabled" aws:"bucket_key_enabled" cc:"bucket_key_enabled,configured" encryption:"bucket_key_enabled"`
}

// EncryptionDefault is the algorithm and the key.
type EncryptionDefault struct {
	SSEAlgorithm   string `json:"sseAlgorithm" aws:"sse_algorithm" cc:"sse_algorithm" encryption:"sse_algorithm"`
	KMSMasterKeyID string `json:"kmsMasterKeyID" aws:"kms_master_key_id" cc:"kms_master_key_id,configured" encryption:"kms_master_key_id" to:"AWS::KMS::Key#arn"`
}

// OwnershipControls says who owns uploaded objects; BucketOwnerEnforced turns ACLs off.
type OwnershipControls struct {
	Rules []OwnershipRule `json:"rules" cc:"rules" ownership:"rule"`
}

// OwnershipRule is BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter.
type OwnershipRule struct {
	ObjectOwnership string `json:"objectOwnership" cc:"object_ownership" ownership:"object_ownership"`
}

// ObjectLock is write-once protection of new objects.
type ObjectLock struct {
	ObjectLockEnabled string         `json:"objectLockEnabled" aws:"object_lock_enabled" cc:"object_lock_enabled" lock:"object_lock_enabled"`
	Rule              ObjectLockRule `json:"rule" aws:"rule" cc:"rule,configured" lock:"rule"`
}

// ObjectLockRule holds the default retention.
type ObjectLockRule struct {
	DefaultRetention Retention `json:"defaultRetention" aws:"default_retention" cc:"default_retention" lock:"default_retention"`
}

// Retention is COMPLIANCE or GOVERNANCE, for days or years.
type Retention struct {
	Mode  string `json:"mode" aws:"mode" cc:"mode" lock:"mode"`
	Days  int64  `json:"days" aws:"days,zero" cc:"days,zero,configured" lock:"days,zero"`
	Years int64  `json:"years" aws:"years,zero" cc:"years,zero,configured" lock:"years,zero"`
}

func bucketKind() Kind {
	part := func(terraform, tag, field string) Resource {
		return Resource{Type: terraform, Tags: []string{tag}, Part: "supplementaryConfiguration." + field, Owner: "bucket", Joins: "configuration.name", Same: map[string]string{"id": "bucket"}}
	}
	return Kind{
		Type:  "AWS::S3::Bucket",
		Shape: Bucket{},
		Terraform: []Resource{
			{Type: "aws_s3_bucket", Tags: []string{"aws"}, Identity: []string{"bucket", "arn"}, Same: map[string]string{"id": "bucket"}},
			{Type: "awscc_s3_bucket", Tags: []string{"cc"}, Identity: []string{"bucket_name", "arn"}, Same: map[string]string{"id": "bucket_name"}},
			part("aws_s3_bucket_policy", "policy", "bucketPolicy"),
			part("awscc_s3_bucket_policy", "policy", "bucketPolicy"),
			part("aws_s3_bucket_public_access_block", "pab", "publicAccessBlockConfiguration"),
			part("aws_s3_bucket_acl", "acl", "accessControlList"),
			part("aws_s3_bucket_versioning", "versioning", "bucketVersioningConfiguration"),
			part("aws_s3_bucket_logging", "logging", "bucketLoggingConfiguration"),
			part("aws_s3_bucket_server_side_encryption_configuration", "encryption", "serverSideEncryptionConfiguration"),
			part("aws_s3_bucket_ownership_controls", "ownership", "ownershipControls"),
			part("aws_s3_bucket_object_lock_configuration", "lock", "objectLockConfiguration"),
		},
	}
}
