package config

import (
	"strings"
	"testing"
)

// Endpoints from before recorders had an ARN cannot tag one: that is said, and
// no call with an empty ARN is made (there is no client here).
func TestPutTagsWithoutARN(t *testing.T) {
	t.Parallel()
	tags := map[string]string{"owner": "audit"}
	if err := putTags(t.Context(), nil, "", tags, tags); err != nil {
		t.Errorf("nothing to change: %v", err)
	}
	for _, to := range []map[string]string{nil, {"owner": "security"}} {
		if err := putTags(t.Context(), nil, "", tags, to); err == nil || !strings.Contains(err.Error(), "reports no ARN") {
			t.Errorf("to %v: %v", to, err)
		}
	}
}
