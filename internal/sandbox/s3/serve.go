package s3

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

const (
	namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
	// maxBody is far above what a bucket's documents need.
	maxBody = 1 << 20
)

// answer is what an action on a bucket gives: a document, a text, or nothing.
type answer struct {
	status   int    // 200 where zero
	root     string // of document
	document any    // an SDK type
	text     string // where there is no document
	header   http.Header
}

// ServeHTTP answers one request.
func (s *S3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, t := wire.CallOf(r.Context()), route(r)
	if err := s.admit(r, t); err != nil {
		s.refuse(w, call, t, err)
		return
	}
	if t.isData() {
		if err := s.serveObject(w, r, t); err != nil {
			s.refuse(w, call, t, err)
		}
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		body, err = decodeChunks(r.Header, body)
	}
	if err != nil {
		s.refuse(w, call, t, wire.Errorf("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"))
		return
	}
	given, failed := s.serveBucket(r, t, body)
	if failed != nil {
		s.refuse(w, call, t, wire.AsError(failed))
		return
	}
	given.write(w, call)
}

func (a answer) write(w http.ResponseWriter, call wire.Call) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	setIDs(w.Header(), call)
	var body []byte
	switch {
	case a.document != nil:
		w.Header().Set("Content-Type", "application/xml")
		body = wire.RESTXML{Names: names}.Encode(a.root, namespace, a.document)
	case a.text != "":
		body = []byte(a.text)
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // into memory
}

func setIDs(header http.Header, call wire.Call) {
	header.Set("X-Amz-Request-Id", call.RequestID)
	header.Set("X-Amz-Id-2", base64.StdEncoding.EncodeToString([]byte(call.RequestID)))
	header.Set("Server", "AmazonS3")
}

func (s *S3) refuse(w http.ResponseWriter, call wire.Call, t target, e *wire.Error) {
	failed := s.fail(call, e, t)
	for name, values := range failed.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(failed.Status)
	_, _ = w.Write(failed.Body) // into memory
}

// Fail makes an error answer in S3's shape.
func (s *S3) Fail(call wire.Call, e *wire.Error) *wire.Answer { return s.fail(call, e, target{}) }

// fail: answers to HEAD have no body, and wrong Regions learn the right one.
func (s *S3) fail(call wire.Call, e *wire.Error, t target) *wire.Answer {
	header := http.Header{}
	setIDs(header, call)
	var extra []string
	if t.bucket != "" {
		extra = append(extra, "BucketName", t.bucket)
	}
	if t.key != "" {
		extra = append(extra, "Key", t.key)
	}
	if b, ok := s.buckets.GetIn(context.Background(), global, t.bucket); ok && e.Status == http.StatusMovedPermanently {
		header.Set("X-Amz-Bucket-Region", b.region)
		extra = append(extra, "Endpoint", "s3."+b.region+".amazonaws.com")
	}
	failed := &wire.Answer{Status: e.HTTPStatus(), Header: header}
	if call.Operation != "HeadBucket" && call.Operation != "HeadObject" {
		header.Set("Content-Type", "application/xml")
		failed.Body = wire.RESTXML{}.EncodeError(call, e, extra...)
	}
	return failed
}

// admit checks what holds for all requests to a bucket: that it exists, that
// the request went to its Region, and that the caller may.
func (s *S3) admit(r *http.Request, t target) *wire.Error {
	ctx := r.Context()
	scope, signed := wire.ScopeOf(r)
	if t.bucket == "" || t.action == "CreateBucket" {
		if !signed {
			return accessDenied()
		}
		return nil
	}
	b, ok := s.buckets.GetIn(ctx, global, t.bucket)
	if !ok {
		return noSuchBucket()
	}
	if owner := r.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" && owner != b.account {
		return accessDenied()
	}
	if !signed {
		return s.admitAnonymous(ctx, b, t)
	}
	if scope.Region != b.region && t.action != "GetBucketLocation" {
		return failure(http.StatusMovedPermanently, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.")
	}
	return nil
}

// admitAnonymous lets unsigned requests do what the bucket's policy allows to everyone.
func (s *S3) admitAnonymous(ctx context.Context, b bucket, t target) *wire.Error {
	policy, _ := s.Policy(ctx, b.name)
	request := iampolicy.Request{Action: "s3:" + t.permission(), Resource: b.arn()}
	if t.key != "" {
		request.Resource += "/" + t.key
	}
	if !policy.Allows(request) || policy.Public() && b.blocks(restrictPublicBuckets) {
		return accessDenied()
	}
	return nil
}

// permission is the name of an action in policies, where it is another.
func (t target) permission() string {
	switch t.action {
	case "HeadObject":
		return "GetObject"
	case "ListObjects", "ListObjectsV2", "HeadBucket":
		return "ListBucket"
	case "ListObjectVersions":
		return "ListBucketVersions"
	case "DeleteObjects":
		return "DeleteObject"
	case "CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload":
		return "PutObject"
	}
	return t.action
}

func (s *S3) serveBucket(r *http.Request, t target, body []byte) (answer, error) {
	ctx := r.Context()
	if t.sub != nil {
		return s.serveSubresource(ctx, r, t, body)
	}
	switch t.action {
	case "ListBuckets":
		return s.listBuckets(ctx, r.URL.Query())
	case "CreateBucket":
		return s.createBucket(ctx, r.Header, t.bucket, body)
	case "HeadBucket":
		return s.headBucket(ctx, t.bucket)
	case "DeleteBucket":
		return s.deleteBucket(ctx, t.bucket)
	case "GetBucketLocation":
		return s.getLocation(ctx, t.bucket)
	case "GetBucketPolicy":
		return s.getPolicy(ctx, t.bucket)
	case "PutBucketPolicy":
		return s.putPolicy(ctx, t.bucket, body)
	case "DeleteBucketPolicy":
		return s.deletePolicy(ctx, t.bucket)
	case "GetBucketPolicyStatus":
		return s.getPolicyStatus(ctx, t.bucket)
	}
	return answer{}, failure(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented")
}
