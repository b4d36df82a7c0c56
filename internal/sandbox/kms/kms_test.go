package kms_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

func now() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

func start(t *testing.T) (*awskms.Client, *sandbox.Server) {
	server := sandbox.Start(t, sandbox.WithClock(now))
	return awskms.New(awskms.Options{
		BaseEndpoint: aws.String(server.URL()), Region: "eu-central-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}), server
}

func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreTypes(middleware.Metadata{}), cmpopts.IgnoreUnexported(
		types.KeyMetadata{}, types.Tag{}, types.AliasListEntry{}, awskms.GetKeyRotationStatusOutput{}, awskms.ScheduleKeyDeletionOutput{}))
}

// create makes a key and gives its ARN.
func create(t *testing.T, client *awskms.Client, in *awskms.CreateKeyInput) *string {
	t.Helper()
	out, err := client.CreateKey(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out.KeyMetadata.Arn
}

func TestKeyLifecycle(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	arn := create(t, client, &awskms.CreateKeyInput{Description: aws.String("trail"), Tags: []types.Tag{{TagKey: aws.String("team"), TagValue: aws.String("audit")}}})
	id := strings.TrimPrefix(*arn, "arn:aws:kms:eu-central-1:111122223333:key/")
	if _, err := client.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/trail"), TargetKeyId: arn}); err != nil {
		t.Fatal(err)
	}
	want := &types.KeyMetadata{
		AWSAccountId: aws.String("111122223333"), Arn: arn, KeyId: &id, CreationDate: aws.Time(now()), Description: aws.String("trail"),
		Enabled: true, KeyManager: types.KeyManagerTypeCustomer, KeyState: types.KeyStateEnabled, KeyUsage: types.KeyUsageTypeEncryptDecrypt,
		KeySpec: types.KeySpecSymmetricDefault, CustomerMasterKeySpec: types.CustomerMasterKeySpecSymmetricDefault, Origin: types.OriginTypeAwsKms,
		EncryptionAlgorithms: []types.EncryptionAlgorithmSpec{types.EncryptionAlgorithmSpecSymmetricDefault}, MultiRegion: aws.Bool(false),
	}
	for _, reference := range []string{id, *arn, "alias/trail", "arn:aws:kms:eu-central-1:111122223333:alias/trail"} {
		got, err := client.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &reference})
		if err != nil {
			t.Fatal(err)
		}
		if diff := same(want, got.KeyMetadata); diff != "" {
			t.Errorf("DescribeKey(%s): %s", reference, diff)
		}
	}
	if diff := cmp.Diff([]string{"arn:aws:kms:eu-central-1:111122223333:alias/trail", *arn}, server.Resources()); diff != "" {
		t.Error(diff)
	}
	scheduled, err := client.ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: arn, PendingWindowInDays: aws.Int32(7)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := same(&awskms.ScheduleKeyDeletionOutput{
		KeyId: arn, KeyState: types.KeyStatePendingDeletion, PendingWindowInDays: aws.Int32(7), DeletionDate: aws.Time(now().AddDate(0, 0, 7)),
	}, scheduled); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"arn:aws:kms:eu-central-1:111122223333:alias/trail"}, server.Resources()); diff != "" {
		t.Error(diff)
	}
	if _, err := client.CancelKeyDeletion(ctx, &awskms.CancelKeyDeletionInput{KeyId: arn}); err != nil {
		t.Fatal(err)
	}
	got, err := client.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: arn})
	if err != nil {
		t.Fatal(err)
	}
	want.Enabled, want.KeyState = false, types.KeyStateDisabled
	if diff := same(want, got.KeyMetadata); diff != "" {
		t.Error(diff)
	}
}

