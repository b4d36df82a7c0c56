# What every resource in this Region looks like, and looked like.
resource "vigil_config_recorder" "this" {
  role_arn = var.config_role_arn # leave it out for the service-linked role

  # Everything but what changes all the time.
  recording_group {
    exclusion_by_resource_types {
      resource_types = ["AWS::EC2::NetworkInterface"]
    }
  }

  recording_mode {
    recording_frequency = "CONTINUOUS"

    recording_mode_override {
      description         = "Once a day is enough."
      recording_frequency = "DAILY"
      resource_types      = ["AWS::EC2::Volume"]
    }
  }

  delivery_channel {
    s3_bucket_name     = var.config_bucket
    delivery_frequency = "TwentyFour_Hours"
  }

  tags = {
    owner = "security"
  }
}
