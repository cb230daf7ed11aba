package ssh2

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// kexMethod is one row of the key exchange table. server and client each tell
// one exchange in the order of its messages and leave x.secret and x.h set.
type kexMethod struct {
	name           string
	hash           crypto.Hash
	server, client func(x *exchange) error
}

func findKex(name string) (kexMethod, bool) {
	for _, m := range kexMethods {
		if m.name == name {
			return m, true
		}
	}
	return kexMethod{}, false
}

// kexState is what key exchanges of one connection share.
type kexState struct {
	hostKeys  []ssh.Signer                              // server
	checkHost func(algorithm string, blob []byte) error // client
	hostBlob  []byte                                    // client: the key accepted first

	clientVersion, serverVersion string

	// Guarded by out.mu.
	sessionID []byte
	ours      *kexInitMsg // of the running exchange
	oursRaw   []byte
	stopTimer func()
	exchanges int  // completed, while RekeyInterval is set
	running   bool // the reader is within exchangeKeys

	// The reader's: the keys that the peer's NEWKEYS brings into use, and
	// whether sequence numbers start anew with it.
	nextIn  opener
	strict  bool
	sigAlgs bool // EXT_INFO is due behind our NEWKEYS

	volume atomic.Int64 // bytes since the last exchange, when RekeyBytes is set

	mu                sync.Mutex // guards what info reports
	id                []byte
	kexName, hostName string
	dirIn, dirOut     ssh.Direction
}

func (k *kexState) versions(client bool, local, remote string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clientVersion, k.serverVersion = remote, local
	if client {
		k.clientVersion, k.serverVersion = local, remote
	}
}

// canHostKey tells whether we can sign with an algorithm, or verify it.
func (k *kexState) canHostKey(name string) bool {
	if k.hostKeys == nil {
		return name == ssh.KeyRSASHA256 || name == ssh.KeyRSASHA512 || len(ssh.KeyAlgorithms(name)) > 0
	}
	return k.hostKeyFor(name) != nil
}

func (k *kexState) hostKeyFor(algorithm string) ssh.Signer {
	for _, s := range k.hostKeys {
		if slices.Contains(s.Algorithms(), algorithm) {
			return s
		}
	}
	return nil
}

// firstKex runs the key exchange that begins a connection.
func (t *transport) firstKex() error {
	if err := t.beginKex(); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	p, err := t.nextKex(msgKexInit, "SSH2_MSG_KEXINIT")
	if err != nil {
		return err
	}
	return t.exchangeKeys(p)
}

// flush sends what is queued; once channels are open the reader does not wait
// for that.
func (t *transport) flush() error {
	if t.getPhase() == ssh.Connected {
		t.out.FlushBehind()
		return nil
	}
	return t.out.Flush()
}

// beginKex queues our KEXINIT unless an exchange runs already.
func (t *transport) beginKex() error {
	t.out.Lock()
	defer t.out.Unlock()
	return t.beginKexLocked()
}

func (t *transport) beginKexLocked() error {
	if t.out.Err() != nil || t.out.kexing {
		return t.out.Err()
	}
	m, err := t.kexInit()
	if err != nil {
		return err
	}
	if t.traced() {
		t.emit(ssh.KexInitPrepared{Lists: m.lists()})
	}
	t.kex.ours, t.kex.oursRaw = m, encode(m)
	t.out.queue(t.kex.oursRaw)
	t.out.kexing = true
	if t.traced() {
		t.emit(ssh.KexInitSent{Lists: m.lists()})
	}
	return nil
}

// requestRekey starts a key exchange; while none was completed, or one runs, it
// does nothing.
func (t *transport) requestRekey() {
	t.out.Lock()
	t.rekeyLocked()
	t.out.Unlock()
	t.out.FlushBehind()
}

func (t *transport) rekeyLocked() {
	if t.kex.sessionID != nil && !t.kex.running {
		// A failure is the writer's own and shows there.
		_ = t.beginKexLocked()
	}
}

// rekeyAfter is requestRekey for the timer of the nth exchange. The peer's timer
// may fire in the same moment: when its exchange was first, ours is done.
func (t *transport) rekeyAfter(nth int) {
	t.out.Lock()
	if t.kex.exchanges == nth {
		t.rekeyLocked()
	}
	t.out.Unlock()
	t.out.FlushBehind()
}

