# METADATA
# title: Policy documents
package lib.documents

import rego.v2

# The statements of a policy document: IAM allows one object in place of a list.
statements(document) := document.Statement if is_array(document.Statement)

statements(document) := [document.Statement] if is_object(document.Statement)
