package exec

import (
	"maps"
	"slices"
	"testing"

	"vtylab/transfer"
)

// Every protocol that files are copied by has its questions and marks in `copy`.
func TestProtocols(t *testing.T) {
	if copied, shown := slices.Sorted(maps.Keys(transfer.Protocols)), slices.Sorted(maps.Keys(protocols)); !slices.Equal(copied, shown) {
		t.Errorf("package transfer has %v, copy has %v", copied, shown)
	}
	for name, p := range protocols {
		if p.down <= 0 || p.up <= 0 {
			t.Errorf("%s: a mark stands for %d and %d bytes", name, p.down, p.up)
		}
	}
}
