package awscfg

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer(t *testing.T) {
	tests := []struct {
		operation string
		calls     int
		want      time.Duration // until the last may be sent
	}{
		{"CreateTrail", 1, 0},
		{"CreateTrail", 3, 2200 * time.Millisecond},
		{"GetTrail", 10, 0},
		{"GetTrail", 20, 1100 * time.Millisecond},
		{"LookupEvents", 4, 1100 * time.Millisecond},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			var p pacer
			started := time.Now()
			for range test.calls {
				if err := p.wait(t.Context(), "eu-west-1", test.operation); err != nil {
					t.Fatal(err)
				}
			}
			if got := time.Since(started).Round(100 * time.Millisecond); got != test.want {
				t.Errorf("%d calls of %s took %v, want %v", test.calls, test.operation, got, test.want)
			}
		})
	}
}

// Regions and operations do not wait for each other, and a caller that gives up
// is not kept.
func TestPacerIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		started := time.Now()
		for _, call := range [][2]string{{"eu-west-1", "CreateTrail"}, {"us-east-1", "CreateTrail"}, {"eu-west-1", "StartLogging"}} {
			if err := p.wait(t.Context(), call[0], call[1]); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := p.wait(ctx, "eu-west-1", "CreateTrail"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want the context's", err)
		}
		if took := time.Since(started); took != 10*time.Millisecond {
			t.Errorf("took %v, want 10ms", took)
		}
	})
}
