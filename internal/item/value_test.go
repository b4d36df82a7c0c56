package item_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

func TestValues(t *testing.T) {
	it := &item.Item{
		Region: "eu-west-1",
		Tags:   map[string]string{"env": "prod"},
		Configuration: map[string]any{
			"actions": []any{"a", nil, map[string]any{"x": json.Number("1")}},
			"list":    []any{[]any{"b"}},
		},
		Unknown: []item.Unknown{{Path: "configuration.actions[1]"}, {Path: "configuration.all"}},
	}
	u0, u1 := &it.Unknown[0], &it.Unknown[1]
	tests := map[string][]item.Value{
		"awsRegion":                   {{Path: "awsRegion", Known: "eu-west-1"}},
		"arn":                         nil,
		"tags.env":                    {{Path: "tags.env", Known: "prod"}},
		"configuration.none":          nil,
		"configuration.none.x[_]":     nil,
		"configuration.all":           {{Path: "configuration.all", Unknown: u1}},
		"configuration.all[_].x":      {{Path: "configuration.all", Unknown: u1}},
		"configuration.actions[0]":    {{Path: "configuration.actions[0]", Known: "a"}},
		"configuration.actions[9]":    nil,
		"configuration.actions[x]":    nil,
		"configuration.actions[1].x":  {{Path: "configuration.actions[1]", Unknown: u0}},
		"configuration.actions[2].x":  {{Path: "configuration.actions[2].x", Known: json.Number("1")}},
		"configuration.actions[_].x":  {{Path: "configuration.actions[1]", Unknown: u0}, {Path: "configuration.actions[2].x", Known: json.Number("1")}},
		"configuration.list[_][_]":    {{Path: "configuration.list[0][0]", Known: "b"}},
		"configuration.list[0].x[_]":  nil,
		"supplementaryConfiguration.": nil,
	}
	for path, want := range tests {
		if diff := cmp.Diff(want, it.Values(path), cmpopts.IgnoreUnexported(item.Value{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// planned is an item with one value, which identifies it.
func planned(address, attribute string, known any) *item.Item {
	it := &item.Item{
		Configuration: map[string]any{},
		Symbols:       map[string][]item.Symbol{"configuration.v": {{Address: address, Attribute: attribute}}},
	}
	if known != nil {
		it.Configuration["v"] = known
	} else {
		it.Unknown = []item.Unknown{{Path: "configuration.v", From: &item.Symbol{Address: address, Attribute: attribute}}}
	}
	return it
}

// referring is an item with one unknown value that comes from an attribute.
func referring(address, attribute string) *item.Item {
	return &item.Item{Unknown: []item.Unknown{{Path: "configuration.v", From: &item.Symbol{Address: address, Attribute: attribute}}}}
}

func TestEqual(t *testing.T) {
	known := func(v any) *item.Item { return &item.Item{Configuration: map[string]any{"v": v}} }
	opaque := &item.Item{Unknown: []item.Unknown{{Path: "configuration.v", References: []string{"local.x"}}}}
	tests := map[string]struct {
		a, b *item.Item
		want item.Truth
	}{
		"two words":                        {known("a"), known("a"), item.Yes},
		"two other words":                  {known("a"), known("b"), item.No},
		"one number":                       {known(json.Number("1")), known(json.Number("1.0")), item.Yes},
		"a number and its text":            {known(json.Number("1")), known("1"), item.No},
		"the attribute itself":             {referring("aws_vpc.a", "id"), planned("aws_vpc.a", "id", nil), item.Yes},
		"a known name and its reference":   {referring("aws_s3_bucket.a", "bucket"), planned("aws_s3_bucket.a", "bucket", "logs"), item.Yes},
		"another resource":                 {referring("aws_vpc.a", "id"), planned("aws_vpc.b", "id", nil), item.No},
		"another instance":                 {referring(`aws_vpc.a["x.y"]`, "id"), planned(`aws_vpc.a["x.z"]`, "id", nil), item.No},
		"another resource, known":          {referring("aws_s3_bucket.a", "bucket"), planned("aws_s3_bucket.b", "bucket", "logs"), item.No},
		"something that may hold anything": {referring("terraform_data.a", "output"), planned("aws_vpc.b", "id", nil), item.Maybe},
		"an attribute that names nothing":  {referring("aws_vpc.a", "cidr_block"), planned("aws_vpc.b", "id", nil), item.Maybe},
		"an id that AWS invents":           {known("vpc-1"), planned("aws_vpc.b", "id", nil), item.No},
		"a name that can be foreseen":      {known("arn:aws:sns:x"), planned("aws_sns_topic.a", "arn", nil), item.Maybe},
		"opaque and known":                 {opaque, known("a"), item.Maybe},
		"opaque and planned":               {opaque, planned("aws_vpc.b", "id", nil), item.Maybe},
		"one reference twice":              {referring("terraform_data.a", "output"), referring("terraform_data.a", "output"), item.Yes},
		"two references":                   {referring("terraform_data.a", "output"), referring("terraform_data.b", "output"), item.Maybe},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := tt.a.Values("configuration.v")[0], tt.b.Values("configuration.v")[0]
			if got := a.Equal(b); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := b.Equal(a); got != tt.want {
				t.Errorf("the other way round: got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestUnknownIsItsPath(t *testing.T) {
	raw, err := json.Marshal([]item.Unknown{{Path: "configuration.v", From: &item.Symbol{Address: "aws_vpc.a", Attribute: "id"}}})
	if err != nil || string(raw) != `["configuration.v"]` {
		t.Errorf("got %s, %v", raw, err)
	}
	var back []item.Unknown
	if err := json.Unmarshal(raw, &back); err != nil || back[0].Path != "configuration.v" {
		t.Errorf("read back %v, %v", back, err)
	}
}
