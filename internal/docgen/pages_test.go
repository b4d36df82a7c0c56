package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWritePagesRemovesWhatIsGone(t *testing.T) {
	docs := t.TempDir()
	before := pages{"rules/logs/gone.md": "old", "rules/logs/kept.md": "old", "guides/by-hand.md": "by hand"}
	if err := writePages(docs, before); err != nil {
		t.Fatal(err)
	}
	if err := writePages(docs, pages{"rules/logs/kept.md": "new"}, pages{"cli/vigil.md": "help"}); err != nil {
		t.Fatal(err)
	}
	got := pages{}
	err := filepath.WalkDir(docs, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		path, _ := filepath.Rel(docs, file)
		got[filepath.ToSlash(path)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := pages{"rules/logs/kept.md": "new", "cli/vigil.md": "help", "guides/by-hand.md": "by hand"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs (-want +got):\n%s", diff)
	}
}
