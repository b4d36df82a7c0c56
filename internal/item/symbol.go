package item

// Symbol stands for the value that an attribute of a planned resource will
// have. Equal symbols have equal values; of attributes that always agree
// (a bucket's id and bucket) only one is used.
type Symbol struct {
	Address   string // "module.audit.aws_kms_key.this[0]"
	Attribute string // "arn"
}

// String writes the symbol as Terraform writes the reference.
func (s Symbol) String() string { return s.Address + "." + s.Attribute }

// IdentityTable tells which attributes of Terraform types identify an item.
type IdentityTable map[attributeOf]string

type attributeOf struct{ terraformType, attribute string }

// Identities makes the table of all kinds, and of what else a flow log can be of.
func Identities() IdentityTable {
	table := IdentityTable{}
	for _, k := range Kinds() {
		for _, r := range k.Terraform {
			for _, attribute := range r.Identity {
				table[attributeOf{r.Type, attribute}] = k.Type
			}
		}
	}
	for terraformType, kind := range flowLogged() {
		table[attributeOf{terraformType, "id"}] = kind
	}
	return table
}

// KindOf is the kind of item ("AWS::KMS::Key") that the symbol's attribute
// identifies one of, empty for an attribute that may hold anything: only of
// two symbols of resources of one kind can it be said that they will differ.
func (t IdentityTable) KindOf(s Symbol) string {
	parts := SplitAddress(s.Address)
	if len(parts) < 2 {
		return ""
	}
	return t[attributeOf{parts[len(parts)-2], s.Attribute}]
}

// SplitAddress splits a Terraform address at its dots; dots within an instance
// key, which is a quoted string, do not count.
func SplitAddress(address string) []string {
	var parts []string
	start, quoted := 0, false
	for n := 0; n < len(address); n++ {
		switch c := address[n]; {
		case quoted && c == '\\':
			n++
		case c == '"':
			quoted = !quoted
		case c == '.' && !quoted:
			parts = append(parts, address[start:n])
			start = n + 1
		}
	}
	return append(parts, address[start:])
}
