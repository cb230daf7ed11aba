package aaa

import (
	"context"

	"vtylab/secret"
)

// line is the password of the line.
var line = &Method{Name: "line", AsksPassword: true,
	Authenticate: func(ctx context.Context, d *Dialogue) Verdict {
		return d.compare(ctx, d.Request.Line.Password, ReasonWrongPassword)
	},
	AuthorizeExec: undecided(ReasonUnsupported),
}

// enable is the password of a privilege level: 15 for a login. `enable` to a level
// that has none asks for nothing.
var enable = &Method{Name: "enable", AsksPassword: true,
	Authenticate: func(ctx context.Context, d *Dialogue) Verdict {
		login := d.Request.Service == Login
		level := d.Request.Level
		if login {
			level = 15
		}
		var s secret.Secret
		isSecret := false
		if d.Settings.Enable != nil {
			s, isSecret, _ = d.Settings.Enable(level)
		}
		if s.IsZero() && !login {
			return Verdict{Result: Error, Reason: ReasonNoPassword}
		}
		if isSecret {
			return d.compare(ctx, s, ReasonWrongSecret)
		}
		return d.compare(ctx, s, ReasonWrongPassword)
	},
	AuthorizeExec: undecided(ReasonUnsupported),
}
