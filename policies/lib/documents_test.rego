package lib.documents_test

import rego.v2

import data.lib.documents

allow(principal) := {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject"}]}

tied(condition) := {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Condition": condition}]}

test_statements_list_and_single if {
	documents.statements({"Statement": [{"Sid": "a"}, {"Sid": "b"}]}) == [{"Sid": "a"}, {"Sid": "b"}]
	documents.statements({"Statement": {"Sid": "a"}}) == [{"Sid": "a"}]
}

test_public if {
	documents.public(allow("*"))
	documents.public(allow({"AWS": "*"}))
	documents.public(allow({"AWS": ["arn:aws:iam::111122223333:root", "*"]}))
	documents.public({"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}}]})
}

test_not_public if {
	not documents.public(allow({"AWS": "arn:aws:iam::111122223333:root"}))
	not documents.public(allow({"Service": "cloudtrail.amazonaws.com"}))
	not documents.public({"Statement": [{"Effect": "Deny", "Principal": "*"}]})
	not documents.public({"Statement": []})
	not documents.public({})
}

test_not_public_when_tied if {
	not documents.public(tied({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
	not documents.public(tied({"ArnLike": {"AWS:SourceArn": ["arn:aws:cloudtrail:*:111122223333:trail/*"]}}))
	not documents.public(tied({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
}

test_public_when_tied_to_anything if {
	documents.public(tied({"StringLike": {"aws:SourceAccount": "*"}}))
	documents.public(tied({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}}))
	documents.public(tied({"StringNotEquals": {"aws:SourceAccount": "111122223333"}}))
	documents.public(tied({"Bool": {"aws:SecureTransport": "true"}}))
}

test_allows_service if {
	config := allow({"Service": ["config.amazonaws.com"]})
	documents.allows_service(config, "config.amazonaws.com", "s3:GetObject")
	not documents.allows_service(config, "config.amazonaws.com", "s3:PutObject")
	not documents.allows_service(config, "cloudtrail.amazonaws.com", "s3:GetObject")
	documents.allows_service(allow("*"), "config.amazonaws.com", "s3:GetObject")
}

test_tied_by_lists_of_the_caller if {
	not documents.public(tied({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1/r-1/*"]}}))
	not documents.public(tied({"StringEquals": {"aws:SourceAccount": 111122223333}}))
	documents.public(tied({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
}

test_public_when_tied_to_half_of_the_internet if {
	documents.public(tied({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}))
	documents.public(tied({"IpAddress": {"aws:SourceIp": "2000::/3"}}))
	not documents.public(tied({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32", "203.0.113.7"]}}))
}

test_public_when_tied_to_any_account if {
	documents.public(tied({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}))
	documents.public(tied({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}))
	documents.public(tied({"StringLike": {"aws:SourceVpce": "vpce-*"}}))
	documents.public(tied({"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}))
	not documents.public(tied({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs-*"}}))
	not documents.public(tied({"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}))
}

config(more) := object.union(
	{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "s3:PutObject"},
	more,
)

puts(statements) if documents.allows_service({"Statement": statements}, "config.amazonaws.com", "s3:PutObject")

test_allows_service_objects if {
	puts([config({"Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/AWSLogs/*"]})])
	not puts([config({"Resource": "arn:aws:s3:::logs"})])
}

test_allows_service_denied if {
	not puts([config({}), config({"Effect": "Deny", "Action": "s3:*"})])
	not puts([config({}), config({"Effect": "Deny", "Principal": "*"})])
	puts([config({}), config({"Effect": "Deny", "Action": "s3:Delete*"})])
	puts([config({}), config({"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})])
	puts([config({}), object.union(object.remove(config({"Effect": "Deny"}), ["Principal"]), {"NotPrincipal": {"AWS": "111122223333"}})])
}
