package report

import (
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// The ANSI codes (ECMA-48 SGR) that the table uses. Colour never says what the
// words beside it do not.
const (
	ansiReset  = "\x1b[0m"
	ansiBold   = "\x1b[1m"
	ansiRed    = "\x1b[31m"
	ansiYellow = "\x1b[33m"
	ansiCyan   = "\x1b[36m"
)

func (t *table) paint(code, s string) string {
	if !t.color {
		return s
	}
	return code + s + ansiReset
}

func (t *table) bold(s string) string { return t.paint(ansiBold, s) }

func (t *table) severity(s finding.Severity) string {
	code := map[finding.Severity]string{
		finding.Critical: ansiBold + ansiRed,
		finding.High:     ansiRed,
		finding.Medium:   ansiYellow,
		finding.Low:      ansiCyan,
	}[s]
	return t.paint(code, string(s))
}

// codes are the colour codes that a text made by bold begins and ends with, so
// that each of its wrapped lines can have them.
func (t *table) codes(s string) (start, end string) {
	if t.color && strings.HasPrefix(s, ansiBold) {
		return ansiBold, ansiReset
	}
	return "", ""
}

// visibleWidth is the number of columns a label takes, colours aside.
func visibleWidth(s string) int {
	for _, code := range []string{ansiReset, ansiBold, ansiRed, ansiYellow, ansiCyan} {
		s = strings.ReplaceAll(s, code, "")
	}
	return runewidth.StringWidth(s)
}
