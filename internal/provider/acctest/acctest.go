// Package acctest runs the provider's tests: the real Terraform (or OpenTofu)
// command, the provider in this process, and a sandbox in place of AWS.
//
//	aws := sandbox.Start(t)
//	acctest.Test(t, aws, resource.TestCase{Steps: ...})
//
// The configuration in a test is what a user would write: the endpoint and the
// keys are given to the provider from here. What a test leaves behind in the
// sandbox fails it.
package acctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// Region is the provider's Region in tests.
const Region = "eu-west-1"

// Test runs the case against the sandbox, in parallel with others. Unless the
// case says otherwise, the sandbox must be as empty afterwards as it was before.
func Test(t *testing.T, aws *sandbox.Server, c resource.TestCase) {
	t.Helper()
	t.Parallel()
	Run(t, aws, c)
}

// Run is Test for a test that is already parallel, or must not be.
func Run(t *testing.T, aws *sandbox.Server, c resource.TestCase) {
	t.Helper()
	findTerraform()
	c.IsUnitTest = true // no TF_ACC needed: there is no account to bill
	if c.ProtoV6ProviderFactories == nil {
		c.ProtoV6ProviderFactories = Factories(aws)
	}
	if c.CheckDestroy == nil {
		c.CheckDestroy = emptyAgain(aws)
	}
	resource.Test(t, c)
}

// Factories gives the provider with the sandbox as its AWS. More can be
// changed by the functions.
func Factories(aws *sandbox.Server, change ...func(*awscfg.Config)) map[string]func() (tfprotov6.ProviderServer, error) {
	server := provider.NewServer("test", provider.WithSettings(func(c *awscfg.Config) {
		reach(aws, c)
		for _, f := range change {
			f(c)
		}
	}))
	return map[string]func() (tfprotov6.ProviderServer, error){
		"vigil": func() (tfprotov6.ProviderServer, error) { return server(), nil },
	}
}

// Settings reach the sandbox as another user of the same account.
func Settings(aws *sandbox.Server) awscfg.Config {
	c := awscfg.Config{Endpoints: make(map[awscfg.Service]string)}
	reach(aws, &c)
	return c
}

// reach sets what the configuration leaves open.
func reach(aws *sandbox.Server, c *awscfg.Config) {
	if c.Region == "" {
		c.Region = Region
	}
	off := true
	c.SkipMetadataAPICheck = &off
	c.AccessKey, c.SecretKey = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	c.SkipCredentialsValidation, c.SkipRequestingAccount = true, true
	// A fault that hangs costs this long.
	c.HeaderTimeout, c.BodyIdleTimeout = time.Second, time.Second
	for _, service := range awscfg.EndpointNames() {
		if c.Endpoints[service] == "" {
			c.Endpoints[service] = aws.URL()
		}
	}
}

// Count tells how often the sandbox was asked for an operation.
func Count(aws *sandbox.Server, operation string) (n int) {
	for _, c := range aws.Calls() {
		if c.Operation == operation {
			n++
		}
	}
	return n
}

func emptyAgain(aws *sandbox.Server) resource.TestCheckFunc {
	before := aws.Resources()
	return func(*terraform.State) error {
		left := slices.DeleteFunc(aws.Resources(), func(r string) bool { return slices.Contains(before, r) })
		if len(left) > 0 {
			return fmt.Errorf("left behind in the sandbox: %s", strings.Join(left, ", "))
		}
		return nil
	}
}

// findTerraform points terraform-plugin-testing at TF_PATH, else at OpenTofu
// where that is all there is; it finds (or downloads) Terraform itself. The
// library takes this from the environment only, once per process.
var findTerraform = sync.OnceFunc(func() {
	cli := os.Getenv("TF_PATH")
	if cli == "" && os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		if _, err := exec.LookPath("terraform"); err != nil {
			cli, _ = exec.LookPath("tofu")
		}
	}
	if cli != "" {
		os.Setenv("TF_ACC_TERRAFORM_PATH", cli)
	}
	if strings.HasPrefix(filepath.Base(os.Getenv("TF_ACC_TERRAFORM_PATH")), "tofu") {
		os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
	}
	// A developer's own mirrors and overrides have no place in a test. And when
	// the file is missing, OpenTofu warns where its version is looked for.
	os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull)
})
