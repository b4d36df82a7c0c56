# Who did what in this account, in every Region, in a form that cannot be
# changed unnoticed.
resource "vigil_trail" "audit" {
  name           = var.name
  s3_bucket_name = var.trail_bucket
  kms_key_id     = var.kms_key_arn

  is_multi_region_trail         = true
  include_global_service_events = true

  # Signed digests show whether a log file was changed or deleted.
  enable_log_file_validation = true

  cloud_watch_logs_group_arn = "${vigil_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn  = var.trail_role_arn

  insight_selector {
    insight_type = "ApiCallRateInsight"
  }

  insight_selector {
    insight_type = "ApiErrorRateInsight"
  }
}

# The trail's events again, where filters can see them within minutes.
resource "vigil_log_group" "trail" {
  name       = "/${var.name}/trail"
  kms_key_id = var.kms_key_arn

  # A year: incidents are found late.
  retention_in_days = 365
}

# Where the flow logs of the networks go.
resource "vigil_log_group" "flow" {
  name       = "/${var.name}/flow"
  kms_key_id = var.kms_key_arn

  # Two years: what moved through the network is asked for last.
  retention_in_days = 731
}

# What every resource in the account looks like, and looked like.
resource "vigil_config_recorder" "this" {
  name     = var.name
  role_arn = var.config_role_arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }

  delivery_channel {
    s3_bucket_name     = var.config_bucket
    delivery_frequency = "TwentyFour_Hours"
  }
}
