package logs

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func (b *Backend) associateKey(ctx context.Context, in *cloudwatchlogs.AssociateKmsKeyInput) (*cloudwatchlogs.AssociateKmsKeyOutput, error) {
	g, err := b.keyed(ctx, in.LogGroupName, in.ResourceIdentifier)
	if err != nil {
		return nil, err
	}
	if err := b.checkKey(ctx, g, aws.ToString(in.KmsKeyId)); err != nil {
		return nil, err
	}
	g.key = *in.KmsKeyId
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.AssociateKmsKeyOutput{}, nil
}

func (b *Backend) disassociateKey(ctx context.Context, in *cloudwatchlogs.DisassociateKmsKeyInput) (*cloudwatchlogs.DisassociateKmsKeyOutput, error) {
	g, err := b.keyed(ctx, in.LogGroupName, in.ResourceIdentifier)
	if err != nil {
		return nil, err
	}
	g.key = ""
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.DisassociateKmsKeyOutput{}, nil
}

// keyed finds the group by either of the two members, which exclude each other.
func (b *Backend) keyed(ctx context.Context, name, identifier *string) (group, error) {
	switch {
	case name != nil && identifier != nil, name == nil && identifier == nil:
		return group{}, invalid("Exactly one of logGroupName and resourceIdentifier must be given.")
	case name != nil:
		return b.find(ctx, name)
	default:
		return b.identified(ctx, *identifier)
	}
}

// checkKey tells whether the service may use a key for a group.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func (b *Backend) checkKey(ctx context.Context, g group, arn string) error {
	if !strings.HasPrefix(arn, "arn:") {
		return invalid("The specified KMS key ARN is not valid: %q", arn)
	}
	policy, enabled, exists := b.neighbours.KeyPolicy(ctx, arn)
	if !exists || !enabled {
		return invalid("The specified KMS key does not exist or is disabled: %s", arn)
	}
	if !mayEncrypt(ctx, policy, arn, g) {
		return wire.Errorf("AccessDeniedException", "The specified KMS key does not exist or is not allowed to be used with LogGroup '%s'", g.arn)
	}
	return nil
}

func mayEncrypt(ctx context.Context, policy *iampolicy.Policy, keyARN string, g group) bool {
	call := wire.CallOf(ctx)
	for _, action := range []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"} {
		if !policy.Allows(iampolicy.Request{
			Principal: "logs." + call.Region + ".amazonaws.com", Action: action, Resource: keyARN,
			Context: map[string]string{
				"kms:EncryptionContext:aws:logs:arn": g.arn, "kms:EncryptionContextKeys": "aws:logs:arn",
				"aws:SourceArn": g.arn, "aws:SourceAccount": call.Account, "kms:CallerAccount": call.Account,
			},
		}) {
			return false
		}
	}
	return true
}
