package policy

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// What it means that nothing matches a relation.
const (
	absentNone       = "none"
	absentNotVisible = "not_visible"
)

// maxCases bounds the partners that may or may not be there: every subset of
// them is tried. Above it the relation is unknown as a whole.
const maxCases = 4

// relation is a Relation with its paths parsed.
type relation struct {
	Relation
	theirs, ours []path
}

func parseRelations(declared []Relation) ([]relation, error) {
	var relations []relation
	for _, d := range declared {
		r := relation{Relation: d}
		for i := range d.Theirs {
			theirs, err := parsePath(d.Theirs[i])
			if err != nil {
				return nil, err
			}
			ours, err := parsePath(d.Ours[i])
			if err != nil {
				return nil, err
			}
			r.theirs, r.ours = append(r.theirs, theirs), append(r.ours, ours)
		}
		relations = append(relations, r)
	}
	return relations, nil
}

// partners is what one item is related to, per type.
type partners struct {
	sure   map[string][]*item.Item
	maybe  map[string][]*item.Item
	hidden map[string]unknown // types about which nothing is known
	waits  map[string]string  // why a relation of the type is not settled
}

// join finds the partners of an item. Two keys are equal when their values are,
// or when both will hold the value of the same attribute of the same planned
// resource; a key that is known and one that comes from a planned resource may
// be equal, unless AWS makes the key up.
func join(it *item.Item, relations []relation, byType map[string][]*item.Item) (partners, error) {
	p := partners{
		sure: map[string][]*item.Item{}, maybe: map[string][]*item.Item{},
		hidden: map[string]unknown{}, waits: map[string]string{},
	}
	for _, r := range relations {
		p.sure[r.Type] = append([]*item.Item{}, p.sure[r.Type]...)
		if err := p.add(it, r, byType[r.Type]); err != nil {
			return p, err
		}
	}
	for _, r := range relations {
		if err := p.hide(it, r); err != nil {
			return p, err
		}
	}
	for typ, sure := range p.sure {
		p.maybe[typ] = slices.DeleteFunc(p.maybe[typ], func(m *item.Item) bool { return slices.Contains(sure, m) })
		if len(p.maybe[typ]) > maxCases {
			p.hidden[typ] = hiddenRelation(typ, p.waits[typ], finding.AfterApply)
			p.maybe[typ] = nil
		}
	}
	return p, nil
}

func (p *partners) add(it *item.Item, r relation, candidates []*item.Item) error {
	for _, other := range candidates {
		match, why, err := r.matches(it, other)
		if err != nil {
			return err
		}
		switch {
		case match == yes && !slices.Contains(p.sure[r.Type], other):
			p.sure[r.Type] = append(p.sure[r.Type], other)
		case match == open && !slices.Contains(p.maybe[r.Type], other):
			p.maybe[r.Type] = append(p.maybe[r.Type], other)
			p.waits[r.Type] = why
		}
	}
	return nil
}

// hide marks a relation unknown when we name something that this source does
// not hold: it exists somewhere, and nothing is known about it.
func (p *partners) hide(it *item.Item, r relation) error {
	if r.Absent != absentNotVisible || len(p.sure[r.Type]) > 0 {
		return nil
	}
	ours, err := keysAt(it, r.ours[0])
	if err != nil || len(ours) == 0 {
		return err
	}
	reason, waits := finding.NotVisible, r.Type+" "+ours[0].String()
	if !ours[0].isKnown {
		reason, waits = finding.AfterApply, ours[0].waits
	}
	p.hidden[r.Type] = hiddenRelation(r.Type, waits, reason)
	p.maybe[r.Type] = nil
	return nil
}

func hiddenRelation(typ, waits string, reason finding.Reason) unknown {
	return unknown{path: path{relatedKey, typ}, waitsFor: waits, reason: reason}
}

// matches compares all pairs of keys: all must be equal.
func (r relation) matches(it, other *item.Item) (answer, string, error) {
	result, why := yes, ""
	for i := range r.ours {
		ours, err := keysAt(it, r.ours[i])
		if err != nil {
			return no, "", err
		}
		theirs, err := keysAt(other, r.theirs[i])
		if err != nil {
			return no, "", err
		}
		match, waits := anyEqual(ours, theirs, r.Generated)
		if match == open {
			result, why = open, waits
		}
		if match == no {
			return no, "", nil
		}
	}
	return result, why, nil
}

