package plan

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// What can be wrong with the input; errors.Is tells which.
var (
	ErrEmpty       = errors.New("there is nothing to read")
	ErrBinary      = errors.New("this is a binary plan file, not its JSON")
	ErrNotJSON     = errors.New("this is not JSON")
	ErrEncoding    = errors.New("this is UTF-16, not UTF-8")
	ErrLog         = errors.New("this is Terraform's log in JSON, not a plan")
	ErrRawState    = errors.New("this is a raw state file, not its public JSON form")
	ErrNotPlan     = errors.New("this JSON is neither a plan nor a state")
	ErrNoVersion   = errors.New("format_version is missing")
	ErrVersion     = errors.New("the format is too new")
	ErrTruncated   = errors.New("the JSON ends in the middle")
	ErrSyntax      = errors.New("the JSON is broken")
	ErrDuplicate   = errors.New("a name occurs twice in one object")
	ErrInvalidUTF8 = errors.New("the text is not valid UTF-8")
	ErrTooDeep     = errors.New("the JSON is nested too deeply")
	ErrTrailing    = errors.New("something follows the end of the JSON")
	ErrWrongType   = errors.New("a value has the wrong type")
	ErrFailedPlan  = errors.New("the plan failed and is incomplete")
)

// Causes of ErrWrongType.
var (
	errNotObject = errors.New("its values are not an object")
	errNoAction  = errors.New("it has no actions")
)

const (
	hintShow     = "run terraform show -json FILE and check its output"
	hintAgain    = "write the file again: terraform show -json FILE > plan.json"
	hintEncoding = "PowerShell's > writes UTF-16; use | Out-File -Encoding utf8"
)

// Error says what is wrong with the input, where, and what to do about it.
type Error struct {
	Fault   error  // one of the Err variables
	Offset  int64  // byte offset in the input; negative where none applies
	Pointer string // the place in the document as an RFC 6901 pointer, if known
	Detail  string // what was found, in words
	Hint    string // what to do about it
	Cause   error
}

// Error is one sentence, with the hint.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Fault.Error())
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Pointer != "" {
		b.WriteString(" at " + e.Pointer)
	}
	if e.Offset >= 0 {
		fmt.Fprintf(&b, " (byte %d)", e.Offset)
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap gives the fault and what the decoder said.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Fault}
	}
	return []error{e.Fault, e.Cause}
}

func fault(kind error, detail, hint string) *Error {
	return &Error{Fault: kind, Offset: -1, Detail: detail, Hint: hint}
}

// syntaxError turns what the decoder says into an Error; errors of the reader
// itself pass through.
func syntaxError(err error, at int64) error {
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Error{Fault: ErrTruncated, Offset: at, Hint: hintAgain, Cause: err}
	case !errors.As(err, &syntax):
		return fmt.Errorf("reading the plan: %w", err)
	}
	e := &Error{Fault: ErrSyntax, Offset: syntax.ByteOffset, Pointer: shorten(string(syntax.JSONPointer)), Hint: hintAgain, Cause: err}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		e.Fault, e.Hint = ErrDuplicate, ""
	case errors.Is(err, causeOf("\"\xff\"")):
		e.Fault = ErrInvalidUTF8
	case errors.Is(err, causeOf(strings.Repeat("[", 10_001))):
		// The pointer of a value nested so deeply is no help to anybody.
		e.Fault, e.Hint, e.Pointer = ErrTooDeep, "", ""
	}
	return e
}

// causeOf gives the decoder's own error value for a text: it exports none for
// invalid UTF-8 and for depth, and messages are not compared.
func causeOf(text string) error {
	_, err := jsontext.NewDecoder(strings.NewReader(text)).ReadValue()
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return syntax.Err
	}
	return err
}

// shorten keeps a hostile document from filling the screen.
func shorten(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
