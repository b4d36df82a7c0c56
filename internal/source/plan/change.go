package plan

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// resource is one managed resource of a plan or state.
type resource struct {
	address string // "module.trail.aws_cloudtrail.main[0]"
	typ     string // "aws_cloudtrail"
	action  string // as item.Source has it
	deleted bool   // its values are those before
	values  *value
}

// element is a resource as the file has it.
type element struct {
	address, mode, typ, deposed string
	change, values, sensitive   jsontext.Value
}

// change reads an element of resource_changes or of a state's resources.
func (d *document) change(to *[]*resource) error {
	var e element
	if err := d.object(func(name string) error { return d.elementMember(&e, name) }); err != nil {
		return err
	}
	if e.address == "" || e.typ == "" {
		return d.wrongType("a resource with address and type")
	}
	if e.mode == "data" || e.deposed != "" {
		return nil
	}
	if d.of(e.typ) != nil && e.change == nil && e.values == nil {
		return d.wrongType("a resource with its values")
	}
	r, err := e.resource()
	if err != nil {
		return &Error{Fault: ErrWrongType, Offset: d.dec.InputOffset(), Detail: "in " + shorten(e.address), Cause: err}
	}
	if r == nil {
		return nil
	}
	if !r.deleted {
		d.planned[r.address] = true
	}
	switch {
	case d.of(e.typ) != nil:
		*to = append(*to, r)
	case !r.deleted:
		d.skipped[e.typ]++
	}
	return nil
}

func (d *document) elementMember(e *element, name string) (err error) {
	switch name {
	case "address":
		e.address, err = d.text()
	case "mode":
		e.mode, err = d.text()
	case "type":
		e.typ, err = d.text()
	case "deposed", "deposed_key":
		e.deposed, err = d.text()
	case "change":
		e.change, err = d.changeValue(e.typ)
	case "values":
		e.values, err = d.valueOf(e.typ)
	case "sensitive_values":
		e.sensitive, err = d.valueOf(e.typ)
	default:
		err = d.skip()
	}
	return err
}

// valueOf keeps the values of types that become items. Terraform writes the
// type first; where it comes later the values are kept until it does.
func (d *document) valueOf(typ string) (jsontext.Value, error) {
	if typ != "" && d.of(typ) == nil {
		return nil, d.skip()
	}
	return d.raw()
}

// changeValue is valueOf for a change, of which the actions are always wanted.
func (d *document) changeValue(typ string) (jsontext.Value, error) {
	if typ == "" || d.of(typ) != nil {
		return d.raw()
	}
	var actions jsontext.Value
	err := d.object(func(name string) (err error) {
		if name != "actions" {
			return d.skip()
		}
		actions, err = d.raw()
		return err
	})
	if err != nil || actions == nil {
		return nil, err
	}
	return slices.Concat([]byte(`{"actions":`), actions, []byte(`}`)), nil
}

// changeBody is a change's own members; the values are decoded when needed.
type changeBody struct {
	Actions         []string       `json:"actions"`
	Before          jsontext.Value `json:"before"`
	After           jsontext.Value `json:"after"`
	AfterUnknown    jsontext.Value `json:"after_unknown"`
	AfterSensitive  jsontext.Value `json:"after_sensitive"`
	BeforeSensitive jsontext.Value `json:"before_sensitive"`
}

// resource gives nil for what is not going to be there and never was.
func (e *element) resource() (*resource, error) {
	r := &resource{address: e.address, typ: e.typ}
	if e.change == nil {
		return r, r.set(e.values, nil, e.sensitive)
	}
	var c changeBody
	if err := json.Unmarshal(e.change, &c); err != nil {
		return nil, err
	}
	r.action = actionOf(c.Actions)
	switch r.action {
	case "":
		return nil, errNoAction
	case "forget", "read":
		return nil, nil
	case "delete":
		r.deleted = true
		return r, r.set(c.Before, nil, c.BeforeSensitive)
	default:
		return r, r.set(c.After, c.AfterUnknown, c.AfterSensitive)
	}
}

func (r *resource) set(after, unknown, sensitive jsontext.Value) error {
	var decoded [3]any
	for n, raw := range []jsontext.Value{after, unknown, sensitive} {
		v, err := decode(raw)
		if err != nil {
			return err
		}
		decoded[n] = v
	}
	if _, isObject := decoded[0].(map[string]any); !isObject && decoded[0] != nil {
		return errNotObject
	}
	var err error
	r.values, err = merge(decoded[0], decoded[1], decoded[2])
	return err
}

// actionOf names what Terraform will do in one word. Replacement is both of
// delete (or forget) and create, in either order.
func actionOf(actions []string) string {
	if len(actions) > 1 {
		if slices.Contains(actions, "create") {
			return "replace"
		}
		return strings.Join(actions, " and ")
	}
	if len(actions) == 0 {
		return ""
	}
	return actions[0]
}

// module is the path of the module instance that holds the resource, as the
// steps of its address: module, trail, module, inner["a.b"].
func moduleOf(address string) (module []string, name string) {
	parts := item.SplitAddress(address)
	if len(parts) < 2 {
		return nil, address
	}
	return parts[:len(parts)-2], strings.Join(parts[len(parts)-2:], ".")
}
