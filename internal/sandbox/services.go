package sandbox

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/cloudtrail"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/cloudwatch"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/config"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/ec2"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iam"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/kms"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/logs"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/s3"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sns"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sts"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// backend is one service of the sandbox.
type backend interface {
	// Service gives the actions as clients see them.
	Service() *wire.Service
	// Resources lists what exists in all Regions, as ARNs.
	Resources(ctx context.Context) []string
}

// assemble makes the services, tells each of the others what it asks about
// them, and routes their actions.
func (s *Server) assemble() {
	around := &neighbours{buckets: s3.New(s.options.now), roles: iam.New(), keys: kms.New(), topics: sns.New()}
	around.logs = logs.New(around)
	trails := cloudtrail.New(s.options.account, around)
	s.sessions = sts.New(around.roles)
	s.backends = []backend{
		trails, around.logs, cloudwatch.New(around), config.New(around),
		around.buckets, around.roles, around.keys, around.topics, s.sessions, ec2.New(around),
	}
	s.record = newRecorder(s.options.account, trails, s.sessions)
	for _, b := range s.backends {
		s.router.Services = append(s.router.Services, b.Service())
	}
}

// disturb lets the rates, stale reads and faults of the options begin.
func (s *Server) disturb() {
	s.limits = newBuckets(s.options.rates)
	s.staleness = staleness{reads: s.options.staleReads}
	for _, f := range s.options.faults {
		s.FailNext(f.operation, f.faults...)
	}
}
