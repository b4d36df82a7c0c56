// Package plan reads what `terraform show -json` writes, plans and states
// alike, into configuration items. OpenTofu writes the same format.
//
// A plan is read as a stream, one resource at a time: planned_values,
// resource_drift and (where there are resource_changes) prior_state are
// validated and dropped. configuration comes last in the file, so references
// are resolved when all of it has been read. For
//
//	resource "aws_cloudtrail" "main" { kms_key_id = aws_kms_key.audit.arn ... }
//
// with a new key, the item of the trail has configuration.kmsKeyId in Unknown,
// From {aws_kms_key.audit arn}; the key's item has configuration.arn in Unknown
// with the same From. That is how items are related before AWS made up any id.
//
// The format: https://developer.hashicorp.com/terraform/internals/json-format
package plan

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// Read reads the JSON of a plan or of a state, format 0.x or 1.x, and returns
// its items in the order of the file, with one item per account and Region at
// the end. Resources that a plan deletes or forgets give no item; managed
// resources of types that no kind covers are counted in Skipped.
//
// What is wrong with the input is an *Error. Read stops with ctx's error when
// ctx ends.
func Read(ctx context.Context, r io.Reader) (*item.Set, error) {
	in := bufio.NewReaderSize(contextReader{ctx, r}, 64<<10)
	if err := sniff(in); err != nil {
		return nil, err
	}
	d := newDocument(jsontext.NewDecoder(in))
	if err := d.read(); err != nil {
		if cause := ctx.Err(); cause != nil {
			return nil, cause
		}
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return assemble(d)
}

// contextReader ends the reading with the context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// sniff looks at the first bytes for what people pass by mistake, and drops a
// UTF-8 byte order mark, which some Windows tools write.
func sniff(in *bufio.Reader) error {
	head, err := in.Peek(512)
	if err != nil && len(head) == 0 {
		if err == io.EOF {
			return fault(ErrEmpty, "", hintShow)
		}
		return syntaxError(err, 0)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return fault(ErrBinary, "", "run terraform show -json FILE > plan.json and pass that")
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return fault(ErrEncoding, "", hintEncoding)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		if _, err := in.Discard(3); err != nil {
			return syntaxError(err, 0)
		}
		head = head[3:]
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0 && len(head) < 512:
		return fault(ErrEmpty, "", hintShow)
	case len(text) > 0 && text[0] != '{':
		return fault(ErrNotJSON, "it begins with "+quoteStart(text), hintShow)
	}
	return nil
}

// quoteStart shows how the input begins, when that is fit to be shown.
func quoteStart(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	s := string(line[:min(len(line), 40)])
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && r != '\t' && r != '\r' }) {
		return "binary data"
	}
	return `"` + strings.TrimSpace(s) + `"`
}
