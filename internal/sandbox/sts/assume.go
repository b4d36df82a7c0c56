package sts

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iam"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func (s *STS) assumeRole(ctx context.Context, in *awssts.AssumeRoleInput) (*awssts.AssumeRoleOutput, error) {
	arn, name := aws.ToString(in.RoleArn), aws.ToString(in.RoleSessionName)
	if err := checkSession(arn, name); err != nil {
		return nil, err
	}
	who, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	request := iampolicy.Request{Principal: principalOf(who.arn), Action: "sts:AssumeRole", Context: map[string]string{"aws:PrincipalArn": principalOf(who.arn)}}
	if in.ExternalId != nil {
		request.Context["sts:ExternalId"] = *in.ExternalId
	}
	role, ok := s.roles.Role(ctx, arn)
	if !ok || !role.Trust.Allows(request) {
		return nil, forbidden("AccessDenied", "User: %s is not authorized to perform: sts:AssumeRole on resource: %s", who.arn, arn)
	}
	credentials, user, err := s.sessionOf(ctx, role, name, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	return &awssts.AssumeRoleOutput{Credentials: credentials, AssumedRoleUser: user, SourceIdentity: in.SourceIdentity}, nil
}

// principalOf gives the identity whom a policy names: the role behind an
// assumed role's session.
func principalOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	rest, assumed := strings.CutPrefix(parts[5], "assumed-role/")
	if !assumed {
		return arn
	}
	role, _, _ := strings.Cut(rest, "/")
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", parts[1], parts[4], role)
}

// sessionOf starts a session of a role.
func (s *STS) sessionOf(ctx context.Context, role iam.Role, name string, duration *int32) (*types.Credentials, *types.AssumedRoleUser, error) {
	seconds := int32(3600)
	if duration != nil {
		seconds = *duration
	}
	if err := checkDuration(seconds, 43200); err != nil {
		return nil, nil, err
	}
	if seconds > role.MaxSession {
		return nil, nil, validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	account := wire.CallOf(ctx).Account
	who := session{
		arn:    "arn:aws:sts::" + account + ":assumed-role/" + role.ARN[strings.LastIndex(role.ARN, "/")+1:] + "/" + name,
		userID: role.ID + ":" + name,
	}
	return s.issue(ctx, who, seconds), &types.AssumedRoleUser{Arn: &who.arn, AssumedRoleId: &who.userID}, nil
}

// claims are the parts of a web identity token that trust policies look at.
type claims struct {
	Issuer   string          `json:"iss"`
	Subject  string          `json:"sub"`
	Audience json.RawMessage `json:"aud"`
	Expires  int64           `json:"exp"`
}

// assumeRoleWithWebIdentity reads the token's claims. Its signature is not
// checked: the sandbox has nobody to ask for the issuer's keys.
func (s *STS) assumeRoleWithWebIdentity(ctx context.Context, in *awssts.AssumeRoleWithWebIdentityInput) (*awssts.AssumeRoleWithWebIdentityOutput, error) {
	arn, name := aws.ToString(in.RoleArn), aws.ToString(in.RoleSessionName)
	if err := checkSession(arn, name); err != nil {
		return nil, err
	}
	token, err := parseToken(aws.ToString(in.WebIdentityToken))
	if err != nil {
		return nil, err
	}
	call := wire.CallOf(ctx)
	if token.Expires <= call.Time.Unix() {
		return nil, wire.Errorf("ExpiredTokenException", "Token expired: current date/time %d must be before the expiration date/time %d", call.Time.Unix(), token.Expires)
	}
	issuer := strings.TrimPrefix(token.Issuer, "https://")
	provider := "arn:aws:iam::" + call.Account + ":oidc-provider/" + issuer
	role, ok := s.roles.Role(ctx, arn)
	if !ok || !role.Trust.Allows(iampolicy.Request{
		Principal: provider, Action: "sts:AssumeRoleWithWebIdentity",
		Context: map[string]string{issuer + ":sub": token.Subject, issuer + ":aud": token.audience()},
	}) {
		return nil, forbidden("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
	}
	credentials, user, err := s.sessionOf(ctx, role, name, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	return &awssts.AssumeRoleWithWebIdentityOutput{
		Credentials: credentials, AssumedRoleUser: user, Provider: &provider,
		Audience: aws.String(token.audience()), SubjectFromWebIdentityToken: &token.Subject,
	}, nil
}

func parseToken(token string) (claims, error) {
	invalid := wire.Errorf("InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}, invalid
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var c claims
	if err != nil || json.Unmarshal(payload, &c) != nil || c.Issuer == "" || c.Subject == "" {
		return claims{}, invalid
	}
	return c, nil
}

// audience gives the token's audience, the first where there are several.
func (c claims) audience() string {
	var several []string
	if json.Unmarshal(c.Audience, &several) == nil && len(several) > 0 {
		return several[0]
	}
	var one string
	if json.Unmarshal(c.Audience, &one) != nil {
		return ""
	}
	return one
}
