package policy_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// world is a set of items some of whose values are hidden.
type world struct {
	rng    *rand.Rand
	items  []*item.Item // everything known
	hidden []hiddenValue
	drawn  []*item.Item
}

type hiddenValue struct {
	item   int
	path   []any
	schema map[string]any
	symbol *item.Symbol
}

func newWorld(seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 7))}
	for _, kind := range item.Kinds() {
		for n := range 1 + w.rng.IntN(2) {
			doc := w.value("", item.Schema(kind.Type)).(map[string]any)
			it := &item.Item{
				Type: kind.Type, Configuration: object(doc["configuration"]),
				Source: item.Source{Kind: item.Live, Address: fmt.Sprintf("%s.%d", kind.Type, n)},
			}
			if doc["supplementaryConfiguration"] != nil {
				it.SupplementaryConfiguration = object(doc["supplementaryConfiguration"])
			}
			identify(it, n)
			w.items = append(w.items, it)
		}
	}
	for range 4 + w.rng.IntN(20) {
		w.hide()
	}
	return w
}

// identify gives items of a type different identities, where they have one.
func identify(it *item.Item, n int) {
	for _, field := range map[string][]string{"AWS::S3::Bucket": {"name"}, "AWS::KMS::Key": {"arn", "keyId"}}[it.Type] {
		if name, ok := it.Configuration[field].(string); ok {
			it.Configuration[field] = fmt.Sprintf("%s%d", name[:len(name)-1], n+1)
		}
	}
}

func object(value any) map[string]any {
	if value == nil {
		return map[string]any{}
	}
	return value.(map[string]any)
}

// hide picks a place of an item by walking down its schema at random.
func (w *world) hide() {
	i := w.rng.IntN(len(w.items))
	if w.rng.IntN(3) == 0 {
		i = 0 // a trail: most rules are about trails
	}
	it := w.items[i]
	node, schema := any(it.Configuration), property(item.Schema(it.Type), "configuration")
	at := []any{"configuration"}
	if other := property(item.Schema(it.Type), "supplementaryConfiguration"); other != nil && w.rng.IntN(2) == 0 {
		if it.SupplementaryConfiguration == nil {
			it.SupplementaryConfiguration = map[string]any{}
		}
		node, schema, at = it.SupplementaryConfiguration, other, []any{"supplementaryConfiguration"}
	}
	for depth := 0; ; depth++ {
		next, step, inner := w.stepInto(node, schema)
		if step == nil {
			break
		}
		node, schema, at = next, inner, append(at, step)
		if w.rng.IntN(3) == 0 {
			break
		}
	}
	if len(at) < 2 || slices.ContainsFunc(w.hidden, func(h hiddenValue) bool { return h.item == i && overlap(h.path, at) }) {
		return
	}
	h := hiddenValue{item: i, path: at, schema: schema}
	if schema["type"] == "string" && w.rng.IntN(2) == 0 {
		h.symbol = &item.Symbol{Address: fmt.Sprintf("aws_thing.%d", w.rng.IntN(2)), Attribute: poolOf(at)}
	}
	w.hidden = append(w.hidden, h)
}

func overlap(a, b []any) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (w *world) stepInto(node any, schema map[string]any) (any, any, map[string]any) {
	if list, ok := node.([]any); ok && len(list) > 0 {
		i := w.rng.IntN(len(list))
		return list[i], i, schema["items"].(map[string]any)
	}
	properties, _ := schema["properties"].(map[string]any)
	if _, isList := node.([]any); isList || len(properties) == 0 {
		return nil, nil, nil
	}
	name := sorted(properties)[w.rng.IntN(len(properties))]
	fields, _ := node.(map[string]any)
	return fields[name], name, properties[name].(map[string]any)
}

func property(schema map[string]any, name string) map[string]any {
	properties, _ := schema["properties"].(map[string]any)
	inner, _ := properties[name].(map[string]any)
	return inner
}

