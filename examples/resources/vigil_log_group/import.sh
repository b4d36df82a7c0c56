# By name; another Region than the provider's after an @.
terraform import vigil_log_group.trail audit/trail
terraform import vigil_log_group.trail audit/trail@us-east-1
