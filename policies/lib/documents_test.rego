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
