package policy

import (
	"maps"
	"slices"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// What it means that nothing matches a relation.
const (
	absentNone       = "none"
	absentNotVisible = "not_visible"
)

// maxCases bounds the partners that may or may not be there: every subset of
// them is tried. Above it the relation is unknown as a whole.
const maxCases = 4

// relatedKey is where rules find the related items.
const relatedKey = "related"

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
	sure   map[string][]*record
	maybe  map[string][]*record
	one    map[string]bool    // types of which there is at most one partner
	hidden map[string]unknown // types about which nothing is known
	waits  map[string]string  // why a relation of the type is not settled
}

// join finds the partners of an item.
func (c *catalog) join(r *record, relations []relation) partners {
	p := partners{
		sure: map[string][]*record{}, maybe: map[string][]*record{}, one: map[string]bool{},
		hidden: map[string]unknown{}, waits: map[string]string{},
	}
	for _, rel := range relations {
		p.sure[rel.Type] = append([]*record{}, p.sure[rel.Type]...)
		p.add(r, rel, c.index(rel.Type, rel.theirs[0]))
	}
	for _, rel := range relations {
		p.hide(r, rel, c.partial)
	}
	for typ := range p.sure {
		p.settle(typ, relations)
	}
	return p
}

// settle drops what cannot be a partner any more, and gives up on a type with
// too many cases.
func (p *partners) settle(typ string, relations []relation) {
	p.one[typ] = !slices.ContainsFunc(relations, func(rel relation) bool { return rel.Type == typ && !rel.One })
	sure := p.sure[typ]
	p.maybe[typ] = slices.DeleteFunc(p.maybe[typ], func(m *record) bool {
		return slices.Contains(sure, m) || p.one[typ] && len(sure) > 0
	})
	if len(p.maybe[typ]) > maxCases {
		p.hidden[typ] = hiddenRelation(typ, p.waits[typ], finding.AfterApply)
		p.maybe[typ] = nil
	}
}

func (p *partners) add(r *record, rel relation, index *keyIndex) {
	for _, other := range index.candidates(r.keys(rel.ours[0]), rel.Generated) {
		match, why := rel.matches(r, other)
		switch {
		case match == yes && !slices.Contains(p.sure[rel.Type], other):
			p.sure[rel.Type] = append(p.sure[rel.Type], other)
		case match == open && !slices.Contains(p.maybe[rel.Type], other):
			p.maybe[rel.Type] = append(p.maybe[rel.Type], other)
			p.waits[rel.Type] = why
		}
	}
}

// hide marks a relation unknown when we name something that this source does
// not hold: it exists somewhere, and nothing is known about it. In a source
// that does not hold everything, that goes for what names us too.
func (p *partners) hide(r *record, rel relation, partial bool) {
	if len(p.sure[rel.Type]) > 0 {
		return
	}
	ours := r.keys(rel.ours[0])
	if partial && len(ours) > 0 {
		p.hidden[rel.Type] = hiddenRelation(rel.Type, rel.Type+" outside of this source", finding.NotVisible)
		p.maybe[rel.Type] = nil
		return
	}
	if rel.Absent != absentNotVisible || len(ours) == 0 {
		return
	}
	reason, waits := finding.NotVisible, rel.Type+" "+ours[0].String()
	if !ours[0].isKnown {
		reason, waits = finding.AfterApply, ours[0].waits
	}
	p.hidden[rel.Type] = hiddenRelation(rel.Type, waits, reason)
	p.maybe[rel.Type] = nil
}

func hiddenRelation(typ, waits string, reason finding.Reason) unknown {
	return unknown{path: path{relatedKey, typ}, waitsFor: waits, reason: reason}
}

// matches compares all pairs of keys: all must be equal.
func (rel relation) matches(r, other *record) (answer, string) {
	result, why := yes, ""
	for i := range rel.ours {
		match, waits := anyEqual(r.keys(rel.ours[i]), other.keys(rel.theirs[i]), rel.Generated)
		switch match {
		case no:
			return no, ""
		case open:
			result, why = open, waits
		}
	}
	return result, why
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

// cases lists every set of partners that is possible: the sure ones with each
// subset of those that may be.
func (p partners) cases() []map[string][]*record {
	cases := []map[string][]*record{{}}
	for _, typ := range sortedKeys(p.sure) {
		var grown []map[string][]*record
		for _, base := range cases {
			for _, more := range p.subsets(typ) {
				extended := maps.Clone(base)
				extended[typ] = slices.Concat(p.sure[typ], more)
				grown = append(grown, extended)
			}
		}
		cases = grown
	}
	return cases
}

// subsets lists which of the possible partners of a type can be there together.
func (p partners) subsets(typ string) [][]*record {
	maybe := p.maybe[typ]
	var sets [][]*record
	for bits := range 1 << len(maybe) {
		var set []*record
		for i, candidate := range maybe {
			if bits&(1<<i) != 0 {
				set = append(set, candidate)
			}
		}
		if !p.one[typ] || len(set) < 2 {
			sets = append(sets, set)
		}
	}
	return sets
}

// unsettled names the relations that have partners that may or may not be.
func (p partners) unsettled() []unknown {
	var waits []unknown
	for _, typ := range sortedKeys(p.maybe) {
		if len(p.maybe[typ]) > 0 {
			waits = append(waits, hiddenRelation(typ, p.waits[typ], finding.AfterApply))
		}
	}
	return waits
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
