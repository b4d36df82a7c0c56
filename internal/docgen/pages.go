package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pages maps a path below docs/, with slashes, to the text of the page.
type pages map[string]string

// generated are the folders below docs/ that hold nothing but our pages.
func generated() []string { return []string{"rules", "cli", "images"} }

// writePages makes docs hold exactly these pages: a page whose rule or command
// is gone goes too.
func writePages(docs string, sets ...pages) error {
	all := pages{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	for _, folder := range generated() {
		if err := os.RemoveAll(filepath.Join(docs, folder)); err != nil {
			return fmt.Errorf("removing the pages of docs/%s: %w", folder, err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		file := filepath.Join(docs, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("writing page %s: %w", path, err)
		}
		if err := os.WriteFile(file, []byte(all[path]), 0o644); err != nil {
			return fmt.Errorf("writing page %s: %w", path, err)
		}
	}
	return nil
}

// header is the front matter that the registry reads.
func header(title, category, description string) string {
	return fmt.Sprintf("---\npage_title: %q\nsubcategory: %q\ndescription: |-\n  %s\n---\n\n",
		title, category, strings.ReplaceAll(strings.TrimSpace(description), "\n", "\n  "))
}

// cell is text for a cell of a table, on one line.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
