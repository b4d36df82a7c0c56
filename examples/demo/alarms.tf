locals {
  # What somebody should hear of at once, each with the pattern that finds it in
  # the events of the trail.
  signals = {
    root_use = {
      description = "The root user did something."
      pattern     = "{ ($.userIdentity.type = \"Root\") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != \"AwsServiceEvent\") }"
    }
    trail_change = {
      description = "Somebody changed what CloudTrail records."
      pattern     = "{ ($.eventSource = \"cloudtrail.amazonaws.com\") && (($.eventName = \"StopLogging\") || ($.eventName = \"DeleteTrail\") || ($.eventName = \"UpdateTrail\") || ($.eventName = \"PutEventSelectors\")) }"
    }
    config_change = {
      description = "Somebody changed what AWS Config records."
      pattern     = "{ ($.eventSource = \"config.amazonaws.com\") && (($.eventName = \"StopConfigurationRecorder\") || ($.eventName = \"DeleteConfigurationRecorder\") || ($.eventName = \"DeleteDeliveryChannel\") || ($.eventName = \"PutConfigurationRecorder\")) }"
    }
    key_disabled = {
      description = "Somebody disabled a key or planned its deletion."
      pattern     = "{ ($.eventSource = \"kms.amazonaws.com\") && (($.eventName = \"DisableKey\") || ($.eventName = \"ScheduleKeyDeletion\")) }"
    }
  }
}

resource "vigil_metric_filter" "signal" {
  for_each = local.signals

  name           = "${var.name}-${each.key}"
  log_group_name = vigil_log_group.trail.name
  pattern        = each.value.pattern

  metric_transformation {
    name      = each.key
    namespace = "Audit"
    value     = "1"
  }
}

resource "vigil_metric_alarm" "signal" {
  for_each = local.signals

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.description
  alarm_actions     = [var.alarm_topic_arn]

  namespace           = "Audit"
  metric_name         = vigil_metric_filter.signal[each.key].metric_transformation[0].name
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
}
