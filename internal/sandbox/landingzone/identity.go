package landingzone

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// key makes a rotating key that CloudTrail, CloudWatch Logs and CloudWatch may use.
func (b builder) key(ctx context.Context) (string, error) {
	made, err := b.kms.CreateKey(ctx, &kms.CreateKeyInput{
		Description: aws.String("Audit logs"), Policy: aws.String(keyPolicy(b.place)),
		Tags: []kmstypes.Tag{{TagKey: aws.String(tagKey), TagValue: aws.String(tagValue)}},
	})
	if err != nil {
		return "", fmt.Errorf("creating the key: %w", err)
	}
	arn := made.KeyMetadata.Arn
	if _, err := b.kms.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: arn}); err != nil {
		return "", fmt.Errorf("rotating key %s: %w", *arn, err)
	}
	if _, err := b.kms.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/landing-zone-audit"), TargetKeyId: arn}); err != nil {
		return "", fmt.Errorf("naming key %s: %w", *arn, err)
	}
	return *arn, nil
}

func (b builder) trailRole(ctx context.Context) (string, error) {
	const name = "landing-zone-cloudtrail"
	arn, err := b.role(ctx, name, trustPolicy(b.place, "cloudtrail.amazonaws.com"), "Lets CloudTrail write to CloudWatch Logs")
	if err != nil {
		return "", err
	}
	return arn, b.rolePolicy(ctx, name, "logs", trailRolePolicy(b.place))
}

func (b builder) configRole(ctx context.Context, bucket string) (string, error) {
	const name = "landing-zone-config"
	arn, err := b.role(ctx, name, trustPolicy(b.place, "config.amazonaws.com"), "Lets AWS Config read the account")
	if err != nil {
		return "", err
	}
	if _, err := b.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
		RoleName: aws.String(name), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"),
	}); err != nil {
		return "", fmt.Errorf("attaching AWS_ConfigRole to role %s: %w", name, err)
	}
	return arn, b.rolePolicy(ctx, name, "delivery", configRolePolicy(b.place, bucket))
}

func (b builder) role(ctx context.Context, name, trust, description string) (string, error) {
	made, err := b.iam.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: &name, AssumeRolePolicyDocument: &trust, Description: &description,
		Tags: []iamtypes.Tag{{Key: aws.String(tagKey), Value: aws.String(tagValue)}},
	})
	if err != nil {
		return "", fmt.Errorf("creating role %s: %w", name, err)
	}
	return *made.Role.Arn, nil
}

func (b builder) rolePolicy(ctx context.Context, role, name, document string) error {
	if _, err := b.iam.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &role, PolicyName: &name, PolicyDocument: &document}); err != nil {
		return fmt.Errorf("putting policy %s of role %s: %w", name, role, err)
	}
	return nil
}

func (b builder) topic(ctx context.Context, key string) (string, error) {
	const name = "landing-zone-alarms"
	made, err := b.sns.CreateTopic(ctx, &sns.CreateTopicInput{
		Name:       aws.String(name),
		Attributes: map[string]string{"Policy": topicPolicy(b.place, "arn:aws:sns:"+b.region+":"+b.account+":"+name), "KmsMasterKeyId": key},
		Tags:       []snstypes.Tag{{Key: aws.String(tagKey), Value: aws.String(tagValue)}},
	})
	if err != nil {
		return "", fmt.Errorf("creating topic %s: %w", name, err)
	}
	return *made.TopicArn, nil
}
