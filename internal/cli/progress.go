package cli

import (
	"fmt"
)

// progress shows on a terminal what is being done, on a line that the next one
// replaces; done clears it. Elsewhere, and in CI systems, which set CI, there
// is none.
type progress struct {
	env   Env
	shown bool
}

func (p *progress) show(format string, args ...any) {
	if !p.env.screenOf(p.env.Stderr, nil).terminal || p.env.Getenv("TERM") == "dumb" || p.env.Getenv("CI") != "" {
		return
	}
	p.shown = true
	fmt.Fprintf(p.env.Stderr, ansiClearLine+format+" ...", args...)
}

func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.env.Stderr, ansiClearLine)
	}
	p.shown = false
}

// ansiClearLine goes to the first column and empties the line (ECMA-48 EL).
const ansiClearLine = "\r\x1b[K"
