package cloudtrail

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxTrails is the quota per Region; shadow trails count. It cannot be raised.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
const maxTrails = 5

// trail is one trail with all that hangs on it.
type trail struct {
	arn, home string
	settings  settings
	basic     []types.EventSelector         // never set together with advanced
	advanced  []types.AdvancedEventSelector // the default selector where both are nil
	insights  []types.InsightSelector
	tags      []types.Tag // in the order of their first appearance
	logging   bool
	started   time.Time
	stopped   time.Time
}

// settings is what CreateTrail sets and UpdateTrail changes.
type settings struct {
	name, bucket, prefix        string
	topicARN, keyARN            string
	logGroupARN, roleARN        string
	validation, global          bool
	multiRegion, ofOrganization bool
}

// createTrail checks in the order of cost: the request itself, the quota, then
// the other services.
func (b *Backend) createTrail(ctx context.Context, in *cloudtrail.CreateTrailInput) (*cloudtrail.CreateTrailOutput, error) {
	call := wire.CallOf(ctx)
	name := aws.ToString(in.Name)
	if err := checkTrailName(name); err != nil {
		return nil, err
	}
	if err := checkTags(in.TagsList); err != nil {
		return nil, err
	}
	if _, exists := b.trails.Get(ctx, name); exists {
		return nil, wire.Errorf("TrailAlreadyExistsException", "Trail %s already exists for customer: %s", name, b.account)
	}
	if len(b.visible(ctx, call.Region)) >= maxTrails {
		return nil, wire.Errorf("MaximumNumberOfTrailsExceededException", "User: %s already has %d trails in %s.", b.account, maxTrails, call.Region)
	}
	t := trail{arn: trailARN(call, name), home: call.Region, tags: slices.Clone(in.TagsList)}
	t.settings = settings{
		name: name, global: aws.ToBool(defaultTrue(in.IncludeGlobalServiceEvents)),
	}
	if err := b.apply(ctx, &t, changesOfCreate(in)); err != nil {
		return nil, err
	}
	b.trails.Put(ctx, name, t)
	return createOutput(t), nil
}

func defaultTrue(flag *bool) *bool {
	if flag == nil {
		return aws.Bool(true)
	}
	return flag
}

func (b *Backend) updateTrail(ctx context.Context, in *cloudtrail.UpdateTrailInput) (*cloudtrail.UpdateTrailOutput, error) {
	t, err := b.own(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if err := b.apply(ctx, &t, changesOfUpdate(in)); err != nil {
		return nil, err
	}
	b.trails.Put(ctx, t.settings.name, t)
	return updateOutput(t), nil
}

func (b *Backend) deleteTrail(ctx context.Context, in *cloudtrail.DeleteTrailInput) (*cloudtrail.DeleteTrailOutput, error) {
	t, err := b.own(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	b.trails.Delete(ctx, t.settings.name)
	return &cloudtrail.DeleteTrailOutput{}, nil
}

// trailARN makes the ARN of a trail in the Region of the call.
func trailARN(call wire.Call, name string) string {
	return "arn:aws:cloudtrail:" + call.Region + ":" + call.Account + ":trail/" + name
}

// splitARN gives the Region, account and name of a trail's ARN.
func splitARN(arn string) (region, account, name string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "cloudtrail" {
		return "", "", "", false
	}
	name, ok = strings.CutPrefix(parts[5], "trail/")
	return parts[3], parts[4], name, ok && name != ""
}

// own finds a trail to change, by name or ARN. Only the home Region may.
func (b *Backend) own(ctx context.Context, nameOrARN *string) (trail, error) {
	t, err := b.find(ctx, nameOrARN)
	if err != nil {
		return trail{}, err
	}
	if region := wire.CallOf(ctx).Region; t.home != region {
		return trail{}, wire.Errorf("InvalidHomeRegionException", "The home region of trail %s is %s, not %s.", t.arn, t.home, region)
	}
	return t, nil
}

// find gives the trail behind a name, in this Region, or an ARN, wherever the
// trail is seen.
func (b *Backend) find(ctx context.Context, nameOrARN *string) (trail, error) {
	call, id := wire.CallOf(ctx), aws.ToString(nameOrARN)
	if !strings.HasPrefix(id, "arn:") {
		if err := checkTrailName(id); err != nil {
			return trail{}, err
		}
		if t, ok := b.trails.Get(ctx, id); ok {
			return t, nil
		}
		return trail{}, unknownTrail(id, b.account)
	}
	region, account, name, ok := splitARN(id)
	if !ok {
		return trail{}, wire.Errorf("CloudTrailARNInvalidException", "Invalid trail ARN: %s", id)
	}
	t, ok := b.trails.GetIn(ctx, region, name)
	if !ok || account != b.account || region != call.Region && !t.settings.multiRegion {
		return trail{}, unknownTrail(id, b.account)
	}
	return t, nil
}

func unknownTrail(id, account string) *wire.Error {
	return wire.Errorf("TrailNotFoundException", "Unknown trail: %s for the user: %s", id, account)
}

// visible lists the trails that are seen from a Region: its own and the shadows
// of those that cover all Regions.
func (b *Backend) visible(ctx context.Context, region string) []trail {
	trails := b.trails.All(ctx)
	return slices.DeleteFunc(trails, func(t trail) bool {
		return t.home != region && !t.settings.multiRegion
	})
}
