package release

import (
	"slices"
	"strings"
	"testing"

	"vtylab/cli"
	"vtylab/ios/model"
)

// Every release runs on the chassis that it names: its ports are of types that `?`
// lists, each type has help, and a new device has the ports.
func TestChassis(t *testing.T) {
	for _, usual := range All() {
		if usual.Hardware.Name != usual.Chassis[0].Name {
			t.Errorf("%s is in a %s, want %s", usual.Name, usual.Hardware.Name, usual.Chassis[0].Name)
		}
		for _, c := range usual.Chassis {
			r, ok := usual.On(c.Name)
			if !ok {
				t.Fatalf("%s does not run on %s", usual.Name, c.Name)
			}
			types, _ := r.Config.Words.ListedInterfaces()
			for _, kind := range types {
				if kind.Text == "" {
					t.Errorf("%s: %s has no help", c.Name, kind.Name)
				}
			}
			has := model.NewLanguage(&r.Config, nil).Factory().Interfaces
			for line := range strings.Lines(c.Ports) {
				name, ok := strings.CutPrefix(strings.TrimSpace(line), "interface ")
				if ok && (!has.Has(name) || !slices.ContainsFunc(types, func(i cli.Item) bool { return i.Name == model.TypeOf(name) })) {
					t.Errorf("%s: %s is not there, or of no listed type", c.Name, name)
				}
			}
			if strings.Contains(r.Config.Factory+r.Show.Version, "{ports}") || strings.Contains(r.Show.Version, "{processor}") {
				t.Errorf("%s: a place for the chassis is empty", c.Name)
			}
		}
	}
	if _, ok := All()[0].On("none"); ok {
		t.Error("there is a chassis none")
	}
}
