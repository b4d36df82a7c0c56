# The recorder, its delivery channel, and that it records: one resource, in the
# order that AWS Config needs.
resource "vigil_config_recorder" "this" {
  name     = "default"
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
