package cloudtrail

import (
	"iter"
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

// backwards goes through the events of a Region that lie before a position
// (all, where it is negative), newest first, with their positions. Events that
// come in meanwhile are not seen, so pages do not shift.
func (h *history) backwards(region string, before int) iter.Seq2[int, Event] {
	h.mu.RLock()
	events := h.events[region]
	h.mu.RUnlock()
	if before < 0 || before > len(events) {
		before = len(events)
	}
	return func(yield func(int, Event) bool) {
		for i := before - 1; i >= 0; i-- {
			if !yield(i, events[i]) {
				return
			}
		}
	}
}
