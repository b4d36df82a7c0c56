package s3

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/johannesboyne/gofakes3"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// setDefaults gives a new bucket what S3 gives every bucket since April 2023,
// changed by the headers of CreateBucket.
func (b *bucket) setDefaults(ctx context.Context, header http.Header, tags []types.Tag) error {
	ownership := types.ObjectOwnership(header.Get("X-Amz-Object-Ownership"))
	if ownership == "" {
		ownership = types.ObjectOwnershipBucketOwnerEnforced
	}
	controls := &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: ownership}}}
	if err := prepareOwnership(nil, ctx, b, nil, controls); err != nil {
		return err
	}
	if canned := header.Get("X-Amz-Acl"); ownership == types.ObjectOwnershipBucketOwnerEnforced && canned != "" && canned != "private" {
		return wire.Errorf("InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	b.documents = map[string]any{
		encryptionQuery:   defaultEncryption(),
		publicAccessQuery: allBlocked(),
		ownershipQuery:    controls,
		aclQuery:          ownerOnly(b.canonicalID()),
	}
	if strings.EqualFold(header.Get("X-Amz-Bucket-Object-Lock-Enabled"), "true") {
		b.documents[versioningQuery] = &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}
		b.documents[objectLockQuery] = &types.ObjectLockConfiguration{ObjectLockEnabled: types.ObjectLockEnabledEnabled}
	}
	if len(tags) == 0 {
		return nil
	}
	tagging := &types.Tagging{TagSet: tags}
	b.documents[taggingQuery] = tagging
	return prepareTagging(nil, ctx, b, nil, tagging)
}

func defaultEncryption() *types.ServerSideEncryptionConfiguration {
	return &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
		ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256},
		BucketKeyEnabled:                   aws.Bool(false),
	}}}
}

func allBlocked() *types.PublicAccessBlockConfiguration {
	return &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true),
		IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
	}
}

// keep stores the bucket, and tells gofakes3 whether objects have versions.
func (s *S3) keep(ctx context.Context, b bucket) error {
	versioning := documentOf[types.VersioningConfiguration](b, versioningQuery)
	if versioning.Status != "" {
		if err := s.memory.SetVersioningConfiguration(b.name, gofakes3.VersioningConfiguration{Status: gofakes3.VersioningStatus(versioning.Status)}); err != nil {
			return err
		}
	}
	s.buckets.PutIn(ctx, global, b.name, b)
	return nil
}