// rekeyDue tells whether the keys have done enough; count is one direction's
// packets.
func (t *transport) rekeyDue(count int64) bool {
	limit := t.cfg.RekeyBytes
	return count >= maxPackets || limit > 0 && t.kex.volume.Load() >= limit
}

func (t *transport) setRunning(on bool) {
	t.out.Lock()
	t.kex.running = on
	t.out.Unlock()
}

// checkRekey is called by the reader after each packet.
func (t *transport) checkRekey() {
	if t.rekeyDue(t.in.count) {
		t.requestRekey()
	}
}

// nextKex reads the one message that may come now in a key exchange.
func (t *transport) nextKex(want byte, name string) ([]byte, error) {
	for range maxIdleMessages {
		p, err := t.in.packet()
		if err != nil {
			return nil, err
		}
		switch {
		case p[0] == want:
			return p, nil
		case p[0] == msgDisconnect:
			return nil, disconnected(p)
		case p[0] >= msgIgnore && p[0] <= msgDebug && !(t.kex.strict && t.kex.sessionID == nil):
		case p[0] >= msgGlobalRequest && t.getPhase() == ssh.Connected:
			// asyncssh goes on sending data behind its KEXINIT, against RFC 4253
			// section 7.1. It is under the old keys and does no harm; OpenSSH takes
			// it too.
			if err := t.connection(p); err != nil {
				return nil, err
			}
		default:
			return nil, t.unexpected(p[0], name)
		}
	}
	return nil, protocolErrorf("too many idle messages")
}

// exchangeKeys runs a key exchange from the peer's KEXINIT to its NEWKEYS. The
// reader calls it.
func (t *transport) exchangeKeys(init []byte) error {
	t.setRunning(true)
	defer t.setRunning(false)
	theirsRaw := bytes.Clone(init)
	theirs, err := decodeKexInit(theirsRaw)
	if err != nil {
		return err
	}
	if t.traced() {
		t.emit(ssh.KexInitReceived{Lists: theirs.lists()})
	}
	if err := t.beginKex(); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	t.out.Lock()
	x := &exchange{t: t, k: &t.kex, clientInit: theirsRaw, serverInit: t.kex.oursRaw}
	client, server := theirs, t.kex.ours
	t.out.Unlock()
	if t.client {
		client, server = server, client
		x.clientInit, x.serverInit = x.serverInit, x.clientInit
	}
	initial := t.kex.sessionID == nil
	if initial && t.cfg.StrictKex && slices.Contains(client.Kex, strictClient) && slices.Contains(server.Kex, strictServer) {
		t.kex.strict = true
		if t.in.seq != 1 {
			return protocolErrorf("strict key exchange: KEXINIT was not the first packet")
		}
	}
	t.kex.sigAlgs = initial && !t.client && t.cfg.ExtInfo && slices.Contains(client.Kex, extInfo)
	a, err := negotiate(client, server, theirs)
	if err != nil {
		var no *ssh.NoMatchError
		if t.traced() && errors.As(err, &no) {
			t.emit(ssh.NoMatch{Class: no.Class, Client: no.Client, Server: no.Server})
		}
		return err
	}
	if t.traced() {
		t.emit(ssh.Negotiated{Kex: a.kex.name, HostKey: a.hostKey, Client: a.client.names, Server: a.server.names})
	}
	x.agreement = a
	t.kex.publish(t.client, a)
	if a.wrongGuess {
		if _, err := t.in.packet(); err != nil {
			return err
		}
	}
	run := a.kex.server
	if t.client {
		run = a.kex.client
	}
	if err := run(x); err != nil {
		return err
	}
	return t.changeKeys(x)
}

