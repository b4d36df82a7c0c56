variable "region" {
  description = "Home Region of the trail. It records all others too."
  type        = string
  default     = "eu-west-1"
}

variable "endpoint" {
  description = "Where AWS is, for the sandbox; null for AWS itself."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the baseline; every resource has it."
  type        = string
  default     = "audit"
}

# What the landing zone has made. Its buckets, roles and key let the services
# below in; see the README.

variable "trail_bucket" {
  description = "Bucket that CloudTrail delivers to."
  type        = string
}

variable "config_bucket" {
  description = "Bucket that AWS Config delivers to."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts log files and log groups."
  type        = string
}

variable "trail_role_arn" {
  description = "Role with which CloudTrail writes to the log group."
  type        = string
}

variable "config_role_arn" {
  description = "Role with which AWS Config reads the account."
  type        = string
}

variable "alarm_topic_arn" {
  description = "Topic whose subscribers hear of alarms."
  type        = string
}
