// Docgen writes the documentation that follows from the code:
//
//	docs/index.md, docs/resources    by tfplugindocs, from the provider's schema
//	docs/rules, docs/guides/rules.md from the metadata of the rules
//	docs/cli, docs/guides/cli.md     from the help of the commands
//	docs/images                      from what a terminal showed
//
// It is run by `make generate`. What it writes depends on the source alone, so
// a second run changes nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "docgen: error: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("docgen", flag.ContinueOnError)
	root := flags.String("root", ".", "the repository")
	tfplugindocs := flags.String("tfplugindocs", "", "the tfplugindocs binary; empty leaves the registry pages as they are")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// First, because tfplugindocs empties docs/guides.
	if *tfplugindocs != "" {
		if err := writeRegistryPages(ctx, *root, *tfplugindocs); err != nil {
			return err
		}
	}
	rules, err := rulePages(ctx)
	if err != nil {
		return err
	}
	return writePages(filepath.Join(*root, "docs"), rules, commandPages(), pictures())
}
