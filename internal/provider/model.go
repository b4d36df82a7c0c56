package provider

import (
	"context"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

type providerModel struct {
	Region                    types.String      `tfsdk:"region"`
	Profile                   types.String      `tfsdk:"profile"`
	AccessKey                 types.String      `tfsdk:"access_key"`
	SecretKey                 types.String      `tfsdk:"secret_key"`
	Token                     types.String      `tfsdk:"token"`
	SharedConfigFiles         types.List        `tfsdk:"shared_config_files"`
	SharedCredentialsFiles    types.List        `tfsdk:"shared_credentials_files"`
	MaxRetries                types.Int64       `tfsdk:"max_retries"`
	RetryMode                 types.String      `tfsdk:"retry_mode"`
	RetryTokens               types.Int64       `tfsdk:"token_bucket_rate_limiter_capacity"`
	UseFIPS                   types.Bool        `tfsdk:"use_fips_endpoint"`
	UseDualStack              types.Bool        `tfsdk:"use_dualstack_endpoint"`
	CustomCABundle            types.String      `tfsdk:"custom_ca_bundle"`
	HTTPProxy                 types.String      `tfsdk:"http_proxy"`
	HTTPSProxy                types.String      `tfsdk:"https_proxy"`
	NoProxy                   types.String      `tfsdk:"no_proxy"`
	Insecure                  types.Bool        `tfsdk:"insecure"`
	S3PathStyle               types.Bool        `tfsdk:"s3_use_path_style"`
	STSRegion                 types.String      `tfsdk:"sts_region"`
	MetadataEndpoint          types.String      `tfsdk:"ec2_metadata_service_endpoint"`
	MetadataEndpointMode      types.String      `tfsdk:"ec2_metadata_service_endpoint_mode"`
	AllowedAccounts           types.Set         `tfsdk:"allowed_account_ids"`
	ForbiddenAccounts         types.Set         `tfsdk:"forbidden_account_ids"`
	SkipCredentialsValidation types.Bool        `tfsdk:"skip_credentials_validation"`
	SkipRequestingAccount     types.Bool        `tfsdk:"skip_requesting_account_id"`
	SkipMetadataAPICheck      types.Bool        `tfsdk:"skip_metadata_api_check"`
	SkipRegionValidation      types.Bool        `tfsdk:"skip_region_validation"`
	AssumeRole                []assumeRoleModel `tfsdk:"assume_role"`
	WebIdentity               *webIdentityModel `tfsdk:"assume_role_with_web_identity"`
	DefaultTags               *defaultTagsModel `tfsdk:"default_tags"`
	IgnoreTags                *ignoreTagsModel  `tfsdk:"ignore_tags"`
	Endpoints                 types.Set         `tfsdk:"endpoints"`
	Policy                    *policyModel      `tfsdk:"policy"`
}

type assumeRoleModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	Duration          types.String `tfsdk:"duration"`
	ExternalID        types.String `tfsdk:"external_id"`
	Policy            types.String `tfsdk:"policy"`
	PolicyARNs        types.Set    `tfsdk:"policy_arns"`
	SessionName       types.String `tfsdk:"session_name"`
	SourceIdentity    types.String `tfsdk:"source_identity"`
	Tags              types.Map    `tfsdk:"tags"`
	TransitiveTagKeys types.Set    `tfsdk:"transitive_tag_keys"`
}

type webIdentityModel struct {
	RoleARN     types.String `tfsdk:"role_arn"`
	Duration    types.String `tfsdk:"duration"`
	Policy      types.String `tfsdk:"policy"`
	PolicyARNs  types.Set    `tfsdk:"policy_arns"`
	SessionName types.String `tfsdk:"session_name"`
	Token       types.String `tfsdk:"web_identity_token"`
	TokenFile   types.String `tfsdk:"web_identity_token_file"`
}

type defaultTagsModel struct {
	Tags types.Map `tfsdk:"tags"`
}

type ignoreTagsModel struct {
	Keys        types.Set `tfsdk:"keys"`
	KeyPrefixes types.Set `tfsdk:"key_prefixes"`
}

// settings gives the configuration in awscfg's words. Unknown values count as
// unset here; [unknownSettings] names them, and no call is made while there are any.
func (m providerModel) settings(diags *diag.Diagnostics) awscfg.Config {
	c := awscfg.Config{
		Region: m.Region.ValueString(), Profile: m.Profile.ValueString(),
		AccessKey: m.AccessKey.ValueString(), SecretKey: m.SecretKey.ValueString(), Token: m.Token.ValueString(),
		SharedConfigFiles: fwk.Strings(m.SharedConfigFiles.Elements()), SharedCredentialsFiles: fwk.Strings(m.SharedCredentialsFiles.Elements()),
		MaxAttempts: int(m.MaxRetries.ValueInt64()), RetryMode: m.RetryMode.ValueString(), RetryTokens: int(m.RetryTokens.ValueInt64()),
		UseFIPS: m.UseFIPS.ValueBool(), UseDualStack: m.UseDualStack.ValueBool(),
		S3PathStyle: m.S3PathStyle.ValueBool(), STSRegion: m.STSRegion.ValueString(),
		CustomCABundle: m.CustomCABundle.ValueString(),
		HTTPProxy:      m.HTTPProxy.ValueStringPointer(), HTTPSProxy: m.HTTPSProxy.ValueStringPointer(), NoProxy: m.NoProxy.ValueString(),
		Insecure:         m.Insecure.ValueBool(),
		MetadataEndpoint: m.MetadataEndpoint.ValueString(), MetadataEndpointMode: m.MetadataEndpointMode.ValueString(),
		AllowedAccounts: fwk.Strings(m.AllowedAccounts.Elements()), ForbiddenAccounts: fwk.Strings(m.ForbiddenAccounts.Elements()),
		SkipCredentialsValidation: m.SkipCredentialsValidation.ValueBool(), SkipRequestingAccount: m.SkipRequestingAccount.ValueBool(),
		SkipMetadataAPICheck: m.SkipMetadataAPICheck.ValueBoolPointer(), SkipRegionValidation: m.SkipRegionValidation.ValueBool(),
		Endpoints: m.endpoints(diags),
	}
	for _, r := range m.AssumeRole {
		c.AssumeRole = append(c.AssumeRole, r.settings())
	}
	if m.WebIdentity != nil {
		c.WebIdentity = m.WebIdentity.settings()
	}
	return c
}

