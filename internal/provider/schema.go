package provider

import (
	"context"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// Schema has hashicorp/aws's names throughout, so that a provider block can be copied.
func (*vigil) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The audit plane of AWS as code: trails, log groups, metric filters, alarms and AWS Config recorders, " +
			"checked against policy while they are planned. The settings are those of hashicorp/aws; credentials are first used when a call to AWS is needed.",
		Attributes: map[string]schema.Attribute{
			"region":                             text("Region to work in. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's."),
			"profile":                            text("Profile of the shared configuration. Default: `AWS_PROFILE`."),
			"access_key":                         text("Access key id. Default: `AWS_ACCESS_KEY_ID`."),
			"secret_key":                         secret("Secret access key. Default: `AWS_SECRET_ACCESS_KEY`."),
			"token":                              secret("Session token. Default: `AWS_SESSION_TOKEN`."),
			"shared_config_files":                texts("Shared configuration files. Default: `~/.aws/config`."),
			"shared_credentials_files":           texts("Shared credentials files. Default: `~/.aws/credentials`."),
			"max_retries":                        number("How often one request is sent at most. Default: `AWS_MAX_ATTEMPTS`, else 25.", int64validator.AtLeast(1)),
			"retry_mode":                         text("`standard` or `adaptive`. Default: `AWS_RETRY_MODE`, else standard.", stringvalidator.OneOf("standard", "adaptive")),
			"token_bucket_rate_limiter_capacity": number("Capacity of the token bucket that retries draw from. Default: no such limit.", int64validator.AtLeast(1)),
			"use_fips_endpoint":                  flag("Use endpoints that comply with FIPS 140."),
			"use_dualstack_endpoint":             flag("Use endpoints that also speak IPv6."),
			"custom_ca_bundle":                   text("File with certificates of the authorities to trust. Default: `AWS_CA_BUNDLE`."),
			"http_proxy":                         text("Proxy for HTTP, and for HTTPS where `https_proxy` is not set. Default: `HTTP_PROXY`."),
			"https_proxy":                        text("Proxy for HTTPS; an empty string for none. Default: `HTTPS_PROXY`."),
			"no_proxy":                           text("Hosts to reach without a proxy, separated by commas. Default: `NO_PROXY`."),
			"insecure":                           flag("Accept any TLS certificate."),
			"s3_use_path_style":                  flag("Address S3 buckets by path, as most emulators need."),
			"sts_region":                         text("Region of the STS endpoint. Default: `region`."),
			"ec2_metadata_service_endpoint":      text("Endpoint of the EC2 metadata service. Default: `AWS_EC2_METADATA_SERVICE_ENDPOINT`."),
			"ec2_metadata_service_endpoint_mode": text("`IPv4` or `IPv6`.", stringvalidator.OneOf("IPv4", "IPv6")),
			"allowed_account_ids":                accounts("Accounts to work in; in any other, nothing is read or changed.", "forbidden_account_ids"),
			"forbidden_account_ids":              accounts("Accounts never to work in.", "allowed_account_ids"),
			"skip_credentials_validation":        flag("Do not ask STS whether the credentials are valid. For endpoints without STS."),
			"skip_requesting_account_id":         flag("Do not ask whose the credentials are. For endpoints without IAM and STS."),
			"skip_metadata_api_check":            flag("Do not look for credentials at the EC2 metadata service."),
			"skip_region_validation":             flag("Accept a Region that this version does not know."),
		},
		Blocks: map[string]schema.Block{
			"assume_role":                   assumeRoleBlock(),
			"assume_role_with_web_identity": webIdentityBlock(),
			"default_tags": schema.SingleNestedBlock{
				MarkdownDescription: "Tags of every resource that has tags.",
				Attributes: map[string]schema.Attribute{"tags": schema.MapAttribute{Optional: true, ElementType: types.StringType,
					MarkdownDescription: "The tags. `TF_AWS_DEFAULT_TAGS_<KEY>` sets a tag too; what is said here wins."}},
			},
			"ignore_tags": schema.SingleNestedBlock{
				MarkdownDescription: "Tags that somebody else manages.",
				Attributes: map[string]schema.Attribute{
					"keys":         schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Keys to ignore."},
					"key_prefixes": schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Beginnings of keys to ignore."},
				},
			},
			"endpoints": endpointsBlock(),
			"policy":    policyBlock(),
		},
	}
}

func assumeRoleBlock() schema.Block {
	return schema.ListNestedBlock{
		MarkdownDescription: "Roles to assume, in order: each with the credentials of the one before.",
		NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
			"role_arn":            text("ARN of the role.", roleARN()),
			"duration":            text("How long the session lasts, 15m to 12h.", sessionDuration{}),
			"external_id":         text("External id that the role's trust policy asks for.", stringvalidator.LengthBetween(2, 1224)),
			"policy":              text("Policy document that further restricts the session."),
			"policy_arns":         schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "ARNs of policies that further restrict the session."},
			"session_name":        text("Name of the session.", stringvalidator.LengthBetween(2, 64)),
			"source_identity":     text("Source identity of the session.", stringvalidator.LengthBetween(2, 64)),
			"tags":                schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Tags of the session."},
			"transitive_tag_keys": schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Keys of tags that go on to further sessions."},
		}},
	}
}

func webIdentityBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Role to assume with an OpenID Connect token, as CI systems give.",
		Attributes: map[string]schema.Attribute{
			"role_arn":     text("ARN of the role.", roleARN()),
			"duration":     text("How long the session lasts, 15m to 12h.", sessionDuration{}),
			"policy":       text("Policy document that further restricts the session."),
			"policy_arns":  schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "ARNs of policies that further restrict the session."},
			"session_name": text("Name of the session.", stringvalidator.LengthBetween(2, 64)),
			"web_identity_token": schema.StringAttribute{Optional: true, Sensitive: true, MarkdownDescription: "The token.",
				Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("web_identity_token_file"))}},
			"web_identity_token_file": text("File that holds the token."),
		},
	}
}

func endpointsBlock() schema.Block {
	urls := make(map[string]schema.Attribute)
	for name, service := range awscfg.EndpointNames() {
		urls[name] = text("Base URL of "+string(service)+", in place of AWS's own.",
			fwk.Matching(regexp.MustCompile(`^https?://[^/]+`), "An endpoint is a URL with http or https and a host"))
	}
	return schema.SetNestedBlock{
		MarkdownDescription: "Endpoints of services, for VPC endpoints and emulators. They win over `AWS_ENDPOINT_URL_*`.",
		NestedObject:        schema.NestedBlockObject{Attributes: urls},
	}
}

func text(description string, rules ...validator.String) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: slices.Clip(rules)}
}

func secret(description string) schema.Attribute {
	return schema.StringAttribute{Optional: true, Sensitive: true, MarkdownDescription: description}
}

func texts(description string) schema.Attribute {
	return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
}

func number(description string, rules ...validator.Int64) schema.Attribute {
	return schema.Int64Attribute{Optional: true, MarkdownDescription: description, Validators: rules}
}

func flag(description string) schema.Attribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
}

func accounts(description, not string) schema.Attribute {
	twelve := fwk.Matching(regexp.MustCompile(`^\d{12}$`), "An AWS account id is twelve digits")
	return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description,
		Validators: []validator.Set{setvalidator.ConflictsWith(path.MatchRoot(not)), setvalidator.ValueStringsAre(twelve)}}
}

func roleARN() validator.String {
	return fwk.Matching(regexp.MustCompile(`^arn:[\w-]+:iam::\d{12}:role/.+$`), "The ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME) is needed")
}
