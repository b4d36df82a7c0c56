package page_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
)

// TestAfterWithChangesBetweenPages: b goes and aa comes after the first page;
// neither moves the second.
func TestAfterWithChangesBetweenPages(t *testing.T) {
	key := func(s string) string { return s }
	first, token, err := page.After([]string{"a", "b", "c", "d"}, key, nil, 2)
	if err != nil || token == nil || !slices.Equal(first, []string{"a", "b"}) {
		t.Fatalf("%v, %v, %v", first, token, err)
	}
	second, token, err := page.After([]string{"a", "aa", "c", "d"}, key, token, 2)
	if err != nil || token != nil || !slices.Equal(second, []string{"c", "d"}) {
		t.Errorf("%v, %v, %v", second, token, err)
	}
}

func TestAfterTheLastKeyIsEmpty(t *testing.T) {
	key := func(s string) string { return s }
	_, token, err := page.After([]string{"a", "b"}, key, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	if rest, next, err := page.After([]string{"a"}, key, token, 1); len(rest) != 0 || next != nil || err != nil {
		t.Errorf("%v, %v, %v", rest, next, err)
	}
}

func TestAfterRefusesForeignTokens(t *testing.T) {
	for _, token := range []string{"x", "MQ", "%%", strings.Repeat("A", 400)} {
		if _, _, err := page.After([]string{"a"}, func(s string) string { return s }, &token, 1); !errors.Is(err, page.ErrToken) {
			t.Errorf("%q: %v", token, err)
		}
	}
}
