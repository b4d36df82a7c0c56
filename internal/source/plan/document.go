package plan

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// document is what is kept of a plan or state.
type document struct {
	dec *jsontext.Decoder
	mappings

	names     []string // of the members of the document
	version   string
	failed    bool // errored: true
	partial   bool // complete: false
	deferred  int
	resources []*resource     // of resource_changes, or of a state's values
	prior     []*resource     // of prior_state, for plans that change nothing
	planned   map[string]bool // addresses of all managed resources, mapped or not
	skipped   map[string]int
	config    configuration
	variables map[string]any
}

func newDocument(dec *jsontext.Decoder) *document {
	return &document{dec: dec, mappings: newMappings(), planned: map[string]bool{}, skipped: map[string]int{}}
}

// isPlan tells a plan from a state.
func (d *document) isPlan() bool { return !d.has("values") && d.has(planMembers...) }

func (d *document) has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(d.names, n) })
}

var planMembers = []string{"planned_values", "resource_changes", "prior_state", "configuration", "resource_drift", "output_changes", "applyable"}

func (d *document) read() error {
	if err := d.object(d.member); err != nil {
		return err
	}
	switch _, err := d.dec.ReadToken(); {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil && d.has("@level", "@message"):
		return fault(ErrLog, "", hintShow)
	default:
		return &Error{Fault: ErrTrailing, Offset: d.dec.InputOffset(), Hint: hintAgain, Cause: err}
	}
}

func (d *document) member(name string) error {
	d.names = append(d.names, name)
	switch name {
	case "format_version":
		return d.formatVersion()
	case "errored":
		return d.boolean(func(b bool) { d.failed = b })
	case "complete":
		return d.boolean(func(b bool) { d.partial = !b })
	case "variables":
		return d.rootVariables()
	case "configuration":
		return d.unmarshal(&d.config)
	case "resource_changes":
		d.prior = nil
		return d.array(func() error { return d.change(&d.resources) })
	case "deferred_changes":
		return d.array(func() error { d.deferred++; return d.object(d.deferredMember) })
	case "values":
		return d.object(d.stateMember(&d.resources))
	case "prior_state":
		if d.has("resource_changes") {
			return d.skip()
		}
		return d.object(func(name string) error {
			if name != "values" {
				return d.skip()
			}
			return d.object(d.stateMember(&d.prior))
		})
	default:
		return d.skip()
	}
}

func (d *document) deferredMember(name string) error {
	if name != "resource_change" {
		return d.skip()
	}
	return d.change(&d.resources)
}

// stateMember reads the members of a state's values: a tree of modules.
func (d *document) stateMember(to *[]*resource) func(string) error {
	var module func(string) error
	module = func(name string) error {
		switch name {
		case "resources":
			return d.array(func() error { return d.change(to) })
		case "child_modules":
			return d.array(func() error { return d.object(module) })
		default:
			return d.skip()
		}
	}
	return func(name string) error {
		if name != "root_module" {
			return d.skip()
		}
		return d.object(module)
	}
}

// formatVersion refuses a newer major format at once: its other members may
// have another meaning.
func (d *document) formatVersion() error {
	text, err := d.text()
	if err != nil {
		return err
	}
	d.version = text
	major, _, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(major)
	switch {
	case err != nil || n < 0:
		return fault(ErrVersion, "format_version is "+strconv.Quote(shorten(text)), "formats 0.x and 1.x are understood")
	case n > 1:
		return fault(ErrVersion, "format_version is "+text+", and formats 0.x and 1.x are understood", "a newer version of vigil may read it")
	}
	return nil
}

func (d *document) rootVariables() error {
	var variables map[string]struct {
		Value any `json:"value"`
	}
	if err := d.unmarshal(&variables); err != nil {
		return err
	}
	d.variables = map[string]any{}
	for name, v := range variables {
		d.variables[name] = v.Value
	}
	return nil
}