func TestRotation(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	arn := create(t, client, &awskms.CreateKeyInput{})
	status := func(want *awskms.GetKeyRotationStatusOutput) {
		t.Helper()
		got, err := client.GetKeyRotationStatus(ctx, &awskms.GetKeyRotationStatusInput{KeyId: arn})
		if err != nil {
			t.Fatal(err)
		}
		want.KeyId = arn
		if diff := same(want, got); diff != "" {
			t.Error(diff)
		}
	}
	on := func(days int32) *awskms.GetKeyRotationStatusOutput {
		return &awskms.GetKeyRotationStatusOutput{KeyRotationEnabled: true, RotationPeriodInDays: &days, NextRotationDate: aws.Time(now().AddDate(0, 0, int(days)))}
	}
	status(&awskms.GetKeyRotationStatusOutput{})
	for _, step := range []struct{ days, want int32 }{{0, 365}, {90, 90}, {0, 90}} {
		in := &awskms.EnableKeyRotationInput{KeyId: arn}
		if step.days != 0 {
			in.RotationPeriodInDays = &step.days
		}
		if _, err := client.EnableKeyRotation(ctx, in); err != nil {
			t.Fatal(err)
		}
		status(on(step.want))
	}
	if _, err := client.DisableKeyRotation(ctx, &awskms.DisableKeyRotationInput{KeyId: arn}); err != nil {
		t.Fatal(err)
	}
	status(&awskms.GetKeyRotationStatusOutput{})
}

