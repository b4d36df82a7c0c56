// Package examples embeds what `vigil demo` plays with, so that a released
// binary can tell the story without the repository.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed demo ci
var files embed.FS

// FS gives the folders demo and ci.
func FS() fs.FS { return files }
