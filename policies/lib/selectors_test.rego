package lib.selectors_test

import rego.v2

import data.lib.selectors

management(conditions) := {"fieldSelectors": array.concat([{"field": "eventCategory", "equals": ["Management"]}], conditions)}

test_basic_takes_the_defaults_of_the_api if selectors.basic_logs_all([{}], [])

test_basic_union if {
	selectors.basic_logs_all([{"readWriteType": "ReadOnly"}, {"readWriteType": "WriteOnly"}], [])
	not selectors.basic_logs_all([{"readWriteType": "ReadOnly"}, {"readWriteType": "ReadOnly"}], [])
	not selectors.basic_logs_all([], [])
}

test_basic_exclusions if {
	excluding := [{"excludeManagementEventSources": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}]
	not selectors.basic_logs_all(excluding, [])
	not selectors.basic_logs_all(excluding, ["kms.amazonaws.com"])
	selectors.basic_logs_all(excluding, ["kms.amazonaws.com", "rdsdata.amazonaws.com"])
}

test_advanced if {
	selectors.advanced_logs_all([management([])], [])
	selectors.advanced_logs_all([management([{"field": "readOnly", "equals": ["true", "false"]}])], [])
	not selectors.advanced_logs_all([management([{"field": "readOnly", "equals": ["true"]}])], [])
	not selectors.advanced_logs_all([{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}]}], [])
	not selectors.advanced_logs_all([{"fieldSelectors": []}], [])
	not selectors.advanced_logs_all([], [])
}

test_advanced_exclusions if {
	excluding := [management([{"field": "eventSource", "notEquals": ["kms.amazonaws.com"]}])]
	not selectors.advanced_logs_all(excluding, [])
	selectors.advanced_logs_all(excluding, ["kms.amazonaws.com"])
	not selectors.advanced_logs_all([management([{"field": "eventSource", "startsWith": ["i"]}])], [])
	not selectors.advanced_logs_all([management([{"field": "eventName", "notEquals": ["Decrypt"]}])], [])
}
