package exec

import "vtylab/cli"

var sendCommands = []Command{
	{Syntax: `send "Send a message to other tty lines" log "Log messages" [<0-7>$severity "Logging severity level"] LINE$text "Message to be logged"`, Level: 1, Run: sendLog},
}

// userLog are the mnemonics of what users log, by severity. Only that of 4 is captured
// (17.15).
var userLog = [...]string{"EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"}

// sendLog logs a message of the user's own, at severity 7 unless told otherwise (from
// memory).
func sendLog(s *Session, a cli.Args) error {
	severity, ok := a.Int("severity")
	if !ok {
		severity = 7
	}
	s.Device.Log("SYS", severity, "USERLOG_"+userLog[severity], "Message from tty%d(user id: %s): %s", s.Line.TTY, s.User, a.Get("text"))
	return nil
}
