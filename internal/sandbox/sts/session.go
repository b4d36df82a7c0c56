package sts

import (
	"context"
	"time"
)

// Session is what temporary credentials stand for.
type Session struct {
	ARN     string // "arn:aws:sts::111122223333:assumed-role/audit/session", or a user's
	UserID  string
	Expires time.Time
}

// Session gives the session behind an access key; false for keys that were not
// given out here, which are taken for those of a user.
func (s *STS) Session(ctx context.Context, accessKey string) (Session, bool) {
	held, ok := s.sessions.GetIn(ctx, global, accessKey)
	return Session{ARN: held.arn, UserID: held.userID, Expires: held.expires}, ok
}
