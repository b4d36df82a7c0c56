package fwk

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// NewName gives the name of a resource to be created: the one that was said,
// else a new one that begins with the prefix ("terraform-" where there is none
// either). The new part sorts by time: 18 digits of UTC and 8 random hex digits.
func NewName(name, prefix types.String) string {
	if !name.IsNull() && !name.IsUnknown() {
		return name.ValueString()
	}
	p := "terraform-"
	if prefix.ValueString() != "" {
		p = prefix.ValueString()
	}
	now := time.Now().UTC()
	return fmt.Sprintf("%s%s%04d%08x", p, now.Format("20060102150405"), now.Nanosecond()/100000, rand.Uint32())
}
