package awscfg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go/middleware"
	awsbase "github.com/hashicorp/aws-sdk-go-base/v2"
	basediag "github.com/hashicorp/aws-sdk-go-base/v2/diag"
	"github.com/hashicorp/aws-sdk-go-base/v2/logging"
	"github.com/hashicorp/aws-sdk-go-base/v2/validation"
)

// resolveTimeout bounds finding credentials: role chains, SSO and the metadata
// service all make calls with the SDK's own client, which would wait for ever.
const resolveTimeout = 2 * time.Minute

// ErrNoRegion says that neither the configuration nor the environment names a Region.
var ErrNoRegion = errors.New(`no AWS Region: set "region", AWS_REGION, or a region in the AWS profile`)

// Session resolves one Config at most once, when first asked. It is safe for
// concurrent use.
type Session struct {
	config Config

	cloudTrailPace pacer

	mu       sync.Mutex
	resolved bool
	err      error
	aws      aws.Config
	identity Identity
}

// New makes a session. It does no I/O.
func New(c Config) *Session { return &Session{config: c} }

// Config gives the SDK configuration for a Region; the session's own Region
// where empty. The first call resolves credentials and, unless told to skip
// it, asks STS whose they are.
func (s *Session) Config(ctx context.Context, region string) (aws.Config, error) {
	if err := s.resolve(ctx); err != nil {
		return aws.Config{}, err
	}
	c := s.aws.Copy()
	if region != "" {
		c.Region = region
	}
	if c.Region == "" {
		return aws.Config{}, ErrNoRegion
	}
	return c, nil
}

// Identity says whose credentials these are.
func (s *Session) Identity(ctx context.Context) (Identity, error) {
	if err := s.resolve(ctx); err != nil {
		return Identity{}, err
	}
	return s.identity, nil
}

// CheckRegion refuses a Region that this version does not know, unless told to
// accept any. It needs no network.
func (s *Session) CheckRegion(region string) error {
	if s.config.SkipRegionValidation {
		return nil
	}
	if err := validation.SupportedRegion(region); err != nil {
		return fmt.Errorf("checking the AWS Region: %w (skip_region_validation turns this check off)", err)
	}
	return nil
}

// Region is the session's Region as far as it is known without any network:
// the configuration, the environment, the shared files. Empty otherwise.
func (s *Session) Region(ctx context.Context) string {
	for _, r := range []string{s.config.Region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")} {
		if r != "" {
			return r
		}
	}
	profile := firstOf(s.config.Profile, os.Getenv("AWS_PROFILE"), os.Getenv("AWS_DEFAULT_PROFILE"), "default")
	shared, err := config.LoadSharedConfigProfile(ctx, profile, func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles = s.sharedFiles(s.config.SharedConfigFiles, "AWS_CONFIG_FILE")
		o.CredentialsFiles = s.sharedFiles(s.config.SharedCredentialsFiles, "AWS_SHARED_CREDENTIALS_FILE")
	})
	if err != nil {
		return "" // resolving will say it properly
	}
	return shared.Region
}

func (s *Session) sharedFiles(configured []string, variable string) []string {
	if len(configured) > 0 {
		return configured
	}
	if v := os.Getenv(variable); v != "" {
		return []string{v}
	}
	return nil // the SDK's default
}

func (s *Session) resolve(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resolved {
		return s.err
	}
	bounded, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	err := s.load(bounded)
	if ctx.Err() != nil {
		return ctx.Err() // the caller gave up: the next one may try again
	}
	s.resolved, s.err = true, err
	return err
}

func (s *Session) load(ctx context.Context) error {
	base := s.config.base()
	// Validation is one call more than asking for the account, with the same
	// answer: leave it out here and make the one call below, with our retries.
	base.SkipCredsValidation = true
	_, cfg, diags := awsbase.GetAwsConfig(ctx, base)
	if err := diagsError(diags); awsbase.ContainsNoValidCredentialSourcesError(diags) {
		return fmt.Errorf("no AWS credentials that work: they come from access_key and secret_key, profile, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or the role of the machine; what was tried last says: %w", err)
	} else if err != nil {
		return fmt.Errorf("configuring AWS: %w", err)
	}
	if cfg.Region == "" {
		return ErrNoRegion
	}
	if err := s.CheckRegion(cfg.Region); err != nil {
		return err
	}
	if err := s.harden(&cfg); err != nil {
		return err
	}
	identity, err := s.identify(ctx, cfg, base)
	if err != nil {
		return err
	}
	s.aws, s.identity = cfg, identity
	return nil
}

