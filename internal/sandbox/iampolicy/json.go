package iampolicy

import (
	"bytes"
	"encoding/json"
	"sort"
)

// decodeObject reads one JSON object and refuses duplicate names, which
// encoding/json would let through and AWS does not.
func decodeObject(data []byte, what string) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	start, err := decoder.Token()
	if err != nil {
		return nil, &SyntaxError{Reason: "This policy contains invalid Json", Err: err}
	}
	if start != json.Delim('{') {
		return nil, syntaxErrorf("%s must be a JSON object", what)
	}
	members := map[string]json.RawMessage{}
	for decoder.More() {
		name, value, err := decodeMember(decoder)
		if err != nil {
			return nil, &SyntaxError{Reason: "This policy contains invalid Json", Err: err}
		}
		if _, duplicate := members[name]; duplicate {
			return nil, syntaxErrorf("Duplicate element %s in %s", name, what)
		}
		members[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, &SyntaxError{Reason: "This policy contains invalid Json", Err: err}
	}
	if err := decodeEnd(decoder); err != nil {
		return nil, &SyntaxError{Reason: "This policy contains invalid Json", Err: err}
	}
	return members, nil
}

func decodeMember(decoder *json.Decoder) (string, json.RawMessage, error) {
	token, err := decoder.Token()
	if err != nil {
		return "", nil, err
	}
	var value json.RawMessage
	if err := decoder.Decode(&value); err != nil {
		return "", nil, err
	}
	name, _ := token.(string) // a name: the decoder allows nothing else here
	return name, value, nil
}

func decodeString(value json.RawMessage, name string) (string, error) {
	var text *string
	if err := json.Unmarshal(value, &text); err != nil || text == nil {
		return "", syntaxErrorf("%s must be a string", name)
	}
	return *text, nil
}

// decodeStrings reads a scalar or a list of scalars. Condition values may be
// written as JSON booleans and numbers: they mean their text.
func decodeStrings(value json.RawMessage, name string) ([]string, error) {
	raw := []json.RawMessage{value}
	if firstByte(value) == '[' {
		if err := json.Unmarshal(value, &raw); err != nil {
			return nil, &SyntaxError{Reason: name + " is not valid", Err: err}
		}
	}
	texts := make([]string, 0, len(raw))
	for _, one := range raw {
		switch c := firstByte(one); {
		case c == '"':
			text, err := decodeString(one, name)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		case name == "Condition" && c != '{' && c != '[' && c != 'n':
			texts = append(texts, string(bytes.TrimSpace(one)))
		default:
			return nil, syntaxErrorf("%s must be a string or a list of strings", name)
		}
	}
	return texts, nil
}

func firstByte(value json.RawMessage) byte {
	if trimmed := bytes.TrimSpace(value); len(trimmed) > 0 {
		return trimmed[0]
	}
	return 0
}

func sortedKeys(members map[string]json.RawMessage) []string {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
