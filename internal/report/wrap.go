package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// wrap breaks text into lines of at most width terminal columns, at blanks. A
// word that is wider has a line of its own and is left whole: an address must
// survive being copied. Width 0 or less leaves the text on one line.
func wrap(text string, width int) []string {
	if width <= 0 || runewidth.StringWidth(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case runewidth.StringWidth(line)+1+runewidth.StringWidth(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
