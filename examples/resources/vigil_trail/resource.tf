resource "vigil_log_group" "trail" {
  name              = "audit/trail"
  kms_key_id        = var.kms_key_arn
  retention_in_days = 365
}

resource "vigil_trail" "audit" {
  name           = "audit"
  s3_bucket_name = var.trail_bucket
  kms_key_id     = var.kms_key_arn

  is_multi_region_trail      = true
  enable_log_file_validation = true

  cloud_watch_logs_group_arn = vigil_log_group.trail.arn
  cloud_watch_logs_role_arn  = var.trail_role_arn

  insight_selector {
    insight_type = "ApiCallRateInsight"
  }
}
