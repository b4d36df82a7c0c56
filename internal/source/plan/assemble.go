package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// draft is an item before its companions are laid into it.
type draft struct {
	builder *builder
	root    *node
	region  string
	account string
}

// assembler turns resources into items.
type assembler struct {
	mappings
	doc      *document
	resolver *resolver
	source   item.SourceKind
	drafts   []*draft
	parts    []*draft // companions
}

func assemble(d *document) (*item.Set, error) {
	a := &assembler{mappings: d.mappings, doc: d, resolver: newResolver(d), source: item.State}
	resources := d.resources
	if d.isPlan() {
		a.source = item.Plan
		if !d.has("resource_changes") {
			resources = unchanged(d.prior)
		}
	}
	for _, r := range resources {
		if err := a.add(r); err != nil {
			return nil, err
		}
	}
	for _, part := range a.parts {
		if !a.lay(part) && !part.builder.resource.deleted {
			d.skipped[part.builder.resource.typ]++
		}
	}
	set := &item.Set{Skipped: d.skipped, Partial: d.partialWords()}
	a.siblings()
	for _, dr := range a.drafts {
		set.Items = append(set.Items, dr.item(a.source))
	}
	set.Items = append(set.Items, accountItems(set.Items, a.source)...)
	return set, nil
}

// unchanged are the resources of a refresh-only plan: its prior_state is the
// state after the refresh.
func unchanged(prior []*resource) []*resource {
	for _, r := range prior {
		r.action = "no-op"
	}
	return prior
}

func (d *document) partialWords() []string {
	var words []string
	if d.partial {
		words = append(words, "complete is false: the plan was made with -target, -exclude or deferred changes")
	}
	if d.deferred > 0 {
		words = append(words, fmt.Sprintf("%d changes are deferred to a later plan", d.deferred))
	}
	return words
}

// add maps one resource to the items it is, or to the part of an item.
func (a *assembler) add(r *resource) error {
	for _, m := range a.mappings[r.typ] {
		if r.deleted && !m.Companion() {
			continue
		}
		if err := a.draft(r, m); err != nil {
			return err
		}
	}
	return nil
}

func (a *assembler) draft(r *resource, m *mapping) error {
	b := &builder{resource: r, mapping: m}
	b.configure(a.resolver)
	root, err := b.build()
	if err != nil || root == nil {
		return err
	}
	d := &draft{builder: b, root: root}
	d.region, d.account = a.locate(b)
	if m.Companion() {
		a.parts = append(a.parts, d)
	} else {
		a.drafts = append(a.drafts, d)
	}
	return nil
}

// item writes the tree out.
func (d *draft) item(source item.SourceKind) *item.Item {
	r := d.builder.resource
	it := &item.Item{
		Type: d.builder.mapping.kind, Region: d.region, Account: d.account,
		Source: item.Source{Kind: source, Address: r.address, Action: r.action},
	}
	w := &writer{item: it, draft: d}
	root, _ := w.write(d.root, "").(map[string]any)
	it.ID, it.Name, it.ARN = stringAt(root, "resourceId"), stringAt(root, "resourceName"), stringAt(root, "arn")
	it.Configuration, _ = root["configuration"].(map[string]any)
	if it.Configuration == nil {
		it.Configuration = map[string]any{}
	}
	it.SupplementaryConfiguration, _ = root["supplementaryConfiguration"].(map[string]any)
	if tags, ok := root["tags"].(map[string]any); ok {
		it.Tags = map[string]string{}
		for name := range tags {
			it.Tags[name] = stringAt(tags, name)
		}
	}
	w.symbols(d.builder.mapping.fields, "")
	slices.SortFunc(it.Unknown, func(x, y item.Unknown) int { return strings.Compare(x.Path, y.Path) })
	slices.Sort(it.Sensitive)
	return it
}

// child is the path of a member: tags.team, but tags["kubernetes.io/name"].
func child(path, name string) string {
	if name == "" || strings.ContainsAny(name, `.[]"`) {
		return path + "[" + strconv.Quote(name) + "]"
	}
	return strings.TrimPrefix(path+"."+name, ".")
}

func stringAt(object map[string]any, name string) string {
	s, _ := object[name].(string)
	return s
}

// writer turns nodes into the plain values of an item.
type writer struct {
	item  *item.Item
	draft *draft
}

func (w *writer) write(n *node, path string) any {
	if n == nil {
		return nil
	}
	if n.sensitive {
		w.item.Sensitive = append(w.item.Sensitive, path)
	}
	if n.unknown != nil {
		w.item.Unknown = append(w.item.Unknown, item.Unknown{Path: path, References: n.unknown.references, From: n.unknown.from})
		return nil
	}
	switch known := n.known.(type) {
	case map[string]*node:
		object := make(map[string]any, len(known))
		for _, name := range sortedKeys(known) {
			if v := w.write(known[name], child(path, name)); v != nil {
				object[name] = v
			}
		}
		return object
	case []*node:
		list := make([]any, len(known))
		for n := range known {
			list[n] = w.write(known[n], fmt.Sprintf("%s[%d]", path, n))
		}
		return list
	default:
		return known
	}
}

// symbols names the values by which other resources refer to this one. An
// unknown one comes from the resource's own attribute.
func (w *writer) symbols(fields []item.Field, path string) {
	mapping := w.draft.builder.mapping
	for _, f := range fields {
		at := strings.TrimPrefix(path+"."+f.Name, ".")
		if f.Type == item.Object {
			w.symbols(f.Fields, at)
			continue
		}
		if len(f.Sources) == 0 || len(f.Sources[0].Path) != 1 || mapping.Root != "" {
			continue
		}
		if own := mapping.Canonical(f.Sources[0].Path[0]); slices.Contains(mapping.Identity, own) {
			w.name(at, own)
		}
	}
}

func (w *writer) name(path, own string) {
	symbol := item.Symbol{Address: w.draft.builder.resource.address, Attribute: own}
	if w.item.Symbols == nil {
		w.item.Symbols = map[string]item.Symbol{}
	}
	w.item.Symbols[path] = symbol
	for n := range w.item.Unknown {
		if w.item.Unknown[n].Path == path {
			w.item.Unknown[n].From = &symbol
		}
	}
}