func TestPolicyAndTags(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	arn := create(t, client, &awskms.CreateKeyInput{})
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}`
	if _, err := client.PutKeyPolicy(ctx, &awskms.PutKeyPolicyInput{KeyId: arn, PolicyName: aws.String("default"), Policy: &policy}); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: arn})
	if err != nil || *got.Policy != policy {
		t.Errorf("GetKeyPolicy gave %v, %v", got, err)
	}
	tag := func(key, value string) types.Tag { return types.Tag{TagKey: &key, TagValue: &value} }
	if _, err := client.TagResource(ctx, &awskms.TagResourceInput{KeyId: arn, Tags: []types.Tag{tag("b", "2"), tag("a", "1"), tag("c", "3")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UntagResource(ctx, &awskms.UntagResourceInput{KeyId: arn, TagKeys: []string{"c"}}); err != nil {
		t.Fatal(err)
	}
	tags, err := client.ListResourceTags(ctx, &awskms.ListResourceTagsInput{KeyId: arn})
	if err != nil {
		t.Fatal(err)
	}
	if diff := same([]types.Tag{tag("a", "1"), tag("b", "2")}, tags.Tags); diff != "" {
		t.Error(diff)
	}
}

func TestAliases(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	first, second := create(t, client, &awskms.CreateKeyInput{}), create(t, client, &awskms.CreateKeyInput{})
	name := aws.String("alias/audit/trail")
	if _, err := client.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: name, TargetKeyId: first}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UpdateAlias(ctx, &awskms.UpdateAliasInput{AliasName: name, TargetKeyId: second}); err != nil {
		t.Fatal(err)
	}
	list := func(id *string) []types.AliasListEntry {
		out, err := client.ListAliases(ctx, &awskms.ListAliasesInput{KeyId: id})
		if err != nil {
			t.Fatal(err)
		}
		return out.Aliases
	}
	want := []types.AliasListEntry{{
		AliasArn: aws.String("arn:aws:kms:eu-central-1:111122223333:alias/audit/trail"), AliasName: name,
		TargetKeyId: aws.String((*second)[len("arn:aws:kms:eu-central-1:111122223333:key/"):]), CreationDate: aws.Time(now()), LastUpdatedDate: aws.Time(now()),
	}}
	if diff := same(want, list(second)); diff != "" {
		t.Error(diff)
	}
	if left := list(first); len(left) != 0 {
		t.Errorf("the first key still has %v", left)
	}
	if _, err := client.DeleteAlias(ctx, &awskms.DeleteAliasInput{AliasName: name}); err != nil {
		t.Fatal(err)
	}
	if left := list(nil); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestErrors(t *testing.T) {
	client, _ := start(t)
	arn := create(t, client, &awskms.CreateKeyInput{})
	rsa := create(t, client, &awskms.CreateKeyInput{KeySpec: types.KeySpecRsa2048, KeyUsage: types.KeyUsageTypeSignVerify})
	gone := create(t, client, &awskms.CreateKeyInput{})
	off := create(t, client, &awskms.CreateKeyInput{})
	if _, err := client.ScheduleKeyDeletion(t.Context(), &awskms.ScheduleKeyDeletionInput{KeyId: gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DisableKey(t.Context(), &awskms.DisableKeyInput{KeyId: off}); err != nil {
		t.Fatal(err)
	}
	lockout := `{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"kms:GenerateDataKey*","Resource":"*"}]}`
	tests := []struct {
		name, want string
		call       func(context.Context) error
	}{
		{"no key", "NotFoundException: Key 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000' does not exist", func(ctx context.Context) error {
			_, err := client.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: aws.String("00000000-0000-0000-0000-000000000000")})
			return err
		}},
		{"no alias", "NotFoundException: Alias arn:aws:kms:eu-central-1:111122223333:alias/x is not found.", func(ctx context.Context) error {
			_, err := client.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: aws.String("alias/x")})
			return err
		}},
		{"alias where none goes", "NotFoundException: Invalid keyId 'alias/x'", func(ctx context.Context) error {
			_, err := client.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: aws.String("alias/x")})
			return err
		}},
		{"asymmetric", "UnsupportedOperationException: You cannot perform this operation on KMS key " + *rsa + ": automatic key rotation needs a symmetric encryption key with key material of AWS KMS.", func(ctx context.Context) error {
			_, err := client.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: rsa})
			return err
		}},
		{"period", "ValidationException: 1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between 90 and 2560", func(ctx context.Context) error {
			_, err := client.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: arn, RotationPeriodInDays: aws.Int32(89)})
			return err
		}},
		{"pending deletion", "KMSInvalidStateException: " + *gone + " is pending deletion.", func(ctx context.Context) error {
			_, err := client.EnableKey(ctx, &awskms.EnableKeyInput{KeyId: gone})
			return err
		}},
		{"disabled", "DisabledException: " + *off + " is disabled.", func(ctx context.Context) error {
			_, err := client.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: off})
			return err
		}},
		{"not pending deletion", "KMSInvalidStateException: " + *arn + " is not pending deletion.", func(ctx context.Context) error {
			_, err := client.CancelKeyDeletion(ctx, &awskms.CancelKeyDeletionInput{KeyId: arn})
			return err
		}},
		{"lockout", "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.", func(ctx context.Context) error {
			_, err := client.PutKeyPolicy(ctx, &awskms.PutKeyPolicyInput{KeyId: arn, Policy: &lockout})
			return err
		}},
		{"usage", "ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.", func(ctx context.Context) error {
			_, err := client.CreateKey(ctx, &awskms.CreateKeyInput{KeySpec: types.KeySpecEccNistP256})
			return err
		}},
		{"usage of another spec", "ValidationException: KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT", func(ctx context.Context) error {
			_, err := client.CreateKey(ctx, &awskms.CreateKeyInput{KeyUsage: types.KeyUsageTypeSignVerify})
			return err
		}},
		{"reserved alias", "NotAuthorizedException: ", func(ctx context.Context) error {
			_, err := client.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/aws/s3"), TargetKeyId: arn})
			return err
		}},
		{"unknown action", "UnknownOperationException: ", func(ctx context.Context) error {
			_, err := client.ListGrants(ctx, &awskms.ListGrantsInput{KeyId: arn})
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var api smithy.APIError
			if err := test.call(t.Context()); !errors.As(err, &api) {
				t.Fatalf("got %v, want an API error", err)
			}
			if got := api.ErrorCode() + ": " + strings.TrimPrefix(api.ErrorMessage(), "UnknownError"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
