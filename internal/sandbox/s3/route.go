package s3

import (
	"net/http"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// target is what a request asks for.
type target struct {
	bucket, key string
	action      string // "GetBucketPolicy"; empty where S3 does not have it here
	sub         *subresource
}

// route reads the action out of method, path and query, as S3's API has no
// other name for it.
func route(r *http.Request) target {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	t := target{bucket: bucket, key: key}
	switch {
	case r.Header.Get("X-Amz-Account-Id") != "": // S3 Control lives on another host
	case bucket == "":
		t.action = actionIn(serviceActions(), r)
	case key == "":
		t.bucketAction(r)
	default:
		t.action = actionIn(objectActions(), r)
	}
	return t
}

func (t *target) bucketAction(r *http.Request) {
	query := r.URL.Query()
	for _, sub := range subresources() {
		if query.Has(sub.query) {
			t.sub, t.action = &sub, sub.action(r.Method)
			return
		}
	}
	t.action = actionIn(bucketActions(), r)
}

// rule names an action by its method and the parameters that it must have.
type rule struct {
	method, query, header, action string
}

// actionIn gives the action of the first rule that fits. A parameter that no
// rule knows asks for something that is not here.
func actionIn(rules []rule, r *http.Request) string {
	query := r.URL.Query()
	known := map[string]bool{}
	for _, rule := range rules {
		known[rule.query] = true
	}
	for name := range query {
		if !known[name] && !ordinary(name) {
			return ""
		}
	}
	for _, rule := range rules {
		if rule.method == r.Method && (rule.query == "" || query.Has(rule.query)) && (rule.header == "" || r.Header.Get(rule.header) != "") {
			return rule.action
		}
	}
	return ""
}

// ordinary parameters do not change which action a request asks for.
func ordinary(name string) bool {
	switch name {
	case "x-id", "versionId", "partNumber", "prefix", "delimiter", "marker", "max-keys", "encoding-type", "continuation-token",
		"start-after", "fetch-owner", "key-marker", "version-id-marker", "upload-id-marker", "max-uploads", "max-parts",
		"part-number-marker", "max-buckets", "bucket-region", "optional-object-attributes":
		return true
	}
	return strings.HasPrefix(name, "response-") || strings.HasPrefix(strings.ToLower(name), "x-amz-")
}

func serviceActions() []rule {
	return []rule{{method: http.MethodGet, action: "ListBuckets"}}
}

func bucketActions() []rule {
	return []rule{
		{method: http.MethodGet, query: "location", action: "GetBucketLocation"},
		{method: http.MethodGet, query: "policyStatus", action: "GetBucketPolicyStatus"},
		{method: http.MethodGet, query: "policy", action: "GetBucketPolicy"},
		{method: http.MethodPut, query: "policy", action: "PutBucketPolicy"},
		{method: http.MethodDelete, query: "policy", action: "DeleteBucketPolicy"},
		{method: http.MethodGet, query: "versions", action: "ListObjectVersions"},
		{method: http.MethodGet, query: "uploads", action: "ListMultipartUploads"},
		{method: http.MethodGet, query: "list-type", action: "ListObjectsV2"},
		{method: http.MethodPost, query: "delete", action: "DeleteObjects"},
		{method: http.MethodGet, action: "ListObjects"},
		{method: http.MethodPut, action: "CreateBucket"},
		{method: http.MethodHead, action: "HeadBucket"},
		{method: http.MethodDelete, action: "DeleteBucket"},
	}
}

func objectActions() []rule {
	return []rule{
		{method: http.MethodPost, query: "uploads", action: "CreateMultipartUpload"},
		{method: http.MethodPut, query: "uploadId", header: "X-Amz-Copy-Source", action: "UploadPartCopy"},
		{method: http.MethodPut, query: "uploadId", action: "UploadPart"},
		{method: http.MethodPost, query: "uploadId", action: "CompleteMultipartUpload"},
		{method: http.MethodDelete, query: "uploadId", action: "AbortMultipartUpload"},
		{method: http.MethodGet, query: "uploadId", action: "ListParts"},
		{method: http.MethodPut, header: "X-Amz-Copy-Source", action: "CopyObject"},
		{method: http.MethodPut, action: "PutObject"},
		{method: http.MethodGet, action: "GetObject"},
		{method: http.MethodHead, action: "HeadObject"},
		{method: http.MethodDelete, action: "DeleteObject"},
	}
}

// Action names what a request asks for, for the journal and the event history.
func (s *S3) Action(r *http.Request) wire.Action {
	t := route(r)
	if t.action == "" {
		return wire.Action{}
	}
	action := wire.Action{
		Name:     t.action,
		ReadOnly: r.Method == http.MethodGet || r.Method == http.MethodHead,
		Data:     t.isData(),
	}
	if t.bucket != "" {
		action.Resources = append(action.Resources, wire.Resource{Type: "AWS::S3::Bucket", Name: t.bucket})
	}
	return action
}

// isData tells the actions on objects, which gofakes3 answers, from those on buckets.
func (t target) isData() bool {
	switch t.action {
	case "ListObjectVersions", "ListMultipartUploads", "ListObjectsV2", "DeleteObjects", "ListObjects":
		return true
	}
	return t.key != ""
}
