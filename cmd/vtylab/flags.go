package main

import (
	"fmt"
	"reflect"
	"strings"

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

// texts reads a flag that may be repeated; one value may also be several, with commas
// between them.
func texts(ctx *kong.DecodeContext, target reflect.Value) error {
	var value string
	if err := text(ctx, reflect.ValueOf(&value).Elem()); err != nil {
		return err
	}
	for part := range strings.SplitSeq(value, ",") {
		target.Set(reflect.Append(target, reflect.ValueOf(part)))
	}
	return nil
}
