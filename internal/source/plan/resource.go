package plan

import (
	"encoding/json"
	"fmt"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// Resource is one planned Terraform resource, as a provider sees it while
// Terraform plans. Values and Unknown are after and after_unknown of plan
// JSON: plain JSON values, and true in the place of each unknown one.
type Resource struct {
	Type    string         // "vigil_trail"
	Address string         // as far as known; a provider is not told
	Action  string         // create, update, replace or no-op
	Values  map[string]any // numbers may be json.Number or any Go number
	Unknown map[string]any
}

// Items returns the items that one resource is. A type that no kind covers,
// and a companion of another resource, gives none. Values that do not fit the
// type's schema are an *Error.
func Items(r Resource) ([]*item.Item, error) {
	values, err := r.merged()
	if err != nil {
		return nil, &Error{Fault: ErrWrongType, Offset: -1, Detail: r.Type, Cause: err}
	}
	a := &assembler{mappings: newMappings(), source: item.Plan}
	if err := a.add(&resource{address: r.Address, typ: r.Type, action: r.Action, values: values}); err != nil {
		return nil, err
	}
	var items []*item.Item
	for _, d := range a.drafts {
		items = append(items, d.item(item.Plan))
	}
	return items, nil
}

// merged brings the values into the form that decoding plan JSON gives.
func (r Resource) merged() (*value, error) {
	var decoded [2]any
	for n, m := range []map[string]any{r.Values, r.Unknown} {
		raw, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("encoding its values: %w", err)
		}
		if decoded[n], err = decode(raw); err != nil {
			return nil, err
		}
	}
	return merge(decoded[0], decoded[1], nil)
}
