package exec

import (
	"testing"
	"time"
)

// Samples from devices (asa-ssh-scp 2.1).
func TestCopied(t *testing.T) {
	for _, tt := range []struct {
		bytes int
		took  time.Duration
		want  string
	}{
		{7413, 240 * time.Millisecond, "7413 bytes copied in 0.240 secs"},
		{3958, 80 * time.Millisecond, "3958 bytes copied in 0.80 secs"},
		{76193792, 18440 * time.Millisecond, "76193792 bytes copied in 18.440 secs (4232988 bytes/sec)"},
		{12345, 1230 * time.Millisecond, "12345 bytes copied in 1.230 secs (12345 bytes/sec)"},
		{6854, 1200 * time.Millisecond, "6854 bytes copied in 1.200 secs (6854 bytes/sec)"},
		{100, 0, "100 bytes copied in 0.10 secs"},
		{100, 11 * time.Millisecond, "100 bytes copied in 0.20 secs"},
	} {
		if got := copied(tt.bytes, tt.took); got != tt.want {
			t.Errorf("%d in %v: %s, want %s", tt.bytes, tt.took, got, tt.want)
		}
	}
}

func TestUptime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                              "0 secs",
		time.Second:                    "1 sec",
		17 * time.Second:               "17 secs",
		9*time.Minute + 50*time.Second: "9 mins 50 secs",
		time.Hour:                      "1 hour 0 mins",
		5*time.Hour + 18*time.Minute:   "5 hours 18 mins",
		15*24*time.Hour + 22*time.Hour: "15 days 22 hours",
		366 * 24 * time.Hour:           "1 year 1 day",
	} {
		if got := uptime(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
