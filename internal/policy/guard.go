package policy

import (
	"context"
	"fmt"
	"runtime/metrics"
	"sync"
	"time"
)

// maxGrowth is how many bytes the heap may grow while one question is asked. A
// rule over one item needs kilobytes; this stops one that doubles a text for
// ever before the system does, and leaves room for what else is going on.
const maxGrowth = 512 << 20

// maxExhausted is how many items a rule may exhaust a limit on before it is not
// asked about any more: every further one would cost the deadline again.
const maxExhausted = 3

// limitError is the error of a question that had to be ended.
type limitError struct{ text string }

func (e limitError) Error() string { return e.text }

// guard ends a question that takes too long or too much memory. OPA looks at
// the context between steps; the built-ins in which it does not are not allowed
// (builtins.txt).
type guard struct {
	deadline time.Duration

	mu    sync.Mutex
	abort context.CancelCauseFunc // of the question that is being asked
	start uint64                  // size of the heap when it began

	done chan struct{}
}

// newGuard starts watching; stop ends it.
func newGuard(deadline time.Duration) *guard {
	g := &guard{deadline: deadline, done: make(chan struct{})}
	go g.watch()
	return g
}

func (g *guard) stop() { close(g.done) }

// ask runs one question. If it had to be ended, the error says why.
func (g *guard) ask(ctx context.Context, question func(context.Context) error) error {
	limited, abort := context.WithCancelCause(ctx)
	defer abort(nil)
	timer := time.AfterFunc(g.deadline, func() { abort(limitError{fmt.Sprintf("it took longer than %s", g.deadline)}) })
	defer timer.Stop()
	g.begin(abort)
	defer g.begin(nil)
	err := question(limited)
	if cause := context.Cause(limited); err != nil && cause != nil {
		return cause
	}
	return err
}

func (g *guard) begin(abort context.CancelCauseFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.abort, g.start = abort, 0
}

// watch samples the heap. The first sample of a question is its start: most
// questions are over before there is one, and cost nothing.
func (g *guard) watch() {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for {
		select {
		case <-g.done:
			return
		case <-ticker.C:
			metrics.Read(sample)
			g.check(sample[0].Value.Uint64())
		}
	}
}

func (g *guard) check(heap uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.abort == nil:
	case g.start == 0:
		g.start = heap
	case heap > g.start+maxGrowth:
		g.abort(limitError{fmt.Sprintf("it used more than %d MiB of memory", maxGrowth>>20)})
	}
}
