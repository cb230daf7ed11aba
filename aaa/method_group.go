package aaa

import "context"

// group asks the servers of a group.
var group = &Method{Name: "group", AsksUser: true, AsksPassword: true,
	Authenticate: func(ctx context.Context, d *Dialogue) Verdict {
		if d.Settings.Group != nil {
			return d.Settings.Group(ctx, d.Ref.Group, &d.Request, d.Ask)
		}
		// RADIUS wants the password before it tries a server.
		if _, err := d.Password(ctx); err != nil {
			return ended(err)
		}
		return Verdict{Result: Error, Reason: ReasonNoServer}
	},
	AuthorizeExec: func(ctx context.Context, d *Dialogue) Verdict {
		if d.Settings.Group != nil {
			return d.Settings.Group(ctx, d.Ref.Group, &d.Request, d.Ask)
		}
		return Verdict{Result: Error, Reason: ReasonNoServer}
	},
}
