package wire

import "encoding/binary"

// AppendString appends a string: its length in four bytes, then its bytes. Both
// versions have it so (RFC 4251 section 5).
func AppendString(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

// CutString takes a string off the front of b; false when it is cut off.
func CutString(b []byte) (s, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}
