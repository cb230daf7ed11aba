package tty

import (
	"errors"
	"strings"
	"time"

	"vtylab/cli/edit"
)

// absoluteWarning is how long before the end `absolute-timeout` warns.
const absoluteWarning = 20 * time.Second

// Run is the life of a session: prompt, line, command, until it ends. It blocks
// until then.
func (s *Session) Run() error {
	if t := s.execTimeout(); t > 0 {
		s.idle = time.AfterFunc(t, s.expire)
		defer s.idle.Stop()
	}
	if end := s.absoluteTimeout(); end > 0 {
		warning := s.shell.Expiring()
		warn := time.AfterFunc(end-absoluteWarning, func() { s.screen.Message(warning) })
		over := time.AfterFunc(end, s.overstay)
		defer warn.Stop()
		defer over.Stop()
	}
	defer s.DisconnectAll()
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

// overstay ends a session that has lasted as long as it may, in a goroutine of its own.
func (s *Session) overstay() {
	s.overdue.Store(true)
	s.term.Hangup()
}

// prompted shows the prompt and handles one line.
func (s *Session) prompted() error {
	s.screen.Fresh()
	s.prompt = s.shell.Prompt()
	s.start(s.prompt, edit.Normal)
	s.screen.synchronous(s.redraw())
	s.screen.Ready()
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
			s.screen.Begin() // CONFIG_I follows the prompt
			if strings.TrimSpace(line) != "" {
				if err := s.command(line); err != nil {
					return err
				}
			}
			s.shell.Leave()
			return nil
		case edit.Interrupt:
			s.screen.Begin()
			s.shell.Leave()
			return nil
		case edit.Help:
			s.screen.Begin()
			s.shell.Help(line)
			s.pager.Flush()
			s.screen.Fresh()
			s.screen.edit(func() []byte {
				s.editor.Redisplay()
				return s.editor.Output()
			})
			s.screen.Ready()
		case edit.Tab:
			completed := s.shell.Complete(line)
			s.screen.edit(func() []byte {
				s.editor.Complete(completed)
				return s.editor.Output()
			})
		}
	}
}

// redraw is what follows a message while `logging synchronous` is on. The
// screen calls it with its lock held.
func (s *Session) redraw() func() {
	if !s.Line.Settings().Synchronous {
		return nil
	}
	return func() {
		s.editor.Redisplay()
		s.screen.write(s.editor.Output())
	}
}

// command runs one line and absorbs the errors that are the user's own.
func (s *Session) command(line string) error {
	s.screen.Begin()
	s.screen.synchronous(nil) // the line has been entered
	s.pager.Reset()
	err := s.shell.Run(line)
	s.pager.Flush()
	switch {
	case err == nil, s.lost != nil, errors.Is(err, ErrHangup):
		return err
	case !errors.Is(err, ErrInterrupted) && !errors.Is(err, edit.ErrStopped):
		s.Line.host.Problem("running a command", err) // without its words: they may hold a secret
	}
	return nil
}
