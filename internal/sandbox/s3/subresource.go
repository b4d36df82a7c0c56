package s3

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// subresource is one of the documents beside a bucket's objects, all of which
// are put, read and deleted alike: PUT /bucket?encryption.
type subresource struct {
	query string
	// noun follows Get, Put and Delete in the action's name.
	noun      string
	deletable bool
	root      string
	// empty gives a new value of the SDK's type; GET answers it where nothing is set and absent is nil.
	empty func() any
	// absent is the answer of GET where nothing is set; nil for those that then answer an empty document.
	absent *wire.Error
	// prepare checks a document against the bucket that it is put to, and completes it.
	prepare func(s *S3, ctx context.Context, b *bucket, header http.Header, document any) error
}

func (sub subresource) action(method string) string {
	switch {
	case method == http.MethodGet:
		return "Get" + sub.noun
	case method == http.MethodPut:
		return "Put" + sub.noun
	case method == http.MethodDelete && sub.deletable:
		return "Delete" + sub.noun
	}
	return ""
}

// The queries that other files refer to.
const (
	aclQuery          = "acl"
	encryptionQuery   = "encryption"
	lifecycleQuery    = "lifecycle"
	objectLockQuery   = "object-lock"
	ownershipQuery    = "ownershipControls"
	publicAccessQuery = "publicAccessBlock"
	taggingQuery      = "tagging"
	versioningQuery   = "versioning"
)

func absent(code, message string) *wire.Error {
	return failure(http.StatusNotFound, code, "%s", message)
}

func subresources() []subresource {
	return []subresource{
		{query: aclQuery, noun: "BucketAcl", root: "AccessControlPolicy", empty: empty[types.AccessControlPolicy], prepare: prepareACL},
		{query: encryptionQuery, noun: "BucketEncryption", deletable: true, root: "ServerSideEncryptionConfiguration",
			empty: empty[types.ServerSideEncryptionConfiguration], prepare: prepareEncryption},
		{query: versioningQuery, noun: "BucketVersioning", root: "VersioningConfiguration",
			empty: empty[types.VersioningConfiguration], prepare: prepareVersioning},
		{query: publicAccessQuery, noun: "PublicAccessBlock", deletable: true, root: "PublicAccessBlockConfiguration",
			empty:  empty[types.PublicAccessBlockConfiguration],
			absent: absent("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"), prepare: preparePublicAccess},
		{query: ownershipQuery, noun: "BucketOwnershipControls", deletable: true, root: "OwnershipControls", empty: empty[types.OwnershipControls],
			absent: absent("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"), prepare: prepareOwnership},
		{query: taggingQuery, noun: "BucketTagging", deletable: true, root: "Tagging", empty: empty[types.Tagging],
			absent: absent("NoSuchTagSet", "The TagSet does not exist"), prepare: prepareTagging},
		{query: "logging", noun: "BucketLogging", root: "BucketLoggingStatus", empty: empty[types.BucketLoggingStatus], prepare: prepareLogging},
		{query: lifecycleQuery, noun: "BucketLifecycleConfiguration", deletable: true, root: "LifecycleConfiguration",
			empty:  empty[types.BucketLifecycleConfiguration],
			absent: absent("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"), prepare: prepareLifecycle},
		{query: objectLockQuery, noun: "ObjectLockConfiguration", root: "ObjectLockConfiguration", empty: empty[types.ObjectLockConfiguration],
			absent: absent("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"), prepare: prepareObjectLock},
		{query: "cors", noun: "BucketCors", deletable: true, root: "CORSConfiguration", empty: empty[types.CORSConfiguration],
			absent: absent("NoSuchCORSConfiguration", "The CORS configuration does not exist"), prepare: prepareCORS},
		{query: "website", noun: "BucketWebsite", deletable: true, root: "WebsiteConfiguration", empty: empty[types.WebsiteConfiguration],
			absent: absent("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")},
		{query: "replication", noun: "BucketReplication", deletable: true, root: "ReplicationConfiguration", empty: empty[types.ReplicationConfiguration],
			absent: absent("ReplicationConfigurationNotFoundError", "The replication configuration was not found"), prepare: prepareReplication},
		{query: "accelerate", noun: "BucketAccelerateConfiguration", root: "AccelerateConfiguration", empty: empty[types.AccelerateConfiguration]},
		{query: "requestPayment", noun: "BucketRequestPayment", root: "RequestPaymentConfiguration",
			empty: func() any { return &types.RequestPaymentConfiguration{Payer: types.PayerBucketOwner} }, prepare: prepareRequestPayment},
		{query: "notification", noun: "BucketNotificationConfiguration", root: "NotificationConfiguration",
			empty: empty[types.NotificationConfiguration]},
	}
}

func empty[T any]() any { return new(T) }

func (s *S3) serveSubresource(ctx context.Context, r *http.Request, t target, body []byte) (answer, error) {
	switch r.Method {
	case http.MethodGet:
		return s.getDocument(ctx, t)
	case http.MethodPut:
		return answer{}, s.change(ctx, t.bucket, func(b *bucket) error { return s.putDocument(ctx, b, t.sub, r.Header, body) })
	}
	return answer{status: http.StatusNoContent}, s.change(ctx, t.bucket, func(b *bucket) error {
		b.deleteDocument(t.sub.query)
		return nil
	})
}

func (s *S3) getDocument(ctx context.Context, t target) (answer, error) {
	b, err := s.bucket(ctx, t.bucket)
	if err != nil {
		return answer{}, err
	}
	given := answer{root: t.sub.root, document: b.documents[t.sub.query]}
	if given.document == nil {
		if t.sub.absent != nil {
			return answer{}, t.sub.absent
		}
		given.document = t.sub.empty()
	}
	if t.sub.query == lifecycleQuery {
		given.header = http.Header{"X-Amz-Transition-Default-Minimum-Object-Size": {b.transitionSize}}
	}
	return given, nil
}

// putDocument reads the body into the SDK's type, checks and keeps it.
// PutBucketAcl may come without a body: its document is then in the headers.
func (s *S3) putDocument(ctx context.Context, b *bucket, sub *subresource, header http.Header, body []byte) error {
	document := sub.empty()
	if len(body) > 0 || sub.query != aclQuery {
		if err := (wire.RESTXML{Names: names}).Decode(body, sub.root, document); err != nil {
			return err
		}
	}
	if sub.prepare != nil {
		if err := sub.prepare(s, ctx, b, header, document); err != nil {
			return err
		}
	}
	b.documents[sub.query] = document
	return nil
}

// deleteDocument goes back to S3's default; buckets are never without encryption.
func (b *bucket) deleteDocument(query string) {
	delete(b.documents, query)
	if query == encryptionQuery {
		b.documents[query] = defaultEncryption()
	}
}

// documentOf gives a bucket's document of that type; the zero value where there is none.
func documentOf[T any](b bucket, query string) T {
	if document, ok := b.documents[query].(*T); ok {
		return *document
	}
	return *new(T)
}
