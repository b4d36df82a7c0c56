package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// ID is the identity of a finding: the same on every run and every machine for
// the same rule, resource and path, whatever the verdict or its words. It is
// the first 16 bytes, in hex, of the SHA-256 of rule, resource key and path,
// each ended by a zero byte so that no two triples share their bytes.
//
// People keep these in baselines and waivers: changing how they are made breaks
// all of them.
func ID(rule string, resource Resource, path string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{rule, resource.Key(), path, ""}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Key is the identity of a resource: its Terraform address where there is one,
// else its ARN, else account/Region/type/id (or name, where there is no id).
func (r Resource) Key() string {
	switch {
	case r.Address != "":
		return r.Address
	case r.ARN != "":
		return r.ARN
	case r.ID != "":
		return strings.Join([]string{r.Account, r.Region, r.Type, r.ID}, "/")
	}
	return strings.Join([]string{r.Account, r.Region, r.Type, r.Name}, "/")
}
