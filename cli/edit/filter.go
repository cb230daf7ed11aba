package edit

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
)

// FilterKind is an output modifier.
type FilterKind uint8

const (
	Begin          FilterKind = iota // from the first matching line on
	Include                          // matching lines
	Exclude                          // lines that do not match
	Section                          // matching lines and what is indented below them
	SectionExclude                   // everything but that
	Count                            // how many lines match
)

// Filter is the output modifier of "show … | include RE": a writer that
// passes lines on to another one.
type Filter struct {
	kind FilterKind
	re   *regexp.Regexp
	next io.Writer

	line   []byte // the line that is not complete yet
	out    []byte // for next, before it is written
	err    error  // the first error of next
	begun  bool   // a line matched (Begin)
	indent int    // indentation of the section's first line, or -1
	count  int
}

// NewFilter returns a filter that writes to next. Close must be called after
// the last line. The error is a *RegexpError.
func NewFilter(kind FilterKind, pattern string, next io.Writer) (*Filter, error) {
	re, err := CompileRegexp(pattern)
	if err != nil {
		return nil, err
	}
	return &Filter{kind: kind, re: re, next: next, indent: -1}, nil
}

// Write takes output, in any pieces. Lines end in "\n" or CR LF and are passed
// on unchanged. An error of the next writer ends the output for good.
func (f *Filter) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			f.line = append(f.line, p...)
			break
		}
		f.take(p[:i+1])
		p = p[i+1:]
	}
	return n, f.send()
}

// Close decides on a last line without line end, and writes the sum of Count.
// It does not close the next writer.
func (f *Filter) Close() error {
	if len(f.line) > 0 {
		f.take(nil)
	}
	if f.kind == Count {
		f.out = append(f.out, "Number of lines which match regexp = "...)
		f.out = strconv.AppendInt(f.out, int64(f.count), 10)
		f.out = append(f.out, '\n')
	}
	return f.send()
}

// take decides on the line that rest completes.
func (f *Filter) take(rest []byte) {
	line := rest
	if len(f.line) > 0 {
		f.line = append(f.line, rest...)
		line, f.line = f.line, f.line[:0]
	}
	if f.passes(bytes.TrimRight(line, "\r\n")) {
		f.out = append(f.out, line...)
	}
}

func (f *Filter) passes(line []byte) bool {
	switch f.kind {
	case Begin:
		f.begun = f.begun || f.re.Match(line)
		return f.begun
	case Include:
		return f.re.Match(line)
	case Exclude:
		return !f.re.Match(line)
	case Section:
		return f.inSection(line)
	case SectionExclude:
		return !f.inSection(line)
	case Count:
		if f.re.Match(line) {
			f.count++
		}
	}
	return false
}

// inSection reports whether line matches or is indented below one that did.
func (f *Filter) inSection(line []byte) bool {
	indent := len(line) - len(bytes.TrimLeft(line, " \t"))
	switch {
	case f.indent >= 0 && indent > f.indent:
	case f.re.Match(line):
		f.indent = indent
	default:
		f.indent = -1
	}
	return f.indent >= 0
}

func (f *Filter) send() error {
	if f.err == nil && len(f.out) > 0 {
		_, f.err = f.next.Write(f.out)
	}
	f.out = f.out[:0]
	return f.err
}
