// Package page cuts lists into the pages in which AWS hands them out.
package page

import (
	"encoding/base64"
	"errors"
	"strconv"
)

// ErrToken says that a token was not made by [Of]. Services answer it with
// their own code.
var ErrToken = errors.New("invalid pagination token")

// Of gives the page of at most size items that token stands for, and the token
// of the next page. The empty token is the first page; after the last page the
// next token is empty.
func Of[T any](items []T, token string, size int) ([]T, string, error) {
	start, err := offset(token)
	if err != nil {
		return nil, "", err
	}
	if start > len(items) {
		start = len(items) // the list has shrunk since
	}
	end := min(start+size, len(items))
	if end == len(items) {
		return items[start:], "", nil
	}
	return items[start:end], base64.URLEncoding.EncodeToString([]byte(strconv.Itoa(end))), nil
}

func offset(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	text, err := base64.URLEncoding.DecodeString(token)
	if err != nil {
		return 0, ErrToken
	}
	start, err := strconv.Atoi(string(text))
	if err != nil || start < 0 {
		return 0, ErrToken
	}
	return start, nil
}
