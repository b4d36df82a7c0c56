package kms

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

type alias struct {
	arn, name        string
	target           string // key id
	created, updated time.Time
}

var aliasName = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]{1,250}$`)

func checkAliasName(name string) error {
	switch {
	case !strings.HasPrefix(name, "alias/"):
		return wire.Errorf("ValidationException", "Alias must start with the prefix \"alias/\". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html")
	case !aliasName.MatchString(name):
		return wire.Errorf("InvalidAliasNameException", "Alias name %s contains characters that are not allowed or is too long", name)
	case strings.HasPrefix(name, "alias/aws/"):
		return wire.Errorf("NotAuthorizedException", "")
	}
	return nil
}

func (s *KMS) createAlias(ctx context.Context, in *awskms.CreateAliasInput) (*awskms.CreateAliasOutput, error) {
	name := aws.ToString(in.AliasName)
	if err := checkAliasName(name); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, err := s.aliasTarget(ctx, in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	call := wire.CallOf(ctx)
	now := call.Time.UTC().Truncate(time.Millisecond)
	a := alias{arn: fmt.Sprintf("arn:aws:kms:%s:%s:%s", call.Region, call.Account, name), name: name, target: k.id, created: now, updated: now}
	if _, exists := s.aliases.Get(ctx, name); exists {
		return nil, wire.Errorf("AlreadyExistsException", "An alias with the name %s already exists", a.arn)
	}
	s.aliases.Put(ctx, name, a)
	return &awskms.CreateAliasOutput{}, nil
}

// aliasTarget gives the key that an alias shall stand for.
func (s *KMS) aliasTarget(ctx context.Context, id *string) (key, error) {
	if strings.HasPrefix(idOf(aws.ToString(id)), "alias/") {
		return key{}, validation("Aliases must refer to keys. Not aliases")
	}
	k, err := s.key(ctx, id)
	if err == nil {
		err = k.notPendingDeletion()
	}
	return k, err
}

func (s *KMS) updateAlias(ctx context.Context, in *awskms.UpdateAliasInput) (*awskms.UpdateAliasOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.alias(ctx, in.AliasName)
	if err != nil {
		return nil, err
	}
	k, err := s.aliasTarget(ctx, in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	if old, ok := s.keys.Get(ctx, a.target); ok && (old.usage != k.usage || (old.spec == types.KeySpecSymmetricDefault) != (k.spec == types.KeySpecSymmetricDefault)) {
		return nil, validation("Alias %s cannot be changed to a key of another type or usage", a.arn)
	}
	a.target, a.updated = k.id, wire.CallOf(ctx).Time.UTC().Truncate(time.Millisecond)
	s.aliases.Put(ctx, a.name, a)
	return &awskms.UpdateAliasOutput{}, nil
}

func (s *KMS) deleteAlias(ctx context.Context, in *awskms.DeleteAliasInput) (*awskms.DeleteAliasOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.alias(ctx, in.AliasName)
	if err != nil {
		return nil, err
	}
	s.aliases.Delete(ctx, a.name)
	return &awskms.DeleteAliasOutput{}, nil
}

func (s *KMS) alias(ctx context.Context, name *string) (alias, error) {
	if err := checkAliasName(aws.ToString(name)); err != nil {
		return alias{}, err
	}
	a, ok := s.aliases.Get(ctx, *name)
	if !ok {
		call := wire.CallOf(ctx)
		return alias{}, notFound("Alias arn:aws:kms:%s:%s:%s is not found.", call.Region, call.Account, *name)
	}
	return a, nil
}

func (s *KMS) listAliases(ctx context.Context, in *awskms.ListAliasesInput) (*awskms.ListAliasesOutput, error) {
	all := s.aliases.List(ctx)
	if in.KeyId != nil {
		k, err := s.key(ctx, in.KeyId)
		if err != nil {
			return nil, err
		}
		of := []alias{}
		for _, a := range all {
			if a.target == k.id {
				of = append(of, a)
			}
		}
		all = of
	}
	aliases, next, err := cut(all, in.Marker, in.Limit, 50, 100)
	if err != nil {
		return nil, err
	}
	out := &awskms.ListAliasesOutput{Aliases: []types.AliasListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, a := range aliases {
		out.Aliases = append(out.Aliases, types.AliasListEntry{
			AliasArn: aws.String(a.arn), AliasName: aws.String(a.name), TargetKeyId: aws.String(a.target),
			CreationDate: aws.Time(a.created), LastUpdatedDate: aws.Time(a.updated),
		})
	}
	return out, nil
}
