package landingzone

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// bucket makes a private, encrypted bucket with versions and that policy.
func (b builder) bucket(ctx context.Context, name, policy string) error {
	in := &s3.CreateBucketInput{Bucket: &name}
	if b.region != "us-east-1" { // the one Region that must not be named
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(b.region)}
	}
	if _, err := b.s3.CreateBucket(ctx, in); err != nil {
		return fmt.Errorf("creating bucket %s: %w", name, err)
	}
	for _, step := range []struct {
		what string
		run  func() error
	}{
		{"versions", func() error { return b.version(ctx, name) }},
		{"encryption", func() error { return b.encrypt(ctx, name) }},
		{"public access block", func() error { return b.block(ctx, name) }},
		{"tags", func() error { return b.tagBucket(ctx, name) }},
		{"policy", func() error {
			_, err := b.s3.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &name, Policy: &policy})
			return err
		}},
	} {
		if err := step.run(); err != nil {
			return fmt.Errorf("setting the %s of bucket %s: %w", step.what, name, err)
		}
	}
	return nil
}

func (b builder) version(ctx context.Context, name string) error {
	_, err := b.s3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	return err
}

func (b builder) encrypt(ctx context.Context, name string) error {
	_, err := b.s3.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: &name,
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256},
		}}},
	})
	return err
}

func (b builder) block(ctx context.Context, name string) error {
	yes := aws.Bool(true)
	_, err := b.s3.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: &name,
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes, RestrictPublicBuckets: yes,
		},
	})
	return err
}

func (b builder) tagBucket(ctx context.Context, name string) error {
	_, err := b.s3.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{
		Bucket: &name, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String(tagKey), Value: aws.String(tagValue)}}},
	})
	return err
}
