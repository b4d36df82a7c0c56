# The log group's name, a colon, the filter's name.
terraform import vigil_metric_filter.root_use audit/trail:root-use
