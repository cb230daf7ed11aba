package exec

import (
	"errors"
	"fmt"
	"time"

	"vtylab/cli"
	"vtylab/ifs"
)

var saveCommands = []Command{
	{Syntax: `write "Copy running configuration" memory "Copy running configuration to startup configuration"`, Level: 15, Run: save},
}

// save is captured (asa-ssh-scp 2.1); how a failure looks is from memory.
func save(s *Session, _ cli.Args) error {
	s.Println("Building configuration...")
	start := s.Device.Steady()
	if err := s.Device.Save(s.User); err != nil {
		s.Printf("%%Error writing disk0:/.private/startup-config (%s)\n", reason(err))
		return nil
	}
	text, _ := s.Device.StartupConfig()
	sum := s.Checksum()
	s.Printf("Cryptochecksum: %s %s %s %s \n\n%s\n[OK]\n", sum[:8], sum[8:16], sum[16:24], sum[24:], copied(len(text), s.Device.Steady().Sub(start)))
	return nil
}

// reason is what the file system says to the user.
func reason(err error) string {
	var e *ifs.Error
	if errors.As(err, &e) {
		err = e
	}
	return ifs.Reason(err)
}

// copied sums a copy up: time in steps of 10 ms, the milliseconds without padding,
// and a rate per whole second, none below one (asa-ssh-scp 2.1).
func copied(bytes int, took time.Duration) string {
	const step = 10 * time.Millisecond
	took = max(step, (took+step-1)/step*step)
	seconds := int(took / time.Second)
	text := fmt.Sprintf("%d bytes copied in %d.%d secs", bytes, seconds, int(took%time.Second/time.Millisecond))
	if seconds > 0 {
		text += fmt.Sprintf(" (%d bytes/sec)", bytes/seconds)
	}
	return text
}
