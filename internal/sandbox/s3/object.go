package s3

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxObject is the largest object or part that the sandbox takes, in bytes.
const maxObject = 256 << 20

// serveObject hands a request on objects to gofakes3, in the form that it
// understands.
func (s *S3) serveObject(w http.ResponseWriter, r *http.Request, t target) *wire.Error {
	b, err := s.bucket(r.Context(), t.bucket)
	if err != nil {
		return wire.AsError(err)
	}
	if acl := r.Header.Get("X-Amz-Acl"); b.aclsOff() && acl != "" && acl != "private" && acl != "bucket-owner-full-control" {
		return wire.Errorf("AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxObject))
	if err != nil {
		return wire.Errorf("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
	}
	if body, err = decodeChunks(r.Header, body); err != nil {
		return wire.Errorf("IncompleteBody", "The request body is not valid aws-chunked content")
	}
	plain := r.Clone(r.Context())
	plain.Header = storedHeaders(r.Header)
	plain.Header.Set("Content-Length", strconv.Itoa(len(body)))
	plain.Body, plain.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	s.objects.ServeHTTP(w, plain)
	lowerMetadata(w.Header())
	setIDs(w.Header(), wire.CallOf(r.Context()))
	return nil
}

// lowerMetadata writes the names of metadata as S3 does, x-amz-meta-signature
// rather than Go's X-Amz-Meta-Signature: some clients hand the rest of the name
// on as it is.
func lowerMetadata(header http.Header) {
	for name, values := range header {
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			delete(header, name)
			header[strings.ToLower(name)] = values
		}
	}
}

// storedHeaders leaves out what belongs to the request alone: gofakes3 would
// keep every x-amz- header as the object's own.
func storedHeaders(header http.Header) http.Header {
	kept := http.Header{}
	for name, values := range header {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "x-amz-") || strings.HasPrefix(lower, "x-amz-meta-") ||
			strings.HasPrefix(lower, "x-amz-copy-source") || strings.HasPrefix(lower, "x-amz-server-side-encryption") ||
			lower == "x-amz-metadata-directive" || lower == "x-amz-storage-class" {
			kept[name] = values
		}
	}
	if encoding := withoutChunked(header.Get("Content-Encoding")); encoding == "" {
		kept.Del("Content-Encoding")
	} else {
		kept.Set("Content-Encoding", encoding)
	}
	return kept
}

func withoutChunked(encoding string) string {
	var kept []string
	for _, one := range strings.Split(encoding, ",") {
		if one = strings.TrimSpace(one); one != "" && one != "aws-chunked" {
			kept = append(kept, one)
		}
	}
	return strings.Join(kept, ",")
}

var errChunk = errors.New("broken aws-chunked body")

// decodeChunks undoes aws-chunked, in which newer clients send bodies so that
// a checksum can follow: SIZE[;chunk-signature=...] CRLF DATA CRLF, size in
// hexadecimal, until a chunk of size 0 and the trailing headers.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func decodeChunks(header http.Header, body []byte) ([]byte, error) {
	if !strings.HasPrefix(header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return body, nil
	}
	var plain []byte
	for {
		line, rest, found := bytes.Cut(body, []byte("\r\n"))
		size, _, _ := strings.Cut(string(line), ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if !found || err != nil {
			return nil, errChunk
		}
		if n == 0 {
			return plain, nil
		}
		if uint64(len(rest)) < n+2 || string(rest[n:n+2]) != "\r\n" {
			return nil, errChunk
		}
		plain = append(plain, rest[:n]...)
		body = rest[n+2:]
	}
}
