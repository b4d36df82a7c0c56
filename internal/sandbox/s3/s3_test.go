package s3_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

func now() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

func clientIn(server *sandbox.Server, region string) *awss3.Client {
	return awss3.New(awss3.Options{
		BaseEndpoint: aws.String(server.URL()), Region: region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})
}

// start gives a client in eu-central-1 and a bucket "audit" there.
func start(t *testing.T) (*awss3.Client, *sandbox.Server) {
	t.Helper()
	server := sandbox.Start(t, sandbox.WithClock(now))
	client := clientIn(server, "eu-central-1")
	create(t, client, &awss3.CreateBucketInput{Bucket: aws.String("audit")})
	return client, server
}

func create(t *testing.T, client *awss3.Client, in *awss3.CreateBucketInput) {
	t.Helper()
	in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: "eu-central-1"}
	if _, err := client.CreateBucket(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(
		types.Owner{}, types.Grant{}, types.Grantee{}, types.Tag{}, types.ServerSideEncryptionConfiguration{}, types.ServerSideEncryptionRule{},
		types.ServerSideEncryptionByDefault{}, types.PublicAccessBlockConfiguration{}, types.OwnershipControls{}, types.OwnershipControlsRule{},
		types.LifecycleRule{}, types.LifecycleRuleFilter{}, types.LifecycleExpiration{}, types.Transition{}, types.LoggingEnabled{},
		types.ObjectLockConfiguration{}, types.ObjectLockRule{}, types.DefaultRetention{}, types.Bucket{}, types.CORSRule{},
		types.NotificationConfiguration{}, types.TopicConfiguration{}, types.PolicyStatus{}))
}

func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	if err == nil {
		return "no error"
	}
	return err.Error()
}

func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func TestBucketLifecycle(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	head := must[*awss3.HeadBucketOutput](t)(client.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: aws.String("audit")}))
	if *head.BucketRegion != "eu-central-1" {
		t.Errorf("Region %s", *head.BucketRegion)
	}
	location := must[*awss3.GetBucketLocationOutput](t)(client.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: aws.String("audit")}))
	if location.LocationConstraint != "eu-central-1" {
		t.Errorf("location %s", location.LocationConstraint)
	}
	list := must[*awss3.ListBucketsOutput](t)(client.ListBuckets(ctx, &awss3.ListBucketsInput{}))
	if diff := same([]types.Bucket{{Name: aws.String("audit"), CreationDate: aws.Time(now())}}, list.Buckets); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"arn:aws:s3:::audit"}, server.Resources()); diff != "" {
		t.Error(diff)
	}
	must[*awss3.DeleteBucketOutput](t)(client.DeleteBucket(ctx, &awss3.DeleteBucketInput{Bucket: aws.String("audit")}))
	if _, err := client.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: aws.String("audit")}); codeOf(err) != "NotFound" {
		t.Errorf("HeadBucket: %v", err)
	}
	if left := server.Resources(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestDefaults: what S3 answers for a bucket that nobody has configured.
func TestDefaults(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	b := aws.String("audit")
	encryption := must[*awss3.GetBucketEncryptionOutput](t)(client.GetBucketEncryption(ctx, &awss3.GetBucketEncryptionInput{Bucket: b}))
	if diff := same(&types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
		ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"}, BucketKeyEnabled: aws.Bool(false),
	}}}, encryption.ServerSideEncryptionConfiguration); diff != "" {
		t.Error(diff)
	}
	block := must[*awss3.GetPublicAccessBlockOutput](t)(client.GetPublicAccessBlock(ctx, &awss3.GetPublicAccessBlockInput{Bucket: b}))
	yes := aws.Bool(true)
	if diff := same(&types.PublicAccessBlockConfiguration{BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes, RestrictPublicBuckets: yes}, block.PublicAccessBlockConfiguration); diff != "" {
		t.Error(diff)
	}
	ownership := must[*awss3.GetBucketOwnershipControlsOutput](t)(client.GetBucketOwnershipControls(ctx, &awss3.GetBucketOwnershipControlsInput{Bucket: b}))
	if diff := same(&types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: "BucketOwnerEnforced"}}}, ownership.OwnershipControls); diff != "" {
		t.Error(diff)
	}
	acl := must[*awss3.GetBucketAclOutput](t)(client.GetBucketAcl(ctx, &awss3.GetBucketAclInput{Bucket: b}))
	if diff := same([]types.Grant{{Grantee: &types.Grantee{Type: "CanonicalUser", ID: acl.Owner.ID}, Permission: "FULL_CONTROL"}}, acl.Grants); diff != "" {
		t.Error(diff)
	}
	versioning := must[*awss3.GetBucketVersioningOutput](t)(client.GetBucketVersioning(ctx, &awss3.GetBucketVersioningInput{Bucket: b}))
	logging := must[*awss3.GetBucketLoggingOutput](t)(client.GetBucketLogging(ctx, &awss3.GetBucketLoggingInput{Bucket: b}))
	payment := must[*awss3.GetBucketRequestPaymentOutput](t)(client.GetBucketRequestPayment(ctx, &awss3.GetBucketRequestPaymentInput{Bucket: b}))
	acceleration := must[*awss3.GetBucketAccelerateConfigurationOutput](t)(client.GetBucketAccelerateConfiguration(ctx, &awss3.GetBucketAccelerateConfigurationInput{Bucket: b}))
	if versioning.Status != "" || logging.LoggingEnabled != nil || payment.Payer != "BucketOwner" || acceleration.Status != "" {
		t.Errorf("versioning %v, logging %v, payer %v, acceleration %v", versioning.Status, logging.LoggingEnabled, payment.Payer, acceleration.Status)
	}
	notification := must[*awss3.GetBucketNotificationConfigurationOutput](t)(client.GetBucketNotificationConfiguration(ctx, &awss3.GetBucketNotificationConfigurationInput{Bucket: b}))
	if len(notification.TopicConfigurations)+len(notification.QueueConfigurations)+len(notification.LambdaFunctionConfigurations) != 0 {
		t.Errorf("notification %v", notification)
	}
}