// changeKeys puts the keys of a finished exchange into use (RFC 4253 sections
// 7.2 and 7.3).
func (t *transport) changeKeys(x *exchange) error {
	id := t.kex.sessionID
	if id == nil {
		id = x.h
		t.kex.mu.Lock()
		t.kex.id = id
		t.kex.mu.Unlock()
	}
	outbound, inbound, outLetters, inLetters := x.server, x.client, "BDF", "ACE"
	if t.client {
		outbound, inbound, outLetters, inLetters = x.client, x.server, "ACE", "BDF"
	}
	sealer, err := newSealer(outbound.cipher, outbound.mac, x.key(outLetters[1], outbound.cipher.keyLen, id),
		x.key(outLetters[0], outbound.cipher.ivLen, id), x.key(outLetters[2], outbound.mac.keyLen, id))
	if err != nil {
		return err
	}
	opener, err := newOpener(inbound.cipher, inbound.mac, x.key(inLetters[1], inbound.cipher.keyLen, id),
		x.key(inLetters[0], inbound.cipher.ivLen, id), x.key(inLetters[2], inbound.mac.keyLen, id))
	if err != nil {
		return err
	}
	if t.traced() {
		t.emit(ssh.KeysDerived{})
	}
	t.kex.nextIn = opener
	if err := t.changeOut(sealer, id); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	if t.traced() {
		t.emit(ssh.NewKeysWaiting{})
	}
	p, err := t.nextKex(msgNewKeys, "SSH2_MSG_NEWKEYS")
	if err != nil {
		return err
	}
	if len(p) != 1 {
		return protocolErrorf("malformed %s", MessageName(msgNewKeys))
	}
	if t.traced() {
		t.emit(ssh.NewKeysReceived{})
	}
	t.armTimer()
	return nil
}

// changeOut queues our NEWKEYS and, behind it and under the new keys, what had
// to wait.
func (t *transport) changeOut(s sealer, id []byte) error {
	o := &t.out
	o.Lock()
	defer o.Unlock()
	if o.Err() != nil {
		return o.Err()
	}
	o.queue([]byte{msgNewKeys})
	o.cipher, o.count = s, 0
	if t.kex.strict {
		o.seq = 0
	}
	t.kex.volume.Store(0)
	t.kex.sessionID = id
	t.kex.ours, t.kex.oursRaw = nil, nil
	if t.traced() {
		t.emit(ssh.NewKeys{Out: true})
		t.emit(ssh.NewKeysSent{})
	}
	o.kexing = false
	if t.kex.sigAlgs {
		o.queue(serverSigAlgs(t.cfg.Algorithms.PublicKey))
	}
	for _, p := range o.held {
		o.queue(p)
	}
	o.held, o.heldSize = nil, 0
	o.Wake()
	return nil
}

// serverSigAlgs is an EXT_INFO (RFC 8308 section 3.1).
func serverSigAlgs(names []string) []byte {
	p := binary.BigEndian.AppendUint32([]byte{msgExtInfo}, 1)
	return wire.AppendString(wire.AppendString(p, "server-sig-algs"), strings.Join(names, ","))
}

// takeIn changes the keys of what comes in, when it is time for that.
func (k *kexState) takeIn(in *reader) bool {
	if k.nextIn == nil {
		return false
	}
	in.cipher, k.nextIn = k.nextIn, nil
	in.count = 0
	if k.strict {
		in.seq = math.MaxUint32 // the packet read counts on to zero
	}
	return true
}

// armTimer starts the clock of RekeyInterval anew.
func (t *transport) armTimer() {
	if t.cfg.RekeyInterval <= 0 {
		return
	}
	t.stopTimer()
	t.out.Lock()
	defer t.out.Unlock()
	if t.out.Err() != nil {
		return
	}
	t.kex.exchanges++
	nth := t.kex.exchanges
	t.kex.stopTimer = t.work.After(t.cfg.RekeyInterval, func() { t.rekeyAfter(nth) })
}

func (t *transport) stopTimer() {
	t.out.Lock()
	defer t.out.Unlock()
	if t.kex.stopTimer != nil {
		t.kex.stopTimer()
	}
}

func (k *kexState) publish(client bool, a *agreement) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kexName, k.hostName = a.kex.name, a.hostKey
	k.dirIn, k.dirOut = a.client.names, a.server.names
	if client {
		k.dirIn, k.dirOut = k.dirOut, k.dirIn
	}
}

