package iam

import (
	"crypto/rand"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// encodeDocument: IAM hands out policy documents URL-encoded (RFC 3986).
func encodeDocument(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

func checkTrust(document string) error {
	return checkDocument(document, (*iampolicy.Policy).CheckTrustPolicy)
}

func checkIdentity(document string) error {
	return checkDocument(document, (*iampolicy.Policy).CheckIdentityPolicy)
}

func checkDocument(document string, kind func(*iampolicy.Policy) error) error {
	if document == "" {
		return validation("1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
	p, err := iampolicy.Parse([]byte(document))
	if err == nil {
		err = kind(p)
	}
	var syntax *iampolicy.SyntaxError
	if errors.As(err, &syntax) {
		return wire.Errorf("MalformedPolicyDocument", "%s", syntax.Reason)
	}
	return err
}

// maxTags is how many tags a role or policy may have.
const maxTags = 50

// withTags copies the tags and adds those.
func withTags(tags map[string]string, added []types.Tag) (map[string]string, error) {
	changed := map[string]string{}
	maps.Copy(changed, tags)
	for _, tag := range added {
		key, value := aws.ToString(tag.Key), aws.ToString(tag.Value)
		if key == "" || len(key) > 128 || len(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, wire.Errorf("InvalidInput", "Tag keys have 1 to 128 characters and do not begin with aws:; values have at most 256. Found %q.", key)
		}
		changed[key] = value
	}
	if len(changed) > maxTags {
		return nil, conflict("LimitExceeded", "The number of tags has reached the maximum limit of %d.", maxTags)
	}
	return changed, nil
}

func withoutTags(tags map[string]string, keys []string) map[string]string {
	changed := maps.Clone(tags)
	for _, key := range keys {
		delete(changed, key)
	}
	return changed
}

func tagList(tags map[string]string) []types.Tag {
	list := []types.Tag{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return list
}

func tagsOrNone(tags map[string]string) []types.Tag {
	if len(tags) == 0 {
		return nil
	}
	return tagList(tags)
}

// one is a page of a list in IAM's words.
type one[T any] struct {
	items     []T
	marker    *string
	truncated bool
}

// paged cuts a list: 100 items where the request does not say.
func paged[T any](items []T, marker *string, limit *int32) (one[T], error) {
	size := 100
	if limit != nil {
		size = int(*limit)
	}
	if size < 1 || size > 1000 {
		return one[T]{}, validation("1 validation error detected: Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000", size)
	}
	if items == nil {
		items = []T{}
	}
	cut, next, err := page.Of(items, aws.ToString(marker), size)
	if err != nil {
		return one[T]{}, validation("Invalid Marker.")
	}
	p := one[T]{items: cut, truncated: next != ""}
	if p.truncated {
		p.marker = &next
	}
	return p, nil
}

// newID makes a unique id, such as AROA followed by 17 letters and digits.
func newID(prefix string) string {
	return prefix + rand.Text()[:17]
}
