package kms

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxPolicy is the limit of a key policy in bytes.
const maxPolicy = 32768

// defaultPolicy is what a key gets that is made without one: the account's
// IAM policies decide.
func defaultPolicy(account string) string {
	return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::` + account + `:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`
}

// checkPolicy refuses documents that are no key policy, and those after which
// nobody could change the policy any more.
func checkPolicy(arn, document string, bypass bool) error {
	if len(document) > maxPolicy {
		return wire.Errorf("LimitExceededException", "The key policy exceeds %d bytes", maxPolicy)
	}
	policy, err := iampolicy.Parse([]byte(document))
	if err == nil {
		err = policy.CheckResourcePolicy()
	}
	var syntax *iampolicy.SyntaxError
	if errors.As(err, &syntax) {
		return wire.Errorf("MalformedPolicyDocumentException", "%s", syntax.Reason)
	}
	if err != nil {
		return err
	}
	if !bypass && !canBeChanged(arn, policy) {
		return wire.Errorf("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

// canBeChanged: AWS asks whether the caller keeps kms:PutKeyPolicy. Callers
// here have no identity, so any identity that the policy names will do.
func canBeChanged(arn string, policy *iampolicy.Policy) bool {
	candidates := []string{"arn:aws:iam::" + accountOf(arn) + ":root"}
	for _, statement := range policy.Statements {
		if statement.Principal != nil {
			candidates = append(candidates, statement.Principal.AWS...)
		}
	}
	for _, principal := range candidates {
		if policy.Allows(iampolicy.Request{Principal: principal, Action: "kms:PutKeyPolicy", Resource: arn}) {
			return true
		}
	}
	return false
}

func (s *KMS) getKeyPolicy(ctx context.Context, in *awskms.GetKeyPolicyInput) (*awskms.GetKeyPolicyOutput, error) {
	k, err := s.key(ctx, in.KeyId)
	if err == nil {
		err = checkPolicyName(in.PolicyName)
	}
	if err != nil {
		return nil, err
	}
	return &awskms.GetKeyPolicyOutput{Policy: &k.policy, PolicyName: aws.String("default")}, nil
}

// checkPolicyName: every key has one policy, called "default".
func checkPolicyName(name *string) error {
	if name != nil && *name != "default" {
		return notFound("No such policy exists")
	}
	return nil
}

func (s *KMS) putKeyPolicy(ctx context.Context, in *awskms.PutKeyPolicyInput) (*awskms.PutKeyPolicyOutput, error) {
	_, err := s.change(ctx, in.KeyId, func(k *key) error {
		if err := checkPolicyName(in.PolicyName); err != nil {
			return err
		}
		k.policy = aws.ToString(in.Policy)
		return checkPolicy(k.arn, k.policy, in.BypassPolicyLockoutSafetyCheck)
	})
	return &awskms.PutKeyPolicyOutput{}, err
}

func (s *KMS) listKeyPolicies(ctx context.Context, in *awskms.ListKeyPoliciesInput) (*awskms.ListKeyPoliciesOutput, error) {
	if _, err := s.key(ctx, in.KeyId); err != nil {
		return nil, err
	}
	return &awskms.ListKeyPoliciesOutput{PolicyNames: []string{"default"}}, nil
}

func accountOf(arn string) string { return strings.Split(arn, ":")[4] }
