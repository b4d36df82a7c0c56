package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/landingzone"
)

// LandingZone names what WithLandingZone has made.
type LandingZone = landingzone.Zone

// WithLandingZone sets the account up before the first call: a bucket for a
// trail and one for AWS Config, a role for each, a key and a topic. They are
// made through the sandbox's own API, in the Region of WithRegion.
func WithLandingZone() Option {
	return func(o *options) { o.landingZone = true }
}

// WithRegion sets the Region of the landing zone; eu-west-1 without it.
func WithRegion(region string) Option {
	return func(o *options) { o.region = region }
}

// LandingZone names what WithLandingZone has made; all empty without it.
func (s *Server) LandingZone() LandingZone { return s.zone }

// buildZone makes the landing zone, and forgets the calls that made it: the
// journal is the client's. It comes before rates, faults and stale reads.
func (s *Server) buildZone() (LandingZone, error) {
	defer s.ResetCalls()
	zone, err := landingzone.Create(context.Background(), aws.Config{
		Region:       s.options.region,
		BaseEndpoint: aws.String("http://sandbox"),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "sandbox", ""),
		HTTPClient:   &http.Client{Transport: direct{s}},
	})
	if err != nil {
		return LandingZone{}, fmt.Errorf("building the landing zone: %w", err)
	}
	return zone, nil
}

// direct hands requests to a handler without a network between.
type direct struct{ handler http.Handler }

// RoundTrip gives the handler's answer.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	request := r.Clone(r.Context())
	request.RemoteAddr, request.RequestURI = "127.0.0.1:0", r.URL.RequestURI()
	if request.Body == nil {
		request.Body = http.NoBody
	}
	request.Header.Set("Content-Length", fmt.Sprint(max(r.ContentLength, 0)))
	w := &recorded{header: http.Header{}}
	d.handler.ServeHTTP(w, request)
	answer := w.answer()
	return &http.Response{
		StatusCode: answer.Status, Status: http.StatusText(answer.Status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)), ContentLength: int64(len(answer.Body)), Request: r,
	}, nil
}
