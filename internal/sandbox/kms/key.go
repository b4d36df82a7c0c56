package kms

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

type key struct {
	arn, id, account string
	description      string
	created          time.Time
	state            types.KeyState
	deletion         time.Time // where state is PendingDeletion
	usage            types.KeyUsageType
	spec             types.KeySpec
	origin           types.OriginType
	multiRegion      bool
	policy           string
	rotation         rotation
	tags             map[string]string
}

func (s *KMS) createKey(ctx context.Context, in *awskms.CreateKeyInput) (*awskms.CreateKeyOutput, error) {
	k, err := newKey(ctx, in)
	if err != nil {
		return nil, err
	}
	s.keys.Put(ctx, k.id, k)
	return &awskms.CreateKeyOutput{KeyMetadata: k.metadata()}, nil
}

func newKey(ctx context.Context, in *awskms.CreateKeyInput) (key, error) {
	call := wire.CallOf(ctx)
	k := key{
		account: call.Account, description: aws.ToString(in.Description), created: call.Time.UTC().Truncate(time.Millisecond),
		state: types.KeyStateEnabled, usage: in.KeyUsage, spec: in.KeySpec, origin: in.Origin,
		multiRegion: aws.ToBool(in.MultiRegion), policy: aws.ToString(in.Policy),
	}
	if err := k.complete(in); err != nil {
		return key{}, err
	}
	k.id = newID(k.multiRegion)
	k.arn = fmt.Sprintf("arn:aws:kms:%s:%s:key/%s", call.Region, call.Account, k.id)
	if k.policy == "" {
		k.policy = defaultPolicy(call.Account)
	}
	if err := checkPolicy(k.arn, k.policy, in.BypassPolicyLockoutSafetyCheck); err != nil {
		return key{}, err
	}
	var err error
	k.tags, err = withTags(nil, in.Tags)
	return k, err
}

