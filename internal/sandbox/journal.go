package sandbox

import (
	"slices"
	"sync"
	"time"
)

// CallRecord is one request that the sandbox answered, or refused.
type CallRecord struct {
	Sequence  uint64
	Service   string // signing name; empty where the request names none that is known
	Operation string
	Region    string
	RequestID string
	AccessKey string
	UserAgent string
	Time      time.Time
	Protocol  string // "json", "cbor", "query", "ec2", "raw"
	Status    int    // of the answer; zero where none was sent
	Error     string // AWS's code; empty where the call succeeded
	Fault     string // the fault that struck; empty where none did
	Committed bool   // the call had its effect
	// Input is the SDK input ("*cloudtrail.CreateTrailInput"); nil for S3.
	Input any
}

// Name gives "service:Operation".
func (c CallRecord) Name() string { return c.Service + ":" + c.Operation }

type journal struct {
	mu    sync.Mutex
	calls []CallRecord
}

// maxCalls bounds the journal of a sandbox that runs for days; older calls go
// first.
const maxCalls = 100_000

func (j *journal) add(c CallRecord) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.calls) == maxCalls {
		j.calls = slices.Clone(j.calls[maxCalls/2:])
	}
	j.calls = append(j.calls, c)
}

// Calls gives the requests so far, in the order of their answers.
func (s *Server) Calls() []CallRecord {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return slices.Clone(s.journal.calls)
}

// ResetCalls forgets the requests so far.
func (s *Server) ResetCalls() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.journal.calls = nil
}
