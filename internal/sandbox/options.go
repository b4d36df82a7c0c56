package sandbox

import (
	"io"
	"time"
)

// Option changes how a sandbox behaves.
type Option func(*options)

type options struct {
	account    string
	log        io.Writer
	now        func() time.Time
	rates      map[string]Rate
	staleReads int
	faults     []scripted

	landingZone bool
	region      string // of the landing zone
}

type scripted struct {
	operation string
	faults    []Fault
}

func defaultOptions() options {
	return options{account: "111122223333", log: io.Discard, now: time.Now, region: "eu-west-1"}
}

// WithAccount sets the account's twelve-digit number; 111122223333 without it.
func WithAccount(id string) Option {
	return func(o *options) { o.account = id }
}

// WithLog writes a line for every request that the sandbox cannot answer, with
// the reason.
func WithLog(w io.Writer) Option {
	return func(o *options) { o.log = w }
}

// WithClock sets the time of the sandbox, for timestamps in answers and events.
func WithClock(now func() time.Time) Option {
	return func(o *options) { o.now = now }
}

// WithRates answers calls above a rate with the service's throttling error, as
// token buckets per Region and operation. DocumentedRates has AWS's own.
func WithRates(rates map[string]Rate) Option {
	return func(o *options) { o.rates = rates }
}

// WithEventualConsistency makes the first n reads of a service after each
// change answer as before the change: not found after a create, the old values
// after an update.
func WithEventualConsistency(n int) Option {
	return func(o *options) { o.staleReads = n }
}

// WithFault plays faults on an operation from the start; see FailNext.
func WithFault(operation string, faults ...Fault) Option {
	return func(o *options) { o.faults = append(o.faults, scripted{operation, faults}) }
}
