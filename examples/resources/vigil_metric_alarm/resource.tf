# Rings when the root user does anything.
resource "vigil_metric_alarm" "root_use" {
  alarm_name          = "root-use"
  alarm_description   = "The root user of the account was used."
  namespace           = "Audit"
  metric_name         = "RootUse"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:audit"]
}

# Rings when more than 5 % of the calls are refused in two of three periods.
resource "vigil_metric_alarm" "refused" {
  alarm_name          = "refused-calls"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:audit"]

  metric_query {
    id          = "rate"
    expression  = "100 * refused / calls"
    return_data = true
  }

  metric_query {
    id = "refused"
    metric {
      namespace   = "Audit"
      metric_name = "RefusedCalls"
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id = "calls"
    metric {
      namespace   = "Audit"
      metric_name = "Calls"
      period      = 300
      stat        = "Sum"
    }
  }
}
