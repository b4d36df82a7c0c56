package rules.cloudtrail.multi_region_trail_test

import rego.v2

import data.rules.cloudtrail.multi_region_trail as rule

account(trails) := {"resourceType": "AWS::::Account", "configuration": {}, "related": {"AWS::CloudTrail::Trail": trails}}

trail := {"configuration": {"name": "audit", "isMultiRegionTrail": true, "isLogging": true}}

with_basic(selectors) := account([object.union(trail, {"configuration": {"eventSelectors": selectors}})])

with_advanced(selectors) := account([object.union(trail, {"configuration": {"advancedEventSelectors": selectors}})])

management(conditions) := {"fieldSelectors": array.concat([{"field": "eventCategory", "equals": ["Management"]}], conditions)}

violated(subject, exclusions) if rule.violation with input as subject with data.parameters.allowed_exclusions as exclusions

test_compliant_default_selectors if not violated(account([trail]), [])

test_compliant_basic_all if not violated(with_basic([{"readWriteType": "All", "includeManagementEvents": true}]), [])

test_compliant_basic_read_and_write_apart if {
	not violated(with_basic([{"readWriteType": "ReadOnly"}, {"readWriteType": "WriteOnly"}]), [])
}

test_compliant_advanced_all if not violated(with_advanced([management([])]), [])

test_compliant_advanced_read_and_write_apart if {
	not violated(
		with_advanced([
			management([{"field": "readOnly", "equals": ["true"]}]),
			management([{"field": "readOnly", "equals": ["false"]}]),
		]),
		[],
	)
}

test_compliant_exclusion_allowed if {
	excluding := {"readWriteType": "All", "excludeManagementEventSources": ["kms.amazonaws.com"]}
	not violated(with_basic([excluding]), ["kms.amazonaws.com"])
}

test_compliant_second_trail if {
	single := {"configuration": {"name": "local", "isLogging": true}}
	not violated(account([single, trail]), [])
}

test_violation_no_trail if {
	violated(account([]), [])
	rule.details == {{"path": "", "message": "no trail that is logging in all Regions takes every management event"}} with input as account([])
}

test_violation_not_logging if violated(account([object.union(trail, {"configuration": {"isLogging": false}})]), [])

test_violation_logging_absent if violated(account([{"configuration": {"isMultiRegionTrail": true}}]), [])

test_violation_single_region if violated(account([object.union(trail, {"configuration": {"isMultiRegionTrail": false}})]), [])

test_violation_write_only if violated(with_basic([{"readWriteType": "WriteOnly", "includeManagementEvents": true}]), [])

test_violation_data_events_only if violated(with_basic([{"readWriteType": "All", "includeManagementEvents": false}]), [])

test_violation_exclusion if {
	violated(with_basic([{"readWriteType": "All", "excludeManagementEventSources": ["kms.amazonaws.com"]}]), [])
}

test_violation_advanced_data_only if {
	violated(with_advanced([{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}]}]), [])
}

test_violation_advanced_read_only if violated(with_advanced([management([{"field": "readOnly", "equals": ["true"]}])]), [])

test_violation_advanced_one_source if {
	violated(with_advanced([management([{"field": "eventSource", "equals": ["iam.amazonaws.com"]}])]), [])
}

test_violation_advanced_source_left_out if {
	violated(with_advanced([management([{"field": "eventSource", "notEquals": ["kms.amazonaws.com"]}])]), [])
}

test_violation_advanced_event_name if {
	violated(with_advanced([management([{"field": "eventName", "notEquals": ["Decrypt"]}])]), [])
}