// complete sets the defaults and checks that specification, usage and origin
// go together.
func (k *key) complete(in *awskms.CreateKeyInput) error {
	if k.spec == "" {
		k.spec = types.KeySpec(in.CustomerMasterKeySpec) // the older name
	}
	if k.spec == "" {
		k.spec = types.KeySpecSymmetricDefault
	}
	if k.origin == "" {
		k.origin = types.OriginTypeAwsKms
	}
	usages := usagesOf(k.spec)
	switch {
	case len(usages) == 0:
		return validation("1 validation error detected: Value '%s' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set", k.spec)
	case k.usage == "" && k.spec == types.KeySpecSymmetricDefault:
		k.usage = types.KeyUsageTypeEncryptDecrypt
	case k.usage == "":
		return validation("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
	}
	switch k.origin {
	case types.OriginTypeAwsKms:
	case types.OriginTypeExternal:
		k.state = types.KeyStatePendingImport
	default:
		return wire.Errorf("UnsupportedOperationException", "Origin %s needs a custom key store, and there is none.", k.origin)
	}
	for _, usage := range usages {
		if usage == k.usage {
			return nil
		}
	}
	return validation("KeyUsage %s is not compatible with KeySpec %s", k.usage, k.spec)
}

// usagesOf lists what keys of a specification can do (KMS Developer Guide, "Key spec reference").
func usagesOf(spec types.KeySpec) []types.KeyUsageType {
	name := string(spec)
	switch {
	case spec == types.KeySpecSymmetricDefault:
		return []types.KeyUsageType{types.KeyUsageTypeEncryptDecrypt}
	case strings.HasPrefix(name, "RSA_"):
		return []types.KeyUsageType{types.KeyUsageTypeEncryptDecrypt, types.KeyUsageTypeSignVerify}
	case strings.HasPrefix(name, "ECC_NIST_") && name != "ECC_NIST_EDWARDS25519":
		return []types.KeyUsageType{types.KeyUsageTypeSignVerify, types.KeyUsageTypeKeyAgreement}
	case strings.HasPrefix(name, "ECC_"), strings.HasPrefix(name, "ML_DSA_"):
		return []types.KeyUsageType{types.KeyUsageTypeSignVerify}
	case strings.HasPrefix(name, "HMAC_"):
		return []types.KeyUsageType{types.KeyUsageTypeGenerateVerifyMac}
	}
	return nil
}

func (k key) metadata() *types.KeyMetadata {
	m := &types.KeyMetadata{
		AWSAccountId: aws.String(k.account), Arn: aws.String(k.arn), KeyId: aws.String(k.id), CreationDate: aws.Time(k.created),
		Description: aws.String(k.description), Enabled: k.state == types.KeyStateEnabled, KeyManager: types.KeyManagerTypeCustomer,
		KeyState: k.state, KeyUsage: k.usage, KeySpec: k.spec, CustomerMasterKeySpec: types.CustomerMasterKeySpec(k.spec),
		Origin: k.origin, MultiRegion: aws.Bool(k.multiRegion),
	}
	if k.spec == types.KeySpecSymmetricDefault {
		m.EncryptionAlgorithms = []types.EncryptionAlgorithmSpec{types.EncryptionAlgorithmSpecSymmetricDefault}
	}
	if k.state == types.KeyStatePendingDeletion {
		m.DeletionDate = aws.Time(k.deletion)
	}
	if k.multiRegion {
		m.MultiRegionConfiguration = &types.MultiRegionConfiguration{
			MultiRegionKeyType: types.MultiRegionKeyTypePrimary,
			PrimaryKey:         &types.MultiRegionKey{Arn: aws.String(k.arn), Region: aws.String(regionOf(k.arn))},
			ReplicaKeys:        []types.MultiRegionKey{},
		}
	}
	return m
}

func (s *KMS) describeKey(ctx context.Context, in *awskms.DescribeKeyInput) (*awskms.DescribeKeyOutput, error) {
	k, err := s.anyKey(ctx, in.KeyId)
	if err != nil {
		return nil, err
	}
	return &awskms.DescribeKeyOutput{KeyMetadata: k.metadata()}, nil
}

func (s *KMS) listKeys(ctx context.Context, in *awskms.ListKeysInput) (*awskms.ListKeysOutput, error) {
	keys, next, err := cut(s.keys.List(ctx), in.Marker, in.Limit, 100, 1000)
	if err != nil {
		return nil, err
	}
	out := &awskms.ListKeysOutput{Keys: []types.KeyListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, k := range keys {
		out.Keys = append(out.Keys, types.KeyListEntry{KeyArn: aws.String(k.arn), KeyId: aws.String(k.id)})
	}
	return out, nil
}

// cut gives a page of a list and the next marker.
func cut[T any](items []T, marker *string, limit *int32, usual, most int) ([]T, *string, error) {
	if limit != nil {
		usual = int(*limit)
	}
	if usual < 1 || usual > most {
		return nil, nil, validation("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", usual, most)
	}
	items, next, err := page.Of(items, aws.ToString(marker), usual)
	if err != nil {
		return nil, nil, wire.Errorf("InvalidMarkerException", "Could not deserialize marker '%s'", aws.ToString(marker))
	}
	if next == "" {
		return items, nil, nil
	}
	return items, &next, nil
}

func (s *KMS) updateKeyDescription(ctx context.Context, in *awskms.UpdateKeyDescriptionInput) (*awskms.UpdateKeyDescriptionOutput, error) {
	_, err := s.change(ctx, in.KeyId, func(k *key) error {
		k.description = aws.ToString(in.Description)
		return k.notPendingDeletion()
	})
	return &awskms.UpdateKeyDescriptionOutput{}, err
}

var keyID = regexp.MustCompile(`^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// key gives the key of an id or ARN; most operations take no alias.
func (s *KMS) key(ctx context.Context, reference *string) (key, error) {
	id := idOf(aws.ToString(reference))
	if !keyID.MatchString(id) {
		return key{}, notFound("Invalid keyId '%s'", aws.ToString(reference))
	}
	return s.anyKey(ctx, reference)
}

// anyKey gives the key of an id, ARN, alias name or alias ARN.
func (s *KMS) anyKey(ctx context.Context, reference *string) (key, error) {
	call := wire.CallOf(ctx)
	name := aws.ToString(reference)
	if name == "" {
		return key{}, validation("1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null")
	}
	if k, ok := s.find(ctx, call.Region, name); ok {
		return k, nil
	}
	id := idOf(name)
	switch {
	case strings.HasPrefix(id, "alias/"):
		return key{}, notFound("Alias arn:aws:kms:%s:%s:%s is not found.", call.Region, call.Account, id)
	case keyID.MatchString(id):
		return key{}, notFound("Key 'arn:aws:kms:%s:%s:key/%s' does not exist", call.Region, call.Account, id)
	}
	return key{}, notFound("Invalid keyId '%s'", name)
}

// find looks a reference up in a Region. An ARN of another Region or account
// finds nothing.
func (s *KMS) find(ctx context.Context, region, reference string) (key, bool) {
	id := idOf(reference)
	if strings.HasPrefix(id, "alias/") {
		a, ok := s.aliases.GetIn(ctx, region, id)
		if !ok || strings.HasPrefix(reference, "arn:") && a.arn != reference {
			return key{}, false
		}
		return s.keys.GetIn(ctx, region, a.target)
	}
	k, ok := s.keys.GetIn(ctx, region, id)
	if ok && strings.HasPrefix(reference, "arn:") && k.arn != reference {
		return key{}, false
	}
	return k, ok
}

// idOf takes the id or alias name out of an ARN.
func idOf(reference string) string {
	parts := strings.SplitN(reference, ":", 6)
	if len(parts) != 6 || parts[2] != "kms" {
		return reference
	}
	return strings.TrimPrefix(parts[5], "key/")
}

func regionOf(arn string) string { return strings.Split(arn, ":")[3] }

// change keeps what change makes of a copy of the key.
func (s *KMS) change(ctx context.Context, reference *string, change func(*key) error) (key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, err := s.key(ctx, reference)
	if err != nil {
		return key{}, err
	}
	k.tags = maps.Clone(k.tags)
	if err := change(&k); err != nil {
		return key{}, err
	}
	s.keys.Put(ctx, k.id, k)
	return k, nil
}

// newID makes a random UUID; ids of multi-Region keys begin with mrk-.
func newID(multiRegion bool) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	if multiRegion {
		return fmt.Sprintf("mrk-%x", b)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // RFC 9562, version 4
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
