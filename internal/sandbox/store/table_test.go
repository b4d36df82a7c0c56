package store_test

import (
	"context"
	"slices"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// call gives the context of call number n, which sees the effects of calls up
// to asOf (0: all).
func call(n, asOf uint64) context.Context {
	return wire.WithCall(context.Background(), wire.Call{Region: "eu-west-1", Sequence: n, AsOf: asOf})
}

func TestTableRemembersTheLastChange(t *testing.T) {
	var table store.Table[string]
	table.Put(call(2, 0), "k", "old")
	table.Put(call(3, 0), "k", "draft")
	table.Put(call(3, 0), "k", "new") // one call is one change
	table.Put(call(4, 0), "other", "x")
	for asOf, want := range map[uint64][]string{0: {"new", "x"}, 4: {"new", "x"}, 3: {"new"}, 2: {"old"}} {
		if got := table.List(call(9, asOf)); !slices.Equal(got, want) {
			t.Errorf("as of %d: %v, want %v", asOf, got, want)
		}
	}
	table.Delete(call(5, 0), "k")
	if got, there := table.Get(call(9, 4), "k"); got != "new" || !there {
		t.Errorf("before its end: %q, %v", got, there)
	}
	if got, there := table.Get(call(9, 0), "k"); got != "" || there {
		t.Errorf("after its end: %q, %v", got, there)
	}
}

func TestTableKeepsRegionsApart(t *testing.T) {
	var table store.Table[int]
	ctx := call(2, 0)
	table.PutIn(ctx, "us-east-1", "k", 1)
	table.Put(ctx, "k", 2)
	table.PutIn(ctx, "", "k", 0)
	if got := table.All(ctx); !slices.Equal(got, []int{0, 2, 1}) {
		t.Errorf("all: %v", got)
	}
	if got := table.ListIn(ctx, "us-east-1"); !slices.Equal(got, []int{1}) {
		t.Errorf("one Region: %v", got)
	}
	table.DeleteIn(ctx, "us-east-1", "k")
	if _, there := table.Get(ctx, "k"); !there {
		t.Error("deleting in one Region deleted in another")
	}
}
