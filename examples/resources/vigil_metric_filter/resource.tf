resource "vigil_log_group" "trail" {
  name              = "audit/trail"
  retention_in_days = 365
}

resource "vigil_metric_filter" "root_use" {
  name           = "root-use"
  log_group_name = vigil_log_group.trail.name
  pattern        = "{ ($.userIdentity.type = \"Root\") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != \"AwsServiceEvent\") }"

  metric_transformation {
    name      = "RootUse"
    namespace = "Audit"
    value     = "1"
  }
}