func sorted(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// value draws a value of a schema; absent fields are left out.
func (w *world) value(name string, schema map[string]any) any {
	switch schema["type"] {
	case "boolean":
		return w.rng.IntN(2) == 0
	case "string":
		return w.text(name)
	case "integer", "number":
		return json.Number([]string{"1", "90", "365", "400", "3653"}[w.rng.IntN(5)])
	case "array":
		list := []any{}
		for range w.rng.IntN(3) {
			list = append(list, w.value(name, schema["items"].(map[string]any)))
		}
		return list
	case "object":
		return w.fields(name, schema)
	}
	return "x"
}

func (w *world) fields(name string, schema map[string]any) any {
	if name == "policyText" {
		return w.policy()
	}
	fields := map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	for _, inner := range sorted(properties) {
		if inner == "unknown" || w.rng.IntN(4) == 0 {
			continue
		}
		fields[inner] = w.value(inner, properties[inner].(map[string]any))
	}
	return fields
}

// text draws from words that make rules differ, so that keys meet each other.
func (w *world) text(name string) string {
	words, ok := map[string][]string{
		"insightType":     {"ApiCallRateInsight", "ApiErrorRateInsight"},
		"readWriteType":   {"All", "ReadOnly", "WriteOnly"},
		"field":           {"eventCategory", "readOnly", "eventSource", "eventName"},
		"equals":          {"Management", "true", "false", "kms.amazonaws.com"},
		"keySpec":         {"SYMMETRIC_DEFAULT", "SYMMETRIC_DEFAULT", "RSA_2048"},
		"keyUsage":        {"ENCRYPT_DECRYPT", "ENCRYPT_DECRYPT", "SIGN_VERIFY"},
		"origin":          {"AWS_KMS", "AWS_KMS", "EXTERNAL"},
		"keyManager":      {"CUSTOMER", "CUSTOMER", "AWS"},
		"trafficType":     {"ALL", "REJECT", "ACCEPT"},
		"cannedAcl":       {"private", "public-read"},
		"uri":             {"http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/s3/LogDelivery"},
		"objectOwnership": {"BucketOwnerEnforced", "ObjectWriter"},
	}[name]
	if !ok {
		pool := poolOf([]any{name})
		words = []string{pool + "-1", pool + "-2"}
	}
	return words[w.rng.IntN(len(words))]
}

// poolOf says which names can be equal to which.
func poolOf(at []any) string {
	switch at[len(at)-1] {
	case "s3BucketName", "name":
		return "bucket"
	case "kmsKeyId", "arn", "keyId":
		return "key"
	case "vpcId", "resourceId":
		return "vpc"
	}
	return "word"
}

func (w *world) policy() map[string]any {
	documents := []string{
		`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*"}}`,
		`{"Statement": [{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": ["s3:PutObject"]}]}`,
		`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}]}`,
		`{"Statement": []}`,
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(documents[w.rng.IntN(len(documents))]), &document); err != nil {
		panic(err)
	}
	return document
}

// hiddenSet is the world with the hidden values taken out and listed.
func (w *world) hiddenSet() *item.Set {
	items := clone(w.items)
	for _, h := range w.hidden {
		it := items[h.item]
		edit(it, h.path, nil)
		u := item.Unknown{Path: text(h.path), From: h.symbol}
		if h.symbol != nil {
			u.References = []string{h.symbol.String()}
		}
		it.Unknown = append(it.Unknown, u)
	}
	return &item.Set{Items: items}
}

// draw fills the hidden places: with any value or none; with the value of the
// symbol where there is one. A value that a verdict assumes is never none.
func (w *world) draw() *item.Set {
	w.drawn = clone(w.items)
	symbols := map[item.Symbol]string{}
	for _, h := range w.hidden {
		name, _ := h.path[len(h.path)-1].(string)
		_, isElement := h.path[len(h.path)-1].(int)
		var value any
		switch {
		case h.symbol != nil:
			value = w.symbolValue(symbols, *h.symbol)
		case isElement || w.rng.IntN(4) != 0:
			value = w.value(name, h.schema)
		}
		edit(w.drawn[h.item], h.path, value)
	}
	return &item.Set{Items: w.drawn}
}

// symbolValue gives different symbols different values. What AWS makes up is
// new; other values may be equal to one that is written somewhere.
func (w *world) symbolValue(drawn map[item.Symbol]string, s item.Symbol) string {
	if drawn[s] == "" {
		taken := slices.Collect(func(yield func(string) bool) {
			for other, value := range drawn {
				if other.Attribute == s.Attribute && !yield(value) {
					return
				}
			}
		})
		names := []string{s.Attribute + "-1", s.Attribute + "-2", s.Attribute + "-new-1", s.Attribute + "-new-2"}
		if s.Attribute == "vpc" || s.Attribute == "key" {
			names = names[2:]
		}
		names = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(taken, n) })
		drawn[s] = names[w.rng.IntN(len(names))]
	}
	return drawn[s]
}

func (w *world) hiddenPaths() string {
	var paths []string
	for _, h := range w.hidden {
		paths = append(paths, fmt.Sprintf("%s %s %v", w.items[h.item].Source.Address, text(h.path), h.symbol))
	}
	return strings.Join(paths, "; ")
}

func (w *world) json() string {
	text, err := json.MarshalIndent(w.drawn, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func clone(items []*item.Item) []*item.Item {
	copied := make([]*item.Item, len(items))
	for i, it := range items {
		c := *it
		c.Configuration = object(copyOf(it.Configuration))
		if it.SupplementaryConfiguration != nil {
			c.SupplementaryConfiguration = object(copyOf(it.SupplementaryConfiguration))
		}
		copied[i] = &c
	}
	return copied
}

func copyOf(value any) any {
	switch value := value.(type) {
	case map[string]any:
		c := map[string]any{}
		for key, inner := range value {
			c[key] = copyOf(inner)
		}
		return c
	case []any:
		c := make([]any, len(value))
		for i, inner := range value {
			c[i] = copyOf(inner)
		}
		return c
	}
	return value
}

// edit puts a value at a path of an item; nil takes a field away.
func edit(it *item.Item, at []any, value any) {
	root := map[string]any{"configuration": it.Configuration, "supplementaryConfiguration": it.SupplementaryConfiguration}
	var node any = root
	for i, step := range at[:len(at)-1] {
		switch n := node.(type) {
		case map[string]any:
			if inner, ok := n[step.(string)]; !ok || inner == nil {
				if value == nil {
					return
				}
				n[step.(string)] = map[string]any{}
			}
			node = n[step.(string)]
		case []any:
			node = n[step.(int)]
		default:
			panic(fmt.Sprintf("no container at %v", at[:i]))
		}
	}
	switch n := node.(type) {
	case map[string]any:
		if name := at[len(at)-1].(string); value == nil {
			delete(n, name)
		} else {
			n[name] = value
		}
	case []any:
		n[at[len(at)-1].(int)] = value
	}
}

func text(at []any) string {
	var b strings.Builder
	for i, step := range at {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}