// exchange is one run of a key exchange method.
type exchange struct {
	*agreement
	t                      *transport
	k                      *kexState
	clientInit, serverInit []byte
	secret                 []byte // K as it is hashed, with its length
	h                      []byte // the exchange hash
}

// sum sets the exchange hash: the fields all methods have in common, the
// method's own, and the secret.
func (x *exchange) sum(hostKey []byte, fields []byte) {
	h := x.kex.hash.New()
	var b []byte
	b = wire.AppendString(b, x.k.clientVersion)
	b = wire.AppendString(b, x.k.serverVersion)
	b = wire.AppendString(b, string(x.clientInit))
	b = wire.AppendString(b, string(x.serverInit))
	b = wire.AppendString(b, string(hostKey))
	h.Write(b)
	h.Write(fields)
	h.Write(x.secret)
	x.h = h.Sum(nil)
}

// key derives the key of a letter (RFC 4253 section 7.2).
func (x *exchange) key(letter byte, n int, id []byte) []byte {
	var out []byte
	for len(out) < n {
		h := x.kex.hash.New()
		h.Write(x.secret)
		h.Write(x.h)
		if len(out) == 0 {
			h.Write([]byte{letter})
			h.Write(id)
		} else {
			h.Write(out)
		}
		out = h.Sum(out)
	}
	return out[:n]
}

// hostKeyBlob is the server's key for the algorithm agreed on.
func (x *exchange) hostKeyBlob() []byte { return x.k.hostKeyFor(x.hostKey).Blob() }

// sign signs the exchange hash with it.
func (x *exchange) sign() ([]byte, error) {
	sig, err := x.k.hostKeyFor(x.hostKey).Sign(x.t.cfg.Rand, x.hostKey, x.h)
	if err != nil {
		return nil, err
	}
	if x.t.traced() {
		x.t.emit(ssh.SignatureLength{Bytes: len(sig)})
	}
	return sig, nil
}

// verify checks the server's signature, then whether it is the server wanted.
func (x *exchange) verify(blob, sig []byte) error {
	if err := ssh.Verify(blob, x.hostKey, x.h, sig); err != nil {
		return err
	}
	if x.k.hostBlob != nil {
		if !bytes.Equal(x.k.hostBlob, blob) {
			return ssh.ErrHostKey
		}
		return nil
	}
	if x.k.checkHost == nil {
		return ssh.ErrHostKey
	}
	if err := x.k.checkHost(x.hostKey, blob); err != nil {
		return errors.Join(ssh.ErrHostKey, err)
	}
	x.k.hostBlob = bytes.Clone(blob)
	return nil
}

// read reads the message of a method into msg. name is the one traces show.
func (x *exchange) read(want byte, name string, msg any) error {
	p, err := x.t.nextKex(want, name)
	if err != nil {
		return err
	}
	if x.t.traced() {
		x.t.emit(ssh.KexMessage{Message: name})
	}
	return decode(p, msg)
}

func (x *exchange) expecting(name string) {
	if x.t.traced() {
		x.t.emit(ssh.Expecting{Message: name})
	}
}

// write sends a message of a method; these pass while all others wait.
func (x *exchange) write(msg any) error {
	if err := x.reply(msg); err != nil {
		return err
	}
	return x.t.flush()
}

// reply queues the server's last message of a method: NEWKEYS follows at once
// and takes it along.
func (x *exchange) reply(msg any) error {
	x.t.out.Lock()
	defer x.t.out.Unlock()
	if x.t.out.Err() == nil {
		x.t.out.queue(encode(msg))
	}
	return x.t.out.Err()
}

// appendMPInt encodes n >= 0 as RFC 4251 section 5 has it.
func appendMPInt(b []byte, n *big.Int) []byte { return appendMPBytes(b, n.Bytes()) }

// appendMPBytes is appendMPInt for big-endian bytes.
func appendMPBytes(b, n []byte) []byte {
	for len(n) > 0 && n[0] == 0 {
		n = n[1:]
	}
	if len(n) > 0 && n[0] >= 0x80 {
		b = binary.BigEndian.AppendUint32(b, uint32(len(n)+1))
		return append(append(b, 0), n...)
	}
	return append(binary.BigEndian.AppendUint32(b, uint32(len(n))), n...)
}