func anyEqual(ours, theirs []key, generated bool) (answer, string) {
	result, why := no, ""
	for _, a := range ours {
		for _, b := range theirs {
			switch a.equal(b, generated) {
			case yes:
				return yes, ""
			case open:
				result, why = open, waitsOfEither(a, b)
			}
		}
	}
	return result, why
}

// waitsOfEither names the key that decides: the one nothing is known about,
// else the planned one.
func waitsOfEither(a, b key) string {
	if a.isKnown || a.from != nil && !b.isKnown && b.from == nil {
		return b.waits
	}
	return a.waits
}

// key is one value that a relation compares.
type key struct {
	isKnown bool
	value   string       // as JSON, if known
	from    *item.Symbol // the planned attribute it will be equal to
	waits   string       // what it waits for, if not known
}

// String is the value for people.
func (k key) String() string {
	var text string
	if json.Unmarshal([]byte(k.value), &text) == nil {
		return text
	}
	return k.value
}

func (k key) equal(other key, generated bool) answer {
	switch {
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

// keysAt lists the values at a path, one per element where it says [_]. Nothing
// at the path is no key, except that account and Region, which a plan often
// does not know, are equal where neither side knows them.
func keysAt(it *item.Item, at path) ([]key, error) {
	keys, err := unknownKeys(it, at)
	if err != nil || len(keys) > 0 {
		return keys, err
	}
	for _, value := range valuesAt(fields(it), at) {
		if value == nil {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("reading %s of %s: %w", at, nameOf(it), err)
		}
		keys = append(keys, key{isKnown: true, value: string(text)})
	}
	if scope := at.String(); len(keys) == 0 && (scope == "awsAccountId" || scope == "awsRegion") {
		keys = append(keys, key{isKnown: true})
	}
	return keys, nil
}

// unknownKeys lists the unknowns at, above or below the path; those at the path
// keep what they come from. Elements beside an unknown one are added as known.
func unknownKeys(it *item.Item, at path) ([]key, error) {
	var keys []key
	for _, u := range it.Unknown {
		place, err := parsePath(u.Path)
		if err != nil {
			return nil, err
		}
		if !place.overlaps(at) {
			continue
		}
		k := key{waits: waitsFor(it, u)}
		if len(place) == len(at) {
			k.from = u.From
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	for _, value := range valuesAt(fields(it), at) {
		if text, err := json.Marshal(value); err == nil && value != nil {
			keys = append(keys, key{isKnown: true, value: string(text)})
		}
	}
	return keys, nil
}

func valuesAt(node any, at path) []any {
	if len(at) == 0 {
		return []any{node}
	}
	var values []any
	switch inner := node.(type) {
	case map[string]any:
		for _, name := range sortedKeys(inner) {
			if sameStep(at[0], name) {
				values = append(values, valuesAt(inner[name], at[1:])...)
			}
		}
	case []any:
		for i := range inner {
			if sameStep(at[0], i) {
				values = append(values, valuesAt(inner[i], at[1:])...)
			}
		}
	}
	return values
}

// cases lists every set of partners that is possible: the sure ones with each
// subset of those that may be.
func (p partners) cases() []map[string][]*item.Item {
	cases := []map[string][]*item.Item{{}}
	for _, typ := range sortedKeys(p.sure) {
		var grown []map[string][]*item.Item
		for _, base := range cases {
			for subset := range 1 << len(p.maybe[typ]) {
				extended := map[string][]*item.Item{typ: slices.Clone(p.sure[typ])}
				for other, items := range base {
					extended[other] = items
				}
				for i, candidate := range p.maybe[typ] {
					if subset&(1<<i) != 0 {
						extended[typ] = append(extended[typ], candidate)
					}
				}
				grown = append(grown, extended)
			}
		}
		cases = grown
	}
	return cases
}

// empty says that the source holds no partner and cannot hide one.
func (p partners) empty() bool {
	for typ := range p.sure {
		if _, hidden := p.hidden[typ]; hidden || len(p.sure[typ])+len(p.maybe[typ]) > 0 {
			return false
		}
	}
	return true
}
