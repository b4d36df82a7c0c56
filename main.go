// The binary in its three roles: Terraform's provider when Terraform starts it,
// the policy engine and its command line otherwise.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/cli"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider"
)

// version is set by the linker for a release.
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	if startedByTerraform() {
		return serve(false)
	}
	if len(os.Args) == 2 && (os.Args[1] == "-debug" || os.Args[1] == "--debug") {
		return serve(true)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A reader that closes its end early (vigil check | head) is an error to
	// report, not a signal to die of.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return cli.Run(ctx, os.Args[1:], cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Now: time.Now, Getenv: os.Getenv, Executable: os.Executable,
		Version: version,
	})
}

// startedByTerraform tells a plugin start from a command that Terraform runs
// in a local-exec: that one inherits the cookie too, but has arguments.
func startedByTerraform() bool {
	return os.Getenv("TF_PLUGIN_MAGIC_COOKIE") != "" && len(os.Args) == 1
}

// serve leaves signals to go-plugin: Ctrl-C in a terminal reaches the provider
// too, and it must live on until Terraform has finished what it is doing.
func serve(debug bool) int {
	if err := provider.Serve(context.Background(), version, debug); err != nil {
		fmt.Fprintln(os.Stderr, "vigil: error: serving the provider:", err)
		return cli.ExitBroken
	}
	return cli.ExitClean
}
