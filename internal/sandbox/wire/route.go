package wire

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// Route says which action a request asks for, and in which protocol.
type Route struct {
	Service   *Service
	Operation string
	Protocol  Protocol
}

// Router finds the service and the action of a request, as the front ends of
// AWS do, but all of them behind one address: the path of RPC v2 CBOR, the
// X-Amz-Target header of JSON, the Action member of Query forms, and last the
// one service that has none of these, S3.
type Router struct {
	Services []*Service
}

// Find gives the route. The error is in AWS's words; the route then still
// holds the protocol to say it in (and the service where it is known).
func (rt Router) Find(r *Request, scope Scope) (Route, *Error) {
	if name, operation, ok := cborPath(r.URL.Path); ok {
		return rt.byCBOR(name, operation)
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return rt.byTarget(target, r.Header.Get("Content-Type"))
	}
	if form, ok := Form(r); ok && form.Has("Action") {
		return rt.byAction(form, scope)
	}
	return Route{}, Errorf("UnknownOperationException", "no action in %s %s", r.Method, r.URL.Path)
}

// Raw gives the service that answers requests without an action; nil where
// there is none.
func (rt Router) Raw() *Service {
	for _, svc := range rt.Services {
		if svc.Raw != nil {
			return svc
		}
	}
	return nil
}

func (rt Router) byCBOR(name, operation string) (Route, *Error) {
	for _, svc := range rt.Services {
		if svc.CBORName != "" && svc.CBORName == name {
			return known(Route{Service: svc, Operation: operation, Protocol: CBOR{}}, unknownOperation())
		}
	}
	return Route{Operation: operation, Protocol: CBOR{}}, unknownOperation()
}

func (rt Router) byTarget(target, contentType string) (Route, *Error) {
	at := strings.LastIndexByte(target, '.')
	if at < 0 {
		return Route{Protocol: JSON{}}, unknownOperation()
	}
	prefix, operation := target[:at], target[at+1:]
	protocol := JSON{ContentType: contentType}
	for _, svc := range rt.Services {
		for _, accepted := range svc.Targets {
			if accepted == prefix {
				return known(Route{Service: svc, Operation: operation, Protocol: protocol}, unknownOperation())
			}
		}
	}
	return Route{Operation: operation, Protocol: protocol}, unknownOperation()
}

// byAction finds the service of a Query form. Several services share one
// form, so the credential scope decides; unsigned requests by their Version.
func (rt Router) byAction(form url.Values, scope Scope) (Route, *Error) {
	action, version := form.Get("Action"), form.Get("Version")
	invalid := Errorf("InvalidAction", "Could not find operation %s for version %s", action, version)
	var fallback Protocol
	for _, svc := range rt.Services {
		if svc.Query == nil {
			continue
		}
		if fallback == nil || svc.SigningName != "ec2" {
			fallback = svc.Query
		}
		if svc.SigningName == scope.Service || scope.Service == "" && svc.Version == version {
			route := Route{Service: svc, Operation: action, Protocol: svc.Query}
			if version != svc.Version {
				return route, invalid
			}
			return known(route, invalid)
		}
	}
	return Route{Operation: action, Protocol: fallback}, invalid
}

// known gives the route, with the error where the service has no such action.
func known(route Route, unknown *Error) (Route, *Error) {
	if _, ok := route.Service.Operations[route.Operation]; !ok {
		return route, unknown
	}
	return route, nil
}

// unknownOperation is the answer of JSON and CBOR services to an action they
// do not have. AWS gives no message with it.
func unknownOperation() *Error {
	return &Error{Code: "UnknownOperationException", Status: http.StatusBadRequest}
}

// cborPath splits /service/NAME/operation/OP, with anything before it.
//
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html#requests
func cborPath(path string) (service, operation string, ok bool) {
	parts := strings.Split(path, "/")
	n := len(parts)
	if n < 5 || parts[n-4] != "service" || parts[n-2] != "operation" {
		return "", "", false
	}
	return parts[n-3], parts[n-1], true
}

// HasAction tells whether the request names its action in a header, a form or
// a CBOR path, so that its body is read before the call. Anything else belongs
// to the [Raw] service.
func HasAction(r *http.Request) bool {
	if _, _, ok := cborPath(r.URL.Path); ok && r.Header.Get("Smithy-Protocol") != "" {
		return true
	}
	return r.Header.Get("X-Amz-Target") != "" || isForm(r) || r.URL.Query().Has("Action")
}

// Form gives the parameters of a Query request, from the body or, for GET,
// from the URL.
func Form(r *Request) (url.Values, bool) {
	source := r.URL.RawQuery
	if isForm(r.Request) {
		source = string(r.Content)
	}
	form, err := url.ParseQuery(source)
	if err != nil {
		return nil, false
	}
	return form, true
}

// isForm tells whether the request posts a form to the root, where Query
// services live. S3 object uploads with that type go to a path.
func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded" &&
		r.Method == http.MethodPost && (r.URL.Path == "/" || r.URL.Path == "")
}

// String names the route in logs: "cloudtrail:CreateTrail".
func (r Route) String() string {
	if r.Service == nil {
		return "?:" + r.Operation
	}
	return fmt.Sprintf("%s:%s", r.Service.SigningName, r.Operation)
}
