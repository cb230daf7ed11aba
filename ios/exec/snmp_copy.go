package exec

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"time"

	"vtylab/snmp"
)

// Copies is ccCopyTable (CISCO-CONFIG-COPY-MIB, aaa-snmp D5): copies that SNMP starts. A
// row whose status becomes active is a `copy` of the device, so that gates see it.
type Copies struct {
	mu   sync.Mutex
	rows map[uint32]*copyRow // by index; guarded by mu
}

// Columns of the table.
const (
	copyProtocol    = 2
	copySource      = 3
	copyDestination = 4
	copyAddress     = 5
	copyFileName    = 6
	copyUser        = 7
	copyPassword    = 8
	copyState       = 10
	copyFailCause   = 13
	copyStatus      = 14
	copyAddressType = 15
	copyAddressRev1 = 16
)

// Values of them. Causes are from memory.
const (
	networkFile, localFile, startupConfig, runningConfig = 1, 2, 3, 4

	stateWaiting, stateRunning, stateSuccessful, stateFailed = 1, 2, 3, 4

	causeUnknown, causeBadFileName, causeTimeout = 1, 2, 3

	rowActive, rowNotInService, rowNotReady, rowCreateAndGo, rowCreateAndWait, rowDestroy = 1, 2, 3, 4, 5, 6

	addressIPv4 = 1
)

// copyProtocols are those of ccCopyProtocol that `copy` has.
var copyProtocols = map[int]string{1: "tftp", 2: "ftp", 3: "rcp", 4: "scp", 5: "sftp"}

// maxCopies bounds the rows, maxCopyTime how long one copy may take.
const (
	maxCopies   = 32
	maxCopyTime = 10 * time.Minute
)

type copyRow struct {
	numbers map[uint32]int
	texts   map[uint32]string
	address netip.Addr
	status  int
	state   int // 0: not started
	cause   int
}

// part is the table as the agent has it; s runs the copies.
func (t *Copies) part(s *Session) snmp.Part {
	return &snmp.Writable{
		Table: snmp.Table{Entry: snmp.CopyEntry, Columns: []uint32{2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16}, Rows: t.list},
		Check: t.check,
		Set:   func(vars []snmp.Var) snmp.Status { return t.set(s, vars) },
	}
}

func (t *Copies) list() (rows []snmp.Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for index, r := range t.rows {
		now := *r // its maps are never written
		rows = append(rows, snmp.Row{Index: snmp.OID{index}, Value: now.column})
	}
	return rows
}

// column is a value of the row, nil for one that was not set. A password is not shown.
func (r *copyRow) column(column uint32) any {
	switch column {
	case copyFileName, copyUser:
		return r.texts[column]
	case copyPassword:
		return ""
	case copyAddress:
		if r.address.Is4() {
			return r.address
		}
	case copyAddressRev1:
		return string(r.address.AsSlice())
	case copyState:
		if r.state != 0 {
			return r.state
		}
	case copyFailCause:
		if r.cause != 0 {
			return r.cause
		}
	case copyStatus:
		return r.status
	default:
		if n, ok := r.numbers[column]; ok {
			return n
		}
	}
	return nil
}

// check is what is wrong with a value that was sent.
func (t *Copies) check(v snmp.Var) snmp.Status {
	at := v.OID[len(snmp.CopyEntry):]
	if len(at) != 2 || at[1] == 0 {
		return snmp.NotWritable
	}
	number, isNumber := v.Value.(int)
	text, isText := v.Value.(string)
	switch at[0] {
	case copyFileName, copyUser, copyPassword:
		return wrong(!isText, !plainWord(text))
	case copyAddressRev1:
		return wrong(!isText, len(text) != 4)
	case copyAddress:
		a, ok := v.Value.(netip.Addr)
		return wrong(!ok, !a.Is4())
	case copyProtocol:
		return wrong(!isNumber, copyProtocols[number] == "")
	case copySource, copyDestination:
		return wrong(!isNumber, number < networkFile || number > runningConfig)
	case copyStatus:
		return wrong(!isNumber, number < rowActive || number > rowDestroy || number == rowNotReady)
	case copyAddressType:
		return wrong(!isNumber, number != addressIPv4)
	}
	return snmp.NotWritable
}

func wrong(kind, value bool) snmp.Status {
	switch {
	case kind:
		return snmp.WrongType
	case value:
		return snmp.WrongValue
	}
	return snmp.NoError
}

// plainWord reports whether a text can stand in a command as one word: of printable
// ASCII, without what would end it or a URL's user.
func plainWord(text string) bool {
	for _, c := range text {
		if c <= ' ' || c > '~' || strings.ContainsRune(`@|?"`, c) {
			return false
		}
	}
	return len(text) <= 255
}

