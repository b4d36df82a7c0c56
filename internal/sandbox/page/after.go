package page

import (
	"encoding/base64"
	"slices"
	"strings"
)

// mark tells the tokens of [After] from other base64.
const mark = "after:"

// After gives the page of at most size items that token stands for, of items
// ordered by key, and the token of the next page; nil after the last. A token
// names the last key of the page before, so that things which come and go
// between two pages neither repeat nor hide others.
func After[T any](items []T, key func(T) string, token *string, size int) ([]T, *string, error) {
	if token != nil && *token != "" {
		plain, err := base64.RawURLEncoding.DecodeString(*token)
		last, marked := strings.CutPrefix(string(plain), mark)
		if err != nil || !marked {
			return nil, nil, ErrToken
		}
		from := slices.IndexFunc(items, func(item T) bool { return key(item) > last })
		if from < 0 {
			return nil, nil, nil
		}
		items = items[from:]
	}
	if len(items) <= size {
		return items, nil, nil
	}
	next := base64.RawURLEncoding.EncodeToString([]byte(mark + key(items[size-1])))
	return items[:size], &next, nil
}
