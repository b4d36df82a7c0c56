// Package store keeps what the sandbox's services hold: tables by Region and
// key, in memory, that can also be read as they were some calls ago.
//
// Eventual consistency is a property of the table, not of each handler: a call
// whose wire.Call has AsOf set sees every row as it was after that call, so a
// trail created since is not there yet and one deleted since still is.
package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Table holds the things of one kind. Values are replaced whole: whoever
// changes one copies it first (also the slices and maps in it that change).
// The zero Table is empty and ready; it may be used by many goroutines.
type Table[V any] struct {
	mu   sync.RWMutex
	rows map[place]row[V]
}

type place struct{ region, key string }

// row remembers the value before its last change for stale reads.
type row[V any] struct {
	now, before version[V]
}

type version[V any] struct {
	value V
	there bool
	since uint64 // number of the call that wrote it
}

func (r row[V]) seen(asOf uint64) (V, bool) {
	if asOf != 0 && r.now.since > asOf {
		return r.before.value, r.before.there
	}
	return r.now.value, r.now.there
}

// Get gives the value at a key of the call's Region.
func (t *Table[V]) Get(ctx context.Context, key string) (V, bool) {
	return t.GetIn(ctx, wire.CallOf(ctx).Region, key)
}

// GetIn gives the value at a key of a Region.
func (t *Table[V]) GetIn(ctx context.Context, region, key string) (V, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[place{region, key}].seen(wire.CallOf(ctx).AsOf)
}

// Put sets the value at a key of the call's Region.
func (t *Table[V]) Put(ctx context.Context, key string, value V) {
	t.PutIn(ctx, wire.CallOf(ctx).Region, key, value)
}

// PutIn sets the value at a key of a Region.
func (t *Table[V]) PutIn(ctx context.Context, region, key string, value V) {
	t.write(ctx, place{region, key}, version[V]{value: value, there: true})
}

// Delete removes the value at a key of the call's Region.
func (t *Table[V]) Delete(ctx context.Context, key string) {
	t.DeleteIn(ctx, wire.CallOf(ctx).Region, key)
}

// DeleteIn removes the value at a key of a Region.
func (t *Table[V]) DeleteIn(ctx context.Context, region, key string) {
	t.write(ctx, place{region, key}, version[V]{})
}

// write makes a new version of a row; several writes of one call are one change.
func (t *Table[V]) write(ctx context.Context, at place, v version[V]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v.since = wire.CallOf(ctx).Sequence
	if t.rows == nil {
		t.rows = map[place]row[V]{}
	}
	old := t.rows[at]
	if old.now.since == v.since && v.since != 0 {
		old.now = old.before
	}
	t.rows[at] = row[V]{now: v, before: old.now}
}

// List gives the values of the call's Region, ordered by key.
func (t *Table[V]) List(ctx context.Context) []V {
	return t.ListIn(ctx, wire.CallOf(ctx).Region)
}

// ListIn gives the values of a Region, ordered by key.
func (t *Table[V]) ListIn(ctx context.Context, region string) []V {
	return t.list(ctx, func(p place) bool { return p.region == region })
}

// All gives the values of all Regions, ordered by Region and key.
func (t *Table[V]) All(ctx context.Context) []V {
	return t.list(ctx, func(place) bool { return true })
}

func (t *Table[V]) list(ctx context.Context, wanted func(place) bool) []V {
	t.mu.RLock()
	defer t.mu.RUnlock()
	asOf := wire.CallOf(ctx).AsOf
	var values []V
	for _, at := range slices.SortedFunc(maps.Keys(t.rows), comparePlaces) {
		if value, there := t.rows[at].seen(asOf); there && wanted(at) {
			values = append(values, value)
		}
	}
	return values
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.region, b.region), cmp.Compare(a.key, b.key))
}
