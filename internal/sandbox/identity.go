package sandbox

import (
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iam"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sts"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// expired refuses credentials of STS that are past their end, in any service.
func (s *Server) expired(x *exchange) *wire.Error {
	session, temporary := s.sessions.Session(x.request.Context(), x.call.AccessKey)
	if !temporary || x.call.Time.Before(session.Expires) {
		return nil
	}
	return expiredToken(x.route.Service)
}

func expiredToken(svc *wire.Service) *wire.Error {
	return &wire.Error{
		Code:      codeFor(svc, "ExpiredTokenException", "ExpiredToken"),
		QueryCode: "ExpiredToken",
		Message:   "The security token included in the request is expired",
		Status:    refusal(svc),
	}
}

// identity is who makes a call, as events tell it.
type identity struct {
	arn, principalID string
	userName         string // of users and of assumed roles the session's name
	role             string // ARN of the role of a session; empty for users
}

// identityOf takes keys that STS gave out for their sessions and all others for
// those of one user: IAM here has no users behind keys.
func identityOf(x *exchange, sessions *sts.STS) identity {
	arn, id := iam.CallerARN(x.call.Account), iam.CallerID
	if session, temporary := sessions.Session(x.request.Context(), x.call.AccessKey); temporary {
		arn, id = session.ARN, session.UserID
	}
	who := identity{arn: arn, principalID: id, userName: arn[strings.LastIndexByte(arn, '/')+1:]}
	if _, session, ok := strings.Cut(arn, ":assumed-role/"); ok {
		name, _, _ := strings.Cut(session, "/")
		who.role = "arn:aws:iam::" + x.call.Account + ":role/" + name
	}
	return who
}

// record gives the userIdentity element of an event.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
func (w identity) record(call wire.Call) map[string]any {
	element := map[string]any{
		"type": "IAMUser", "principalId": w.principalID, "accountId": call.Account,
		"arn": w.arn, "accessKeyId": call.AccessKey, "userName": w.userName,
	}
	if w.role != "" {
		element["type"] = "AssumedRole"
		delete(element, "userName")
		roleID, _, _ := strings.Cut(w.principalID, ":")
		element["sessionContext"] = map[string]any{"sessionIssuer": map[string]any{
			"type": "Role", "principalId": roleID, "arn": w.role, "accountId": call.Account,
			"userName": w.role[strings.LastIndexByte(w.role, '/')+1:],
		}}
	}
	return element
}
