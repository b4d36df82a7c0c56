package awscfg_test

import (
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
)

// Emulators mostly know CloudWatch's Query protocol only; AWS is spoken to as
// its SDK does.
func TestCloudWatchProtocol(t *testing.T) {
	own := settings("http://127.0.0.1:1")
	own.Endpoints[awscfg.CloudWatch] = "http://127.0.0.1:1"
	for _, tt := range []struct {
		name   string
		config awscfg.Config
		want   string
	}{
		{"AWS's own endpoint", settings("http://127.0.0.1:1"), "rpcv2Cbor"},
		{"an endpoint of the configuration", own, "awsQuery"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("AWS_ENDPOINT_URL", "")
			api, err := awscfg.New(tt.config).CloudWatch(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := api.Options().Protocol.ID().Name; got != tt.want {
				t.Errorf("CloudWatch is spoken to in %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("an endpoint of the environment", func(t *testing.T) {
		t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
		api, err := awscfg.New(settings("http://127.0.0.1:1")).CloudWatch(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := api.Options().Protocol.ID().Name; got != "awsQuery" {
			t.Errorf("CloudWatch is spoken to in %s, want awsQuery", got)
		}
	})
}
