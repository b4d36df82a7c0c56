package plan

import (
	"slices"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// answer is one that may have to wait until more is known.
type answer int

const (
	no answer = iota
	maybe
	yes
)

// lay puts a companion, such as a bucket's policy, into the items that it
// belongs to. Where that is not certain the part is unknown in all that it may
// belong to. false: its owner is not in this plan.
func (a *assembler) lay(part *draft) bool {
	owner := part.owner()
	var sure, perhaps []*draft
	for _, d := range a.drafts {
		if d.builder.mapping.kind != part.builder.mapping.kind {
			continue
		}
		switch a.belongs(part, d, owner) {
		case yes:
			sure = append(sure, d)
		case maybe:
			perhaps = append(perhaps, d)
		}
	}
	path := strings.Split(part.builder.mapping.Part, ".")
	for _, d := range sure {
		part.into(d, path)
	}
	if len(sure) > 0 {
		return true
	}
	for _, d := range perhaps {
		waits := owner.origin.references
		if len(waits) == 0 {
			mapping := d.builder.mapping
			waits = []string{d.builder.resource.address + "." + mapping.attribute(lastOf(part.builder.mapping.Joins))}
		}
		put(d.root, path, &node{unknown: &origin{references: waits}})
	}
	return len(perhaps) > 0
}

// owner is what a companion says about whose it is.
type owner struct {
	known  string // as far as known
	origin origin // what the configuration makes it from
}

func (d *draft) owner() owner {
	b := d.builder
	at := level{at: b.resource.values}.step(b.mapping.Owner)
	var o owner
	if at.at != nil {
		o.known = at.at.text()
	}
	if e, set := b.expression(b.mapping.Owner); set {
		field := lastOf(b.mapping.Joins)
		o.origin = b.resolver.origin(b.place, e, []item.Target{{Kind: b.mapping.kind, Field: field}})
	}
	return o
}

// belongs decides by the reference in the configuration, which is certain
// and tells Regions and modules apart, else by the name.
func (a *assembler) belongs(d, other *draft, o owner) answer {
	if from := o.origin.from; from != nil {
		if from.Address == other.builder.resource.address {
			return yes
		}
		if m := a.at(from.Address); m != nil && m.kind == other.builder.mapping.kind {
			return no
		}
	}
	if o.known != "" {
		return d.named(other, o.known)
	}
	return a.mayBe(other, o)
}

// named compares a known name with what identifies the other.
func (d *draft) named(other *draft, name string) answer {
	if d.region != "" && other.region != "" && d.region != other.region {
		return no
	}
	mapping, values := other.builder.mapping, other.builder.resource.values.object()
	for _, attribute := range mapping.Identity {
		if values[attribute].text() == name && d.together(other) {
			return yes
		}
		if values[attribute].text() == name {
			return maybe
		}
	}
	joined := values[mapping.attribute(lastOf(d.builder.mapping.Joins))]
	if joined.text() != "" || other.invented() {
		return no
	}
	return maybe
}

// together tells that a name means the same thing to both: it is unique
// everywhere, or they are sure to be in one Region. What two provider
// configurations name alike may be two things.
func (d *draft) together(other *draft) bool {
	return !d.builder.mapping.Regional || d.region != "" && other.region != "" || d.provider() == other.provider()
}

// invented tells that the provider or AWS will make the resource's names up,
// random parts included: nothing that is known already can be one of them.
func (d *draft) invented() bool {
	if d.builder.config == nil {
		return false
	}
	values := d.builder.resource.values.object()
	return !slices.ContainsFunc(d.builder.mapping.Identity, func(attribute string) bool {
		v := values[attribute]
		return v == nil || !v.unknown || d.builder.sets(attribute)
	})
}

// mayBe: an owner that is not known yet may be any that its references name,
// and any at all where they name none.
func (a *assembler) mayBe(other *draft, o owner) answer {
	named := false
	for _, r := range o.origin.references {
		m := a.of(typeOfReference(r))
		if m == nil || m.kind != other.builder.mapping.kind {
			continue
		}
		named = true
		address := other.builder.resource.address
		if rest, ok := strings.CutPrefix(r, address); ok && (rest == "" || rest[0] == '.') {
			return maybe
		}
	}
	if named {
		return no
	}
	return maybe
}

// typeOfReference finds the resource type in an address with an attribute.
func typeOfReference(reference string) string {
	parts := item.SplitAddress(reference)
	for len(parts) > 1 && parts[0] == "module" {
		parts = parts[2:]
	}
	if len(parts) == 0 || parts[0] == "data" {
		return ""
	}
	return parts[0]
}

func lastOf(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// into copies the part into its owner; a companion that the plan deletes takes
// it away.
func (d *draft) into(owner *draft, path []string) {
	part := get(d.root, path)
	switch {
	case d.builder.resource.deleted:
		remove(owner.root, path)
	case part == nil: // it says nothing
	case d.builder.mapping.Many:
		there := get(owner.root, path)
		if there != nil && there.unknown != nil {
			return // one more of nobody knows how many
		}
		list, _ := part.known.([]*node)
		if there != nil {
			before, _ := there.known.([]*node)
			list = slices.Concat(before, list)
		}
		put(owner.root, path, &node{known: list})
	default:
		put(owner.root, path, part)
	}
}

func get(n *node, path []string) *node {
	for _, step := range path {
		n = n.object()[step]
	}
	return n
}

func put(n *node, path []string, part *node) {
	for _, step := range path[:len(path)-1] {
		next := n.object()[step]
		if next.object() == nil {
			next = &node{known: map[string]*node{}}
			n.object()[step] = next
		}
		n = next
	}
	n.object()[path[len(path)-1]] = part
}

func remove(n *node, path []string) {
	if parent := get(n, path[:len(path)-1]); parent.object() != nil {
		delete(parent.object(), path[len(path)-1])
	}
}
