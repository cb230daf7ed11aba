package ssh2

import (
	"encoding/binary"
	"sync"

	"vtylab/ssh/wire"
)

// mux is the connection protocol (RFC 4254) as both roles have it: it sorts
// messages by channel.
type mux struct {
	t      *transport
	onOpen func(m *chanOpenMsg) error

	mu    sync.Mutex // guards all below
	chans []*channel // by local number minus the first; nil once closed
	live  int        // sessions of a server that have not ended
}

// handler is what stands behind a channel: a session of a server or of a client.
// The reader calls it; it must not wait for the socket. Messages are valid
// until it returns.
type handler interface {
	opened(m *chanConfirmMsg) error
	openFailed(m *chanFailureMsg) error
	request(m *chanRequestMsg) error
	replied(ok bool) error
	closed()
}

// maxChannelIDs bounds how many channels one connection may open in its life.
const maxChannelIDs = 1 << 10

// add gives a channel the next free number; false when there is none.
func (m *mux) add(c *channel) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.live >= max(m.t.cfg.MaxChannels, 1) && !m.t.client || len(m.chans) >= maxChannelIDs {
		return false
	}
	slot := -1
	for i, other := range m.chans {
		if other == nil {
			slot = i
			break
		}
	}
	if slot < 0 {
		slot = len(m.chans)
		m.chans = append(m.chans, nil)
	}
	m.chans[slot] = c
	m.live++
	c.local = m.t.cfg.FirstChannelID + uint32(slot)
	return true
}

func (m *mux) find(local uint32) *channel {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := local - m.t.cfg.FirstChannelID; uint64(i) < uint64(len(m.chans)) {
		return m.chans[i]
	}
	return nil
}

// remove frees a channel's number once both sides have closed it.
func (m *mux) remove(c *channel) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := c.local - m.t.cfg.FirstChannelID; uint64(i) < uint64(len(m.chans)) && m.chans[i] == c {
		m.chans[i] = nil
	}
}

// sessionEnded returns how many sessions are left.
func (m *mux) sessionEnded() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live--
	return m.live
}

// finishAll ends every channel when the connection is gone.
func (m *mux) finishAll() {
	m.mu.Lock()
	chans := append([]*channel(nil), m.chans...)
	m.mu.Unlock()
	for _, c := range chans {
		if c != nil {
			c.finish()
		}
	}
}

// run reads messages until the connection ends. Between them it waits here, on
// as little stack as that takes: an idle session keeps it.
func (m *mux) run() error {
	for {
		if err := m.t.in.Await(); err != nil {
			return err
		}
		p, err := m.t.next()
		if err != nil {
			return err
		}
		if err := m.message(p); err != nil {
			return err
		}
	}
}

// message handles one message of RFC 4254.
func (m *mux) message(p []byte) error {
	switch p[0] {
	case msgGlobalRequest:
		return m.globalRequest(p)
	case msgChanOpen:
		var open chanOpenMsg
		if err := decode(p, &open); err != nil {
			return err
		}
		return m.onOpen(&open)
	}
	if p[0] < msgChanConfirm || p[0] > msgChanReqFailure {
		return m.t.unexpected(p[0], "")
	}
	if len(p) < 5 {
		return protocolErrorf("malformed %s", MessageName(p[0]))
	}
	id := binary.BigEndian.Uint32(p[1:])
	c := m.find(id)
	if c == nil {
		return protocolErrorf("%s for channel %d, which is not open", MessageName(p[0]), id)
	}
	return m.channelMessage(c, p)
}

func (m *mux) channelMessage(c *channel, p []byte) error {
	if !c.open.Load() && p[0] != msgChanConfirm && p[0] != msgChanFailure {
		return protocolErrorf("%s before the channel is open", MessageName(p[0]))
	}
	switch p[0] {
	case msgChanData:
		data, rest, ok := wire.CutString(p[5:])
		if !ok || len(rest) > 0 {
			return protocolErrorf("malformed %s", MessageName(p[0]))
		}
		return c.received(data, 0)
	case msgChanExtData:
		if len(p) < 9 {
			return protocolErrorf("malformed %s", MessageName(p[0]))
		}
		data, rest, ok := wire.CutString(p[9:])
		code := binary.BigEndian.Uint32(p[5:])
		if !ok || len(rest) > 0 || code == 0 {
			return protocolErrorf("malformed %s", MessageName(p[0]))
		}
		return c.received(data, code)
	case msgWindowAdjust:
		if len(p) != 9 {
			return protocolErrorf("malformed %s", MessageName(p[0]))
		}
		return c.adjusted(binary.BigEndian.Uint32(p[5:]))
	case msgChanRequest:
		var req chanRequestMsg
		if err := decode(p, &req); err != nil {
			return err
		}
		return c.h.request(&req)
	case msgChanConfirm:
		var confirm chanConfirmMsg
		if err := decode(p, &confirm); err != nil {
			return err
		}
		return c.h.opened(&confirm)
	case msgChanFailure:
		var failure chanFailureMsg
		if err := decode(p, &failure); err != nil {
			return err
		}
		return c.h.openFailed(&failure)
	}
	if len(p) != 5 {
		return protocolErrorf("malformed %s", MessageName(p[0]))
	}
	switch p[0] {
	case msgChanEOF:
		c.peerEOF()
	case msgChanClose:
		return m.peerClose(c)
	default: // CHANNEL_SUCCESS, CHANNEL_FAILURE
		return c.h.replied(p[0] == msgChanSuccess)
	}
	return nil
}

// peerClose answers a CLOSE, unless ours came first, and forgets the channel.
func (m *mux) peerClose(c *channel) error {
	var err error
	if c.markClose() {
		err = m.t.out.post(channelMsg(msgChanClose, c.remote))
	}
	c.finish()
	m.remove(c)
	c.h.closed()
	return err
}

// globalRequest refuses: neither role of ours has any (RFC 4254 section 4).
func (m *mux) globalRequest(p []byte) error {
	var req globalRequestMsg
	if err := decode(p, &req); err != nil {
		return err
	}
	if !req.WantReply {
		return nil
	}
	return m.t.out.post([]byte{msgRequestFailure})
}
