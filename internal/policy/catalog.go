package policy

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// record is an item made ready for being judged and joined.
type record struct {
	item     *item.Item
	position int
	document map[string]any // the item as rules see it
	value    ast.Object     // the same for OPA
	unknowns []unknown
	secrets  []path // what Terraform marks as sensitive: judged, never shown
}

// unknown is a place of the input whose value is not known.
type unknown struct {
	path     path
	waitsFor string
	reason   finding.Reason
	// from is set when the value is taken from exactly one attribute of one
	// planned resource, so that it may be assumed not to be null.
	from *item.Symbol
	// identifies says that this attribute identifies the resource.
	identifies bool
}

// catalog holds the items of one evaluation, with an index for every key that
// a relation looks up. It is used by one goroutine.
type catalog struct {
	byType  map[string][]*record
	indexes map[string]*keyIndex
	partial bool // the source does not hold everything that it should
}

// newCatalog takes in all items but those that a plan deletes.
func newCatalog(set *item.Set) (*catalog, error) {
	identities := item.Identities()
	c := &catalog{byType: map[string][]*record{}, indexes: map[string]*keyIndex{}, partial: len(set.Partial) > 0}
	for i, it := range set.Items {
		if it.Source.Action == "delete" {
			continue
		}
		r, err := newRecord(it, i, identities)
		if err != nil {
			return nil, fmt.Errorf("reading item %s: %w", nameOf(it), err)
		}
		c.byType[it.Type] = append(c.byType[it.Type], r)
	}
	return c, nil
}

func newRecord(it *item.Item, position int, identities item.IdentityTable) (*record, error) {
	r := &record{item: it, position: position, document: fields(it)}
	for _, u := range it.Unknown {
		steps, err := parsePath(u.Path)
		if err != nil {
			return nil, err
		}
		r.unknowns = append(r.unknowns, unknown{
			path: steps, waitsFor: waitsFor(it, u), reason: finding.AfterApply,
			from: u.From, identifies: u.From != nil && identities.KindOf(*u.From) != "",
		})
	}
	for _, text := range it.Sensitive {
		secret, err := parsePath(text)
		if err != nil {
			return nil, err
		}
		r.secrets = append(r.secrets, secret)
	}
	value, err := ast.InterfaceToValue(r.document)
	if err != nil {
		return nil, err
	}
	r.value = value.(ast.Object)
	return r, nil
}

// key is one value that a relation compares.
type key struct {
	isKnown bool
	value   string       // as JSON, if known
	secret  bool         // it must not be shown
	from    *item.Symbol // the planned attribute that it is the value of, if that identifies a resource
	nowhere bool         // the account or Region of an item that does not know its own
	waits   string       // what it waits for, if not known
}

// String is the value for people, who do not get to see a secret.
func (k key) String() string {
	if k.secret {
		return "(sensitive value)"
	}
	var text string
	if json.Unmarshal([]byte(k.value), &text) == nil {
		return text
	}
	return k.value
}

// equal compares two keys: they are equal when their values are, or when both
// are the value of the same attribute of the same planned resource. A known key
// and a planned one may be equal, unless AWS makes the key up.
func (k key) equal(other key, generated bool) answer {
	switch {
	case k.nowhere && other.nowhere:
		return yes
	case k.isKnown && other.isKnown:
		return answerOf(k.value == other.value)
	case k.from != nil && other.from != nil:
		return answerOf(*k.from == *other.from)
	case generated && (k.isKnown && other.from != nil || k.from != nil && other.isKnown):
		return no
	}
	return open
}

func answerOf(is bool) answer {
	if is {
		return yes
	}
	return no
}

