terraform {
  required_version = ">= 1.5"

  required_providers {
    vigil = {
      source = "vigil-audit/vigil"
    }
  }
}
