package guard

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// attributePath turns a path in an item ("configuration.kmsKeyId") into the
// path of the attribute behind it (kms_key_id) and its name for people. It
// goes as deep as both the mapping and the resource's schema do; it is empty
// where no attribute is behind.
func attributePath(ctx context.Context, planned fwk.Planned, itemType, itemPath string) (path.Path, string) {
	exists := func(p path.Path) bool {
		_, d := planned.Values.Schema.TypeAtPath(ctx, p)
		return !d.HasError()
	}
	at := path.Empty()
	for _, h := range hops(planned.Type, itemType, itemPath) {
		next, ok := h.from(at, exists)
		if !ok {
			break
		}
		at = next
	}
	return at, at.String()
}

// hop is one step down from item to attribute.
type hop struct {
	// names are the attributes that the field may come from, each with the
	// blocks it is in.
	names [][]string
	index int // of the element; -1 for the attribute as a whole
}

// from goes the hop, to the last of its names that exists: of "tags_all|tags"
// a configuration says the latter. Elements of sets have no index, so there
// the path stays at the set.
func (h hop) from(at path.Path, exists func(path.Path) bool) (path.Path, bool) {
	for _, names := range slices.Backward(h.names) {
		next := at
		for _, name := range names {
			next = next.AtName(name)
			if len(next.Steps()) == 1 {
				next = path.Root(name)
			}
		}
		if !exists(next) {
			continue
		}
		if element := next.AtListIndex(max(h.index, 0)); h.index >= 0 && exists(element) {
			next = element
		}
		return next, true
	}
	return at, len(h.names) == 0
}

// hops follows the struct tags of the item's kind.
func hops(resourceType, itemType, itemPath string) []hop {
	for _, kind := range item.Kinds() {
		if kind.Type != itemType {
			continue
		}
		for _, r := range kind.Terraform {
			if r.Type != resourceType || r.Companion() {
				continue
			}
			var root []hop
			if r.Root != "" {
				root = []hop{{names: [][]string{{r.Root}}, index: 0}}
			}
			return append(root, follow(reflect.TypeOf(kind.Shape), r.Tags, itemPath)...)
		}
	}
	return nil
}

// follow walks "configuration.eventSelectors[0].readWriteType" through the
// shape and collects the attributes that the tags name.
func follow(shape reflect.Type, keys []string, itemPath string) []hop {
	var steps []hop
	for _, segment := range strings.Split(itemPath, ".") {
		name, index := cutIndex(segment)
		for shape.Kind() == reflect.Slice || shape.Kind() == reflect.Pointer {
			shape = shape.Elem()
		}
		if shape.Kind() != reflect.Struct {
			return steps // text that holds JSON, or a map: no attribute inside
		}
		field, ok := fieldNamed(shape, name)
		if !ok {
			return steps
		}
		names, mapped := tagOf(field, keys)
		if !mapped {
			return steps
		}
		steps = append(steps, hop{names, index})
		shape = field.Type
	}
	return steps
}

func cutIndex(segment string) (string, int) {
	name, rest, ok := strings.Cut(segment, "[")
	if i, err := strconv.Atoi(strings.TrimSuffix(rest, "]")); ok && err == nil {
		return name, i
	}
	return name, -1
}

func fieldNamed(shape reflect.Type, json string) (reflect.StructField, bool) {
	fields := reflect.VisibleFields(shape)
	i := slices.IndexFunc(fields, func(f reflect.StructField) bool {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name == json
	})
	if i < 0 {
		return reflect.StructField{}, false
	}
	return fields[i], true
}

// tagOf gives what the first of the tag keys names: nothing for ".", which
// stays on the same level.
func tagOf(field reflect.StructField, keys []string) (names [][]string, mapped bool) {
	for _, key := range keys {
		tag, ok := field.Tag.Lookup(key)
		if !ok {
			continue
		}
		all, _, _ := strings.Cut(tag, ",")
		if all == "." {
			return nil, true
		}
		for one := range strings.SplitSeq(all, "|") {
			names = append(names, strings.Split(one, "."))
		}
		return names, all != ""
	}
	return nil, false
}
