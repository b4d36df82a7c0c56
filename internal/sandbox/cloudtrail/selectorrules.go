package cloudtrail

import (
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Quotas of a trail's selectors.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
const (
	maxSelectors      = 5
	maxDataResources  = 250
	maxAdvancedValues = 500
)

func badSelectors(format string, args ...any) error {
	return wire.Errorf("InvalidEventSelectorsException", format, args...)
}

// dataResources gives the resource types that basic selectors know and the form
// of their values: all of the service, or one thing by its ARN.
var dataResources = map[string]*regexp.Regexp{
	"AWS::S3::Object":       regexp.MustCompile(`^arn:aws[a-z-]*:s3(:::([a-z0-9][a-z0-9.-]+/[^*]*)?)?$`),
	"AWS::Lambda::Function": regexp.MustCompile(`^arn:aws[a-z-]*:lambda(:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_:-]+)?$`),
	"AWS::DynamoDB::Table":  regexp.MustCompile(`^arn:aws[a-z-]*:dynamodb(:[a-z0-9-]+:\d{12}:table/[A-Za-z0-9_.-]+)?$`),
}

// excludable are the chatty services whose management events may be left out.
var excludable = []string{"kms.amazonaws.com", "rdsdata.amazonaws.com"}

// checkSelectors holds basic selectors against CloudTrail's rules.
func checkSelectors(selectors []types.EventSelector) error {
	if len(selectors) > maxSelectors {
		return badSelectors("A trail can have at most %d event selectors, not %d.", maxSelectors, len(selectors))
	}
	values := 0
	for _, s := range selectors {
		if err := checkSelector(s); err != nil {
			return err
		}
		for _, r := range s.DataResources {
			values += len(r.Values)
		}
	}
	if values > maxDataResources {
		return badSelectors("The total number of data resources is %d; the maximum is %d.", values, maxDataResources)
	}
	return nil
}

func checkSelector(s types.EventSelector) error {
	switch {
	case !slices.Contains(s.ReadWriteType.Values(), s.ReadWriteType):
		return badSelectors("Value %s for ReadWriteType is invalid.", s.ReadWriteType)
	case !*s.IncludeManagementEvents && len(s.ExcludeManagementEventSources) > 0:
		return badSelectors("ExcludeManagementEventSources needs IncludeManagementEvents.")
	case !*s.IncludeManagementEvents && len(s.DataResources) == 0:
		return badSelectors("An event selector must include management events or data resources.")
	}
	for _, source := range s.ExcludeManagementEventSources {
		if !slices.Contains(excludable, source) {
			return badSelectors("Value %s for ExcludeManagementEventSources is invalid.", source)
		}
	}
	for _, r := range s.DataResources {
		if err := checkDataResource(r); err != nil {
			return err
		}
	}
	return nil
}

func checkDataResource(r types.DataResource) error {
	form, known := dataResources[aws.ToString(r.Type)]
	if !known {
		return badSelectors("Value %s for DataResources.Type is invalid.", aws.ToString(r.Type))
	}
	for _, value := range r.Values {
		if !form.MatchString(value) {
			return badSelectors("Value %s for DataResources.Values is invalid.", value)
		}
	}
	return nil
}

// category says which fields the advanced selectors of an event category take.
type category struct {
	required, optional []string
}

// categories are those of trails. More exist for event data stores.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
var categories = map[string]category{
	"Management": {
		optional: []string{"eventSource", "readOnly", "eventName", "eventType", "sessionCredentialFromConsole", "userIdentity.arn"},
	},
	"Data": {
		required: []string{"resources.type"},
		optional: []string{"eventName", "eventSource", "eventType", "readOnly", "resources.ARN", "sessionCredentialFromConsole", "userIdentity.arn"},
	},
	"NetworkActivity": {
		required: []string{"eventSource"},
		optional: []string{"eventName", "errorCode", "vpcEndpointId"},
	},
}

// checkAdvanced holds advanced selectors against CloudTrail's rules.
func checkAdvanced(selectors []types.AdvancedEventSelector) error {
	values := 0
	for _, s := range selectors {
		if len(aws.ToString(s.Name)) > 1000 {
			return badSelectors("The name of an advanced event selector has at most 1000 characters.")
		}
		if err := checkFields(s.FieldSelectors); err != nil {
			return err
		}
		for _, f := range s.FieldSelectors {
			values += countValues(f)
		}
	}
	if values > maxAdvancedValues {
		return badSelectors("The total number of values is %d; the maximum is %d.", values, maxAdvancedValues)
	}
	return nil
}

// checkFields checks the fields of one selector together.
func checkFields(fields []types.AdvancedFieldSelector) error {
	byName := map[string]types.AdvancedFieldSelector{}
	for _, f := range fields {
		name := aws.ToString(f.Field)
		if _, twice := byName[name]; twice {
			return badSelectors("Field %s appears more than once in an advanced event selector.", name)
		}
		byName[name] = f
	}
	kind := byName["eventCategory"].Equals
	if len(kind) != 1 || countValues(byName["eventCategory"]) != 1 {
		return badSelectors("An advanced event selector needs the field eventCategory, equal to one value.")
	}
	rules, known := categories[kind[0]]
	if !known {
		return badSelectors("Value %s for eventCategory is invalid.", kind[0])
	}
	for _, name := range rules.required {
		if _, set := byName[name]; !set {
			return badSelectors("Field %s is required for eventCategory %s.", name, kind[0])
		}
	}
	for _, f := range fields {
		name := aws.ToString(f.Field)
		if name != "eventCategory" && !slices.Contains(rules.required, name) && !slices.Contains(rules.optional, name) {
			return badSelectors("Field %s is not valid for eventCategory %s.", name, kind[0])
		}
		if err := checkField(name, f); err != nil {
			return err
		}
	}
	return nil
}

// checkField checks one field by itself: readOnly and resources.type take one
// equal value, the others any operators.
func checkField(name string, f types.AdvancedFieldSelector) error {
	if countValues(f) == 0 {
		return badSelectors("Field %s needs at least one operator with a value.", name)
	}
	switch name {
	case "readOnly", "sessionCredentialFromConsole":
		if countValues(f) != 1 || len(f.Equals) != 1 || f.Equals[0] != "true" && f.Equals[0] != "false" {
			return badSelectors("Field %s must equal true or false.", name)
		}
	case "resources.type":
		if countValues(f) != 1 || len(f.Equals) != 1 {
			return badSelectors("Field resources.type must equal one resource type.")
		}
	}
	return nil
}

func countValues(f types.AdvancedFieldSelector) int {
	return len(f.Equals) + len(f.NotEquals) + len(f.StartsWith) + len(f.NotStartsWith) + len(f.EndsWith) + len(f.NotEndsWith)
}
