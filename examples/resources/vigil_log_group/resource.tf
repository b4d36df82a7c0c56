resource "vigil_log_group" "trail" {
  name              = "audit/trail"
  retention_in_days = 365

  tags = {
    owner = "security"
  }
}
