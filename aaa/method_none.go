package aaa

import "context"

// none lets everybody in, and asks for nothing.
var none = &Method{Name: "none", Authenticate: pass, AuthorizeExec: pass, AuthorizeCommand: pass}

// ifAuthenticated lets in who has logged in; it gives no level of its own.
var ifAuthenticated = &Method{Name: "if-authenticated", Authenticate: undecided(ReasonUnsupported), AuthorizeExec: pass, AuthorizeCommand: authenticated}

// unsupported is every method that can be configured and has no behaviour here, krb5
// say. It asks as most do, and leaves it to the next one.
var unsupported = &Method{AsksUser: true, AsksPassword: true,
	Authenticate: func(ctx context.Context, d *Dialogue) Verdict {
		if _, err := d.Password(ctx); err != nil {
			return ended(err)
		}
		return Verdict{Result: Error, Reason: ReasonUnsupported}
	},
	AuthorizeExec: undecided(ReasonUnsupported),
}

// authenticated lets who has logged in, by name.
func authenticated(_ context.Context, d *Dialogue) Verdict {
	if d.Request.User == "" {
		return Verdict{Result: Error, Reason: ReasonUnknownUser}
	}
	return Verdict{Result: Pass}
}

func pass(context.Context, *Dialogue) Verdict { return Verdict{Result: Pass} }

func undecided(reason string) func(context.Context, *Dialogue) Verdict {
	return func(context.Context, *Dialogue) Verdict { return Verdict{Result: Error, Reason: reason} }
}
