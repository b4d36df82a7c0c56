package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
)

// choose applies Options.Rules and Options.Skip.
func choose(rules []Rule, opts Options) ([]Rule, error) {
	var faults []error
	for _, id := range slices.Concat(opts.Rules, opts.Skip) {
		if !slices.ContainsFunc(rules, func(r Rule) bool { return r.ID == id }) {
			faults = append(faults, fmt.Errorf("there is no rule %q", id))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rules, func(r Rule) bool {
		return slices.Contains(opts.Skip, r.ID) || len(opts.Rules) > 0 && !slices.Contains(opts.Rules, r.ID)
	}), nil
}

// framework says which rules speak for which control. A file under controls/
// holds one, below its id, so that OPA merges the files without conflict.
type framework struct {
	Title    string              `json:"title"`
	Controls map[string][]string `json:"controls"`
}

// addControls gives each rule the ids of the controls it speaks for, such as
// "cis-aws-7.0/4.2", sorted.
func addControls(bundle fs.FS, rules []Rule) error {
	frameworks, err := readFrameworks(bundle)
	if err != nil {
		return err
	}
	for i := range rules {
		for id, f := range frameworks {
			for control, ids := range f.Controls {
				if slices.Contains(ids, rules[i].ID) {
					rules[i].Controls = append(rules[i].Controls, id+"/"+control)
				}
			}
		}
		sort.Strings(rules[i].Controls)
	}
	return nil
}

func readFrameworks(bundle fs.FS) (map[string]framework, error) {
	names, err := fs.Glob(bundle, "controls/*.json")
	if err != nil {
		return nil, err
	}
	frameworks := map[string]framework{}
	for _, name := range names {
		text, err := fs.ReadFile(bundle, name)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &frameworks); err != nil {
			return nil, fmt.Errorf("decoding %s: %w", name, err)
		}
	}
	return frameworks, nil
}
