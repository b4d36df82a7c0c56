# Policy documents (IAM's JSON language), as far as rules need to judge them:
# who is allowed, and what.
package lib.documents

import rego.v2

# statements lists the statements of a document: a single one may stand there
# without a list.
statements(document) := document.Statement if is_array(document.Statement)

statements(document) := [document.Statement] if is_object(document.Statement)

# public holds if somebody outside the account can use what the document allows,
# in the sense of Amazon S3: everybody is allowed, and no condition ties the
# caller to fixed values.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
public(document) if {
	some statement in statements(document)
	statement.Effect == "Allow"
	_everybody(statement)
	not _tied(statement)
}

# allows_service holds if the document lets a service principal do one action
# on objects of the bucket. Actions may be written out, or be a pattern such as
# s3:Put*. A Deny counts where no condition limits it.
allows_service(document, service, action) if {
	some statement in statements(document)
	statement.Effect == "Allow"
	_covers(statement, service, action)
	count(_denials(document, service, action)) == 0
}

# A list, so that partial evaluation leaves it alone where the document is not
# known: it would try every way in which no statement can deny.
_denials(document, service, action) := [statement |
	some statement in statements(document)
	statement.Effect == "Deny"
	not statement.Condition
	statement.Principal # what NotPrincipal leaves out is not judged
	_covers(statement, service, action)
]

_covers(statement, service, action) if {
	_names_service(statement, service)
	some pattern in _list(statement.Action)
	glob.match(lower(pattern), [], lower(action))
	_names_objects(statement)
}

# An object's ARN has a key behind the bucket: arn:aws:s3:::logs/AWSLogs/...
_names_objects(statement) if regex.match(`[/*]`, json.marshal(object.get(statement, "Resource", "*")))

_everybody(statement) if statement.Principal == "*"

_everybody(statement) if "*" in _list(statement.Principal.AWS)

# Allowing everybody but some is allowing everybody.
_everybody(statement) if statement.NotPrincipal

_names_service(statement, service) if service in _list(statement.Principal.Service)

_names_service(statement, _) if _everybody(statement)

_tied(statement) if {
	some operator, condition in statement.Condition
	trim_prefix(operator, "ForAnyValue:") in {
		"StringEquals", "StringEqualsIgnoreCase", "StringLike",
		"ArnEquals", "ArnLike", "IpAddress",
	}
	some name, values in condition
	lower(name) in {
		"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
		"aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceorgpaths",
		"aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:userid",
		"s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
	}
	every value in _values(values) { _fixed(value) }
}

# An account number may stand without quotes.
_fixed(value) if is_number(value)

# A value ties nobody that is open in its first part (an organization's path
# goes on behind the first slash), that is filled in from the request, or that
# is a large part of the Internet.
_fixed(value) if {
	not startswith(value, "arn:")
	not regex.match(`^[^/:]*[*?$]`, value)
	not _wide(value)
}

# An ARN names an account, or as those of buckets do, only a resource.
_fixed(value) if {
	parts := split(value, ":")
	parts[0] == "arn"
	parts[4] != ""
	not regex.match(`[*?$]`, parts[4])
}

_fixed(value) if {
	parts := split(value, ":")
	parts[0] == "arn"
	parts[4] == ""
	not regex.match(`^[*?$]`, parts[5])
}

# Ranges that Amazon S3 calls public: wider than /8 for IPv4, /32 for IPv6.
_wide(range) if {
	[address, bits] := split(range, "/")
	regex.match(`^[0-9]{1,3}$`, bits)
	to_number(bits) < _least_bits(address)
}

_least_bits(address) := 32 if contains(address, ":")

_least_bits(address) := 8 if not contains(address, ":")

_list(value) := value if is_array(value)

_list(value) := [value] if is_string(value)

_values(values) := _list(values)

_values(values) := [values] if is_number(values)
