package wire

import (
	"net/http"
	"strings"
)

// Scope is the credential scope of a signature version 4 request: who signed
// it, and for which Region and service.
type Scope struct {
	AccessKey string
	Date      string // YYYYMMDD
	Region    string
	Service   string
}

// ScopeOf reads the scope from the Authorization header or, for presigned
// requests, from the X-Amz-Credential parameter. It gives false where the
// request is not signed or the scope is broken.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
func ScopeOf(r *http.Request) (Scope, bool) {
	if credential, ok := headerCredential(r.Header.Get("Authorization")); ok {
		return parseScope(credential)
	}
	return parseScope(r.URL.Query().Get("X-Amz-Credential"))
}

// headerCredential gives the Credential member of an Authorization header.
func headerCredential(header string) (string, bool) {
	scheme, rest, _ := strings.Cut(header, " ")
	if !strings.HasPrefix(scheme, "AWS4-") {
		return "", false
	}
	for part := range strings.SplitSeq(rest, ",") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(part), "Credential="); ok {
			return value, true
		}
	}
	return "", false
}

// parseScope splits KEY/DATE/REGION/SERVICE/aws4_request. Asymmetric
// signatures (version 4A) carry no Region in their scope; they are taken for
// us-east-1.
func parseScope(credential string) (Scope, bool) {
	parts := strings.Split(credential, "/")
	switch {
	case len(parts) == 5 && parts[4] == "aws4_request":
		return Scope{AccessKey: parts[0], Date: parts[1], Region: parts[2], Service: parts[3]}, true
	case len(parts) == 4 && parts[3] == "aws4_request":
		return Scope{AccessKey: parts[0], Date: parts[1], Region: "us-east-1", Service: parts[2]}, true
	}
	return Scope{}, false
}
