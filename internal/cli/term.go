package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// Words for people go to standard error and begin with "vigil:". An error says
// what could not be done, in lower case and without a full stop; a hint says
// what to do about it, and is there only where we know.

const noColorFlag = "no-color"

// exitStatus is the end of the help of commands that only do or do not work.
const exitStatus = `
EXIT STATUS
  0    done
  1    it could not be done, and standard error says why
  130  interrupted`

// hinted is an error with advice for whoever reads it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

func withHint(err error, hint string) error { return hinted{err, hint} }

func usageError(cmd *cobra.Command, err error) error {
	return withHint(err, fmt.Sprintf("`%s --help` lists the flags", cmd.CommandPath()))
}

// complain tells of an error and of the hint that is nearest to its cause.
func (e Env) complain(command *cobra.Command, err error) {
	for i, line := range strings.Split(strings.TrimSpace(err.Error()), "\n") {
		lead := "error: "
		if i > 0 {
			lead = "  "
		}
		e.tell("%s%s", e.mark(command, ansiRed, lead), report.Printable(strings.ReplaceAll(line, "\t", "    ")))
	}
	var h hinted
	if errors.As(err, &h) {
		e.tell("%s%s", e.mark(command, ansiCyan, "hint: "), h.hint)
	}
}

// tell writes one line for people.
func (e Env) tell(format string, args ...any) {
	fmt.Fprintf(e.Stderr, "vigil: "+format+"\n", args...)
}

// The ANSI codes (ECMA-48 SGR) of messages.
const (
	ansiReset  = "\x1b[0m"
	ansiBold   = "\x1b[1m"
	ansiRed    = "\x1b[31m"
	ansiGreen  = "\x1b[32m"
	ansiYellow = "\x1b[33m"
	ansiCyan   = "\x1b[36m"
)

func (e Env) mark(command *cobra.Command, code, s string) string {
	if !e.screenOf(e.Stderr, command).color {
		return s
	}
	return code + s + ansiReset
}

// screen is what a writer can show.
type screen struct {
	terminal bool
	color    bool
	width    int // columns; 0 where lines need no wrapping
}

// screenOf looks at where a writer leads. Colours follow https://no-color.org
// (any value of NO_COLOR forbids them) and https://bixense.com/clicolors
// (CLICOLOR_FORCE asks for them without a terminal); COLUMNS sets a width where
// no terminal does.
func (e Env) screenOf(w io.Writer, command *cobra.Command) screen {
	var s screen
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		s.terminal = true
		s.width, _, _ = term.GetSize(int(file.Fd())) // an unknown width is no width
	}
	if s.width == 0 {
		s.width, _ = strconv.Atoi(e.Getenv("COLUMNS")) // neither is a COLUMNS that is no number
	}
	s.color = e.wantsColor(s.terminal) && !noColor(command)
	return s
}

func (e Env) wantsColor(terminal bool) bool {
	switch {
	case e.Getenv("NO_COLOR") != "":
		return false
	case cmp.Or(e.Getenv("CLICOLOR_FORCE"), "0") != "0":
		return true
	}
	return terminal && e.Getenv("TERM") != "dumb"
}

func noColor(command *cobra.Command) bool {
	if command == nil {
		return false
	}
	off, err := command.Flags().GetBool(noColorFlag)
	return err == nil && off
}

// tellSkipped lists what a source holds and no rule knows, the most first.
func (e Env) tellSkipped(set *item.Set) {
	types := slices.SortedFunc(maps.Keys(set.Skipped), func(a, b string) int {
		return cmp.Or(cmp.Compare(set.Skipped[b], set.Skipped[a]), cmp.Compare(a, b))
	})
	for _, t := range types {
		e.tell("skipped %d x %s: no rule is about it", set.Skipped[t], report.Printable(t))
	}
}
