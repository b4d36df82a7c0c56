package sandbox

import (
	"sync"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// staleness knows, per service and Region, the world before the last change
// and how many reads shall still see that.
type staleness struct {
	mu    sync.Mutex
	reads int
	last  map[string]change
}

type change struct {
	before uint64 // the call before the change
	left   int    // stale reads to come
}

func staleKey(c wire.Call) string { return c.Service + "/" + c.Region }

// changed notes that a call changed its service.
func (st *staleness) changed(c wire.Call) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.last == nil {
		st.last = map[string]change{}
	}
	st.last[staleKey(c)] = change{before: c.Sequence - 1, left: st.reads}
}

// asOf gives a call's view of the world, and counts a stale read; zero for the
// present.
func (st *staleness) asOf(c wire.Call) uint64 {
	st.mu.Lock()
	defer st.mu.Unlock()
	last, ok := st.last[staleKey(c)]
	if !ok || !c.ReadOnly || last.left == 0 {
		return 0
	}
	last.left--
	st.last[staleKey(c)] = last
	return last.before
}

// before gives the call before the last change, for the Stale fault.
func (st *staleness) before(c wire.Call) uint64 {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.last[staleKey(c)].before
}
