package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vigil-audit/terraform-provider-vigil/internal/cli"
)

// commandPages gives a page per command and the list of all.
func commandPages() pages {
	root := cli.NewRootCommand(cli.Env{})
	root.InitDefaultCompletionCmd()
	all := pages{}
	var list strings.Builder
	list.WriteString(header("Command line", "", "Every command of vigil."))
	list.WriteString("# Command line\n\n| command | |\n| --- | --- |\n")
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Hidden || c.Name() == "help" {
			return
		}
		name := strings.ReplaceAll(c.CommandPath(), " ", "_")
		all["cli/"+name+".md"] = commandPage(c)
		fmt.Fprintf(&list, "| [`%s`](../cli/%s.md) | %s |\n", c.CommandPath(), name, cell(c.Short))
		for _, child := range c.Commands() {
			walk(child)
		}
	}
	walk(root)
	all["guides/cli.md"] = list.String()
	return all
}

// commandPage shows the help as the terminal does: it is laid out by hand.
func commandPage(c *cobra.Command) string {
	var b strings.Builder
	b.WriteString(header(c.CommandPath(), "Command line", c.Short))
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n", c.CommandPath(), strings.TrimSuffix(c.Short, "."))
	fence(&b, "Usage", c.UseLine())
	fence(&b, "Description", strings.TrimSpace(c.Long))
	fence(&b, "Example", strings.Trim(c.Example, "\n"))
	fence(&b, "Flags", strings.TrimRight(c.NonInheritedFlags().FlagUsages(), "\n"))
	fence(&b, "Flags of every command", strings.TrimRight(c.InheritedFlags().FlagUsages(), "\n"))
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func fence(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "## %s\n\n```text\n%s\n```\n\n", title, text)
	}
}
