package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// output is one -o FORMAT=PATH.
type output struct {
	format report.Format
	path   string
}

func parseOutput(s string) (output, error) {
	name, path, ok := strings.Cut(s, "=")
	if !ok || path == "" {
		return output{}, fmt.Errorf("-o %s: a format and a path are asked for, as in -o sarif=vigil.sarif", s)
	}
	format, err := report.Lookup(name)
	if err != nil {
		return output{}, fmt.Errorf("-o %s: %w", s, err)
	}
	if path == "-" {
		return output{}, fmt.Errorf("-o %s: --format %s writes to standard output", s, name)
	}
	return output{format, path}, nil
}

// writeFile writes a file in one step: whoever looks sees the old file or the
// whole new one, also when the disk is full or we are interrupted. A device or
// a pipe has no such step and is written as it is.
func writeFile(path string, write func(io.Writer) error) error {
	path = resolved(path)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeDevice(path, write)
	}
	part := fmt.Sprintf("%s.%s.part", path, rand.Text()[:8])
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // less the umask
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	err = errors.Join(write(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(part))
	}
	return nil
}

// resolved follows symbolic links, so that a rename replaces the file and not
// the link to it.
func resolved(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return path
}

func writeDevice(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// cause drops the operation and the path of our own making from an error.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