// harden puts our HTTP client, retries and middleware in place of the SDK's.
func (s *Session) harden(cfg *aws.Config) error {
	client, ok := cfg.HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		return fmt.Errorf("configuring AWS: unexpected HTTP client %T", cfg.HTTPClient)
	}
	cfg.HTTPClient = newHTTPClient(client, s.config.HeaderTimeout, s.config.BodyIdleTimeout)
	cfg.Retryer = newRetryer(s.config, cfg)
	// What the credential calls were given would cap the retryer's own number.
	cfg.RetryMaxAttempts = 0
	cfg.APIOptions = append(cfg.APIOptions, addAttemptMiddleware, addLogger)
	return nil
}

func (s *Session) identify(ctx context.Context, cfg aws.Config, base *awsbase.Config) (Identity, error) {
	c := *base
	c.SkipCredsValidation = s.config.SkipCredentialsValidation
	c.SkipRequestingAccountId = s.config.SkipRequestingAccount
	account, partition, diags := awsbase.GetAwsAccountIDAndPartition(ctx, cfg, &c)
	if err := diagsError(diags); err != nil {
		return Identity{}, fmt.Errorf("asking AWS whose credentials these are: %w", err)
	}
	restricted := len(c.AllowedAccountIds)+len(c.ForbiddenAccountIds) > 0
	if restricted && account == "" {
		return Identity{}, errors.New("checking allowed_account_ids and forbidden_account_ids: the account is not known, because both skip_credentials_validation and skip_requesting_account_id are set")
	}
	if restricted {
		if err := c.VerifyAccountIDAllowed(account); err != nil {
			return Identity{}, fmt.Errorf("checking allowed_account_ids and forbidden_account_ids: %w", err)
		}
	}
	return Identity{Account: account, Partition: partition}, nil
}

// base gives the settings in aws-sdk-go-base's words.
func (c Config) base() *awsbase.Config {
	return &awsbase.Config{
		Region: c.Region, Profile: c.Profile,
		AccessKey: c.AccessKey, SecretKey: c.SecretKey, Token: c.Token,
		SharedConfigFiles: c.SharedConfigFiles, SharedCredentialsFiles: c.SharedCredentialsFiles,
		AssumeRole: c.AssumeRole, AssumeRoleWithWebIdentity: c.WebIdentity,
		AllowedAccountIds: c.AllowedAccounts, ForbiddenAccountIds: c.ForbiddenAccounts,
		CallerName:                    c.Product,
		CallerDocumentationURL:        "https://registry.terraform.io/providers/vigil-audit/vigil",
		CustomCABundle:                c.CustomCABundle,
		EC2MetadataServiceEnableState: c.metadataState(),
		EC2MetadataServiceEndpoint:    c.MetadataEndpoint, EC2MetadataServiceEndpointMode: c.MetadataEndpointMode,
		HTTPProxy: c.HTTPProxy, HTTPSProxy: c.HTTPSProxy, NoProxy: c.NoProxy,
		HTTPProxyMode: awsbase.HTTPProxyModeLegacy,
		Insecure:      c.Insecure,
		IamEndpoint:   c.Endpoints[IAM], SsoEndpoint: c.Endpoints[SSO], StsEndpoint: c.Endpoints[STS],
		StsRegion: c.STSRegion,
		Logger:    logging.TfLogger(""),
		// Credential calls get few attempts, so that a dead endpoint shows soon.
		MaxRetries:           min(c.attempts(), 3),
		UseDualStackEndpoint: c.UseDualStack, UseFIPSEndpoint: c.UseFIPS,
		UserAgent: awsbase.UserAgentProducts{{Name: c.Product, Version: c.Version}},
	}
}

func (c Config) metadataState() imds.ClientEnableState {
	switch {
	case c.SkipMetadataAPICheck == nil:
		return imds.ClientDefaultEnableState
	case *c.SkipMetadataAPICheck:
		return imds.ClientDisabled
	}
	return imds.ClientEnabled
}

// diagsError joins the errors; warnings are for the log.
func diagsError(diags basediag.Diagnostics) error {
	var errs []error
	for _, d := range diags.Errors() {
		if n, ok := d.(interface{ Err() error }); ok {
			errs = append(errs, n.Err())
			continue
		}
		errs = append(errs, errors.New(strings.TrimSpace(d.Summary()+": "+d.Detail())))
	}
	return errors.Join(errs...)
}

// addLogger lets aws-sdk-go-base's masked request log reach TF_LOG.
func addLogger(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("VigilLogger",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			return next.HandleInitialize(logging.RegisterLogger(ctx, logging.TfLogger("")), in)
		}), middleware.Before)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
