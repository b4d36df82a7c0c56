# By the recorder's name; another Region than the provider's after an @.
terraform import vigil_config_recorder.this default
