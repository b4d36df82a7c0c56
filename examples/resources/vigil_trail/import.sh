# By ARN, from any Region.
terraform import vigil_trail.audit arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit
# By name: a multi-Region trail is found in every Region, others where they are.
terraform import vigil_trail.audit audit
terraform import vigil_trail.audit audit@us-east-1
