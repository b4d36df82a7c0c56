package store

import (
	"encoding/base64"
	"slices"
	"strings"
)

// tokenMark tells tokens from other base64.
const tokenMark = "after:"

// Page cuts the next page out of items, which are ordered by key. The token
// names the last key of the page before, so that things which come and go
// between two pages neither repeat nor hide others. It gives false for a token
// that no Page has made.
func Page[V any](items []V, key func(V) string, token *string, size int) (page []V, next *string, ok bool) {
	if token != nil && *token != "" {
		plain, err := base64.RawURLEncoding.DecodeString(*token)
		last, marked := strings.CutPrefix(string(plain), tokenMark)
		if err != nil || !marked {
			return nil, nil, false
		}
		from := slices.IndexFunc(items, func(v V) bool { return key(v) > last })
		if from < 0 {
			return nil, nil, true
		}
		items = items[from:]
	}
	if len(items) <= size {
		return items, nil, true
	}
	page = items[:size]
	text := base64.RawURLEncoding.EncodeToString([]byte(tokenMark + key(page[size-1])))
	return page, &text, true
}
