package exec

import (
	"strings"

	"vtylab/cli"
	"vtylab/keyring"
)

// DefaultRSA is the name of the key pair that SSH uses.
const DefaultRSA = "<Default-RSA-Key>"

// Help texts are from memory.
var keyCommands = []Command{
	{Syntax: `crypto "Configure IPSec, ISAKMP, Certification authority, key" key "Long term key operations" generate "Generate new keys" rsa "Generate RSA keys"
		[label "Provide a label" WORD$label "Label for the key pair"
		| modulus "Provide number of modulus bits on the command line" {2048 "2048 bits" | 3072 "3072 bits" | 4096 "4096 bits"}$bits
		| noconfirm "Specify this keyword to suppress all interactive prompting"]*`, Configures: true, Run: generate},
	{Syntax: `crypto key zeroize "Remove keys" rsa "Remove RSA keys" [label "Provide a label" WORD$label "Label for the key pair"
		| noconfirm "Specify this keyword to suppress all interactive prompting"]*`, Configures: true, Run: zeroize},
}

// generate makes an RSA key pair (asa-ssh-scp 3).
func generate(s *Session, a cli.Args) error {
	label, bits := a.Get("label"), 2048
	if label == "" {
		label = DefaultRSA
	}
	if n, given := a.Int("bits"); given {
		bits = n
	}
	if len(s.Device.Keys.Find(label, false)) > 0 {
		if s.Booting {
			return nil
		}
		if !a.Has("noconfirm") {
			s.Printf("WARNING: You have a RSA keypair already defined named %s.\n\n", label)
			if replace, err := s.yesNo("Do you really want to replace them? [yes/no]: "); err != nil || !replace {
				return err
			}
		}
	} else {
		s.Printf("INFO: The name for the keys will be: %s\n", label)
	}
	s.Println("Keypair generation process begin. Please wait...")
	pair, err := keyring.Generate(label, keyring.General, bits, false, s.Device.Now())
	if err != nil {
		return err
	}
	s.Device.AddKeys(pair)
	return nil
}

// zeroize removes RSA key pairs (asa-ssh-scp 3).
func zeroize(s *Session, a cli.Args) error {
	label := a.Get("label")
	if !a.Has("noconfirm") {
		s.Println("WARNING: All RSA keys will be removed.",
			"WARNING: All device digital certificates issued using these keys will also be removed.", "")
		if remove, err := s.yesNo("Do you really want to remove these keys? [yes/no]: "); err != nil || !remove {
			return err
		}
	}
	s.Device.RemoveKeys(func(k *keyring.Pair) bool { return k.Kind != keyring.EC && (label == "" || k.Label == label) })
	return nil
}

// yesNo asks until the answer is yes or no.
func (s *Session) yesNo(question string) (bool, error) {
	for {
		answer, err := s.Ask(question)
		if err != nil {
			return false, err
		}
		answer = strings.ToLower(strings.TrimSpace(answer))
		switch {
		case answer == "":
		case strings.HasPrefix("yes", answer):
			return true, nil
		case strings.HasPrefix("no", answer):
			return false, nil
		}
		s.Println("% Please answer 'yes' or 'no'.")
	}
}
