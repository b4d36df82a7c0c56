package cli

import (
	"github.com/spf13/cobra"
)

func newRulesCommand(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, describe and test rules",
		Long: `List, describe and test rules: those that ship with vigil and your own.

  vigil rules list
  vigil rules show cloudtrail/log_file_validation
  vigil rules test ./policies`,
		Args: noSuchCommand,
		RunE: showHelp,
	}
	cmd.AddCommand(newRulesListCommand(env), newRulesShowCommand(env), newRulesTestCommand(env))
	return cmd
}
