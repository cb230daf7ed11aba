package network

import "testing"

// A set opens what is missing and closes the rest; a port that another has is an error,
// and the others are open.
func TestPortSet(t *testing.T) {
	l := newLab(t)
	n := l.node("R1", "", nil)
	var s PortSet
	taken, err := n.Listen(Port{Proto: TCP, VRF: AllVRFs, Number: 23}, nil)
	if err != nil {
		t.Fatal(err)
	}
	open := func(numbers ...int) {
		t.Helper()
		for _, number := range []int{22, 23, 2001} {
			want := false
			for _, w := range numbers {
				want = want || w == number
			}
			if s.Listens(number) != want {
				t.Errorf("port %d is open: %v", number, !want)
			}
		}
	}
	if err := s.Set(n, []int{22, 23, 2001}, nil); err == nil || err.Error() != "network: port 23: in use" {
		t.Errorf("a port that another has: %v", err)
	}
	open(22, 2001)
	taken.Close()
	if err := s.Set(n, []int{23, 22}, nil); err != nil {
		t.Error(err)
	}
	open(22, 23)
	s.Keep([]int{23})
	open(23)
	s.Keep(nil)
	if open(); len(n.Ports()) != 0 {
		t.Errorf("the node has %v", n.Ports())
	}
}