// set changes rows, then starts the copies that the changes make active.
func (t *Copies) set(s *Session, vars []snmp.Var) snmp.Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	changed := map[uint32]*copyRow{}
	for _, v := range vars {
		column, index := v.OID[len(v.OID)-2], v.OID[len(v.OID)-1]
		if changed[index] == nil {
			changed[index] = t.rows[index].edited()
		}
		changed[index].change(column, v.Value)
	}
	added := 0
	for index, r := range changed {
		if t.rows[index] == nil {
			added++
		} else if t.rows[index].state == stateRunning {
			return snmp.Inconsistent
		}
		if r.starts() && r.command() == "" {
			return snmp.Inconsistent
		}
	}
	if len(t.rows)+added > maxCopies {
		return snmp.Inconsistent
	}
	for index, r := range changed {
		t.take(s, index, r)
	}
	return snmp.NoError
}

// take puts a row that was changed in the place of the one there was; mu is held.
func (t *Copies) take(s *Session, index uint32, r *copyRow) {
	if t.rows == nil {
		t.rows = map[uint32]*copyRow{}
	}
	switch {
	case r.status == rowDestroy:
		delete(t.rows, index)
		return
	case r.starts():
		r.status, r.state, r.cause = rowActive, stateRunning, 0
		if !s.Device.Go(func() { t.run(s, r, r.command()) }) {
			r.state = stateFailed
		}
	case r.status == rowCreateAndWait:
		r.status = rowNotInService
	}
	t.rows[index] = r
}

// edited is a copy of a row that may be written; nil is a new row.
func (r *copyRow) edited() *copyRow {
	n := &copyRow{status: rowNotReady, numbers: map[uint32]int{}, texts: map[uint32]string{}}
	if r == nil {
		return n
	}
	n.address, n.status = r.address, r.status
	for column, v := range r.numbers {
		n.numbers[column] = v
	}
	for column, v := range r.texts {
		n.texts[column] = v
	}
	return n
}

func (r *copyRow) change(column uint32, value any) {
	switch v := value.(type) {
	case int:
		if column == copyStatus {
			r.status = v
			return
		}
		r.numbers[column] = v
	case netip.Addr:
		r.address = v
	case string:
		if column == copyAddressRev1 {
			r.address, _ = netip.AddrFromSlice([]byte(v))
			return
		}
		r.texts[column] = v
	}
}

// starts reports whether what the row was set to starts its copy.
func (r *copyRow) starts() bool { return r.status == rowCreateAndGo || r.status == rowActive }

// command is the copy that the row asks for, "" when it asks for none.
func (r *copyRow) command() string {
	from, to := r.place(r.numbers[copySource]), r.place(r.numbers[copyDestination])
	if from == "" || to == "" || from == to {
		return ""
	}
	return "copy /noconfirm " + from + " " + to
}

// place is one end of a copy as `copy` takes it.
func (r *copyRow) place(kind int) string {
	file := strings.TrimPrefix(r.texts[copyFileName], "/")
	switch kind {
	case startupConfig:
		return "startup-config"
	case runningConfig:
		return "running-config"
	case localFile:
		return file
	case networkFile:
		protocol := copyProtocols[r.numbers[copyProtocol]]
		if protocol == "" || !r.address.IsValid() || file == "" {
			return ""
		}
		user := r.texts[copyUser]
		if password := r.texts[copyPassword]; password != "" {
			user += ":" + password
		}
		if user != "" && protocol != "tftp" {
			user += "@"
		} else {
			user = ""
		}
		return protocol + "://" + user + r.address.String() + "/" + file
	}
	return ""
}

// run copies, and notes how that went.
func (t *Copies) run(s *Session, r *copyRow, command string) {
	ctx, cancel := context.WithTimeout(context.Background(), maxCopyTime)
	defer cancel()
	printed, err := s.Device.Run(ctx, command)
	t.mu.Lock()
	defer t.mu.Unlock()
	r.state = stateSuccessful
	if err != nil || strings.HasPrefix(printed, "%") || strings.Contains(printed, "\n%") {
		r.state, r.cause = stateFailed, copyCause(printed, err)
	}
}

func copyCause(printed string, err error) int {
	switch {
	case errors.Is(err, context.DeadlineExceeded), strings.Contains(printed, "Timed out"):
		return causeTimeout
	case strings.Contains(printed, "No such file"):
		return causeBadFileName
	}
	return causeUnknown
}
