# By name; another Region than the provider's after an @.
terraform import vigil_metric_alarm.root_use root-use