// keys lists the values at a path, one per element where it says [_]. Nothing
// at the path is no key, except that account and Region, which a plan often
// does not know, are taken to be equal where neither side knows them.
func (r *record) keys(at path) []key {
	var keys []key
	for _, u := range r.unknowns {
		if !u.path.overlaps(at) {
			continue
		}
		k := key{waits: u.waitsFor}
		if len(u.path) == len(at) && u.identifies {
			k.from = u.from
		}
		keys = append(keys, k)
	}
	for _, value := range valuesAt(r.document, at) {
		// What rules see is made of JSON values, so this cannot fail.
		if text, err := json.Marshal(value); err == nil && value != nil {
			keys = append(keys, key{isKnown: true, value: string(text), from: r.ownSymbol(at), secret: r.hides(at)})
		}
	}
	if scope := at.String(); len(keys) == 0 && (scope == "awsAccountId" || scope == "awsRegion") {
		keys = append(keys, key{nowhere: true, waits: scope + " of " + nameOf(r.item)})
	}
	return keys
}

// hides says that what is at a path, or part of it, must not be shown.
func (r *record) hides(at path) bool {
	return slices.ContainsFunc(r.secrets, at.overlaps)
}

// ownSymbol is the attribute that others refer to when they name this item by
// the value at the path: a bucket's name is known, and its id, the same, is not.
func (r *record) ownSymbol(at path) *item.Symbol {
	if symbol, ok := r.item.Symbols[at.String()]; ok {
		return &symbol
	}
	return nil
}

func valuesAt(node any, at path) []any {
	if len(at) == 0 {
		return []any{node}
	}
	if at[0] == any(anyElement{}) {
		return valuesOfAll(node, at[1:])
	}
	switch step := at[0].(type) {
	case string:
		if object, ok := node.(map[string]any); ok && object[step] != nil {
			return valuesAt(object[step], at[1:])
		}
	case int:
		if list, ok := node.([]any); ok && step < len(list) {
			return valuesAt(list[step], at[1:])
		}
	}
	return nil
}

func valuesOfAll(node any, rest path) []any {
	var values []any
	switch inner := node.(type) {
	case map[string]any:
		for _, name := range sortedKeys(inner) {
			values = append(values, valuesAt(inner[name], rest)...)
		}
	case []any:
		for _, element := range inner {
			values = append(values, valuesAt(element, rest)...)
		}
	}
	return values
}

// keyIndex finds the records of one type by the keys at one path.
type keyIndex struct {
	all     []*record
	known   map[string][]*record
	planned map[item.Symbol][]*record
	unknown []*record // with at least one key that is not known
	opaque  []*record // with at least one key nothing is known about
}

func (c *catalog) index(typ string, at path) *keyIndex {
	name := typ + " " + at.String()
	if c.indexes[name] == nil {
		c.indexes[name] = newKeyIndex(c.byType[typ], at)
	}
	return c.indexes[name]
}

func newKeyIndex(records []*record, at path) *keyIndex {
	index := &keyIndex{all: records, known: map[string][]*record{}, planned: map[item.Symbol][]*record{}}
	for _, r := range records {
		isUnknown, isOpaque := false, false
		for _, k := range r.keys(at) {
			if k.from != nil {
				index.planned[*k.from] = append(index.planned[*k.from], r)
			}
			if k.isKnown {
				index.known[k.value] = append(index.known[k.value], r)
				continue
			}
			isUnknown, isOpaque = true, isOpaque || k.from == nil
		}
		if isUnknown {
			index.unknown = append(index.unknown, r)
		}
		if isOpaque {
			index.opaque = append(index.opaque, r)
		}
	}
	return index
}

// candidates gives, in the order of the set, the records that may have one of
// the keys; those left out cannot.
func (x *keyIndex) candidates(keys []key, generated bool) []*record {
	var found []*record
	for _, k := range keys {
		if k.from != nil {
			found = slices.Concat(found, x.planned[*k.from])
		}
		switch {
		case k.isKnown && generated:
			found = slices.Concat(found, x.known[k.value], x.opaque)
		case k.isKnown:
			found = slices.Concat(found, x.known[k.value], x.unknown)
		case k.from != nil && generated:
			found = slices.Concat(found, x.opaque)
		default:
			return x.all
		}
	}
	slices.SortFunc(found, func(a, b *record) int { return a.position - b.position })
	return slices.Compact(found)
}
