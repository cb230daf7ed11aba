package model

// RunsCDP reports whether an interface says who the device is: it does unless `no cdp
// run` or its `no cdp enable` says otherwise.
func (c *Config) RunsCDP(i *Interface) bool {
	return !c.Passive.Lines.Has("no cdp run") && !i.Passive.Has("no cdp enable") && Physical(i.Name)
}
