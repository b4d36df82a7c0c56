// Package sandbox is an AWS account in memory, for tests and for trying things
// out: CloudTrail, CloudWatch, CloudWatch Logs, Config and what they need
// around them, behind one address. It is strict: AWS's validation, AWS's error
// codes, AWS's order of things. aws-sdk-go-v2, the AWS CLI and Terraform talk
// to it unchanged:
//
//	aws := sandbox.Start(t)
//	client := cloudtrail.New(cloudtrail.Options{BaseEndpoint: aws.URL(), ...})
//
//	aws.FailNext("DeleteTrail", sandbox.AccessDenied())
//	aws.Calls() // what was asked, in order
//
// There is one account. The Region of a call is that of its signature; keys
// are not checked, so any will do. The package imports nothing else of this
// module, so that it cannot share a mistake with the code it tests.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sts"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Server is the sandbox. It is an http.Handler; Listen gives it an address.
type Server struct {
	options  options
	router   wire.Router
	backends []backend
	record   recorder
	sessions *sts.STS
	faults   *script
	limits   *buckets
	journal  journal
	changes  sync.Mutex // held by a call that changes something
	staleness
	logger *log.Logger

	zone   LandingZone
	broken error // why there is no landing zone; Listen gives it

	once     sync.Once
	closing  chan struct{}
	server   *http.Server
	listener net.Listener
}

// TB is the part of testing.TB that Start needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// New makes a sandbox that holds nothing but what the options ask for. It has
// no address: serve it, or call Listen.
func New(opts ...Option) *Server {
	o := defaultOptions()
	for _, opt := range opts {
		opt(&o)
	}
	s := &Server{
		options: o,
		faults:  newScript(),
		limits:  newBuckets(nil),
		logger:  log.New(o.log, "sandbox: ", 0),
		closing: make(chan struct{}),
	}
	s.assemble()
	if o.landingZone {
		s.zone, s.broken = s.buildZone()
	}
	s.disturb()
	return s
}

// Start serves a new sandbox on a free loopback port until the test ends.
func Start(t TB, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatalf("starting the sandbox: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Fatalf("stopping the sandbox: %v", err)
		}
	})
	return s
}

// Listen serves the sandbox at a TCP address ("127.0.0.1:0" for any free port)
// in the background, until Close.
func (s *Server) Listen(address string) error {
	if s.broken != nil {
		return s.broken
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", address, err)
	}
	s.listener = listener
	s.server = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          s.logger,
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.logger.Printf("serving %s: %v", address, err)
		}
	}()
	return nil
}

// URL gives the address as clients want it ("http://127.0.0.1:41234"); empty
// before Listen.
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String()
}

// Close stops serving and ends all calls that hang. It may be called twice.
func (s *Server) Close() error {
	s.once.Do(func() { close(s.closing) })
	if s.server == nil {
		return nil
	}
	if err := s.server.Close(); err != nil {
		return fmt.Errorf("closing the sandbox: %w", err)
	}
	return nil
}

// Account gives the account's number.
func (s *Server) Account() string { return s.options.account }

// Resources lists what exists, as ARNs, sorted by service: what a test of
// destruction compares with what was there before.
func (s *Server) Resources() []string {
	var arns []string
	for _, b := range s.backends {
		arns = append(arns, b.Resources(context.Background())...)
	}
	return arns
}

// Operations lists the actions that the sandbox answers, as
// "cloudtrail:CreateTrail", sorted. Those of raw services (S3) are not in it.
func (s *Server) Operations() []string {
	var names []string
	for _, svc := range s.router.Services {
		for name := range svc.Operations {
			names = append(names, svc.SigningName+":"+name)
		}
	}
	slices.Sort(names)
	return names
}
