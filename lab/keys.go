package lab

import (
	"slices"
	"strings"
)

// keys are what may stand in one sort of mapping of the file.
type keys struct {
	// ours have an effect here; others are containerlab's and have none.
	ours, others []string
}

func words(text string) []string { return strings.Fields(text) }

// The keys of containerlab's clab.schema.json and types/node_definition.go, also those
// of earlier versions (0.15 to 0.7x), and what is ours among them: uplink, count,
// address and gateway are not containerlab's.
var (
	fileKeys     = keys{words(`name uplink topology`), words(`prefix mgmt settings debug`)}
	topologyKeys = keys{words(`defaults kinds groups nodes links`), nil}
	nodeKeys     = keys{
		words(`kind type group startup-config enforce-startup-config config count address gateway mgmt-ipv4 mgmt-ipv6 mgmt_ipv4 mgmt_ipv6
			credentials username password`),
		words(`image image-pull-policy restart-policy license startup-delay suppress-startup-config auto-remove exec binds devices
			cap-add shm-size ports env env-files user entrypoint cmd publish labels runtime network-mode cgroupns-mode pid-mode tmpfs
			privileged security-opts cpu memory cpu-set sandbox kernel sysctls extras stages dns certificate healthcheck aliases
			components SANs wait-for position hostname link-apply-mode`)}
	credentialKeys = keys{words(`username password identity-file`), nil}
	configKeys     = keys{nil, words(`vars`)}
	linkKeys       = keys{words(`endpoints endpoint type count`), words(`vars labels mtu host-interface mode remote vni dst-port udp-port src-port
		mac ipv4 ipv6 link-apply-mode`)}
	endpointKeys = keys{words(`node interface`), words(`mac vars ipv4 ipv6 mtu`)}
)

// refusal is what is wrong with a key that neither knows; "" for nothing.
func (k keys) refusal(key string) string {
	if slices.Contains(k.ours, key) || slices.Contains(k.others, key) {
		return ""
	}
	want := slices.Concat(k.ours, k.others)
	if len(k.ours) > 0 && len(want) > 20 {
		return quoted("unknown key", key) + ", want one of " + strings.Join(k.ours, ", ") + ", or another key of containerlab"
	}
	return quoted("unknown key", key) + ", want one of " + strings.Join(want, ", ")
}
