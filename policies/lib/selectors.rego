# CloudTrail's event selectors: which management events they let through.
package lib.selectors

import rego.v2

# basic_logs_all holds if the basic selectors together log every management
# event, reading and writing, except those of sources that may be left out.
# Defaults are those of PutEventSelectors.
basic_logs_all(selectors, exclusions) if {
	every access in ["ReadOnly", "WriteOnly"] {
		some selector in selectors
		object.get(selector, "includeManagementEvents", true)
		object.get(selector, "readWriteType", "All") in {"All", access}
		every source in object.get(selector, "excludeManagementEventSources", []) { source in exclusions }
	}
}

# advanced_logs_all is the same for advanced selectors. A condition on any other
# field keeps events out, so such a selector does not count.
advanced_logs_all(selectors, exclusions) if {
	every read_only in ["true", "false"] {
		some selector in selectors
		_of_management(selector)
		every condition in selector.fieldSelectors { _lets_through(condition, read_only, exclusions) }
	}
}

_of_management(selector) if {
	some condition in selector.fieldSelectors
	condition.field == "eventCategory"
	"Management" in condition.equals
}

_lets_through(condition, _, _) if {
	condition.field == "eventCategory"
	"Management" in condition.equals
}

_lets_through(condition, read_only, _) if {
	condition.field == "readOnly"
	read_only in condition.equals
}

_lets_through(condition, _, exclusions) if {
	condition.field == "eventSource"
	not _narrowed(condition)
	every source in object.get(condition, "notEquals", []) { source in exclusions }
}

_narrowed(condition) if {
	some operator in ["equals", "startsWith", "notStartsWith", "endsWith", "notEndsWith"]
	count(object.get(condition, operator, [])) > 0
}
