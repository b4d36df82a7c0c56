package awscfg_test

import (
	"context"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// TestConcurrentCallsKeepTheirBodies: what one call sends and receives must not
// turn up in another. aws-sdk-go-base v2.0.0-beta.74 puts the buffer of the
// bodies that it logs back into a pool while they are still being read
// (logging/http.go, defaultRequestBodyLogger; logger.go,
// defaultResponseBodyLogger), so that it is not to be used.
func TestConcurrentCallsKeepTheirBodies(t *testing.T) {
	s := sandbox.Start(t)
	t.Setenv("AWS_ENDPOINT_URL", s.URL())
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	session := awscfg.New(awscfg.Config{Region: "eu-west-1", SkipCredentialsValidation: true, SkipRequestingAccount: true})
	c, err := session.Logs(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	// Terraform gives providers a logger of this kind, and bodies are logged.
	ctx := tflogtest.RootLogger(t.Context(), io.Discard)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := "/" + strings.Repeat(strconv.Itoa(i), 10*(i+1))
			if _, err := c.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(name)}); err != nil {
				t.Error(err)
				return
			}
			for range 50 {
				out, err := c.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(name)})
				if err != nil || len(out.LogGroups) != 1 || aws.ToString(out.LogGroups[0].LogGroupName) != name {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
