package page_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
)

func TestOfWalksTheWholeList(t *testing.T) {
	items := []int{1, 2, 3, 4, 5}
	var got [][]int
	for token := ""; ; {
		one, next, err := page.Of(items, token, 2)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, one)
		if token = next; token == "" {
			break
		}
	}
	if diff := cmp.Diff([][]int{{1, 2}, {3, 4}, {5}}, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestOfRefusesForeignTokens(t *testing.T) {
	for _, token := range []string{"x", "LTE=", "YWJj"} { // no base64, "-1", "abc"
		if _, _, err := page.Of([]int{1}, token, 2); !errors.Is(err, page.ErrToken) {
			t.Errorf("Of(%q) gave %v, want ErrToken", token, err)
		}
	}
}
