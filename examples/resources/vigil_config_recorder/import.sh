# By name; there is one recorder in a Region, mostly named "default".
terraform import vigil_config_recorder.this default
terraform import vigil_config_recorder.this default@us-east-1
