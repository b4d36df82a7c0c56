// Package kms is AWS KMS without its cryptography: keys with their states,
// policies, rotation, aliases and tags. No data is encrypted.
package kms

import (
	"context"
	"sort"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// KMS holds the keys and aliases of all Regions.
type KMS struct {
	mu      sync.Mutex         // held by calls that read and then write
	keys    store.Table[key]   // by id
	aliases store.Table[alias] // by name
}

// New makes a KMS without keys.
func New() *KMS { return &KMS{} }

// Service describes the API.
func (s *KMS) Service() *wire.Service {
	return &wire.Service{
		SigningName: "kms",
		EventSource: "kms.amazonaws.com",
		Targets:     []string{"TrentService"},
		Resources:   map[string]string{"KeyId": "AWS::KMS::Key"},
		Operations: wire.Operations(
			wire.Op("CreateKey", s.createKey),
			wire.Op("DescribeKey", s.describeKey),
			wire.Op("ListKeys", s.listKeys),
			wire.Op("UpdateKeyDescription", s.updateKeyDescription),
			wire.Op("EnableKey", s.enableKey),
			wire.Op("DisableKey", s.disableKey),
			wire.Op("ScheduleKeyDeletion", s.scheduleKeyDeletion),
			wire.Op("CancelKeyDeletion", s.cancelKeyDeletion),
			wire.Op("GetKeyPolicy", s.getKeyPolicy),
			wire.Op("PutKeyPolicy", s.putKeyPolicy),
			wire.Op("ListKeyPolicies", s.listKeyPolicies),
			wire.Op("EnableKeyRotation", s.enableKeyRotation),
			wire.Op("DisableKeyRotation", s.disableKeyRotation),
			wire.Op("GetKeyRotationStatus", s.getKeyRotationStatus),
			wire.Op("CreateAlias", s.createAlias),
			wire.Op("UpdateAlias", s.updateAlias),
			wire.Op("DeleteAlias", s.deleteAlias),
			wire.Op("ListAliases", s.listAliases),
			wire.Op("TagResource", s.tagResource),
			wire.Op("UntagResource", s.untagResource),
			wire.Op("ListResourceTags", s.listResourceTags),
		),
	}
}

// Key gives the key of an id, ARN, alias name or alias ARN; an ARN may be of
// another Region than the call. Only symmetric keys are found: other services
// encrypt with no others.
func (s *KMS) Key(ctx context.Context, reference string) (arn string, policy *iampolicy.Policy, enabled, exists bool) {
	region := wire.CallOf(ctx).Region
	if parts := strings.SplitN(reference, ":", 6); len(parts) == 6 {
		region = parts[3]
	}
	k, ok := s.find(ctx, region, reference)
	if !ok || k.spec != types.KeySpecSymmetricDefault {
		return "", nil, false, false
	}
	policy, err := iampolicy.Parse([]byte(k.policy))
	if err != nil {
		return "", nil, false, false // policies are parsed before they are kept
	}
	return k.arn, policy, k.state == types.KeyStateEnabled, true
}

// Resources lists the ARNs of what exists. Keys that wait for their deletion
// count as gone: nobody can delete them any faster.
func (s *KMS) Resources(ctx context.Context) []string {
	var arns []string
	for _, k := range s.keys.All(ctx) {
		if k.state != types.KeyStatePendingDeletion {
			arns = append(arns, k.arn)
		}
	}
	for _, a := range s.aliases.All(ctx) {
		arns = append(arns, a.arn)
	}
	sort.Strings(arns)
	return arns
}

func notFound(format string, args ...any) *wire.Error {
	return wire.Errorf("NotFoundException", format, args...)
}

func validation(format string, args ...any) *wire.Error {
	return wire.Errorf("ValidationException", format, args...)
}
