package plan

import (
	"fmt"
	"slices"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// node is a value on its way into an item.
type node struct {
	known     any // string, bool, json.Number, any JSON of a document, []*node, map[string]*node
	unknown   *origin
	sensitive bool
}

func (n *node) object() map[string]*node {
	if n == nil {
		return nil
	}
	m, _ := n.known.(map[string]*node)
	return m
}

// builder maps one Terraform resource to one kind of item.
type builder struct {
	resource *resource
	mapping  *mapping
	resolver *resolver // nil where there is no configuration: values only
	place    place
	config   *configResource
}

// level is where a struct's attributes are found.
type level struct {
	at   *value
	path []any // names and indices from the resource's root
}

// build gives the item's tree, or nil when the block it is made of is not there.
func (b *builder) build() (*node, error) {
	at := level{at: b.resource.values}
	if b.mapping.Root != "" {
		if at = at.step(b.mapping.Root).single(); at.at.unset() {
			return nil, nil
		}
	}
	return b.object(b.mapping.fields, at)
}

func (b *builder) object(fields []item.Field, at level) (*node, error) {
	object := map[string]*node{}
	for _, f := range fields {
		n, err := b.field(f, at)
		if err != nil {
			return nil, err
		}
		if n != nil {
			object[f.Name] = n
		}
	}
	return &node{known: object}, nil
}

// field takes the first source that is set.
func (b *builder) field(f item.Field, at level) (*node, error) {
	for _, source := range f.Sources {
		n, err := b.source(f, source, at)
		if n != nil || err != nil {
			return n, err
		}
	}
	return nil, nil
}

func (b *builder) source(f item.Field, source item.Attribute, at level) (*node, error) {
	if len(source.Path) == 0 {
		return b.inPlace(f, source, at)
	}
	at = at.walk(source.Path)
	if at.at.unset() {
		return nil, nil
	}
	if at.at.unknown {
		return b.notKnown(f, source, at)
	}
	if source.Constant != "" {
		if text, ok := textOf(at.at.known); ok && text == "" {
			return nil, nil
		}
		return b.scalar(f, item.Attribute{}, level{at: &value{known: source.Constant}, path: at.path})
	}
	n, err := b.known(f, source, at)
	if n != nil {
		n.sensitive = n.sensitive || at.at.sensitive
	}
	return n, err
}

// inPlace is a source without an attribute: a constant, or the level itself.
func (b *builder) inPlace(f item.Field, source item.Attribute, at level) (*node, error) {
	if source.Constant != "" {
		return b.scalar(f, item.Attribute{}, level{at: &value{known: source.Constant}, path: at.path})
	}
	n, err := b.object(f.Fields, at)
	if err != nil || len(n.object()) == 0 {
		return nil, err
	}
	if source.List {
		return &node{known: []*node{n}}, nil
	}
	return n, nil
}

// notKnown is an unknown value, unless the provider will only read back what
// the configuration leaves to others.
func (b *builder) notKnown(f item.Field, source item.Attribute, at level) (*node, error) {
	if b.config == nil {
		return &node{unknown: &origin{}, sensitive: at.at.sensitive}, nil
	}
	e, found := expressionAt(b.config.Expressions, at.path)
	if source.Configured && found == unsetHere {
		return nil, nil
	}
	o := b.resolver.origin(b.place, e, f.To)
	// A list that is not known as a whole may turn out to be empty, whatever its
	// elements are made of.
	_, isElement := at.path[len(at.path)-1].(int)
	if f.Type == item.List && !isElement || found == around && !b.resolver.names(o.from, f.To) {
		o.from = nil
	}
	return &node{unknown: &o, sensitive: at.at.sensitive}, nil
}

// names tells whether a symbol is of a kind that the field is meant for.
func (m mappings) names(s *item.Symbol, to []item.Target) bool {
	if s == nil {
		return false
	}
	resource := m.at(s.Address)
	return resource != nil && slices.ContainsFunc(to, func(t item.Target) bool { return t.Kind == resource.kind })
}

func (b *builder) known(f item.Field, source item.Attribute, at level) (*node, error) {
	switch f.Type {
	case item.Object:
		if at = at.single(); at.at.unset() {
			return nil, nil
		}
		if at.at.unknown {
			return b.notKnown(f, source, at)
		}
		if at.at.object() == nil {
			return nil, b.wrong(at, "a block")
		}
		return b.object(f.Fields, at)
	case item.List:
		return b.list(f, source, at)
	case item.Map:
		return b.mapOf(f, source, at)
	case item.Document:
		return b.document(at)
	default:
		return b.scalar(f, source, at)
	}
}

func (b *builder) list(f item.Field, source item.Attribute, at level) (*node, error) {
	elements := at.elements()
	if source.Pairs {
		elements = at.pairs()
	}
	list := make([]*node, 0, len(elements))
	for _, element := range elements {
		n, err := b.element(f, element)
		if err != nil {
			return nil, err
		}
		if n != nil {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	return &node{known: list}, nil
}

func (b *builder) element(f item.Field, at level) (*node, error) {
	switch {
	case at.at.unset():
		return nil, nil
	case at.at.unknown:
		return b.notKnown(f, item.Attribute{}, at)
	case f.Element != item.Object:
		return b.scalar(item.Field{Type: f.Element, To: f.To}, item.Attribute{Keep: true}, at)
	case at.at.object() == nil:
		return nil, b.wrong(at, "a block")
	}
	n, err := b.object(f.Fields, at)
	if n != nil {
		n.sensitive = at.at.sensitive
	}
	return n, err
}

func (b *builder) mapOf(f item.Field, source item.Attribute, at level) (*node, error) {
	if source.Map {
		return b.mapOfPairs(f, at)
	}
	members := at.at.object()
	if members == nil {
		return nil, b.wrong(at, "a map")
	}
	object := map[string]*node{}
	for name := range members {
		n, err := b.member(f, at.step(name))
		if err != nil {
			return nil, err
		}
		if n != nil {
			object[name] = n
		}
	}
	return orNil(object), nil
}

func (b *builder) mapOfPairs(f item.Field, at level) (*node, error) {
	object := map[string]*node{}
	for _, element := range at.elements() {
		key, v := element.step("key"), element.step("value")
		if element.at.unknown || key.at.unset() || key.at.unknown {
			return b.notKnown(f, item.Attribute{}, at)
		}
		n, err := b.member(f, v)
		if err != nil {
			return nil, err
		}
		if n != nil {
			object[key.at.text()] = n
		}
	}
	return orNil(object), nil
}

func (b *builder) member(f item.Field, at level) (*node, error) {
	switch {
	case at.at.unset():
		return nil, nil
	case at.at.unknown:
		return b.notKnown(f, item.Attribute{}, at)
	}
	return b.scalar(item.Field{Type: item.Text}, item.Attribute{Keep: true}, at)
}

func orNil(object map[string]*node) *node {
	if len(object) == 0 {
		return nil
	}
	return &node{known: object}
}

// wrong says that an attribute has not the type that its provider gives it.
func (b *builder) wrong(at level, want string) error {
	return &Error{Fault: ErrWrongType, Offset: -1, Detail: fmt.Sprintf("%s%s: %s is expected", shorten(b.resource.address), shorten(at.String()), want)}
}

// configure looks the resource up in the configuration.
func (b *builder) configure(r *resolver) {
	if r == nil || r.config.RootModule == nil {
		return
	}
	b.resolver = r
	b.place, b.config = r.placeOf(b.resource.address)
}

// expression is the one behind a top-level attribute.
func (b *builder) expression(attribute string) (expression, bool) {
	if b.config == nil {
		return expression{}, false
	}
	e, found := expressionAt(b.config.Expressions, []any{attribute})
	return e, found != unsetHere
}