func (r assumeRoleModel) settings() awscfg.AssumeRole {
	return awscfg.AssumeRole{
		RoleARN: r.RoleARN.ValueString(), Duration: duration(r.Duration), ExternalID: r.ExternalID.ValueString(),
		Policy: r.Policy.ValueString(), PolicyARNs: fwk.Strings(r.PolicyARNs.Elements()),
		SessionName: r.SessionName.ValueString(), SourceIdentity: r.SourceIdentity.ValueString(),
		Tags: fwk.StringMap(r.Tags), TransitiveTagKeys: fwk.Strings(r.TransitiveTagKeys.Elements()),
	}
}

func (w webIdentityModel) settings() *awscfg.WebIdentity {
	return &awscfg.WebIdentity{
		RoleARN: w.RoleARN.ValueString(), Duration: duration(w.Duration),
		Policy: w.Policy.ValueString(), PolicyARNs: fwk.Strings(w.PolicyARNs.Elements()),
		SessionName:      w.SessionName.ValueString(),
		WebIdentityToken: w.Token.ValueString(), WebIdentityTokenFile: w.TokenFile.ValueString(),
	}
}

// endpoints merges the blocks: hashicorp/aws allows several.
func (m providerModel) endpoints(diags *diag.Diagnostics) map[awscfg.Service]string {
	urls := make(map[awscfg.Service]string)
	names := awscfg.EndpointNames()
	for _, block := range m.Endpoints.Elements() {
		object, ok := block.(types.Object)
		if !ok {
			continue
		}
		for name, v := range object.Attributes() {
			url, ok := v.(types.String)
			if !ok || url.ValueString() == "" {
				continue
			}
			if other := urls[names[name]]; other != "" && other != url.ValueString() {
				diags.AddError("Conflicting endpoints", "The endpoint of "+string(names[name])+" is set twice: "+other+" and "+url.ValueString())
			}
			urls[names[name]] = url.ValueString()
		}
	}
	return urls
}

func (m providerModel) tagConfig(ctx context.Context) fwk.TagConfig {
	c := fwk.TagConfig{Default: environmentTags()}
	if m.DefaultTags != nil {
		for k, v := range fwk.StringMap(m.DefaultTags.Tags) {
			c.Default[k] = v
		}
		c.DefaultUnknown = !known(ctx, m.DefaultTags.Tags)
	}
	if m.IgnoreTags != nil {
		c.IgnoreKeys, c.IgnorePrefixes = fwk.Strings(m.IgnoreTags.Keys.Elements()), fwk.Strings(m.IgnoreTags.KeyPrefixes.Elements())
	}
	return c
}

// known tells whether a value has no unknown part. A null in it is known: it
// says nothing.
func known(ctx context.Context, v attr.Value) bool {
	raw, err := v.ToTerraformValue(ctx)
	return err == nil && raw.IsFullyKnown()
}

// environmentTags are the default tags of hashicorp/aws's environment variables.
func environmentTags() map[string]string {
	tags := make(map[string]string)
	for _, e := range os.Environ() {
		name, value, _ := strings.Cut(e, "=")
		if key, ok := strings.CutPrefix(name, "TF_AWS_DEFAULT_TAGS_"); ok && key != "" {
			tags[key] = value
		}
	}
	return tags
}

// unknownSettings names the top-level settings with a value that is not known
// yet. Tags and the policy do not stand in the way of a call.
func unknownSettings(config tftypes.Value) []string {
	var top map[string]tftypes.Value
	if config.As(&top) != nil {
		return nil
	}
	var names []string
	for name, v := range top {
		if !v.IsFullyKnown() && name != "default_tags" && name != "policy" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// duration is zero for what [sessionDuration] refuses.
func duration(s types.String) time.Duration {
	d, _ := time.ParseDuration(s.ValueString())
	return d
}

// sessionDuration checks how long a role session may last.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
type sessionDuration struct{}

func (sessionDuration) Description(context.Context) string { return "a duration from 15m to 12h" }

func (v sessionDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v sessionDuration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	d, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err != nil || d < 15*time.Minute || d > 12*time.Hour {
		resp.Diagnostics.AddAttributeError(req.Path, "Session length STS does not take", "It must be "+v.Description(ctx)+", written like \"1h30m\". Got: "+req.ConfigValue.ValueString())
	}
}
