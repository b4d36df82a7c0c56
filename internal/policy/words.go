package policy

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// words gives path and message of a violation: the rule's own details where it
// has some and they rest on known values only, else what the metadata says.
func (e evaluation) words(ctx context.Context, rule *compiledRule, known facts) (string, string) {
	fallback := fmt.Sprintf("%s does not satisfy: %s", nameOf(known.record.item), rule.Title)
	if rule.details == nil {
		return "", fallback
	}
	if !e.strict {
		if supposed, _, err := known.assume(rule.details.reads); err == nil {
			known = supposed
		}
	}
	if len(known.touching(rule.details.reads)) > 0 || known.hides(rule.details.reads) {
		return "", fallback
	}
	var value any
	err := e.guard.ask(ctx, func(ctx context.Context) (err error) {
		value, err = rule.details.ask(ctx, known.input)
		return err
	})
	if err != nil {
		// The violation is proven; only its words are missing.
		return "", fmt.Sprintf("%s (its details could not be evaluated: %v)", fallback, err)
	}
	listed := detailsOf(value)
	if len(listed) == 0 {
		return "", fallback
	}
	messages := make([]string, len(listed))
	for i, d := range listed {
		messages[i] = d.message
	}
	return listed[0].path, strings.Join(messages, "; ")
}

// hides says that words that rest on these reads could show a secret.
func (f facts) hides(reads []read) bool {
	return slices.ContainsFunc(reads, func(r read) bool {
		if f.record.hides(r.path) {
			return true
		}
		for typ, related := range f.related {
			for i, other := range related {
				for _, secret := range other.secrets {
					if r.path.overlaps(slices.Concat(path{relatedKey, typ, i}, secret)) {
						return true
					}
				}
			}
		}
		return false
	})
}

type detail struct{ path, message string }

func detailsOf(value any) []detail {
	list, _ := value.([]any)
	var found []detail
	for _, entry := range list {
		object, _ := entry.(map[string]any)
		at, _ := object["path"].(string)
		message, _ := object["message"].(string)
		if message != "" {
			found = append(found, detail{path: at, message: message})
		}
	}
	sort.Slice(found, func(i, j int) bool {
		if found[i].path != found[j].path {
			return found[i].path < found[j].path
		}
		return found[i].message < found[j].message
	})
	return found
}

// openWords says what a verdict waits for.
func openWords(rule *compiledRule, waits []finding.UnknownPath) string {
	parts := make([]string, len(waits))
	for i, w := range waits {
		parts[i] = fmt.Sprintf("%s waits for %s", w.Path, w.WaitsFor)
	}
	return fmt.Sprintf("not decided yet whether %s: %s", lowerFirst(rule.Title), strings.Join(parts, ", "))
}

// lowerFirst lets a title stand inside a sentence, but leaves names such as
// CloudTrail or KMS as they are.
func lowerFirst(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	if first == "" || strings.ToLower(first[1:]) != first[1:] {
		return text
	}
	return strings.TrimSpace(strings.ToLower(first) + " " + rest)
}
