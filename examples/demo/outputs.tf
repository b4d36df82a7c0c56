output "trail_arn" {
  description = "The trail."
  value       = vigil_trail.audit.arn
}

output "log_group" {
  description = "Where the trail's events can be searched."
  value       = vigil_log_group.trail.name
}

output "alarms" {
  description = "The alarms that somebody hears of."
  value       = sort([for alarm in vigil_metric_alarm.signal : alarm.alarm_name])
}
