package plan

import (
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// mapping is how one Terraform type becomes one kind of item.
type mapping struct {
	item.Resource
	kind   string
	fields []item.Field
}

// mappings are those of each Terraform type, made once for all resources.
type mappings map[string][]*mapping

func newMappings() mappings {
	all := mappings{}
	for _, k := range item.Kinds() {
		for _, r := range k.Terraform {
			all[r.Type] = append(all[r.Type], &mapping{Resource: r, kind: k.Type, fields: k.Fields(r)})
		}
	}
	return all
}

// of is the first mapping of a Terraform type, nil where there is none.
func (m mappings) of(typ string) *mapping {
	if found := m[typ]; len(found) > 0 {
		return found[0]
	}
	return nil
}

// at is the mapping of the resource that an address names.
func (m mappings) at(address string) *mapping {
	parts := item.SplitAddress(address)
	if len(parts) < 2 {
		return nil
	}
	return m.of(parts[len(parts)-2])
}

// symbol names the attribute; where it is hidden, the one that to expects.
func (m mappings) symbol(t target, to []item.Target) *item.Symbol {
	resource := m.at(t.address)
	attribute := strings.TrimPrefix(t.rest, ".")
	if attribute == "" {
		for _, want := range to {
			if resource != nil && resource.kind == want.Kind {
				attribute = resource.attribute(want.Field)
			}
		}
		if attribute == "" {
			return nil
		}
	}
	if resource != nil {
		attribute = resource.Canonical(attribute)
	}
	return &item.Symbol{Address: t.address, Attribute: attribute}
}

// attribute is the one behind a field of the configuration.
func (m *mapping) attribute(field string) string {
	for _, f := range m.fields {
		if f.Name != "configuration" {
			continue
		}
		for _, g := range f.Fields {
			if g.Name == field && len(g.Sources) > 0 && len(g.Sources[0].Path) == 1 {
				return g.Sources[0].Path[0]
			}
		}
	}
	return ""
}

// through follows a companion's reference to its owner: the bucket of
// aws_s3_bucket_policy.logs is the bucket it was made for.
func (r *resolver) through(s *item.Symbol, to []item.Target) *item.Symbol {
	for range 8 {
		if s == nil {
			return nil
		}
		resource := r.mappings.at(s.Address)
		if resource == nil || !resource.Companion() || s.Attribute != resource.Owner {
			return s
		}
		p, config := r.placeOf(s.Address)
		if config == nil {
			return s
		}
		e, _ := expressionAt(config.Expressions, []any{resource.Owner})
		targets, sure := r.resolve(p, e.References)
		if !sure || len(targets) != 1 || !targets[0].managed {
			return s
		}
		s = r.mappings.symbol(targets[0], to)
	}
	return s
}
