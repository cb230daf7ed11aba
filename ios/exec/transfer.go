package exec

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"vtylab/ssh"
	"vtylab/transfer"
	"vtylab/tty"
)

// errAborted is a copy that the user gave up.
var errAborted = errors.New("exec: copy aborted")

// fromServer gets a file; create is called once the server has one, from another
// goroutine. It returns how many bytes came, and package transfer's errors, those of
// create and its writer, errAborted, or the end of the session.
func (s *Session) fromServer(v server, create func(size int64) (io.Writer, error)) (int64, error) {
	p, ok := transfer.Protocols[v.prefix]
	if !ok || p.Get == nil {
		return 0, noProtocol(v)
	}
	return s.transfer(v, true, func(ctx context.Context, j *transfer.Job) error { return p.Get(ctx, j, create) })
}

// toServer puts a file of a size, and returns likewise.
func (s *Session) toServer(v server, r io.Reader, size int64) (int64, error) {
	p, ok := transfer.Protocols[v.prefix]
	if !ok || p.Put == nil {
		return 0, noProtocol(v)
	}
	return s.transfer(v, false, func(ctx context.Context, j *transfer.Job) error { return p.Put(ctx, j, r, size) })
}

// noProtocol is why a file cannot be copied to or from a server of this kind.
func noProtocol(v server) error {
	if strings.HasPrefix(v.prefix, "http") {
		return &transfer.Error{Reason: "I/O error"}
	}
	return &transfer.Error{Reason: "Timed out"}
}

// transfer finds the server and runs a copy while its user watches it, answers
// questions, and may give it up.
func (s *Session) transfer(v server, reads bool, run func(context.Context, *transfer.Job) error) (int64, error) {
	url, ok := v.url()
	if !ok {
		return 0, &transfer.Error{Reason: "Bad address"}
	}
	how := protocols[v.prefix]
	s.credentials(how, &url)
	address, err := s.lookUp("", url.Host)
	if err != nil {
		return 0, err
	}
	w := &watched{s: s, server: v, how: how, reads: reads,
		stirred: make(chan struct{}, 1), notes: make(chan string, 64), questions: make(chan question), done: make(chan error, 1), gate: make(chan struct{}, 1)}
	w.gate <- struct{}{}
	ctx, cancel := context.WithCancelCause(s.Context())
	defer cancel(nil)
	job := &transfer.Job{URL: url, Server: first(address), Network: s.Device.Net, Client: s.Device.Client, BlockSize: s.Config().Clients.BlockSize,
		Moved: w.move, Note: w.note, Begun: w.begin, Missed: w.miss}
	if how.client != nil {
		job.Source = how.client(&s.Config().Clients).Source
	}
	if !s.Quiet {
		job.Ask = w.ask
	}
	if !s.Device.Go(func() { w.done <- run(ctx, job) }) {
		return 0, tty.ErrHangup
	}
	err = w.watch(cancel)
	return w.moved.Load(), err
}

// credentials fill in the user that a URL leaves out: that of `ip ftp username` or `ip
// http client username`, else for FTP anonymous, whose password is an address, for SSH
// the account, and for HTTP none.
func (s *Session) credentials(how protocol, url *transfer.URL) {
	if url.User != "" {
		return
	}
	if how.client == nil {
		url.User = s.account()
		return
	}
	own := how.client(&s.Config().Clients)
	url.User = own.User
	url.Password, _ = own.Password.Reveal()
	if url.User == "" && how.guest {
		url.User, url.Password = "anonymous", s.account()+"@"+s.Config().Hostname
	}
}

// account is the default user on a server: the user of the session, or the name of the
// device.
func (s *Session) account() string {
	if s.User != "" {
		return s.User
	}
	return s.Config().Hostname
}

// watched is a copy on its way. The goroutine that copies writes to its channels.
type watched struct {
	s         *Session
	server    server
	how       protocol
	reads     bool
	moved     atomic.Int64
	missed    atomic.Int64
	via       atomic.Pointer[string] // the interface, once the server has answered
	stirred   chan struct{}          // has room for one: something has moved
	notes     chan string
	questions chan question
	done      chan error
	marks     int64 // that are shown
	dots      int64 // that are shown
	loading   bool  // so is the line of the marks

	gate chan struct{} // empty while the user is asked whether to go on
}

// glance is how often marks are shown: as a mark is one write to a terminal, a fast copy
// would wait for its own progress.
const glance = 10 * time.Millisecond

