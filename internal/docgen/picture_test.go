package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseLine(t *testing.T) {
	const red, yellow = "#ff7b72", "#d29922"
	tests := map[string]struct {
		line string
		now  style
		runs []textRun
		next style
	}{
		"plain":               {line: "a b", runs: []textRun{{"a b", style{}}}},
		"red and back":        {line: "x\x1b[31mno\x1b[0m.", runs: []textRun{{"x", style{}}, {"no", style{colour: red}}, {".", style{}}}},
		"bold and red":        {line: "\x1b[1;31mError", runs: []textRun{{"Error", style{true, red}}}, next: style{true, red}},
		"from the line above": {line: "b\x1b[mc", now: style{colour: yellow}, runs: []textRun{{"b", style{colour: yellow}}, {"c", style{}}}},
		"bold off":            {line: "\x1b[1ma\x1b[22mb", runs: []textRun{{"a", style{bold: true}}, {"b", style{}}}},
		"empty":               {},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			runs, next := parseLine(test.line, test.now)
			if diff := cmp.Diff(test.runs, runs, cmp.AllowUnexported(textRun{}, style{})); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
			if next != test.next {
				t.Errorf("style after the line is %+v, want %+v", next, test.next)
			}
		})
	}
}

func TestPictureIsWellFormedAndHoldsTheText(t *testing.T) {
	svg := picture("$ <plan>", "\x1b[31m╷\x1b[0m\n│ a < b & \"c\"\n")
	var text strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		if data, ok := token.(xml.CharData); ok {
			text.Write(data)
		}
	}
	got := strings.Fields(text.String())
	want := []string{"$", "<plan>", "╷", "│", "a", "<", "b", "&", `"c"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("text of the picture (-want +got):\n%s", diff)
	}
}
