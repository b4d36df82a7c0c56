package cli

import (
	"context"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

type sandboxOptions struct {
	address     string
	landingZone bool
}

func newSandboxCommand(env Env) *cobra.Command {
	var opts sandboxOptions
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve an AWS account in memory, for trying things out",
		Long: `Serve an AWS account in memory until Ctrl-C: CloudTrail, CloudWatch, CloudWatch
Logs, Config and what they need around them (S3, SNS, IAM, KMS, EC2, STS). It
validates as AWS does and answers with AWS's error codes. Terraform, the AWS CLI
and the SDKs talk to it unchanged.

The variables to set are written to standard output, requests that the sandbox
does not know to standard error.

  vigil sandbox --landing-zone > sandbox.env &
  . ./sandbox.env && aws cloudtrail describe-trails

The keys are made up and not checked, so keep it on the loopback interface.

EXIT STATUS
  0    stopped with Ctrl-C or SIGTERM, which is how it ends
  1    it could not start`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runSandbox(cmd.Context(), opts, env) },
	}
	cmd.Flags().StringVar(&opts.address, "addr", "127.0.0.1:0", "the `ADDRESS` to listen on; port 0 takes any free one")
	cmd.Flags().BoolVar(&opts.landingZone, "landing-zone", false, "begin with buckets, roles, a key and a topic, as a landing zone leaves them")
	return cmd
}

func runSandbox(ctx context.Context, opts sandboxOptions, env Env) error {
	options := []sandbox.Option{sandbox.WithLog(env.Stderr), sandbox.WithClock(env.Now)}
	if opts.landingZone {
		options = append(options, sandbox.WithLandingZone())
	}
	aws := sandbox.New(options...)
	if err := aws.Listen(opts.address); err != nil {
		return fmt.Errorf("starting the sandbox: %w", err)
	}
	defer aws.Close()
	if !loopback(opts.address) {
		env.tell("warning: whoever reaches %s can read and change this sandbox", opts.address)
	}
	for _, v := range sandboxVariables(aws, opts.landingZone) {
		if _, err := fmt.Fprintf(env.Stdout, "export %s=%s\n", v.name, shellQuote(v.value)); err != nil {
			return fmt.Errorf("writing the variables: %w", err)
		}
	}
	env.tell("sandbox at %s, account %s; Ctrl-C ends it", aws.URL(), aws.Account())
	<-ctx.Done()
	return nil
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
