package report

import (
	"fmt"
	"io"
	"strings"
)

// Field is a label with what stands beside it, one line per value.
type Field struct {
	Label string
	Lines []string
}

// WriteFields writes labels in one column and their values in the next, wrapped
// to width; fields without a value are left out.
func WriteFields(w io.Writer, fields []Field, width int) error {
	column := 0
	for _, f := range fields {
		column = max(column, len(f.Label)+2)
	}
	for _, f := range fields {
		label := f.Label
		for _, value := range f.Lines {
			for _, line := range wrap(Printable(value), width-column) {
				if line == "" {
					continue
				}
				if _, err := fmt.Fprintln(w, label+strings.Repeat(" ", column-len(label))+line); err != nil {
					return err
				}
				label = ""
			}
		}
	}
	return nil
}