// check decides whether all of it together is a plan or a state.
func (d *document) check() error {
	switch {
	case d.has("@level", "@message"):
		return fault(ErrLog, "", hintShow)
	case d.has("lineage", "serial"):
		return fault(ErrRawState, "", "run terraform show -json in its directory and pass that")
	case d.version == "" && d.has(append(planMembers, "values")...):
		return fault(ErrNoVersion, "", "pass all that terraform show -json writes")
	case d.version == "" || d.foreign():
		return fault(ErrNotPlan, "", hintShow)
	case d.failed:
		return fault(ErrFailedPlan, "errored is true", "mend what terraform plan reports and plan again")
	}
	return nil
}

// foreign recognises Terraform's other JSON, which has a format_version too:
// a state without resources is nothing but that and terraform_version.
func (d *document) foreign() bool {
	if d.isPlan() || d.has("values") {
		return false
	}
	return slices.ContainsFunc(d.names, func(n string) bool {
		return n != "format_version" && n != "terraform_version" && n != "checks"
	})
}

// The rest reads one value of the expected type, and says where one has another.

func (d *document) skip() error { return d.wrap(d.dec.SkipValue()) }

func (d *document) wrap(err error) error { return syntaxError(err, d.dec.InputOffset()) }

func (d *document) wrongType(want string) error {
	return &Error{Fault: ErrWrongType, Offset: d.dec.InputOffset(), Pointer: shorten(string(d.dec.StackPointer())), Detail: want + " is expected"}
}

func (d *document) object(member func(name string) error) error {
	if ok, err := d.open('{', "an object"); !ok {
		return err
	}
	for d.dec.PeekKind() != '}' {
		name, err := d.dec.ReadToken()
		if err != nil {
			return d.wrap(err)
		}
		if err := member(name.String()); err != nil {
			return err
		}
	}
	_, err := d.dec.ReadToken()
	return d.wrap(err)
}

func (d *document) array(element func() error) error {
	if ok, err := d.open('[', "an array"); !ok {
		return err
	}
	for d.dec.PeekKind() != ']' {
		if d.dec.PeekKind() == 0 { // the decoder has an error to tell
			_, err := d.dec.ReadToken()
			return d.wrap(err)
		}
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.dec.ReadToken()
	return d.wrap(err)
}

// open reads the beginning of an object or array; null stands for an empty one.
func (d *document) open(kind jsontext.Kind, want string) (bool, error) {
	token, err := d.dec.ReadToken()
	switch {
	case err != nil:
		return false, d.wrap(err)
	case token.Kind() == 'n':
		return false, nil
	case token.Kind() != kind:
		return false, d.wrongType(want)
	}
	return true, nil
}

func (d *document) text() (string, error) {
	token, err := d.dec.ReadToken()
	switch {
	case err != nil:
		return "", d.wrap(err)
	case token.Kind() == 'n':
		return "", nil
	case token.Kind() != '"':
		return "", d.wrongType("a string")
	}
	return token.String(), nil
}

func (d *document) boolean(set func(bool)) error {
	token, err := d.dec.ReadToken()
	switch {
	case err != nil:
		return d.wrap(err)
	case token.Kind() == 't' || token.Kind() == 'f':
		set(token.Bool())
		return nil
	case token.Kind() == 'n':
		return nil
	}
	return d.wrongType("true or false")
}

// raw keeps a copy of the next value.
func (d *document) raw() ([]byte, error) {
	v, err := d.dec.ReadValue()
	return slices.Clone([]byte(v)), d.wrap(err)
}

func (d *document) unmarshal(to any) error {
	pointer := string(d.dec.StackPointer())
	raw, err := d.dec.ReadValue()
	if err != nil {
		return d.wrap(err)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return &Error{Fault: ErrWrongType, Offset: d.dec.InputOffset(), Pointer: shorten(pointer), Cause: err}
	}
	return nil
}
