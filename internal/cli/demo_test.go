package cli

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/examples"
)

// TestWeakeningFindsItsText guards the story: an edit of examples/demo that the
// demo cannot find would leave nothing to block.
func TestWeakeningFindsItsText(t *testing.T) {
	for _, e := range weakening() {
		text, err := fs.ReadFile(examples.FS(), "demo/"+e.file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), e.from); n != 1 {
			t.Errorf("%q is %d times in %s, want once", e.from, n, e.file)
		}
	}
}
