package awscfg

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
)

// endpoint is the base URL the user gave for the service; nil for AWS's own.
// It is set on the client rather than on aws.Config, because there the
// environment (AWS_ENDPOINT_URL_<SERVICE>) would win over the configuration.
func (s *Session) endpoint(service Service, other *string) *string {
	if url := s.config.Endpoints[service]; url != "" {
		return &url
	}
	return other
}

// CloudTrail gives a client for the Region; the session's own where empty.
func (s *Session) CloudTrail(ctx context.Context, region string) (*cloudtrail.Client, error) {
	c, err := s.Config(ctx, region)
	if err != nil {
		return nil, err
	}
	return cloudtrail.NewFromConfig(c, func(o *cloudtrail.Options) {
		o.BaseEndpoint = s.endpoint(CloudTrail, o.BaseEndpoint)
		o.APIOptions = append(o.APIOptions, s.cloudTrailPace.add)
	}), nil
}

// CloudWatch gives a client for the Region; the session's own where empty.
func (s *Session) CloudWatch(ctx context.Context, region string) (*cloudwatch.Client, error) {
	c, err := s.Config(ctx, region)
	if err != nil {
		return nil, err
	}
	return cloudwatch.NewFromConfig(c, func(o *cloudwatch.Options) {
		o.BaseEndpoint = s.endpoint(CloudWatch, o.BaseEndpoint)
		// AWS answers CBOR, the SDK's default, and Query alike. Who serves
		// CloudWatch at an endpoint of the user's own mostly knows Query only
		// (moto 5.2 answers CBOR with 404).
		if o.BaseEndpoint != nil {
			o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
		}
	}), nil
}

// Logs gives a CloudWatch Logs client for the Region; the session's own where empty.
func (s *Session) Logs(ctx context.Context, region string) (*cloudwatchlogs.Client, error) {
	c, err := s.Config(ctx, region)
	if err != nil {
		return nil, err
	}
	return cloudwatchlogs.NewFromConfig(c, func(o *cloudwatchlogs.Options) {
		o.BaseEndpoint = s.endpoint(Logs, o.BaseEndpoint)
	}), nil
}

// ConfigService gives an AWS Config client for the Region; the session's own where empty.
func (s *Session) ConfigService(ctx context.Context, region string) (*configservice.Client, error) {
	c, err := s.Config(ctx, region)
	if err != nil {
		return nil, err
	}
	return configservice.NewFromConfig(c, func(o *configservice.Options) {
		o.BaseEndpoint = s.endpoint(ConfigSvc, o.BaseEndpoint)
	}), nil
}

// STS gives a client for the Region; the session's own where empty.
func (s *Session) STS(ctx context.Context, region string) (*sts.Client, error) {
	c, err := s.Config(ctx, firstOf(region, s.config.STSRegion))
	if err != nil {
		return nil, err
	}
	return sts.NewFromConfig(c, func(o *sts.Options) {
		o.BaseEndpoint = s.endpoint(STS, o.BaseEndpoint)
	}), nil
}
