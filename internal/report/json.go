package report

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// writeJSON writes the report as it is: the public contract, so lists are
// always there, even when they are empty.
func writeJSON(w io.Writer, r finding.Report, _ Options) error {
	findings := make([]finding.Finding, 0, len(r.Findings))
	for _, f := range r.Findings {
		f.Unknown = notNil(f.Unknown)
		f.Assumes = notNil(f.Assumes)
		f.Controls = notNil(f.Controls)
		findings = append(findings, f)
	}
	r.Findings = findings
	return encodeJSON(w, r)
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// encodeJSON writes indented JSON that is also harmless to look at: characters
// that encoding/json leaves alone but a terminal or a CI runner acts on are
// written as \u escapes, so a parser reads the very same strings.
func encodeJSON(w io.Writer, v any) error {
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeHidden(plain.Bytes()))
	return err
}

// escapeHidden works on encoded JSON: there the characters in question can
// stand only within strings.
func escapeHidden(encoded []byte) []byte {
	out := make([]byte, 0, len(encoded))
	for i := 0; i < len(encoded); {
		r, size := utf8.DecodeRune(encoded[i:])
		switch {
		case bytes.HasPrefix(encoded[i:], []byte("##[")):
			out = append(out, `#\u0023`...)
			size = 2
		case r != '\n' && hidden(r):
			out = appendEscaped(out, r)
		default:
			out = append(out, encoded[i:i+size]...)
		}
		i += size
	}
	return out
}

// appendEscaped writes r as JSON escapes: RFC 8259 section 7 wants a surrogate
// pair beyond the basic plane.
func appendEscaped(out []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	units := []rune{r}
	if r > 0xffff {
		units = []rune{0xd800 + (r-0x10000)>>10, 0xdc00 + (r-0x10000)&0x3ff}
	}
	for _, u := range units {
		out = append(out, '\\', 'u', digits[u>>12&0xf], digits[u>>8&0xf], digits[u>>4&0xf], digits[u&0xf])
	}
	return out
}
