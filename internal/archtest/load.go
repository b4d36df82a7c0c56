package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Load reads the imports of every Go file of the module whose root is the
// folder root: one Package per folder, ordered by path. Folders that the go
// command passes over and modules inside the module are left out.
func Load(root string) ([]Package, error) {
	folders := map[string]*imports{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && passedOver(name):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		if folders[folder] == nil {
			folders[folder] = &imports{code: map[string]bool{}, tests: map[string]bool{}}
		}
		return folders[folder].add(name)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the imports of %s: %w", root, err)
	}
	var packages []Package
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		packages = append(packages, folders[folder].of(folder))
	}
	return packages, nil
}

// passedOver follows `go help packages`: names that begin with "." or "_",
// testdata, and folders with a go.mod of their own.
func passedOver(folder string) bool {
	name := filepath.Base(folder)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" {
		return true
	}
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

type imports struct{ code, tests map[string]bool }

func (i *imports) add(file string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	set := i.code
	if strings.HasSuffix(file, "_test.go") {
		set = i.tests
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("%s: import %s: %w", file, spec.Path.Value, err)
		}
		set[imported] = true
	}
	return nil
}

func (i *imports) of(folder string) Package {
	p := Package{
		Path:        filepath.ToSlash(folder),
		Imports:     slices.Sorted(maps.Keys(i.code)),
		TestImports: slices.Sorted(maps.Keys(i.tests)),
	}
	if p.Path == "." {
		p.Path = ""
	}
	return p
}
