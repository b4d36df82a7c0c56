package report

import (
	"slices"
	"testing"
)

func TestNewest(t *testing.T) {
	got := newest([]string{
		"aws-fsbp/CloudTrail.4", "cis-aws-1.4/3.2", "cis-aws-10.0/4.3", "cis-aws-7.0/4.2", "cis-aws-10.0/4.4",
		"isms-p/2.9.4", "nist-800-53-r5/SI-7", "pci-dss-4.0/10.3.2", "pci-dss-4.0.1/10.3.2", "x-99999999999999999999/1",
	})
	want := []string{
		"aws-fsbp/CloudTrail.4", "cis-aws-10.0/4.3", "cis-aws-10.0/4.4",
		"isms-p/2.9.4", "nist-800-53-r5/SI-7", "pci-dss-4.0.1/10.3.2", "x-99999999999999999999/1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
