package config

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// item is a row with something below it that a clone must not share.
type item struct {
	N     int
	Below Table[string, int]
}

func (i item) Clone() item {
	i.Below = i.Below.Clone()
	return i
}

// dump is what is in a table, in its order.
func dump(t *Table[int, item]) []string {
	var all []string
	for i := range t.All() {
		var below []int
		for n := range i.Below.All() {
			below = append(below, *n)
		}
		all = append(all, fmt.Sprint(i.N, below))
	}
	return all
}

// Whatever is done to a clone, its original stays as it was, and the clone is
// what a plain slice and map would be.
func TestTableAgainstPlainLists(t *testing.T) {
	t.Run("few rows", func(t *testing.T) { againstPlainLists(t, 40, 5000) })
	t.Run("rows with changes beside them", func(t *testing.T) { againstPlainLists(t, 1000, 1000) })
}

func againstPlainLists(t *testing.T, rows, steps int) {
	r := rand.New(rand.NewPCG(1, 2))
	var table Table[int, item]
	var keys []int
	values := map[int]int{}
	for step := range steps {
		before, snapshot := table, dump(&table)
		table = table.Clone()
		for range r.IntN(4) {
			k := r.IntN(rows)
			switch r.IntN(5) {
			case 0, 1:
				if !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
				table.Put(k, item{N: k*1000 + step})
				values[k] = k*1000 + step
			case 2:
				if i := table.Edit(k); i != nil {
					i.N, values[k] = step, step
					i.Below.Put("x", step)
					i.Below.Delete("x")
				}
			case 3:
				table.Delete(k)
				keys = slices.DeleteFunc(keys, func(o int) bool { return o == k })
				delete(values, k)
			case 4:
				keys = slices.DeleteFunc(keys, func(o int) bool { return o == k })
				at := slices.IndexFunc(keys, func(o int) bool { return values[o] > step })
				if at < 0 {
					at = len(keys)
				}
				keys = slices.Insert(keys, at, k)
				table.Insert(k, item{N: step}, func(o *item) bool { return o.N > step })
				values[k] = step
			}
		}
		var want []string
		for _, k := range keys {
			want = append(want, fmt.Sprint(values[k], []int(nil)))
			if got, ok := table.Get(k); !ok || got.N != values[k] {
				t.Fatalf("step %d: key %d is %v, want %d", step, k, got, values[k])
			}
		}
		if d := cmp.Diff(want, dump(&table)); d != "" || table.Len() != len(keys) {
			t.Fatalf("step %d (-plain +table): %s", step, d)
		}
		if d := cmp.Diff(snapshot, dump(&before)); d != "" {
			t.Fatalf("step %d shows through in the original (-before +after): %s", step, d)
		}
	}
	if len(slices.Collect(maps.Keys(values))) == 0 {
		t.Error("nothing was left to compare")
	}
}

// A clone costs nothing, however many rows there are.
func TestTableClone(t *testing.T) {
	var table Table[int, item]
	for i := range 1000 {
		table.Put(i, item{N: i})
	}
	if n := testing.AllocsPerRun(100, func() { c := table.Clone(); _ = c }); n != 0 {
		t.Errorf("a clone makes %v allocations, want none", n)
	}
}

// One row in each of many clones, as lines are typed: what a row costs hardly grows.
func BenchmarkTableTyped(b *testing.B) {
	for _, n := range []int{10, 1000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var table Table[int, item]
			for i := range n {
				table.Put(i, item{N: i})
			}
			for i := 0; b.Loop(); i++ {
				table = table.Clone()
				table.Put(n+i, item{N: i})
				table.Delete(i)
			}
		})
	}
}

// Filling, editing in a clone, and emptying a table are linear: 100,000 rows in
// 1000 times the time of 100 are far apart from a square.
func BenchmarkTable(b *testing.B) {
	for _, n := range []int{1000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				var table Table[int, item]
				for i := range n {
					table.Put(i, item{N: i})
				}
				clone := table.Clone()
				for i := range n {
					clone.Edit(i).N++
				}
				for i := range n {
					clone.Delete(i)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/row")
		})
	}
}

// Written tells which rows two tables do not share, whichever way they came to
// differ.
func TestTableWritten(t *testing.T) {
	for _, rows := range []int{3, 300} {
		var before Table[int, int]
		for i := range rows {
			before.Put(i, i)
		}
		before = before.Clone()
		now := before.Clone()
		if got := slices.Collect(now.Written(&before)); len(got) != 0 {
			t.Errorf("%d rows: a clone differs in %v", rows, got)
		}
		*now.Edit(1)++
		now.Put(rows, 0)
		now.Delete(0)
		got := slices.Sorted(now.Written(&before))
		if want := []int{0, 1, rows}; !slices.Equal(got, want) {
			t.Errorf("%d rows: got %v, want %v", rows, got, want)
		}
		again := now.Clone()
		for i := range 200 { // enough for a base of its own
			again.Put(rows+1+i, i)
			again = again.Clone()
		}
		if got := len(slices.Collect(again.Written(&now))); got != 200 {
			t.Errorf("%d rows: %d differ, want 200", rows, got)
		}
	}
}
