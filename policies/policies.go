// Package policies embeds the rule bundle that ships with Vigil.
//
//	lib/                       shared Rego, packages lib.<name>
//	rules/<service>/<rule>/    <rule>.rego and <rule>_test.rego
//	controls/<framework>.json  control id -> rule ids; data only
//
// The folder of a rule is its package, its public id and its documentation
// page: rules/cloudtrail/log_file_validation holds package
// rules.cloudtrail.log_file_validation, id cloudtrail/log_file_validation.
package policies

import (
	"embed"
	"io/fs"
)

//go:embed lib rules controls
var bundle embed.FS

// FS gives the bundle as a read-only file system rooted at policies/.
func FS() fs.FS { return bundle }
