package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

func TestPlacesNameAPathOnce(t *testing.T) {
	key := path{relatedKey, "AWS::KMS::Key", 0}
	got := places([]unknown{
		{path: key, waitsFor: "aws_kms_key.b"}, {path: path{"configuration", "kmsKeyId"}, waitsFor: "var.key"},
		{path: key, waitsFor: "aws_kms_key.a"}, {path: key, waitsFor: "aws_kms_key.b"},
	})
	want := []finding.UnknownPath{
		{Path: "configuration.kmsKeyId", WaitsFor: "var.key"},
		{Path: `related["AWS::KMS::Key"][0]`, WaitsFor: "aws_kms_key.a, aws_kms_key.b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}
