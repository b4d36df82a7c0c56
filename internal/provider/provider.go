// Package provider is the Terraform provider vigil: its configuration, its
// list of resources, and how it is served. What a resource does is in the
// package of its AWS service; what all of them share is in fwk.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/cloudtrail"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/cloudwatch"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/config"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/guard"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/logs"
)

// Address is where the provider is published.
const Address = "registry.terraform.io/vigil-audit/vigil"

// New makes the provider. The version goes into the User-Agent of AWS calls.
func New(version string, opts ...Option) provider.Provider {
	p := &vigil{version: version}
	for _, o := range opts {
		o(p)
	}
	return p
}

// Option changes how the provider is made.
type Option func(*vigil)

// WithSettings lets the caller change what the provider block says about
// reaching AWS: tests put the sandbox in AWS's place.
func WithSettings(change func(*awscfg.Config)) Option {
	return func(p *vigil) { p.change = change }
}

type vigil struct {
	version string
	change  func(*awscfg.Config)
	engines guard.Engines
}

func (p *vigil) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "vigil", p.version
}

// Resources is the list of resource types, by AWS service.
func (*vigil) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		cloudtrail.NewTrailResource,
		cloudwatch.NewMetricAlarmResource,
		config.NewRecorderResource,
		logs.NewLogGroupResource,
		logs.NewMetricFilterResource,
	}
}

// DataSources: there are none.
func (*vigil) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Configure keeps the configuration. Nothing is resolved here: a plan that
// needs no call to AWS needs no credentials and no network.
func (p *vigil) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	settings := m.settings(&resp.Diagnostics)
	settings.Product, settings.Version = "terraform-provider-vigil", p.version
	if resp.Diagnostics.HasError() {
		return
	}
	if p.change != nil {
		p.change(&settings)
	}
	resp.ResourceData = &fwk.Provider{
		Session: awscfg.New(settings),
		Unknown: unknownSettings(req.Config.Raw),
		Tags:    m.tagConfig(ctx),
		Policy:  m.Policy.judge(ctx, &p.engines, &resp.Diagnostics),
	}
}
