package main

import (
	"fmt"
	"reflect"

	"github.com/alecthomas/kong"
)

// text reads a flag whose value is a text. kong's own reader calls a value that
// is missing "EOL".
func text(ctx *kong.DecodeContext, target reflect.Value) error {
	if ctx.Scan.Peek().IsEOL() {
		return fmt.Errorf("missing value, want %s", ctx.Value.Flag.FormatPlaceHolder())
	}
	return ctx.Scan.PopValueInto("string", target.Addr().Interface())
}
