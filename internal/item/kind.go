package item

// Kind is one type of configuration item: the shape of its JSON and the
// Terraform types that become it.
//
// The mapping is data: struct tags of the shape name the attribute behind
// each field. A [Resource] says which tag keys hold for a Terraform type, and
// a tag reads
//
//	aws:"kms_key_id"                          the attribute of that name
//	aws:"rule.status"                         of a block; a list of one block is looked through
//	aws:"."                                   the fields of this struct are on the same level
//	aws:"vpc_id|subnet_id"                    the first of them that is set
//	aws:"policy,json"                         text that holds JSON, parsed
//	aws:"arn,trim=:*"                         without that suffix
//	aws:"retention_in_days,zero"              0 means unset
//	aws:"pattern,keep"                        an empty string is a value
//	aws:"default_value,number"                a number that Terraform holds as text
//	aws:"enabled,word=true:Enabled"           another word for the same thing
//	aws:"dimensions,pairs"                    a map, as a list of {name, value}
//	cc:"tags,map"                             a list of {key, value}, as a map
//	aws:"permissions,first"                   the first element of a list
//	sub:".,list"                              the struct itself, as the one element of a list
//	aws:"policy,configured"                   unset unless the configuration sets it: the provider
//	                                          only reads back what other resources manage
//	aws:"store_id,const=AWS_CLOUDHSM"         that word where the attribute is set
//	aws:",const=AWS_KMS"                      that word always
//
// A tag to:"AWS::KMS::Key#arn" says which kind of item the value names.
type Kind struct {
	Type      string // AWS Config's name, "AWS::CloudTrail::Trail"
	Shape     any    // a zero struct; its json tags are the item's fields
	Terraform []Resource
}

// Resource says how one Terraform type becomes (a part of) a kind of item.
type Resource struct {
	Type string   // "aws_cloudtrail"
	Tags []string // struct tag keys, the first that a field has counts

	// Root is the block that holds the attributes, for a Terraform resource
	// that is more than one item.
	Root string

	// Part is the path that a companion resource fills in the item of its
	// owner, "supplementaryConfiguration.bucketPolicy"; empty for the resource
	// that is the item. Owner is the companion's attribute that names the
	// owner, Joins the owner's path that it names. With Many, each companion
	// adds an element. Regional says that another Region may have an owner of
	// the same name.
	Part, Owner, Joins string
	Many, Regional     bool

	// Identity lists the attributes whose value identifies the resource among
	// all of its kind, Same those that always equal another one.
	Identity []string
	Same     map[string]string
}

// Companion tells whether the resource fills in a part of another item.
func (r Resource) Companion() bool { return r.Part != "" }

// Canonical is the name that stands for attribute and all that equal it.
func (r Resource) Canonical(attribute string) string {
	if same, ok := r.Same[attribute]; ok {
		return same
	}
	return attribute
}

// Kinds returns all kinds, in a stable order.
func Kinds() []Kind {
	return []Kind{
		trailKind(), logGroupKind(), metricFilterKind(), alarmKind(),
		recorderKind(), deliveryChannelKind(), vpcKind(), flowLogKind(),
		keyKind(), bucketKind(), topicKind(), accountKind(),
	}
}
