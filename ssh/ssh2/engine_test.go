package ssh2

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestExec(t *testing.T) {
	c, s, done := connect(t, testServer(), testClient())
	if a, b := s.Info(), c.Info(); len(a.SessionID) != 32 || string(a.SessionID) != string(b.SessionID) || a.User != "cisco" ||
		a.ServerVersion != b.ServerVersion || a.RemoteAddr.String() != b.LocalAddr.String() {
		t.Errorf("server knows %+v, client %+v", a, b)
	}
	if out, status := run(t, c, "cat", "hello"); out != "hello" || status != 0 {
		t.Errorf("cat = %q, %d; want hello, 0", out, status)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}
