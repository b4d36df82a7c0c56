package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider"
)

const providerName = "vigil"

// writeRegistryPages lets tfplugindocs write docs/index.md, docs/resources and
// docs/guides from the provider's schema, examples/ and templates/.
func writeRegistryPages(ctx context.Context, root, tfplugindocs string) error {
	schemas, err := providerSchemas(ctx, provider.New("dev"))
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(schemas, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the provider's schema: %w", err)
	}
	folder, err := os.MkdirTemp("", "vigil-docgen-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "schema.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, tfplugindocs, "generate",
		"--provider-dir", root, "--provider-name", "terraform-provider-"+providerName,
		"--rendered-provider-name", "Vigil", "--providers-schema", file)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running tfplugindocs: %w\n%s", err, out)
	}
	return nil
}
