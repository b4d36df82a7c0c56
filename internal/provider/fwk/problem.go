package fwk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Problem says what failed in the words AWS used, followed by advice where
// there is any. The summary is verb, thing and name: `Reading CloudWatch log
// group "audit"`.
func Problem(summary string, err error, advice ...string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, detail(err, advice))
}

// Unfinished says that a resource exists, but that a later step of making it
// failed. It is a warning, because Terraform would replace a new resource
// whose creation ended with an error: for an audit trail or a log group that
// means lost records. The next plan sees what is missing, and the next apply
// does it.
func Unfinished(thing string, err error, advice ...string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(thing+" exists, but is not finished",
		detail(err, append(advice, "It was created and saved, and will not be replaced. Run terraform apply again: the next plan shows what is still missing.")))
}

func detail(err error, advice []string) string {
	parts := []string{err.Error()}
	for _, a := range advice {
		if a != "" {
			parts = append(parts, a)
		}
	}
	var api smithy.APIError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		parts = append(parts, "The operation took longer than it may; the `timeouts` block of the resource sets the limit.")
	case errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "LimitExceeded"):
		parts = append(parts, "A quota of the account is used up, so sending the request again cannot help. Service Quotas in the AWS console shows it, and raises it where AWS allows.")
	}
	return strings.Join(parts, "\n\n")
}

// ImportAdvice tells how to take over something that exists.
func ImportAdvice(resourceType, id string) string {
	return fmt.Sprintf("To manage the one that exists, import it:\n\n  terraform import %[1]s.NAME '%[2]s'\n\nor, in the configuration:\n\n  import {\n    to = %[1]s.NAME\n    id = %[2]q\n  }", resourceType, id)
}