// TestRoundTrip puts each document and reads it back.
func TestRoundTrip(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	create(t, client, &awss3.CreateBucketInput{Bucket: aws.String("logs")})
	b := aws.String("audit")
	must[*awss3.PutBucketVersioningOutput](t)(client.PutBucketVersioning(ctx, &awss3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"}}))
	if got := must[*awss3.GetBucketVersioningOutput](t)(client.GetBucketVersioning(ctx, &awss3.GetBucketVersioningInput{Bucket: b})); got.Status != "Enabled" {
		t.Errorf("versioning %v", got.Status)
	}
	encryption := &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
		ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms", KMSMasterKeyID: aws.String("alias/audit")}, BucketKeyEnabled: aws.Bool(true),
	}}}
	must[*awss3.PutBucketEncryptionOutput](t)(client.PutBucketEncryption(ctx, &awss3.PutBucketEncryptionInput{Bucket: b, ServerSideEncryptionConfiguration: encryption}))
	if diff := same(encryption, must[*awss3.GetBucketEncryptionOutput](t)(client.GetBucketEncryption(ctx, &awss3.GetBucketEncryptionInput{Bucket: b})).ServerSideEncryptionConfiguration); diff != "" {
		t.Error(diff)
	}
	tags := []types.Tag{{Key: aws.String("team"), Value: aws.String("audit & <law>")}, {Key: aws.String("note"), Value: aws.String(" padded ")}}
	must[*awss3.PutBucketTaggingOutput](t)(client.PutBucketTagging(ctx, &awss3.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: tags}}))
	if diff := same(tags, must[*awss3.GetBucketTaggingOutput](t)(client.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b})).TagSet); diff != "" {
		t.Error(diff)
	}
	logging := &types.LoggingEnabled{TargetBucket: aws.String("logs"), TargetPrefix: aws.String("audit/")}
	must[*awss3.PutBucketLoggingOutput](t)(client.PutBucketLogging(ctx, &awss3.PutBucketLoggingInput{Bucket: b, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: logging}}))
	if diff := same(logging, must[*awss3.GetBucketLoggingOutput](t)(client.GetBucketLogging(ctx, &awss3.GetBucketLoggingInput{Bucket: b})).LoggingEnabled); diff != "" {
		t.Error(diff)
	}
	rules := []types.LifecycleRule{{
		ID: aws.String("keep"), Status: "Enabled", Filter: &types.LifecycleRuleFilter{Prefix: aws.String("AWSLogs/")},
		Expiration: &types.LifecycleExpiration{Days: aws.Int32(2555)}, Transitions: []types.Transition{{Days: aws.Int32(90), StorageClass: "GLACIER"}},
	}}
	must[*awss3.PutBucketLifecycleConfigurationOutput](t)(client.PutBucketLifecycleConfiguration(ctx, &awss3.PutBucketLifecycleConfigurationInput{Bucket: b, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules}}))
	lifecycle := must[*awss3.GetBucketLifecycleConfigurationOutput](t)(client.GetBucketLifecycleConfiguration(ctx, &awss3.GetBucketLifecycleConfigurationInput{Bucket: b}))
	if diff := same(rules, lifecycle.Rules); diff != "" || lifecycle.TransitionDefaultMinimumObjectSize != "all_storage_classes_128K" {
		t.Errorf("size %q: %s", lifecycle.TransitionDefaultMinimumObjectSize, diff)
	}
	lock := &types.ObjectLockConfiguration{ObjectLockEnabled: "Enabled", Rule: &types.ObjectLockRule{DefaultRetention: &types.DefaultRetention{Mode: "GOVERNANCE", Days: aws.Int32(30)}}}
	must[*awss3.PutObjectLockConfigurationOutput](t)(client.PutObjectLockConfiguration(ctx, &awss3.PutObjectLockConfigurationInput{Bucket: b, ObjectLockConfiguration: lock}))
	if diff := same(lock, must[*awss3.GetObjectLockConfigurationOutput](t)(client.GetObjectLockConfiguration(ctx, &awss3.GetObjectLockConfigurationInput{Bucket: b})).ObjectLockConfiguration); diff != "" {
		t.Error(diff)
	}
	cors := []types.CORSRule{{AllowedMethods: []string{"GET", "PUT"}, AllowedOrigins: []string{"*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(60)}}
	must[*awss3.PutBucketCorsOutput](t)(client.PutBucketCors(ctx, &awss3.PutBucketCorsInput{Bucket: b, CORSConfiguration: &types.CORSConfiguration{CORSRules: cors}}))
	if diff := same(cors, must[*awss3.GetBucketCorsOutput](t)(client.GetBucketCors(ctx, &awss3.GetBucketCorsInput{Bucket: b})).CORSRules); diff != "" {
		t.Error(diff)
	}
	topics := []types.TopicConfiguration{{Id: aws.String("t"), TopicArn: aws.String("arn:aws:sns:eu-central-1:111122223333:t"), Events: []types.Event{"s3:ObjectCreated:*", "s3:ObjectRemoved:*"}}}
	must[*awss3.PutBucketNotificationConfigurationOutput](t)(client.PutBucketNotificationConfiguration(ctx, &awss3.PutBucketNotificationConfigurationInput{Bucket: b, NotificationConfiguration: &types.NotificationConfiguration{TopicConfigurations: topics}}))
	if diff := same(topics, must[*awss3.GetBucketNotificationConfigurationOutput](t)(client.GetBucketNotificationConfiguration(ctx, &awss3.GetBucketNotificationConfigurationInput{Bucket: b})).TopicConfigurations); diff != "" {
		t.Error(diff)
	}
}

const trailPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::audit"},
    {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::audit/AWSLogs/*"}
  ]}`

const publicPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::audit/*"}]}`

func TestPolicy(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	b := aws.String("audit")
	put := func(policy string) error {
		_, err := client.PutBucketPolicy(ctx, &awss3.PutBucketPolicyInput{Bucket: b, Policy: &policy})
		return err
	}
	if err := put(trailPolicy); err != nil {
		t.Fatal(err)
	}
	got := must[*awss3.GetBucketPolicyOutput](t)(client.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: b}))
	if *got.Policy != trailPolicy {
		t.Errorf("policy %s", *got.Policy)
	}
	status := must[*awss3.GetBucketPolicyStatusOutput](t)(client.GetBucketPolicyStatus(ctx, &awss3.GetBucketPolicyStatusInput{Bucket: b}))
	if *status.PolicyStatus.IsPublic {
		t.Error("the trail's policy is called public")
	}
	if code := codeOf(put(publicPolicy)); code != "AccessDenied" {
		t.Errorf("public policy against the block: %s", code)
	}
	must[*awss3.DeletePublicAccessBlockOutput](t)(client.DeletePublicAccessBlock(ctx, &awss3.DeletePublicAccessBlockInput{Bucket: b}))
	if err := put(publicPolicy); err != nil {
		t.Fatal(err)
	}
	status = must[*awss3.GetBucketPolicyStatusOutput](t)(client.GetBucketPolicyStatus(ctx, &awss3.GetBucketPolicyStatusInput{Bucket: b}))
	if !*status.PolicyStatus.IsPublic {
		t.Error("the public policy is not called public")
	}
	must[*awss3.PutObjectOutput](t)(client.PutObject(ctx, &awss3.PutObjectInput{Bucket: b, Key: aws.String("k"), Body: strings.NewReader("open")}))
	if status, body := anonymous(t, server.URL()+"/audit/k"); status != http.StatusOK || body != "open" {
		t.Errorf("anonymous read: %d %s", status, body)
	}
	must[*awss3.DeleteBucketPolicyOutput](t)(client.DeleteBucketPolicy(ctx, &awss3.DeleteBucketPolicyInput{Bucket: b}))
	if status, _ := anonymous(t, server.URL()+"/audit/k"); status != http.StatusForbidden {
		t.Errorf("anonymous read without a policy: %d", status)
	}
}

func anonymous(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestObjects(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	b, key := aws.String("audit"), aws.String("AWSLogs/a b+c.json.gz")
	must[*awss3.PutBucketVersioningOutput](t)(client.PutBucketVersioning(ctx, &awss3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"}}))
	for _, body := range []string{"first", "second"} {
		must[*awss3.PutObjectOutput](t)(client.PutObject(ctx, &awss3.PutObjectInput{
			Bucket: b, Key: key, Body: strings.NewReader(body), ContentType: aws.String("application/json"), ContentEncoding: aws.String("gzip"),
			Metadata: map[string]string{"signature": "00ff"}, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
		}))
	}
	got := must[*awss3.GetObjectOutput](t)(client.GetObject(ctx, &awss3.GetObjectInput{Bucket: b, Key: key}))
	body, err := io.ReadAll(got.Body)
	if err != nil || string(body) != "second" || *got.ContentType != "application/json" || *got.ContentEncoding != "gzip" {
		t.Errorf("got %q, %s, %s, %v", body, *got.ContentType, *got.ContentEncoding, err)
	}
	if diff := cmp.Diff(map[string]string{"signature": "00ff"}, got.Metadata); diff != "" {
		t.Error(diff)
	}
	list := must[*awss3.ListObjectsV2Output](t)(client.ListObjectsV2(ctx, &awss3.ListObjectsV2Input{Bucket: b, Prefix: aws.String("AWSLogs/")}))
	if len(list.Contents) != 1 || *list.Contents[0].Key != *key || *list.Contents[0].Size != 6 {
		t.Errorf("list %v", list.Contents)
	}
	versions := must[*awss3.ListObjectVersionsOutput](t)(client.ListObjectVersions(ctx, &awss3.ListObjectVersionsInput{Bucket: b}))
	if len(versions.Versions) != 2 {
		t.Fatalf("%d versions, want 2", len(versions.Versions))
	}
	if _, err := client.DeleteBucket(ctx, &awss3.DeleteBucketInput{Bucket: b}); codeOf(err) != "BucketNotEmpty" {
		t.Errorf("DeleteBucket: %v", err)
	}
	for _, version := range versions.Versions {
		must[*awss3.DeleteObjectOutput](t)(client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: b, Key: key, VersionId: version.VersionId}))
	}
	if _, err := client.GetObject(ctx, &awss3.GetObjectInput{Bucket: b, Key: key}); codeOf(err) != "NoSuchKey" {
		t.Errorf("GetObject: %v", err)
	}
	must[*awss3.DeleteBucketOutput](t)(client.DeleteBucket(ctx, &awss3.DeleteBucketInput{Bucket: b}))
}

func TestACL(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	b := aws.String("audit")
	put := func(acl types.BucketCannedACL) string {
		_, err := client.PutBucketAcl(ctx, &awss3.PutBucketAclInput{Bucket: b, ACL: acl})
		return codeOf(err)
	}
	if code := put("public-read"); code != "AccessControlListNotSupported" {
		t.Errorf("ownership enforced: %s", code)
	}
	must[*awss3.PutBucketOwnershipControlsOutput](t)(client.PutBucketOwnershipControls(ctx, &awss3.PutBucketOwnershipControlsInput{Bucket: b, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: "BucketOwnerPreferred"}}}}))
	if code := put("public-read"); code != "AccessDenied" {
		t.Errorf("public access blocked: %s", code)
	}
	must[*awss3.DeletePublicAccessBlockOutput](t)(client.DeletePublicAccessBlock(ctx, &awss3.DeletePublicAccessBlockInput{Bucket: b}))
	if code := put("public-read"); code != "no error" {
		t.Fatal(code)
	}
	acl := must[*awss3.GetBucketAclOutput](t)(client.GetBucketAcl(ctx, &awss3.GetBucketAclInput{Bucket: b}))
	want := []types.Grant{
		{Grantee: &types.Grantee{Type: "CanonicalUser", ID: acl.Owner.ID}, Permission: "FULL_CONTROL"},
		{Grantee: &types.Grantee{Type: "Group", URI: aws.String("http://acs.amazonaws.com/groups/global/AllUsers")}, Permission: "READ"},
	}
	if diff := same(want, acl.Grants); diff != "" {
		t.Error(diff)
	}
	// What was read can be put back.
	must[*awss3.PutBucketAclOutput](t)(client.PutBucketAcl(ctx, &awss3.PutBucketAclInput{Bucket: b, AccessControlPolicy: &types.AccessControlPolicy{Owner: acl.Owner, Grants: acl.Grants}}))
	if diff := same(want, must[*awss3.GetBucketAclOutput](t)(client.GetBucketAcl(ctx, &awss3.GetBucketAclInput{Bucket: b})).Grants); diff != "" {
		t.Error(diff)
	}
}

func TestRegions(t *testing.T) {
	ctx := t.Context()
	_, server := start(t)
	virginia := clientIn(server, "us-east-1")
	if _, err := virginia.HeadBucket(ctx, &awss3.HeadBucketInput{Bucket: aws.String("audit")}); codeOf(err) != "MovedPermanently" {
		t.Errorf("HeadBucket from another Region: %v", err)
	}
	if _, err := virginia.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: aws.String("audit")}); codeOf(err) != "PermanentRedirect" {
		t.Errorf("GetBucketPolicy from another Region: %v", err)
	}
	location := must[*awss3.GetBucketLocationOutput](t)(virginia.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: aws.String("audit")}))
	if location.LocationConstraint != "eu-central-1" {
		t.Errorf("location %s", location.LocationConstraint)
	}
	for range 2 { // in us-east-1 the second time is no error
		must[*awss3.CreateBucketOutput](t)(virginia.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String("virginia")}))
	}
	if got := must[*awss3.GetBucketLocationOutput](t)(virginia.GetBucketLocation(ctx, &awss3.GetBucketLocationInput{Bucket: aws.String("virginia")})); got.LocationConstraint != "" {
		t.Errorf("location %q of a bucket in us-east-1", got.LocationConstraint)
	}
}

func TestErrors(t *testing.T) {
	b := aws.String("audit")
	policy := func(document string) func(context.Context, *awss3.Client) error {
		return func(ctx context.Context, c *awss3.Client) error {
			_, err := c.PutBucketPolicy(ctx, &awss3.PutBucketPolicyInput{Bucket: b, Policy: &document})
			return err
		}
	}
	statement := func(inside string) func(context.Context, *awss3.Client) error {
		return policy(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},` + inside + `}]}`)
	}
	bucket := func(name, constraint string) func(context.Context, *awss3.Client) error {
		return func(ctx context.Context, c *awss3.Client) error {
			in := &awss3.CreateBucketInput{Bucket: &name}
			if constraint != "" {
				in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(constraint)}
			}
			_, err := c.CreateBucket(ctx, in)
			return err
		}
	}
	tests := []struct {
		want string
		call func(context.Context, *awss3.Client) error
	}{
		{"NoSuchBucket: The specified bucket does not exist", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: aws.String("absent")})
			return err
		}},
		{"NoSuchBucketPolicy: The bucket policy does not exist", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketPolicy(ctx, &awss3.GetBucketPolicyInput{Bucket: b})
			return err
		}},
		{"NoSuchTagSet: The TagSet does not exist", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketTagging(ctx, &awss3.GetBucketTaggingInput{Bucket: b})
			return err
		}},
		{"NoSuchLifecycleConfiguration: The lifecycle configuration does not exist", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketLifecycleConfiguration(ctx, &awss3.GetBucketLifecycleConfigurationInput{Bucket: b})
			return err
		}},
		{"NoSuchWebsiteConfiguration: The specified bucket does not have a website configuration", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketWebsite(ctx, &awss3.GetBucketWebsiteInput{Bucket: b})
			return err
		}},
		{"NoSuchCORSConfiguration: The CORS configuration does not exist", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketCors(ctx, &awss3.GetBucketCorsInput{Bucket: b})
			return err
		}},
		{"ReplicationConfigurationNotFoundError: The replication configuration was not found", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetBucketReplication(ctx, &awss3.GetBucketReplicationInput{Bucket: b})
			return err
		}},
		{"ObjectLockConfigurationNotFoundError: Object Lock configuration does not exist for this bucket", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetObjectLockConfiguration(ctx, &awss3.GetObjectLockConfigurationInput{Bucket: b})
			return err
		}},
		{"MalformedPolicy: Policies must be valid JSON and the first byte must be '{'", policy("hello")},
		{"MalformedPolicy: Missing required field Principal", policy(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::audit"}}`)},
		{"MalformedPolicy: Policy has invalid resource", statement(`"Action":"s3:PutObject","Resource":"arn:aws:s3:::other/*"`)},
		{"MalformedPolicy: Policy has invalid action", statement(`"Action":"sns:Publish","Resource":"arn:aws:s3:::audit/*"`)},
		{"MalformedPolicy: Action does not apply to any resource(s) in statement", statement(`"Action":"s3:PutObject","Resource":"arn:aws:s3:::audit"`)},
		{"BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.", bucket("audit", "eu-central-1")},
		{"InvalidBucketName: The specified bucket is not valid.", bucket("Audit_logs", "eu-central-1")},
		{"InvalidBucketName: The specified bucket is not valid.", bucket("192.168.0.1", "eu-central-1")},
		{"IllegalLocationConstraintException: The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.", bucket("second", "")},
		{"IllegalLocationConstraintException: The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.", bucket("second", "eu-west-1")},
		{"InvalidBucketState: Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.PutObjectLockConfiguration(ctx, &awss3.PutObjectLockConfigurationInput{Bucket: b, ObjectLockConfiguration: &types.ObjectLockConfiguration{ObjectLockEnabled: "Enabled"}})
			return err
		}},
		{"InvalidTargetBucketForLogging: The target bucket for logging does not exist", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.PutBucketLogging(ctx, &awss3.PutBucketLoggingInput{Bucket: b, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{TargetBucket: aws.String("absent"), TargetPrefix: aws.String("")}}})
			return err
		}},
		{"MalformedXML: The XML you provided was not well-formed or did not validate against our published schema", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.PutBucketVersioning(ctx, &awss3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: "On"}})
			return err
		}},
		{"NotImplemented: A header you provided implies functionality that is not implemented", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.ListBucketInventoryConfigurations(ctx, &awss3.ListBucketInventoryConfigurationsInput{Bucket: b})
			return err
		}},
		{"NotImplemented: A header you provided implies functionality that is not implemented", func(ctx context.Context, c *awss3.Client) error {
			_, err := c.GetObjectTagging(ctx, &awss3.GetObjectTaggingInput{Bucket: b, Key: aws.String("k")})
			return err
		}},
	}
	client, _ := start(t)
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			var api smithy.APIError
			if err := test.call(t.Context(), client); !errors.As(err, &api) {
				t.Fatalf("got %v, want an API error", err)
			}
			if got := api.ErrorCode() + ": " + api.ErrorMessage(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
