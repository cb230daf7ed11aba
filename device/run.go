package device

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"vtylab/cli/edit"
	"vtylab/config"
	"vtylab/ios/model"
)

// absoluteWarning is how long before the end `absolute-timeout` warns.
const absoluteWarning = 20 * time.Second

// run is the life of a session: prompt, line, command, until it ends.
func (s *Session) run() error {
	if t := s.execTimeout(); t > 0 {
		s.idle = time.AfterFunc(t, s.expire)
		defer s.idle.Stop()
	}
	if minutes := s.Line.Config().AbsoluteTimeout; minutes > 0 {
		end := time.Duration(minutes) * time.Minute
		warn := time.AfterFunc(end-absoluteWarning, func() { s.screen.Message("*\r\n*\r\n* Line timeout expired\r\n*") })
		over := time.AfterFunc(end, s.term.Hangup)
		defer warn.Stop()
		defer over.Stop()
	}
	for {
		if err := s.prompted(); err != nil {
			return err
		}
	}
}

// expire is the idle timer: it runs in a goroutine of its own.
func (s *Session) expire() {
	if s.execTimeout() == 0 {
		return
	}
	s.expired.Store(true)
	s.term.Hangup()
}

// prompted shows the prompt and handles one line.
func (s *Session) prompted() error {
	s.screen.Fresh()
	s.prompt = s.Prompt()
	s.start(s.prompt, edit.Normal)
	s.screen.synchronous(s.redraw())
	s.screen.ready()
	for {
		ev, err := s.event()
		if err != nil {
			return err
		}
		line := s.editor.Line()
		switch ev {
		case edit.Enter:
			return s.command(line)
		case edit.EndMode:
			s.screen.begin() // CONFIG_I follows the prompt
			if strings.TrimSpace(line) != "" {
				if err := s.command(line); err != nil {
					return err
				}
			}
			s.leaveConfig()
			return nil
		case edit.Interrupt:
			s.screen.begin()
			s.leaveConfig()
			return nil
		case edit.Help:
			s.screen.begin()
			s.help(line)
			s.pager.Flush()
			s.screen.Fresh()
			s.editor.Redisplay()
			s.screen.Write(s.editor.Output())
			s.screen.ready()
		case edit.Tab:
			s.editor.Complete(s.complete(line))
			s.screen.Write(s.editor.Output())
		}
	}
}

// redraw is what follows a message while `logging synchronous` is on. The
// screen calls it with its lock held.
func (s *Session) redraw() func() {
	if !s.Line.Config().Synchronous {
		return nil
	}
	return func() {
		s.editor.Redisplay()
		s.screen.write(s.editor.Output())
	}
}

// command runs one line and absorbs the errors that are the user's own.
func (s *Session) command(line string) error {
	s.screen.begin()
	s.screen.synchronous(nil) // the line has been entered
	s.pager.Reset()
	err := s.Do(line)
	s.pager.Flush()
	switch {
	case err == nil, s.lost != nil, errors.Is(err, errHangup):
		return err
	case !errors.Is(err, ErrInterrupted) && !errors.Is(err, edit.ErrStopped):
		s.Device.errorf(err, "running a command") // without its words: they may hold a secret
	}
	return nil
}

// Do runs a line as if it were typed.
func (s *Session) Do(line string) error {
	if s.pos != nil {
		return s.configure(line)
	}
	return s.execute(line, 0)
}

// Prompt is what the device shows before it reads a command.
func (s *Session) Prompt() string {
	c := s.Device.Config()
	if s.pos == nil {
		return s.execPrompt(c)
	}
	if !c.Service.PromptConfig {
		return ""
	}
	name := c.Hostname
	if len(name) > 20 {
		name = name[:20]
	}
	return name + "(" + s.Device.Language.Suffix(s.pos) + ")#"
}

// execPrompt is the host name, or what `prompt` says.
func (s *Session) execPrompt(c *model.Config) string {
	mark := ">"
	if s.Privilege >= 2 {
		mark = "#"
	}
	if c.Prompt == "" {
		return c.Hostname + mark
	}
	text := strings.NewReplacer("%h", c.Hostname, "%p", mark, "%n", strconv.Itoa(s.Line.TTY()), "%s", " ", "%%", "%").Replace(c.Prompt)
	if !strings.Contains(c.Prompt, "%p") {
		text += mark
	}
	return text
}

// EnterConfig goes to global configuration mode.
func (s *Session) EnterConfig() {
	s.pos = config.Top()
	s.editor.SetHistory(s.conf)
}

// leaveConfig returns to EXEC; the device tells once.
func (s *Session) leaveConfig() {
	if s.pos == nil {
		return
	}
	s.pos = nil
	s.editor.SetHistory(s.exec)
	s.Device.Log("SYS", 5, "CONFIG_I", "Configured from %s", s.Origin())
}
