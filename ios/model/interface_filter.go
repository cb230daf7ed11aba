package model

import "vtylab/config"

// perDirection is an access list for each direction.
func perDirection(in, out func(*Interface) *string) config.Setting[Interface] {
	return config.Setting[Interface]{
		Set: func(c *config.Call, i, _ *Interface) error {
			field := out
			if c.Args.Has("in") {
				field = in
			}
			*field(i) = c.Args.Get("acl")
			return nil
		},
		No: func(c *config.Call, i, _ *Interface) error {
			list := c.Args.Get("acl")
			if *in(i) == list && !c.Args.Has("out") {
				*in(i) = ""
			}
			if *out(i) == list && !c.Args.Has("in") {
				*out(i) = ""
			}
			return nil
		},
		Show: func(v *config.View, i, _ *Interface) {
			if list := *in(i); list != "" {
				v.Line("%s %s in", v.Words, list)
			}
			if list := *out(i); list != "" {
				v.Line("%s %s out", v.Words, list)
			}
		},
	}
}

// onByDefault is a flag whose `no` is what a configuration shows.
func onByDefault(field func(*Interface) *bool) config.Setting[Interface] {
	return config.Unlisted(config.Flag(field))
}
