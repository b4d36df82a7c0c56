package fwk

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportRegion takes an "@region" off an import id, as hashicorp/aws does, and
// stores the Region: the one named, else the provider's.
func (r *Resource) ImportRegion(ctx context.Context, id string, resp *resource.ImportStateResponse) string {
	var region string
	if m := regexp.MustCompile(`^(.+)@([a-z]{2}(?:-[a-z]+)+-\d{1,2})$`).FindStringSubmatch(id); m != nil {
		id, region = m[1], m[2]
	} else if s := r.Session(&resp.Diagnostics); s != nil {
		c, err := s.Config(ctx, "")
		if err != nil {
			resp.Diagnostics.Append(Problem("Importing "+r.typeName(), err))
			return id
		}
		region = c.Region
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), region)...)
	return id
}
