package main

import (
	_ "embed" // for what a terminal showed
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The picture's measures, in CSS pixels. 0.6 em is the width of a letter in
// the usual monospace fonts; each run of text is stretched to it, so that boxes
// stay closed in a font that is wider.
const (
	fontSize   = 14
	letter     = 8.4
	lineHeight = 19
	margin     = 18
	titleBar   = 34

	nbsp = "\u00a0" // ordinary spaces are run together
)

// blockedPlan is what `vigil demo` showed in its second step on a terminal of
// 84 columns.
//
//go:embed testdata/blocked-plan.ansi
var blockedPlan string

// pictures gives the pictures of the README.
func pictures() pages {
	return pages{"images/blocked-plan.svg": picture("vigil demo", blockedPlan)}
}

// style is what the SGR parameters of ECMA-48 8.3.117 have switched on.
type style struct {
	bold   bool
	colour string // CSS color; "" is the default
}

// textRun is text in one style.
type textRun struct {
	text  string
	style style
}

// picture draws captured terminal output as an SVG of a terminal window. Its
// text can be selected and read by a screen reader.
func picture(title, captured string) string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(captured, "\r", ""), "\n"), "\n")
	columns := utf8.RuneCountInString(title)
	var body strings.Builder
	now := style{}
	for i, line := range lines {
		var runs []textRun
		runs, now = parseLine(line, now)
		columns = max(columns, writeLine(&body, runs, titleBar+margin+i*lineHeight))
	}
	width, height := int(letter*float64(columns))+2*margin, titleBar+margin+len(lines)*lineHeight
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" aria-label="%[3]s">
<rect width="%[1]d" height="%[2]d" rx="8" fill="#0d1117"/>
<path d="M8 0H%[4]da8 8 0 0 1 8 8V%[5]dH0V8a8 8 0 0 1 8-8z" fill="#21262d"/>
<circle cx="20" cy="17" r="6" fill="#ff5f57"/><circle cx="40" cy="17" r="6" fill="#febc2e"/><circle cx="60" cy="17" r="6" fill="#28c840"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="%[6]d" fill="#e6edf3">
<text x="84" y="22" fill="#9198a1">%[3]s</text>
%[7]s</g>
</svg>
`, width, height, escape(title), width-8, titleBar, fontSize, body.String())
}

// writeLine returns the width of the line in letters.
func writeLine(b *strings.Builder, runs []textRun, y int) int {
	column := 0
	for _, r := range runs {
		length := utf8.RuneCountInString(r.text)
		if strings.TrimSpace(r.text) != "" {
			fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>`+"\n",
				margin+letter*float64(column), y, letter*float64(length), r.style.attributes(), escape(strings.ReplaceAll(r.text, " ", nbsp)))
		}
		column += length
	}
	return column
}

func (s style) attributes() string {
	var b strings.Builder
	if s.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if s.colour != "" {
		fmt.Fprintf(&b, ` fill="%s"`, s.colour)
	}
	return b.String()
}

// parseLine cuts a line at its SGR sequences, starting in the style that the
// line before left behind.
func parseLine(line string, now style) ([]textRun, style) {
	sequence := regexp.MustCompile("\x1b\\[([0-9;]*)m")
	var runs []textRun
	at := 0
	for _, m := range sequence.FindAllStringSubmatchIndex(line, -1) {
		runs = appendRun(runs, line[at:m[0]], now)
		now = now.after(line[m[2]:m[3]])
		at = m[1]
	}
	return appendRun(runs, line[at:], now), now
}

func appendRun(runs []textRun, text string, s style) []textRun {
	if text == "" {
		return runs
	}
	return append(runs, textRun{text, s})
}

func (s style) after(parameters string) style {
	for parameter := range strings.SplitSeq(parameters, ";") {
		switch parameter {
		case "", "0":
			s = style{}
		case "1":
			s.bold = true
		case "22":
			s.bold = false
		case "2", "90":
			s.colour = "#9198a1"
		case "31", "91":
			s.colour = "#ff7b72"
		case "32", "92":
			s.colour = "#3fb950"
		case "33", "93":
			s.colour = "#d29922"
		case "34", "94":
			s.colour = "#79c0ff"
		case "35", "95":
			s.colour = "#d2a8ff"
		case "36", "96":
			s.colour = "#56d4dd"
		case "39":
			s.colour = ""
		}
	}
	return s
}

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return "" // a strings.Builder does not fail
	}
	return b.String()
}
