package kms

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// notPendingDeletion is what nearly all operations ask of a key (KMS Developer
// Guide, "Key states of AWS KMS keys").
func (k *key) notPendingDeletion() error {
	if k.state == types.KeyStatePendingDeletion {
		return wire.Errorf("KMSInvalidStateException", "%s is pending deletion.", k.arn)
	}
	return nil
}

func (s *KMS) enableKey(ctx context.Context, in *awskms.EnableKeyInput) (*awskms.EnableKeyOutput, error) {
	return &awskms.EnableKeyOutput{}, s.setState(ctx, in.KeyId, types.KeyStateEnabled)
}

func (s *KMS) disableKey(ctx context.Context, in *awskms.DisableKeyInput) (*awskms.DisableKeyOutput, error) {
	return &awskms.DisableKeyOutput{}, s.setState(ctx, in.KeyId, types.KeyStateDisabled)
}

func (s *KMS) setState(ctx context.Context, id *string, state types.KeyState) error {
	_, err := s.change(ctx, id, func(k *key) error {
		if err := k.notPendingDeletion(); err != nil {
			return err
		}
		if k.state == types.KeyStatePendingImport {
			return wire.Errorf("KMSInvalidStateException", "%s is pending import.", k.arn)
		}
		k.state = state
		return nil
	})
	return err
}

func (s *KMS) scheduleKeyDeletion(ctx context.Context, in *awskms.ScheduleKeyDeletionInput) (*awskms.ScheduleKeyDeletionOutput, error) {
	days := int32(30)
	if in.PendingWindowInDays != nil {
		days = *in.PendingWindowInDays
	}
	if days < 7 || days > 30 {
		return nil, validation("PendingWindowInDays must be between 7 and 30 (inclusive)")
	}
	k, err := s.change(ctx, in.KeyId, func(k *key) error {
		if err := k.notPendingDeletion(); err != nil {
			return err
		}
		k.state = types.KeyStatePendingDeletion
		k.deletion = wire.CallOf(ctx).Time.UTC().Truncate(time.Second).AddDate(0, 0, int(days))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &awskms.ScheduleKeyDeletionOutput{
		KeyId: &k.arn, KeyState: k.state, DeletionDate: &k.deletion, PendingWindowInDays: &days,
	}, nil
}

// cancelKeyDeletion leaves the key disabled.
func (s *KMS) cancelKeyDeletion(ctx context.Context, in *awskms.CancelKeyDeletionInput) (*awskms.CancelKeyDeletionOutput, error) {
	k, err := s.change(ctx, in.KeyId, func(k *key) error {
		if k.state != types.KeyStatePendingDeletion {
			return wire.Errorf("KMSInvalidStateException", "%s is not pending deletion.", k.arn)
		}
		k.state = types.KeyStateDisabled
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &awskms.CancelKeyDeletionOutput{KeyId: &k.arn}, nil
}

// rotation is automatic key rotation.
type rotation struct {
	days int32 // 0 is off
	next time.Time
}

func (k *key) rotatable() error {
	if k.spec != types.KeySpecSymmetricDefault || k.origin != types.OriginTypeAwsKms {
		return wire.Errorf("UnsupportedOperationException", "You cannot perform this operation on KMS key %s: automatic key rotation needs a symmetric encryption key with key material of AWS KMS.", k.arn)
	}
	return nil
}

// changeable is what changing the rotation asks of a key beyond [key.rotatable].
func (k *key) changeable() error {
	if err := k.notPendingDeletion(); err != nil {
		return err
	}
	if k.state == types.KeyStateDisabled {
		return wire.Errorf("DisabledException", "%s is disabled.", k.arn)
	}
	return k.rotatable()
}

func (s *KMS) enableKeyRotation(ctx context.Context, in *awskms.EnableKeyRotationInput) (*awskms.EnableKeyRotationOutput, error) {
	if days := in.RotationPeriodInDays; days != nil && (*days < 90 || *days > 2560) {
		return nil, validation("1 validation error detected: Value '%d' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between 90 and 2560", *days)
	}
	_, err := s.change(ctx, in.KeyId, func(k *key) error {
		if err := k.changeable(); err != nil {
			return err
		}
		// Without a period a new rotation takes 365 days, and an existing one keeps its own.
		days := cmp.Or(aws.ToInt32(in.RotationPeriodInDays), k.rotation.days, 365)
		k.rotation = rotation{days: days, next: wire.CallOf(ctx).Time.UTC().Truncate(time.Second).AddDate(0, 0, int(days))}
		return nil
	})
	return &awskms.EnableKeyRotationOutput{}, err
}

func (s *KMS) disableKeyRotation(ctx context.Context, in *awskms.DisableKeyRotationInput) (*awskms.DisableKeyRotationOutput, error) {
	_, err := s.change(ctx, in.KeyId, func(k *key) error {
		k.rotation = rotation{}
		return k.changeable()
	})
	return &awskms.DisableKeyRotationOutput{}, err
}

func (s *KMS) getKeyRotationStatus(ctx context.Context, in *awskms.GetKeyRotationStatusInput) (*awskms.GetKeyRotationStatusOutput, error) {
	k, err := s.key(ctx, in.KeyId)
	if err == nil {
		err = k.rotatable()
	}
	if err != nil {
		return nil, err
	}
	out := &awskms.GetKeyRotationStatusOutput{KeyId: &k.arn}
	if k.rotation.days > 0 && k.state != types.KeyStatePendingDeletion {
		out.KeyRotationEnabled = true
		out.RotationPeriodInDays = &k.rotation.days
		out.NextRotationDate = &k.rotation.next
	}
	return out, nil
}
