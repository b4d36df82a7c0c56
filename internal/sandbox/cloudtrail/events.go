package cloudtrail

import (
	"sync"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Event is one call in the event history.
type Event struct {
	ID        string
	Name      string // "CreateTrail"
	Source    string // "cloudtrail.amazonaws.com"
	Time      time.Time
	Region    string
	ReadOnly  bool
	AccessKey string
	Username  string
	Resources []wire.Resource
	Document  string // the whole record, JSON
}

// maxEvents bounds the history of a Region; older events go first.
const maxEvents = 50_000

// history holds the events by Region, oldest first.
type history struct {
	mu     sync.RWMutex
	events map[string][]Event
}

// Record adds a call to the event history of its Region.
func (b *Backend) Record(e Event) {
	h := &b.history
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.events == nil {
		h.events = map[string][]Event{}
	}
	events := append(h.events[e.Region], e)
	if len(events) > maxEvents {
		events = append([]Event(nil), events[len(events)-maxEvents/2:]...)
	}
	h.events[e.Region] = events
}
