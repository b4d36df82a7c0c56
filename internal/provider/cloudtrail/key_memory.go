package cloudtrail

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// keyMemory is where the private state notes which key an alias stood for.
const keyMemory = "kms_key"

// resolvedKey is what AWS made of a kms_key_id. CloudTrail resolves an alias
// when it is set and reports the key's ARN from then on; without this note
// every plan would want to change the ARN back to the alias.
type resolvedKey struct {
	Said string `json:"said"`
	ARN  string `json:"arn"`
}

// privateSetter and privateGetter are the framework's private state, whose
// type it keeps internal.
type privateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

type privateGetter interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

func rememberKey(ctx context.Context, private privateSetter, said types.String, arn *string) diag.Diagnostics {
	note, _ := json.Marshal(resolvedKey{Said: said.ValueString(), ARN: aws.ToString(arn)}) // two strings: no error is possible
	return private.SetKey(ctx, keyMemory, note)
}

// rememberedKey gives the ARN that AWS made of the kms_key_id in the state;
// empty where that was never set from here.
func rememberedKey(ctx context.Context, private privateGetter, said types.String, diags *diag.Diagnostics) string {
	raw, d := private.GetKey(ctx, keyMemory)
	diags.Append(d...)
	var note resolvedKey
	if len(raw) == 0 || json.Unmarshal(raw, &note) != nil || note.Said != said.ValueString() {
		return ""
	}
	return note.ARN
}
