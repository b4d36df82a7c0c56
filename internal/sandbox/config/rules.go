package config

import (
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// roleARN is the form of a role's ARN.
var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)

func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationException", format, args...)
}

// checkRecorder holds the settings of a recorder against Config's rules and
// gives them with the defaults filled in.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html
func checkRecorder(given types.ConfigurationRecorder) (types.ConfigurationRecorder, error) {
	r := given
	if r.Name == nil {
		r.Name = aws.String(defaultName)
	}
	switch {
	case r.ServicePrincipal != nil:
		return r, wire.Errorf("UnmodifiableEntityException", "Service-linked configuration recorders are made by PutServiceLinkedConfigurationRecorder.")
	case *r.Name == "" || len(*r.Name) > 256:
		return r, wire.Errorf("InvalidConfigurationRecorderNameException", "The configuration recorder name '%s' is not valid: it must have 1 to 256 characters.", *r.Name)
	case !roleARN.MatchString(aws.ToString(r.RoleARN)):
		return r, wire.Errorf("InvalidRoleException", "The role ARN '%s' is not valid.", aws.ToString(r.RoleARN))
	}
	group, err := checkGroup(r.RecordingGroup)
	if err != nil {
		return r, err
	}
	mode, err := checkMode(r.RecordingMode)
	if err != nil {
		return r, err
	}
	r.RecordingGroup, r.RecordingMode, r.RecordingScope = group, mode, types.RecordingScopePaid
	return r, nil
}

func badGroup(format string, args ...any) error {
	return wire.Errorf("InvalidRecordingGroupException", "The recording group provided is not valid: "+format, args...)
}

// checkGroup decides what is recorded: all types, only some, or all but some.
func checkGroup(given *types.RecordingGroup) (*types.RecordingGroup, error) {
	g := types.RecordingGroup{AllSupported: true}
	if given != nil {
		g = *given
	}
	var excluded []types.ResourceType
	if g.ExclusionByResourceTypes != nil {
		excluded = g.ExclusionByResourceTypes.ResourceTypes
	}
	for _, kind := range slices.Concat(g.ResourceTypes, excluded) {
		if !slices.Contains(kind.Values(), kind) {
			return nil, badGroup("%s is not a resource type.", kind)
		}
	}
	strategy, err := strategyOf(g, excluded)
	if err != nil {
		return nil, err
	}
	if g.IncludeGlobalResourceTypes && !g.AllSupported {
		return nil, badGroup("includeGlobalResourceTypes needs allSupported.")
	}
	g.RecordingStrategy = &types.RecordingStrategy{UseOnly: strategy}
	g.ResourceTypes = append([]types.ResourceType{}, g.ResourceTypes...)
	g.ExclusionByResourceTypes = &types.ExclusionByResourceTypes{ResourceTypes: append([]types.ResourceType{}, excluded...)}
	return &g, nil
}

// strategyOf gives the strategy that the other members mean, and checks it
// against the one that was named.
func strategyOf(g types.RecordingGroup, excluded []types.ResourceType) (types.RecordingStrategyType, error) {
	var named, meant types.RecordingStrategyType
	if g.RecordingStrategy != nil {
		named = g.RecordingStrategy.UseOnly
	}
	switch {
	case g.AllSupported && len(g.ResourceTypes) == 0 && len(excluded) == 0:
		meant = types.RecordingStrategyTypeAllSupportedResourceTypes
	case !g.AllSupported && len(g.ResourceTypes) > 0 && len(excluded) == 0:
		meant = types.RecordingStrategyTypeInclusionByResourceTypes
	case !g.AllSupported && len(g.ResourceTypes) == 0 && len(excluded) > 0 && named != "":
		meant = types.RecordingStrategyTypeExclusionByResourceTypes
	default:
		return "", badGroup("exactly one of allSupported, resourceTypes and exclusionByResourceTypes (with its strategy) must be set.")
	}
	if named != "" && named != meant {
		return "", badGroup("the recording strategy %s does not fit the other members.", named)
	}
	return meant, nil
}

// neverDaily are the types that are recorded continuously in any case.
var neverDaily = []types.ResourceType{
	types.ResourceTypeResourceCompliance, types.ResourceTypeConformancePackCompliance, "AWS::Config::ConfigurationRecorder",
}

// checkMode decides how often the recorder looks.
//
// https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingMode.html
func checkMode(given *types.RecordingMode) (*types.RecordingMode, error) {
	m := types.RecordingMode{RecordingFrequency: types.RecordingFrequencyContinuous}
	if given != nil {
		m = *given
	}
	if !slices.Contains(m.RecordingFrequency.Values(), m.RecordingFrequency) {
		return nil, invalid("The recording frequency %q is not valid.", m.RecordingFrequency)
	}
	if len(m.RecordingModeOverrides) > 1 {
		return nil, invalid("A recording mode can have one override, not %d.", len(m.RecordingModeOverrides))
	}
	for _, o := range m.RecordingModeOverrides {
		if err := checkOverride(o); err != nil {
			return nil, err
		}
	}
	return &m, nil
}

func checkOverride(o types.RecordingModeOverride) error {
	if !slices.Contains(o.RecordingFrequency.Values(), o.RecordingFrequency) {
		return invalid("The recording frequency %q of the override is not valid.", o.RecordingFrequency)
	}
	if len(o.ResourceTypes) == 0 {
		return invalid("The override names no resource types.")
	}
	for _, kind := range o.ResourceTypes {
		if o.RecordingFrequency == types.RecordingFrequencyDaily && slices.Contains(neverDaily, kind) {
			return invalid("Daily recording is not supported for the resource type %s.", kind)
		}
	}
	return nil
}
