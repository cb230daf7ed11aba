package exec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/keyring"
)

var keyCommands = []Command{
	{Syntax: `crypto "Encryption module" key "Long term key operations" generate "Generate new keys" rsa "Generate RSA keys"
		[general-keys "Generate a general purpose RSA key pair for signing and encryption"
		| usage-keys "Generate separate RSA key pairs for signing and encryption"
		| signature "Generate a general purpose RSA key pair for signing" | encryption "Generate a general purpose RSA key pair for encryption"
		| exportable "Allow the key to be exported" | label "Provide a label" WORD$label "RSA keypair label"
		| modulus "Provide number of modulus bits on the command line" @rsa-modulus
		| redundancy "Allow the key to be synced to high-availability peer"
		| storage "Store key on specified device" WORD$storage "device" | on "create key on specified device." WORD$on "device"]*`,
		Level: 15, Configures: true, Run: generateRSA},
	{Syntax: `crypto key generate ec "Generate EC keys for ECDSA" keysize "Provide key size" @ec-sizes
		[exportable "Allow the key to be exported" | label "Provide a label" WORD$label "EC keypair label"]*`,
		Level: 15, Configures: true, Run: generateEC},
	{Syntax: `crypto key zeroize "Remove keys" rsa "Remove RSA keys" [WORD$label "RSA keypair label"]`, Level: 15, Configures: true, Run: zeroize},
	{Syntax: `crypto key zeroize ec "Remove EC keys" [WORD$label "EC keypair label"]`, Level: 15, Configures: true, Run: zeroize},
	{Syntax: `show "Show running system information" crypto "Encryption module" key "Show long term public keys" mypubkey "Show public keys associated with this router"
		{all "Show all my public keys" | ec "Show EC public keys" | rsa "Show RSA public keys"} [WORD$label "Label of the key"]`,
		Level: 1, Filter: true, Run: showMyPubkey},
}

// keyRequest is what `crypto key generate` was asked for.
type keyRequest struct {
	label      string
	ec         bool
	kinds      []keyring.Kind
	bits       int // 0: not given
	exportable bool
}

func keyRequestOf(s *Session, a cli.Args) (keyRequest, bool) {
	r := keyRequest{label: a.Get("label"), ec: a.Has("ec"), exportable: a.Has("exportable"), kinds: []keyring.Kind{keyring.General}}
	r.bits, _ = a.Int("bits")
	switch {
	case r.ec:
		r.kinds = []keyring.Kind{keyring.EC}
	case a.Has("usage-keys"):
		r.kinds = []keyring.Kind{keyring.Signature, keyring.Encryption}
	case a.Has("signature"):
		r.kinds = []keyring.Kind{keyring.Signature}
	case a.Has("encryption"):
		r.kinds = []keyring.Kind{keyring.Encryption}
	}
	if r.label != "" {
		return r, true
	}
	c := s.Config()
	factory := s.Config().Release.Traits.FactoryHostname
	switch {
	case c.Hostname == factory:
		s.Printf("%% Please define a hostname other than %s.\n", factory)
		return r, false
	case c.Domain.Name == "":
		s.Println("% Please define a domain-name first.")
		return r, false
	}
	r.label = c.FullName()
	return r, true
}

func generateRSA(s *Session, a cli.Args) error {
	r, ok := keyRequestOf(s, a)
	if !ok {
		return nil
	}
	exists := len(s.Device.Keys.Find(r.label, false)) > 0
	if exists && s.Booting {
		return nil
	}
	if r.bits != 0 {
		announceModulus(s, r, exists)
		return generate(s, r, []int{r.bits})
	}
	if exists {
		s.Printf("%% You already have RSA keys defined named %s.\n", r.label)
		if replace, err := s.YesNo("% Do you really want to replace them?"); err != nil || !replace {
			return err
		}
	} else {
		s.Printf("The name for the keys will be: %s\n", r.label)
	}
	sizes, err := askSizes(s, r)
	if err != nil {
		return err
	}
	return generate(s, r, sizes)
}

// announceModulus is what comes before keys whose size is in the command.
func announceModulus(s *Session, r keyRequest, exists bool) {
	if exists {
		s.Printf("%% You already have RSA keys defined named %s.\n%% They will be replaced.\n\n", r.label)
	} else {
		s.Printf("The name for the keys will be: %s\n\n", r.label)
	}
	s.Printf("%% The key modulus size is %d bits\n", r.bits)
}

// askSizes puts the size question for each pair.
func askSizes(s *Session, r keyRequest) ([]int, error) {
	t := s.Release.Keys
	var sizes []int
	for _, kind := range r.kinds {
		s.Printf("Choose the size of the key modulus in the range of %d to %d for your\n  %ss. Choosing a key modulus greater than 512 may take\n  a few minutes.\n\n",
			t.MinRSA, t.MaxRSA, usage(kind))
		bits, err := askSize(s, t)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, bits)
	}
	return sizes, nil
}

