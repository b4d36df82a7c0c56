# Who did what in this account, in all of its Regions.
resource "vigil_trail" "audit" {
  name           = "audit"
  s3_bucket_name = var.trail_bucket
  kms_key_id     = var.kms_key_arn

  # Signed digests prove that no log file was changed or deleted.
  enable_log_file_validation = true

  # The same events where metric filters see them; ":*" is added where it is missing.
  cloud_watch_logs_group_arn = vigil_log_group.trail.arn
  cloud_watch_logs_role_arn  = var.trail_role_arn

  # All management events, and what is written to one bucket.
  advanced_event_selector {
    name = "Management events"
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
  advanced_event_selector {
    name = "Writes to the ledger"
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    field_selector {
      field       = "resources.ARN"
      starts_with = ["arn:aws:s3:::ledger/"]
    }
    field_selector {
      field  = "readOnly"
      equals = ["false"]
    }
  }

  insight_selector {
    insight_type = "ApiCallRateInsight"
  }
  insight_selector {
    insight_type = "ApiErrorRateInsight"
  }

  tags = {
    owner = "security"
  }
}

resource "vigil_log_group" "trail" {
  name              = "audit/trail"
  kms_key_id        = var.kms_key_arn
  retention_in_days = 365
}
