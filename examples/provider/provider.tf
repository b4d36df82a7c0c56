terraform {
  required_providers {
    vigil = {
      source = "vigil-audit/vigil"
    }
  }
}

# Credentials, Region and the rest come from where the AWS CLI takes them too.
provider "vigil" {
  region = "eu-west-1"

  default_tags {
    tags = {
      owner = "security"
    }
  }

  # Violations of medium severity and above stop the plan; others are warnings.
  policy {
    enforcement = "mandatory"
    fail_on     = "medium"
    skip        = ["cloudtrail/insights"]
    parameters = {
      "logs/retention" = { min_days = 400 }
    }
  }
}