func askSize(s *Session, t KeyTraits) (int, error) {
	for {
		answer, err := s.Ask(fmt.Sprintf("How many bits in the modulus [%d]: ", t.DefaultRSA))
		if err != nil {
			return 0, err
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			return t.DefaultRSA, nil
		}
		if bits, err := strconv.Atoi(answer); err == nil && bits >= t.MinRSA && bits <= t.MaxRSA {
			return bits, nil
		}
		s.Printf("%% A decimal number between %d and %d.\n", t.MinRSA, t.MaxRSA)
	}
}

// generate makes the pairs, one size for all or one each, and lets SSH follow.
func generate(s *Session, r keyRequest, sizes []int) error {
	var pairs []*keyring.Pair
	for i, kind := range r.kinds {
		bits := sizes[min(i, len(sizes)-1)]
		exportable := "non-exportable"
		if r.exportable {
			exportable = "exportable"
		}
		start := s.Device.Steady()
		if !r.ec {
			s.Printf("%% Generating %d bit RSA keys, keys will be %s...\n", bits, exportable)
		}
		pair, err := keyring.Generate(r.label, kind, bits, r.exportable, s.Device.Now())
		if err != nil {
			return err
		}
		if !r.ec {
			s.Printf("[OK] (elapsed time was %d seconds)\n", int(s.Device.Steady().Sub(start).Round(time.Second)/time.Second))
		}
		pairs = append(pairs, pair)
	}
	if !r.ec {
		s.Println("")
	}
	s.Device.AddKeys(pairs...)
	return nil
}

func generateEC(s *Session, a cli.Args) error {
	r, ok := keyRequestOf(s, a)
	if !ok {
		return nil
	}
	exists := len(s.Device.Keys.Find(r.label, true)) > 0
	if exists && s.Booting {
		return nil
	}
	if exists {
		s.Printf("%% You already have EC keys defined named %s.\n", r.label)
		if replace, err := s.YesNo("% Do you really want to replace them?"); err != nil || !replace {
			return err
		}
	}
	return generate(s, r, []int{r.bits})
}

func zeroize(s *Session, a cli.Args) error {
	ec, label := a.Has("ec"), a.Get("label")
	family := "RSA"
	if ec {
		family = "EC"
	}
	doomed := func(k *keyring.Pair) bool {
		return (k.Kind == keyring.EC) == ec && (label == "" || k.Label == label || k.Label == label+".server")
	}
	found := false
	for _, k := range s.Device.Keys.All() {
		found = found || doomed(k)
	}
	if !found {
		s.Printf("%% No Signature %s Keys found in configuration.\n\n", family)
		return nil
	}
	if label == "" {
		s.Printf("%% All %s keys will be removed.\n", family)
	} else {
		s.Printf("%% Keys to be removed are named '%s'.\n", label)
	}
	s.Println("% All router certs issued using these keys will also be removed.")
	remove, err := s.YesNo("Do you really want to remove these keys?")
	if err != nil || !remove {
		return err
	}
	s.Device.RemoveKeys(doomed)
	return nil
}

func showMyPubkey(s *Session, a cli.Args) error {
	pairs := s.Device.Keys.All()
	if k := s.SSH().Server(); k != nil {
		pairs = append(slices.Clip(pairs), k)
	}
	for _, k := range pairs {
		ec := k.Kind == keyring.EC
		if (a.Has("rsa") && ec) || (a.Has("ec") && !ec) || (a.Get("label") != "" && k.Label != a.Get("label")) {
			continue
		}
		showKey(s, k)
	}
	return nil
}

func showKey(s *Session, k *keyring.Pair) {
	s.Printf("%% Key pair was generated at: %s\nKey name: %s\n", s.Device.Local(k.Generated).Format("15:04:05 MST Jan 2 2006"), k.Label)
	family := "RSA KEYS"
	if k.Kind == keyring.EC {
		family = "EC KEYS"
	}
	if s.Release.Show.KeySize {
		family += fmt.Sprintf("      %d bits", k.Bits)
	}
	s.Printf("Key type: %s\n", family)
	switch {
	case k.Temporary:
		s.Println("Temporary key")
	case k.Saved:
		s.Println(" Storage Device: private-config")
	default:
		s.Println(" Storage Device: not specified")
	}
	s.Printf(" Usage: %s\n", usage(k.Kind))
	if k.Exportable {
		s.Println(" Key is exportable.")
	} else {
		s.Println(" Key is not exportable.")
	}
	s.Println(" Key Data:")
	s.Println(hexWords(k.Public())...)
}

// usage is what a pair is for, in the words of `show crypto key mypubkey`.
func usage(k keyring.Kind) string {
	return [...]string{keyring.General: "General Purpose Key", keyring.Signature: "Signature Key", keyring.Encryption: "Encryption Key", keyring.EC: "Signature Key"}[k]
}

// hexWords prints DER the way show crypto key does: words of eight digits,
// eight a line, each line behind two spaces.
func hexWords(der []byte) []string {
	var lines []string
	var line strings.Builder
	for i := 0; i < len(der); i += 4 {
		if i%32 == 0 {
			line.Reset()
			line.WriteString("  ")
		}
		fmt.Fprintf(&line, "%X", der[i:min(i+4, len(der))])
		if i+4 < len(der) {
			line.WriteByte(' ')
		}
		if i%32 == 28 || i+4 >= len(der) {
			lines = append(lines, line.String())
		}
	}
	return lines
}
