provider "vigil" {
  region = var.region

  # Every plan is checked. "mandatory" refuses a plan that breaks a rule.
  policy {
    enforcement = "mandatory"
  }

  default_tags {
    tags = {
      Project = "audit-baseline"
    }
  }

  # Only for the sandbox: without an endpoint this is a configuration for AWS.
  dynamic "endpoints" {
    for_each = var.endpoint == null ? [] : [var.endpoint]
    content {
      cloudtrail = endpoints.value
      cloudwatch = endpoints.value
      config     = endpoints.value
      logs       = endpoints.value
      sts        = endpoints.value
    }
  }
}
