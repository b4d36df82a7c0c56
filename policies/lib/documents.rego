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

# allows_service holds if the document allows a service principal one of the
# actions, written out or by a pattern such as s3:Put*.
allows_service(document, service, action) if {
	some statement in statements(document)
	statement.Effect == "Allow"
	_names_service(statement, service)
	some pattern in _list(statement.Action)
	glob.match(lower(pattern), [], lower(action))
}

_everybody(statement) if statement.Principal == "*"

_everybody(statement) if "*" in _list(statement.Principal.AWS)

# Allowing everybody but some is allowing everybody.
_everybody(statement) if statement.NotPrincipal

_names_service(statement, service) if service in _list(statement.Principal.Service)

_names_service(statement, _) if _everybody(statement)

_tied(statement) if {
	some operator, condition in statement.Condition
	operator in {
		"StringEquals", "StringEqualsIgnoreCase", "StringLike",
		"ArnEquals", "ArnLike", "IpAddress",
	}
	some name, values in condition
	lower(name) in {
		"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
		"aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceowner",
		"aws:sourcevpc", "aws:sourcevpce", "aws:userid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
	}
	every value in _list(values) { _fixed(value) }
}

# A value that starts with a wildcard, and an address range that is all of the
# Internet, tie nobody.
_fixed(value) if {
	not startswith(value, "*")
	not value in {"0.0.0.0/0", "::/0"}
}

_list(value) := value if is_array(value)

_list(value) := [value] if is_string(value)
