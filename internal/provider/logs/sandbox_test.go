package logs_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// client is a client of the sandbox beside Terraform: the other hand in the account.
func client(t *testing.T, aws *sandbox.Server, region string) *cloudwatchlogs.Client {
	t.Helper()
	api, err := awscfg.New(acctest.Settings(aws)).Logs(t.Context(), region)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func tagGroup(t *testing.T, aws *sandbox.Server, tags map[string]string) {
	t.Helper()
	arn := "arn:aws:logs:eu-west-1:111122223333:log-group:audit"
	if _, err := client(t, aws, "").TagResource(context.Background(), &cloudwatchlogs.TagResourceInput{ResourceArn: &arn, Tags: tags}); err != nil {
		t.Fatal(err)
	}
}

// changes lists the calls that were not reads, in order.
func changes(aws *sandbox.Server) []string {
	var names []string
	for _, c := range aws.Calls() {
		if c.Service == "logs" && !strings.HasPrefix(c.Operation, "Describe") && !strings.HasPrefix(c.Operation, "List") {
			names = append(names, c.Name())
		}
	}
	return names
}

// nothing is for tests that leave something behind on purpose.
func nothing(*terraform.State) error { return nil }
