package fwk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Moved says which resource of hashicorp/aws can become this one by a `moved`
// block (Terraform 1.8, OpenTofu 1.7), and which of its attributes are needed
// to read it again: as after an import, reading fills in the rest.
type Moved struct {
	From  string   // "aws_cloudwatch_log_group"
	Keeps []string // texts of the same name here: "name"
}

// MoveState takes over the state of a resource of hashicorp/aws:
//
//	moved {
//	  from = aws_cloudwatch_log_group.trail
//	  to   = vigil_log_group.trail
//	}
func (r *Resource) MoveState(context.Context) []resource.StateMover {
	if r.Moved.From == "" {
		return nil
	}
	return []resource.StateMover{{StateMover: r.move}}
}

func (r *Resource) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	// The address says the registry too: OpenTofu's, or a mirror's.
	if req.SourceTypeName != r.Moved.From || !strings.HasSuffix(req.SourceProviderAddress, "/hashicorp/aws") {
		return // the framework says that nothing fits
	}
	var old map[string]any
	if err := json.Unmarshal(req.SourceRawState.JSON, &old); err != nil {
		resp.Diagnostics.AddError(fmt.Sprintf("Moving %s to %s", r.Moved.From, r.typeName()), "reading its state: "+err.Error())
		return
	}
	for _, name := range r.Moved.Keeps {
		if v, ok := old[name].(string); ok {
			resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), v)...)
		}
	}
	if region := regionOf(old); region != "" {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("region"), region)...)
	}
}

// regionOf takes the Region from the ARN, else from the attribute that
// hashicorp/aws has since version 6 (of a trail, the ARN has the home Region).
// Without either, the provider's Region counts.
func regionOf(old map[string]any) string {
	text, _ := old["arn"].(string)
	if a, err := arn.Parse(text); err == nil && a.Region != "" {
		return a.Region
	}
	region, _ := old["region"].(string)
	return region
}
