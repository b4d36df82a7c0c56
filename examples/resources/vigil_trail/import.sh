# By ARN.
terraform import vigil_trail.audit arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit
# Or by name, with the home Region after an @ where it is not the provider's.
terraform import vigil_trail.audit audit@us-east-1
