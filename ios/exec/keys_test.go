package exec

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHexWords(t *testing.T) {
	der := bytes.Repeat([]byte{0xAB, 0xCD, 0x01, 0x02}, 9)
	want := []string{"  " + strings.Repeat("ABCD0102 ", 8), "  ABCD0102"}
	if d := cmp.Diff(want, hexWords(der)); d != "" {
		t.Error(d)
	}
}
