package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

type versionOptions struct {
	json bool
}

func newVersionCommand(env Env) *cobra.Command {
	var opts versionOptions
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long: `Print the version of this binary and what it was built from.

  vigil version --json | jq -r .version
` + exitStatus,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runVersion(opts, env) },
	}
	cmd.Flags().BoolVar(&opts.json, "json", false, "as one JSON object")
	return cmd
}

// build says what the binary was built from. Commit is empty where Go did not
// know a repository.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Dirty   bool   `json:"dirty,omitempty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func runVersion(opts versionOptions, env Env) error {
	b := buildOf(env.Version)
	if opts.json {
		enc := json.NewEncoder(env.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(b)
	}
	_, err := fmt.Fprintf(env.Stdout, "vigil %s (%s, %s/%s)\n", b.Version, b.Go, b.OS, b.Arch)
	return err
}

func buildOf(version string) build {
	b := build{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Dirty = s.Value == "true"
		}
	}
	return b
}
