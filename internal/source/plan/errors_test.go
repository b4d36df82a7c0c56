package plan_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// small is a plan with something of everything.
const small = `{"format_version":"1.2","terraform_version":"1.11.4","variables":{"region":{"value":"eu-west-1"}},` +
	`"planned_values":{"root_module":{}},"resource_changes":[` +
	`{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","name":"a","change":{"actions":["create"],"before":null,` +
	`"after":{"cidr_block":"10.0.0.0/16","tags":{"é":"\u00e9"}},"after_unknown":{"id":true},"after_sensitive":{}}},` +
	`{"address":"aws_instance.b","mode":"managed","type":"aws_instance","name":"b","change":{"actions":["create"],"after":{}}}],` +
	`"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{"region":{"references":["var.region"]}}}},` +
	`"root_module":{"resources":[{"address":"aws_vpc.a","provider_config_key":"aws","expressions":{"cidr_block":{"constant_value":"10.0.0.0/16"}}}]}},` +
	`"complete":true,"errored":false}`

// withChange is a plan with one change of one mapped resource.
func withChange(change string) string {
	return `{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","change":` + change + `}]}`
}

func TestReadRefuses(t *testing.T) {
	deep := strings.Repeat("[", 10_001)
	tests := map[string]struct {
		in   string
		want error
		text string // that the message has
	}{
		"nothing":             {"", plan.ErrEmpty, "terraform show -json"},
		"blanks":              {" \n\t", plan.ErrEmpty, "terraform show -json"},
		"binary plan":         {"PK\x03\x04\x14\x00", plan.ErrBinary, "terraform show -json FILE > plan.json"},
		"UTF-16":              {"\xff\xfe{\x00", plan.ErrEncoding, "Out-File"},
		"HCL":                 {"resource \"aws_vpc\" \"a\" {\n}\n", plan.ErrNotJSON, `"resource`},
		"plan for people":     {"Terraform will perform the following actions:\n", plan.ErrNotJSON, "Terraform will perform"},
		"gzip":                {"\x1f\x8b\x08\x00", plan.ErrNotJSON, "binary data"},
		"array":               {"[]", plan.ErrNotJSON, `"[]"`},
		"log of plan -json":   {`{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, plan.ErrLog, "show -json"},
		"one line of a log":   {`{"@level":"info","@message":"Terraform 1.11.4"}`, plan.ErrLog, "show -json"},
		"raw state":           {`{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"a","resources":[]}`, plan.ErrRawState, "show -json"},
		"other JSON":          {`{"name":"x"}`, plan.ErrNotPlan, "neither a plan nor a state"},
		"empty object":        {`{}`, plan.ErrNotPlan, "neither"},
		"provider schemas":    {`{"format_version":"1.0","provider_schemas":{}}`, plan.ErrNotPlan, "neither"},
		"validation":          {`{"format_version":"1.0","valid":true,"error_count":0}`, plan.ErrNotPlan, "neither"},
		"no version":          {`{"resource_changes":[]}`, plan.ErrNoVersion, "format_version is missing"},
		"newer major":         {`{"format_version":"2.0","resource_changes":[]}`, plan.ErrVersion, "2.0"},
		"version in words":    {`{"format_version":"one"}`, plan.ErrVersion, `"one"`},
		"negative version":    {`{"format_version":"-1.0"}`, plan.ErrVersion, `"-1.0"`},
		"version not text":    {`{"format_version":1.2}`, plan.ErrWrongType, "a string is expected at /format_version"},
		"errored":             {`{"format_version":"1.2","resource_changes":[],"errored":true}`, plan.ErrFailedPlan, "plan again"},
		"duplicate member":    {`{"format_version":"1.2","format_version":"1.2"}`, plan.ErrDuplicate, "format_version"},
		"duplicate, skipped":  {`{"format_version":"1.2","planned_values":{"a":1,"a":2}}`, plan.ErrDuplicate, "/planned_values"},
		"duplicate, in after": {withChange(`{"actions":["create"],"after":{"cidr_block":"a","cidr_block":"b"}}`), plan.ErrDuplicate, "cidr_block"},
		"invalid UTF-8":       {`{"format_version":"1.2","planned_values":"` + "\xff" + `"}`, plan.ErrInvalidUTF8, "byte"},
		"too deep":            {`{"format_version":"1.2","planned_values":` + deep, plan.ErrTooDeep, "nested"},
		"too deep in after":   {withChange(`{"actions":["create"],"after":` + deep), plan.ErrTooDeep, "nested"},
		"trailing object":     {small + `{}`, plan.ErrTrailing, "follows"},
		"trailing text":       {small + `x`, plan.ErrTrailing, "follows"},
		"comma":               {`{"format_version":"1.2",}`, plan.ErrSyntax, "byte"},
		"changes not a list":  {`{"format_version":"1.2","resource_changes":{}}`, plan.ErrWrongType, "an array is expected at /resource_changes"},
		"change not a map":    {`{"format_version":"1.2","resource_changes":[1]}`, plan.ErrWrongType, "an object is expected at /resource_changes/0"},
		"no address":          {`{"format_version":"1.2","resource_changes":[{"type":"aws_vpc","change":{"actions":["create"]}}]}`, plan.ErrWrongType, "address"},
		"no values":           {`{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.a","type":"aws_vpc"}]}`, plan.ErrWrongType, "values"},
		"no actions":          {withChange(`{"after":{}}`), plan.ErrWrongType, "aws_vpc.a"},
		"actions not a list":  {withChange(`{"actions":"create"}`), plan.ErrWrongType, "aws_vpc.a"},
		"after is a list":     {withChange(`{"actions":["create"],"after":[]}`), plan.ErrWrongType, "aws_vpc.a"},
		"marks do not fit":    {withChange(`{"actions":["create"],"after":{"id":"x"},"after_unknown":{"id":[true]}}`), plan.ErrWrongType, "aws_vpc.a"},
		"mark is text":        {withChange(`{"actions":["create"],"after":{},"after_unknown":{"id":"yes"}}`), plan.ErrWrongType, "aws_vpc.a"},
		"attribute is a map":  {withChange(`{"actions":["create"],"after":{"cidr_block":{}}}`), plan.ErrWrongType, "aws_vpc.a.cidr_block"},
		"references are text": {`{"format_version":"1.2","configuration":{"root_module":{"outputs":{"a":{"expression":{"references":"x"}}}}}}`, plan.ErrWrongType, "/configuration"},
		"errored is text":     {`{"format_version":"1.2","errored":"no"}`, plan.ErrWrongType, "true or false"},
		"state of a list":     {`{"format_version":"1.0","values":{"root_module":{"resources":[[]]}}}`, plan.ErrWrongType, "/values/root_module/resources/0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := plan.Read(context.Background(), strings.NewReader(tt.in))
			var e *plan.Error
			if !errors.As(err, &e) || !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.text) {
				t.Errorf("message %q does not have %q", err, tt.text)
			}
			if len(err.Error()) > 1000 {
				t.Errorf("a message of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestReadTruncatedAnywhere(t *testing.T) {
	for n := 1; n < len(small); n++ {
		_, err := plan.Read(context.Background(), strings.NewReader(small[:n]))
		var e *plan.Error
		if !errors.Is(err, plan.ErrTruncated) || !errors.As(err, &e) {
			t.Fatalf("the first %d bytes: got %v", n, err)
		}
		if e.Offset < 0 || e.Offset > int64(n) {
			t.Fatalf("the first %d bytes: offset %d", n, e.Offset)
		}
	}
}

func TestReadAccepts(t *testing.T) {
	tests := map[string]struct {
		in    string
		items int
	}{
		"byte order mark":  {"\xef\xbb\xbf" + small, 2},
		"leading lines":    {"\n\n" + small + "\n", 2},
		"old format":       {strings.Replace(small, `"1.2"`, `"0.1"`, 1), 2},
		"newer minor":      {strings.Replace(small, `"1.2"`, `"1.99"`, 1), 2},
		"empty state":      {`{"format_version":"1.0"}`, 0},
		"state of nothing": {`{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}`, 0},
		"plan of nothing":  {`{"format_version":"1.2","planned_values":{"root_module":{}},"configuration":{"root_module":{}}}`, 0},
		"change before type": {`{"format_version":"1.2","resource_changes":[{"change":{"after":{"cidr_block":"x"},"actions":["create"]},` +
			`"type":"aws_vpc","mode":"managed","address":"aws_vpc.a"}]}`, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := len(readText(t, tt.in).Items); got != tt.items {
				t.Errorf("%d items, want %d", got, tt.items)
			}
		})
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := plan.Read(ctx, strings.NewReader(small)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestReadPassesErrorsOfTheReader(t *testing.T) {
	broken := errors.New("disk on fire")
	in := io.MultiReader(strings.NewReader(small[:300]), iotest.ErrReader(broken))
	if _, err := plan.Read(context.Background(), in); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// A module that passes its variables on twice at each level would take 2^60 steps.
func TestReadBoundsReferences(t *testing.T) {
	module := `{"resources":[{"address":"aws_cloudwatch_log_group.a","expressions":{"kms_key_id":{"references":["var.a","var.b"]}}}]}`
	address := "aws_cloudwatch_log_group.a"
	for n := range 60 {
		pass := `{"references":["var.a","var.b"]}`
		module = fmt.Sprintf(`{"module_calls":{"m%d":{"expressions":{"a":%s,"b":%s},"module":%s}}}`, n, pass, pass, module)
		address = fmt.Sprintf("module.m%d.%s", n, address)
	}
	set := readText(t, `{"format_version":"1.2","resource_changes":[{"address":"`+address+`","mode":"managed","type":"aws_cloudwatch_log_group",`+
		`"change":{"actions":["create"],"after":{"name":"a"},"after_unknown":{"kms_key_id":true}}}],"configuration":{"root_module":`+module+`}}`)
	if u := set.Items[0].Unknown; len(u) != 1 || u[0].From != nil {
		t.Errorf("unknown: %+v", u)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(withChange(`{"actions":["delete","create"],"after":{"id":[null,{}]},"after_unknown":{"id":[true,{"a":true}]}}`))
	f.Add(`{"format_version":"1.0","values":{"root_module":{"child_modules":[{"resources":[]}]}}}`)
	f.Fuzz(func(t *testing.T, in string) {
		set, err := plan.Read(context.Background(), strings.NewReader(in))
		if err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
		if (set == nil) == (err == nil) {
			t.Errorf("set %v and error %v", set, err)
		}
	})
}
