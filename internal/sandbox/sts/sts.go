// Package sts is AWS STS: who am I, and sessions of roles. The keys of a call
// are not checked; whoever holds no session of this STS is the user "sandbox".
package sts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iam"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// STS holds the sessions that it has given out.
type STS struct {
	roles    *iam.IAM
	sessions store.Table[session] // by access key
}

// global is the Region under which the table keeps everything.
const global = ""

// session is who holds temporary credentials, and until when.
type session struct {
	arn, userID string
	expires     time.Time
}

// New makes an STS for the roles of an IAM.
func New(roles *iam.IAM) *STS { return &STS{roles: roles} }

// Service describes the API.
func (s *STS) Service() *wire.Service {
	webIdentity := wire.Op("AssumeRoleWithWebIdentity", s.assumeRoleWithWebIdentity)
	webIdentity.Unsigned = true
	return &wire.Service{
		SigningName:  "sts",
		EventSource:  "sts.amazonaws.com",
		Version:      "2011-06-15",
		XMLNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Query:        wire.Query{},
		Resources:    map[string]string{"RoleArn": "AWS::IAM::Role"},
		Operations: wire.Operations(
			wire.Op("GetCallerIdentity", s.getCallerIdentity),
			wire.Op("GetSessionToken", s.getSessionToken),
			wire.Op("GetAccessKeyInfo", s.getAccessKeyInfo),
			wire.Op("AssumeRole", s.assumeRole),
			webIdentity,
		),
	}
}

// Resources is empty: sessions end by themselves.
func (s *STS) Resources(context.Context) []string { return nil }

// caller gives who makes the call.
func (s *STS) caller(ctx context.Context) (session, error) {
	call := wire.CallOf(ctx)
	held, ok := s.sessions.GetIn(ctx, global, call.AccessKey)
	if !ok {
		return session{arn: iam.CallerARN(call.Account), userID: iam.CallerID}, nil
	}
	if !call.Time.Before(held.expires) {
		return session{}, forbidden("ExpiredToken", "The security token included in the request is expired")
	}
	return held, nil
}

func (s *STS) getCallerIdentity(ctx context.Context, _ *awssts.GetCallerIdentityInput) (*awssts.GetCallerIdentityOutput, error) {
	who, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	return &awssts.GetCallerIdentityOutput{Account: aws.String(wire.CallOf(ctx).Account), Arn: &who.arn, UserId: &who.userID}, nil
}

func (s *STS) getAccessKeyInfo(ctx context.Context, in *awssts.GetAccessKeyInfoInput) (*awssts.GetAccessKeyInfoOutput, error) {
	if len(aws.ToString(in.AccessKeyId)) < 16 {
		return nil, validation("1 validation error detected: Value '%s' at 'accessKeyId' failed to satisfy constraint: Member must have length greater than or equal to 16", aws.ToString(in.AccessKeyId))
	}
	return &awssts.GetAccessKeyInfoOutput{Account: aws.String(wire.CallOf(ctx).Account)}, nil
}

func (s *STS) getSessionToken(ctx context.Context, in *awssts.GetSessionTokenInput) (*awssts.GetSessionTokenOutput, error) {
	seconds := int32(43200)
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	if err := checkDuration(seconds, 129600); err != nil {
		return nil, err
	}
	who, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(who.arn, "arn:aws:sts:") {
		return nil, forbidden("AccessDenied", "Cannot call GetSessionToken with session credentials")
	}
	return &awssts.GetSessionTokenOutput{Credentials: s.issue(ctx, who, seconds)}, nil
}

// issue gives out credentials for a session.
func (s *STS) issue(ctx context.Context, who session, seconds int32) *types.Credentials {
	who.expires = wire.CallOf(ctx).Time.UTC().Truncate(time.Second).Add(time.Duration(seconds) * time.Second)
	key := "ASIA" + rand.Text()[:16]
	s.sessions.PutIn(ctx, global, key, who)
	return &types.Credentials{
		AccessKeyId: &key, SecretAccessKey: aws.String(random(30)), SessionToken: aws.String(random(240)), Expiration: &who.expires,
	}
}

func random(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return base64.StdEncoding.EncodeToString(b)
}

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

func checkSession(roleARN, name string) error {
	if parts := strings.SplitN(roleARN, ":", 6); len(parts) != 6 || parts[2] != "iam" || !strings.HasPrefix(parts[5], "role/") {
		return validation("%s is invalid", roleARN)
	}
	if !sessionName.MatchString(name) {
		return validation("1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*", name)
	}
	return nil
}

// checkDuration: 15 minutes at least.
func checkDuration(seconds, most int32) error {
	if seconds < 900 || seconds > most {
		return validation("1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and %d", seconds, most)
	}
	return nil
}

func validation(format string, args ...any) *wire.Error {
	return wire.Errorf("ValidationError", format, args...)
}

func forbidden(code, format string, args ...any) *wire.Error {
	e := wire.Errorf(code, format, args...)
	e.Status = http.StatusForbidden
	return e
}