func prepareEncryption(_ *S3, _ context.Context, _ *bucket, _ http.Header, document any) error {
	rules := document.(*types.ServerSideEncryptionConfiguration).Rules
	if len(rules) != 1 {
		return malformedXML()
	}
	if rules[0].BucketKeyEnabled == nil {
		rules[0].BucketKeyEnabled = aws.Bool(false)
	}
	byDefault := rules[0].ApplyServerSideEncryptionByDefault
	if byDefault == nil {
		rules[0].ApplyServerSideEncryptionByDefault = defaultEncryption().Rules[0].ApplyServerSideEncryptionByDefault
		return nil
	}
	switch byDefault.SSEAlgorithm {
	case types.ServerSideEncryptionAwsKms, types.ServerSideEncryptionAwsKmsDsse:
		return nil
	case types.ServerSideEncryptionAes256:
		if byDefault.KMSMasterKeyID != nil {
			return wire.Errorf("InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
		}
		return nil
	}
	return malformedXML()
}

func prepareVersioning(_ *S3, _ context.Context, b *bucket, _ http.Header, document any) error {
	switch document.(*types.VersioningConfiguration).Status {
	case types.BucketVersioningStatusEnabled:
		return nil
	case types.BucketVersioningStatusSuspended:
		if b.documents[objectLockQuery] != nil {
			return failure(http.StatusConflict, "InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
		}
		return nil
	case "":
		return wire.Errorf("IllegalVersioningConfigurationException", "The Versioning element must be specified")
	}
	return malformedXML()
}

// preparePublicAccess: settings that are not given are off.
func preparePublicAccess(_ *S3, _ context.Context, _ *bucket, _ http.Header, document any) error {
	block := document.(*types.PublicAccessBlockConfiguration)
	for _, setting := range []**bool{&block.BlockPublicAcls, &block.BlockPublicPolicy, &block.IgnorePublicAcls, &block.RestrictPublicBuckets} {
		if *setting == nil {
			*setting = aws.Bool(false)
		}
	}
	return nil
}

// The settings of the public access block that something here asks for.
func blockPublicACLs(c types.PublicAccessBlockConfiguration) *bool   { return c.BlockPublicAcls }
func blockPublicPolicy(c types.PublicAccessBlockConfiguration) *bool { return c.BlockPublicPolicy }
func restrictPublicBuckets(c types.PublicAccessBlockConfiguration) *bool {
	return c.RestrictPublicBuckets
}

func (b bucket) blocks(setting func(types.PublicAccessBlockConfiguration) *bool) bool {
	return aws.ToBool(setting(documentOf[types.PublicAccessBlockConfiguration](b, publicAccessQuery)))
}

func prepareOwnership(_ *S3, _ context.Context, b *bucket, _ http.Header, document any) error {
	rules := document.(*types.OwnershipControls).Rules
	if len(rules) != 1 {
		return malformedXML()
	}
	switch rules[0].ObjectOwnership {
	case types.ObjectOwnershipBucketOwnerPreferred, types.ObjectOwnershipObjectWriter:
		return nil
	case types.ObjectOwnershipBucketOwnerEnforced:
		if acl, ok := b.documents[aclQuery].(*types.AccessControlPolicy); ok && !onlyOwner(acl, b.canonicalID()) {
			return wire.Errorf("InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
		}
		return nil
	}
	return malformedXML()
}

// aclsOff tells whether the bucket has no ACLs (object ownership is enforced).
func (b bucket) aclsOff() bool {
	rules := documentOf[types.OwnershipControls](b, ownershipQuery).Rules
	return len(rules) == 1 && rules[0].ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced
}

func prepareTagging(_ *S3, _ context.Context, _ *bucket, _ http.Header, document any) error {
	tags := document.(*types.Tagging).TagSet
	if len(tags) > 50 {
		return wire.Errorf("BadRequest", "Bucket tag count cannot be greater than 50")
	}
	seen := map[string]bool{}
	for _, tag := range tags {
		key := aws.ToString(tag.Key)
		switch {
		case key == "" || len(key) > 128:
			return wire.Errorf("InvalidTag", "The TagKey you have provided is invalid")
		case len(aws.ToString(tag.Value)) > 256:
			return wire.Errorf("InvalidTag", "The TagValue you have provided is invalid")
		case strings.HasPrefix(key, "aws:"):
			return wire.Errorf("InvalidTag", "System tags cannot be added/updated by requester")
		case seen[key]:
			return wire.Errorf("InvalidTag", "Cannot provide multiple Tags with the same key")
		}
		seen[key] = true
	}
	return nil
}

func prepareLogging(s *S3, ctx context.Context, _ *bucket, _ http.Header, document any) error {
	logging := document.(*types.BucketLoggingStatus).LoggingEnabled
	if logging == nil {
		return nil // off
	}
	if _, err := s.bucket(ctx, aws.ToString(logging.TargetBucket)); err != nil {
		return wire.Errorf("InvalidTargetBucketForLogging", "The target bucket for logging does not exist")
	}
	if logging.TargetPrefix == nil {
		return malformedXML()
	}
	return nil
}

func prepareObjectLock(_ *S3, _ context.Context, b *bucket, _ http.Header, document any) error {
	if documentOf[types.VersioningConfiguration](*b, versioningQuery).Status != types.BucketVersioningStatusEnabled {
		return failure(http.StatusConflict, "InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
	}
	lock := document.(*types.ObjectLockConfiguration)
	if lock.ObjectLockEnabled != types.ObjectLockEnabledEnabled {
		return malformedXML()
	}
	if lock.Rule == nil {
		return nil
	}
	retention := lock.Rule.DefaultRetention
	if retention == nil || retention.Mode == "" || (retention.Days == nil) == (retention.Years == nil) {
		return malformedXML()
	}
	if aws.ToInt32(retention.Days)+aws.ToInt32(retention.Years) <= 0 {
		return wire.Errorf("InvalidArgument", "Default retention period must be a positive integer value.")
	}
	return nil
}

func prepareCORS(_ *S3, _ context.Context, _ *bucket, _ http.Header, document any) error {
	rules := document.(*types.CORSConfiguration).CORSRules
	if len(rules) == 0 || len(rules) > 100 {
		return malformedXML()
	}
	for _, rule := range rules {
		if len(rule.AllowedMethods) == 0 || len(rule.AllowedOrigins) == 0 {
			return malformedXML()
		}
	}
	return nil
}

func prepareReplication(_ *S3, _ context.Context, b *bucket, _ http.Header, _ any) error {
	if documentOf[types.VersioningConfiguration](*b, versioningQuery).Status != types.BucketVersioningStatusEnabled {
		return wire.Errorf("InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	}
	return nil
}

func prepareRequestPayment(_ *S3, _ context.Context, _ *bucket, _ http.Header, document any) error {
	switch document.(*types.RequestPaymentConfiguration).Payer {
	case types.PayerBucketOwner, types.PayerRequester:
		return nil
	}
	return malformedXML()
}

func prepareLifecycle(_ *S3, _ context.Context, b *bucket, header http.Header, document any) error {
	rules := document.(*types.BucketLifecycleConfiguration).Rules
	if len(rules) == 0 || len(rules) > 1000 {
		return malformedXML()
	}
	ids := map[string]bool{}
	for i := range rules {
		if rules[i].ID == nil || *rules[i].ID == "" {
			rules[i].ID = aws.String(rand.Text())
		}
		if ids[*rules[i].ID] {
			return wire.Errorf("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
		}
		ids[*rules[i].ID] = true
		if err := checkLifecycleRule(rules[i]); err != nil {
			return err
		}
	}
	b.transitionSize = header.Get("X-Amz-Transition-Default-Minimum-Object-Size")
	if b.transitionSize == "" {
		b.transitionSize = "all_storage_classes_128K"
	}
	return nil
}

func checkLifecycleRule(rule types.LifecycleRule) error {
	prefix := rule.Prefix // deprecated, and still what older clients send
	switch {
	case rule.Status != types.ExpirationStatusEnabled && rule.Status != types.ExpirationStatusDisabled:
		return malformedXML()
	case rule.Filter == nil && prefix == nil:
		return malformedXML()
	case rule.Expiration == nil && rule.NoncurrentVersionExpiration == nil && rule.AbortIncompleteMultipartUpload == nil &&
		len(rule.Transitions) == 0 && len(rule.NoncurrentVersionTransitions) == 0:
		return wire.Errorf("InvalidRequest", "At least one action needs to be specified in a rule")
	case rule.Expiration != nil && rule.Expiration.Days != nil && *rule.Expiration.Days <= 0:
		return wire.Errorf("InvalidArgument", "'Days' for Expiration action must be a positive integer")
	}
	return nil
}
