package item

// Key is a KMS key: DescribeKey and GetKeyRotationStatus in one.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
type Key struct {
	ResourceID    string            `json:"resourceId" aws:"key_id" cc:"key_id" external:"id"`
	ARN           string            `json:"arn" aws:"arn" cc:"arn"`
	Tags          map[string]string `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration KeyConfiguration  `json:"configuration" aws:"." cc:"." external:"."`
	Supplementary KeySupplementary  `json:"supplementaryConfiguration" aws:"." cc:"." policy:"."`
}

// KeyConfiguration is the configuration of a [Key]. RotationPeriodInDays is
// 90 to 2560, 365 where it was never set.
type KeyConfiguration struct {
	KeyID                string `json:"keyId" aws:"key_id" cc:"key_id" external:"id"`
	ARN                  string `json:"arn" aws:"arn" cc:"arn"`
	Description          string `json:"description" aws:"description" cc:"description,configured"`
	Enabled              bool   `json:"enabled" aws:"is_enabled" cc:"enabled,configured|,const=true" external:"enabled" replica:"enabled"`
	KeyUsage             string `json:"keyUsage" aws:"key_usage" cc:"key_usage,configured|,const=ENCRYPT_DECRYPT"`
	KeySpec              string `json:"keySpec" aws:"customer_master_key_spec" cc:"key_spec,configured|,const=SYMMETRIC_DEFAULT" replica:"key_spec" external:"key_spec|,const=SYMMETRIC_DEFAULT"`
	Origin               string `json:"origin" aws:"xks_key_id,const=EXTERNAL_KEY_STORE|custom_key_store_id,const=AWS_CLOUDHSM|,const=AWS_KMS" cc:"origin,configured|,const=AWS_KMS" external:",const=EXTERNAL" replica:",const=AWS_KMS"`
	KeyManager           string `json:"keyManager" aws:",const=CUSTOMER" cc:",const=CUSTOMER"`
	MultiRegion          bool   `json:"multiRegion" aws:"multi_region" cc:"multi_region" replica:",const=true"`
	KeyRotationEnabled   bool   `json:"keyRotationEnabled" aws:"enable_key_rotation" cc:"enable_key_rotation,configured" external:",const=false" replica:"key_rotation_enabled"`
	RotationPeriodInDays int64  `json:"rotationPeriodInDays" aws:"rotation_period_in_days,zero,configured" cc:"rotation_period_in_days,zero,configured"`
}

// KeySupplementary is what other calls know of a key.
type KeySupplementary struct {
	Policy map[string]any `json:"policy" aws:"policy,json,configured" cc:"key_policy,json,configured" policy:"policy,json"`
}

func keyKind() Kind {
	identity := []string{"key_id", "arn"}
	same := map[string]string{"id": "key_id"}
	return Kind{
		Type:  "AWS::KMS::Key",
		Shape: Key{},
		Terraform: []Resource{
			{Type: "aws_kms_key", Tags: []string{"aws"}, Identity: identity, Same: same},
			{Type: "aws_kms_external_key", Tags: []string{"external", "aws"}, Identity: []string{"id", "arn"}},
			{Type: "aws_kms_replica_key", Tags: []string{"replica", "aws"}, Identity: identity, Same: same},
			{Type: "awscc_kms_key", Tags: []string{"cc"}, Identity: identity, Same: same},
			{Type: "aws_kms_key_policy", Tags: []string{"policy"}, Part: "supplementaryConfiguration.policy", Owner: "key_id", Joins: "configuration.keyId"},
		},
	}
}
