package cloudtrail

import (
	"context"
	"crypto/md5" // the fingerprint of AWS's keys is an MD5 sum
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// keyring holds the keys that sign digests, one per Region, made when first
// asked for.
type keyring struct {
	mu   sync.Mutex
	keys map[string]signingKey
}

type signingKey struct {
	private    *rsa.PrivateKey
	from, till time.Time
}

// keyLifetime is how long a key signs. AWS names no number.
const keyLifetime = 365 * 24 * time.Hour

// of gives the Region's key. It is valid from a while before the first
// question, as keys on AWS are older than any client.
func (k *keyring) of(region string, now time.Time) (signingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.keys[region]; ok {
		return key, nil
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return signingKey{}, fmt.Errorf("making the signing key of %s: %w", region, err)
	}
	key := signingKey{private: private, from: now.Add(-24 * time.Hour).Truncate(time.Second)}
	key.till = key.from.Add(keyLifetime)
	if k.keys == nil {
		k.keys = map[string]signingKey{}
	}
	k.keys[region] = key
	return key, nil
}

// listPublicKeys gives the keys that were valid at some time of the range; by
// default of the last day.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
func (b *Backend) listPublicKeys(ctx context.Context, in *cloudtrail.ListPublicKeysInput) (*cloudtrail.ListPublicKeysOutput, error) {
	call := wire.CallOf(ctx)
	if in.NextToken != nil {
		return nil, wire.Errorf("InvalidTokenException", "The token is not valid: %s", *in.NextToken)
	}
	end := call.Time
	set(&end, in.EndTime)
	start := end.Add(-24 * time.Hour)
	set(&start, in.StartTime)
	if start.After(end) {
		return nil, wire.Errorf("InvalidTimeRangeException", "The start time is after the end time.")
	}
	key, err := b.keys.of(call.Region, call.Time)
	if err != nil {
		return nil, err
	}
	out := &cloudtrail.ListPublicKeysOutput{PublicKeyList: []types.PublicKey{}}
	if !key.from.After(end) && !key.till.Before(start) {
		out.PublicKeyList = append(out.PublicKeyList, publicKey(key))
	}
	return out, nil
}

// publicKey gives the key as a PKCS #1 structure with the MD5 sum of it.
func publicKey(key signingKey) types.PublicKey {
	der := x509.MarshalPKCS1PublicKey(&key.private.PublicKey)
	sum := md5.Sum(der)
	return types.PublicKey{
		Value: der, Fingerprint: aws.String(hex.EncodeToString(sum[:])),
		ValidityStartTime: aws.Time(key.from), ValidityEndTime: aws.Time(key.till),
	}
}
