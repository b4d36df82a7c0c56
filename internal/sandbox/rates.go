package sandbox

import (
	"sync"

	"golang.org/x/time/rate"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Rate is a token bucket: calls a second, and how many at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// DocumentedRates gives the rates of AWS's guides (2023 editions; newer
// accounts often have more) by operation. None of CloudTrail's can be raised.
//
//   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
//   - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
//   - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
func DocumentedRates() map[string]Rate {
	rates := map[string]Rate{"cloudtrail:LookupEvents": {2, 2}}
	for tps, operations := range map[float64][]string{
		10: {
			"cloudtrail:GetTrail", "cloudtrail:GetTrailStatus", "cloudtrail:DescribeTrails", "cloudtrail:ListTrails",
			"cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors", "cloudtrail:ListTags", "cloudtrail:ListPublicKeys",
		},
		1: {
			"cloudtrail:CreateTrail", "cloudtrail:UpdateTrail", "cloudtrail:DeleteTrail", "cloudtrail:StartLogging",
			"cloudtrail:StopLogging", "cloudtrail:PutEventSelectors", "cloudtrail:PutInsightSelectors",
			"cloudtrail:AddTags", "cloudtrail:RemoveTags",
		},
		3: {"monitoring:PutMetricAlarm", "monitoring:DeleteAlarms", "monitoring:SetAlarmState"},
		9: {"monitoring:DescribeAlarms"},
		5: {"logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DescribeLogGroups", "logs:PutRetentionPolicy", "logs:PutMetricFilter", "logs:DescribeMetricFilters"},
	} {
		for _, operation := range operations {
			rates[operation] = Rate{PerSecond: tps, Burst: int(tps)}
		}
	}
	return rates
}

// buckets holds one token bucket per Region and operation.
type buckets struct {
	mu     sync.Mutex
	rates  map[string]Rate
	bucket map[string]*rate.Limiter
}

func newBuckets(rates map[string]Rate) *buckets {
	return &buckets{rates: rates, bucket: map[string]*rate.Limiter{}}
}

// exceeded takes a token for the call and tells whether there was none.
func (b *buckets) exceeded(c wire.Call) bool {
	operation := c.Service + ":" + c.Operation
	r, limited := b.rates[operation]
	if !limited {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	key := operation + "/" + c.Region
	limiter, ok := b.bucket[key]
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		b.bucket[key] = limiter
	}
	return !limiter.Allow()
}