type question struct {
	ctx    context.Context
	before string
	prompt ssh.Prompt
	answer chan<- answer
}

type answer struct {
	text string
	err  error
}

func (w *watched) move(n int) {
	<-w.gate
	w.moved.Add(int64(n))
	w.gate <- struct{}{}
	w.stir()
}

// begin notes that the server has answered, miss that it has not.
func (w *watched) begin(via string) { w.via.Store(&via); w.stir() }
func (w *watched) miss()            { w.missed.Add(1); w.stir() }

func (w *watched) stir() {
	select {
	case w.stirred <- struct{}{}:
	default:
	}
}

func (w *watched) note(text string) {
	select {
	case w.notes <- text:
	default: // the user has enough to read
	}
}

// ask puts a question through the session's goroutine.
func (w *watched) ask(ctx context.Context, before string, p ssh.Prompt) (string, error) {
	c := make(chan answer, 1)
	select {
	case w.questions <- question{ctx, before, p, c}:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	select {
	case a := <-c:
		return a.text, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// watch shows a copy until it is over; a user who breaks it off is asked whether that is
// meant.
func (w *watched) watch(cancel context.CancelCauseFunc) (outcome error) {
	over := false
	for !over {
		err := w.s.Breakable(func(ctx context.Context) error {
			over, outcome = w.show(ctx)
			return nil
		})
		if err != nil || over {
			break
		}
		if w.abort() {
			cancel(errAborted)
			w.gate <- struct{}{}
			outcome, over = <-w.done, true
		} else {
			w.gate <- struct{}{}
		}
	}
	w.drain()
	if w.marks+w.dots > 0 || w.loading {
		w.s.Println("")
	}
	if w.reads && outcome == nil {
		w.s.Printf("%s", strings.ReplaceAll(w.how.received, "{n}", strconv.FormatInt(w.moved.Load(), 10)))
	}
	return outcome
}

// abort stops a copy and asks whether it is to be given up. A terminal that is gone is a
// yes. The gate is closed afterwards.
func (w *watched) abort() bool {
	<-w.gate
	w.newLine()
	ok, err := w.s.Confirm("Abort Copy?")
	return ok || err != nil
}

// show is the copy until it is over, or the user breaks it off.
func (w *watched) show(ctx context.Context) (over bool, outcome error) {
	var stirred <-chan struct{} // nil for the length of a glance
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case err := <-w.done:
			return true, err
		case <-pause.C:
			stirred = w.stirred
			continue
		case <-stirred:
			stirred = nil
			pause.Reset(glance)
		case text := <-w.notes:
			w.say(text)
		case q := <-w.questions:
			w.newLine()
			if q.before != "" {
				w.s.Println(q.before)
			}
			text, err := w.s.Question(q.ctx, q.prompt.Text, q.prompt.Echo)
			q.answer <- answer{text, err}
		case <-ctx.Done():
			return false, nil
		}
		w.drain()
	}
}

// drain shows what the server has said, then how much has moved.
func (w *watched) drain() {
	for len(w.notes) > 0 {
		w.say(<-w.notes)
	}
	if via := w.via.Load(); via != nil && w.reads && !w.loading && w.how.loading != "" {
		w.loading = true
		io.WriteString(w.s.Screen(), w.loads(*via)) // not paged, like the marks
	}
	per := w.how.up
	if w.reads {
		per = w.how.down
	}
	w.mark("!", (w.moved.Load()+per-1)/per, &w.marks)
	if w.loading || !w.reads { // a server that never answers is given up without a dot
		w.mark(".", w.missed.Load(), &w.dots)
	}
}

func (w *watched) mark(sign string, want int64, shown *int64) {
	if n := want - *shown; n > 0 {
		io.WriteString(w.s.Screen(), strings.Repeat(sign, int(n)))
		*shown = want
	}
}

// loads is the line that the marks of a download stand in.
func (w *watched) loads(via string) string {
	if via != "" {
		via = " (via " + via + ")"
	}
	u, _ := w.server.url()
	return strings.NewReplacer("{path}", w.server.path, "{host}", u.Host, "{url}", w.server.String(), "{via}", via).Replace(w.how.loading)
}

// say shows a line of the server's, one column in (ios-ssh-scp 3.3), and without the
// pager, which would keep the copy waiting.
func (w *watched) say(text string) { io.WriteString(w.s.Screen(), " "+text+"\r\n") }

// newLine ends a row of marks.
func (w *watched) newLine() { w.s.Screen().Fresh() }
