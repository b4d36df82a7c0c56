package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// anyElement stands in a path for every index or key.
type anyElement struct{}

// path is where a value sits in an item: each step is a string (a key), an int
// (an index) or anyElement.
type path []any

// parsePath reads "configuration.eventSelectors[0].dataResources", with keys
// that hold dots or brackets quoted: tags["kubernetes.io/name"]; "[_]" is any
// element.
func parsePath(text string) (path, error) {
	var steps path
	rest := text
	for rest != "" {
		var step any
		var err error
		if step, rest, err = nextStep(rest, len(steps) == 0); err != nil {
			return nil, fmt.Errorf("path %q: %w", text, err)
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("path is empty")
	}
	return steps, nil
}

func nextStep(text string, first bool) (step any, rest string, err error) {
	switch {
	case strings.HasPrefix(text, `["`):
		quoted, err := strconv.QuotedPrefix(text[1:])
		if err != nil || !strings.HasPrefix(text[1+len(quoted):], "]") {
			return nil, "", fmt.Errorf("unfinished key at %q", text)
		}
		key, err := strconv.Unquote(quoted)
		return key, text[len(quoted)+2:], err
	case strings.HasPrefix(text, "["):
		inner, rest, found := strings.Cut(text[1:], "]")
		if !found {
			return nil, "", fmt.Errorf("unfinished index at %q", text)
		}
		if inner == "_" {
			return anyElement{}, rest, nil
		}
		index, err := strconv.Atoi(inner)
		return index, rest, err
	case strings.HasPrefix(text, "."):
		text = text[1:]
	case !first:
		return nil, "", fmt.Errorf("want . or [ at %q", text)
	}
	end := strings.IndexAny(text, ".[")
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return nil, "", fmt.Errorf("empty key at %q", text)
	}
	return text[:end], text[end:], nil
}

// String writes the path as parsePath reads it.
func (p path) String() string {
	var b strings.Builder
	for i, step := range p {
		switch step := step.(type) {
		case anyElement:
			b.WriteString("[_]")
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if strings.ContainsAny(step, `.[]"`) || step == "" || strings.Contains(step, "::") {
				fmt.Fprintf(&b, "[%s]", strconv.Quote(step))
				continue
			}
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

// overlaps says whether a change at one path can be seen by reading the other:
// one is a prefix of the other, any element matching every step.
func (p path) overlaps(q path) bool {
	for i := range min(len(p), len(q)) {
		if !sameStep(p[i], q[i]) {
			return false
		}
	}
	return true
}

func sameStep(a, b any) bool {
	return a == b || a == any(anyElement{}) || b == any(anyElement{})
}

// firstAny is the position of the first "any element", or the length.
func (p path) firstAny() int {
	for i, step := range p {
		if step == any(anyElement{}) {
			return i
		}
	}
	return len(p)
}
