package lab

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The files that other programs reach a lab with, and how both begin: what begins
// otherwise is not the lab's.
const (
	SSHConfig = "ssh_config"
	Inventory = "ansible-inventory.yml"

	marker = "# Written by vtylab lab for its devices, and written anew whenever it starts."
)

// WriteFiles writes ssh_config and ansible-inventory.yml for the devices of a topology
// into a directory, which is made if need be. Each is replaced whole; one that is there
// and was not written by this function is an error, and stays as it is.
func (d *Doors) WriteFiles(dir string, t *Topology) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	texts := map[string]string{SSHConfig: d.sshConfig(dir, t), Inventory: d.inventory(t)}
	for _, name := range []string{SSHConfig, Inventory} { // look first, so that both are written or neither
		if err := ours(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	for _, name := range []string{SSHConfig, Inventory} {
		if err := replace(filepath.Join(dir, name), texts[name]); err != nil {
			return err
		}
	}
	return nil
}

// ours reports whether a file may be replaced: an error says why not.
func ours(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, 256).ReadSlice('\n')
	if !bytes.Equal(bytes.TrimSpace(line), []byte(marker)) {
		return fmt.Errorf("%s: there is such a file that vtylab did not write, want another directory", path)
	}
	return nil
}

// replace writes a file whole or not at all.
func replace(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".vtylab-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // there no more once it is renamed
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(0o600), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// legacy is what a current OpenSSH needs to talk to classic IOS.
const legacy = `Host *
    KexAlgorithms +diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1
    HostKeyAlgorithms +ssh-rsa
    PubkeyAcceptedAlgorithms +ssh-rsa
    Ciphers +aes128-cbc,aes192-cbc,aes256-cbc,3des-cbc
    MACs +hmac-sha1,hmac-sha1-96,hmac-md5,hmac-md5-96
    # The devices are made anew; their keys are not to be remembered.
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
`

// devices calls f for each device with its number.
func (t *Topology) devices(f func(i int, n *NodeSpec)) {
	number := 0
	for i := range t.Nodes {
		if n := &t.Nodes[i]; !n.Host() {
			f(number, n)
			number++
		}
	}
}

func (d *Doors) sshConfig(dir string, t *Topology) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n#   ssh -F %s DEVICE\n", marker, printable(filepath.Join(dir, SSHConfig)))
	t.devices(func(i int, n *NodeSpec) {
		at := d.Address(i)
		fmt.Fprintf(&b, "Host %s\n    HostName %s\n    Port %d\n", n.Name, at.Addr(), at.Port())
		if c := n.Credentials(); c.User != "" {
			fmt.Fprintf(&b, "    User %s\n", c.User)
		}
		if c := n.Credentials(); c.IdentityFile != "" {
			fmt.Fprintf(&b, "    IdentityFile %q\n", c.IdentityFile)
		}
	})
	return b.String() + legacy
}

// ansible is how Ansible talks to a system.
type ansible struct{ group, os string }

// inventory groups devices by what Ansible calls their system. Credentials are !unsafe:
// Ansible takes them as they are, where braces in others are expressions.
func (d *Doors) inventory(t *Topology) string {
	hosts := map[ansible]*strings.Builder{}
	var order []ansible
	t.devices(func(i int, n *NodeSpec) {
		a := ansibleOf(n.Product().Name())
		if hosts[a] == nil {
			hosts[a] = &strings.Builder{}
			order = append(order, a)
		}
		at := d.Address(i)
		b := hosts[a]
		fmt.Fprintf(b, "        %s:\n          ansible_host: %s\n          ansible_port: %d\n", strconv.Quote(n.Name), at.Addr(), at.Port())
		if c := n.Credentials(); c.User != "" {
			fmt.Fprintf(b, "          ansible_user: !unsafe %s\n", strconv.Quote(c.User))
		}
		if c := n.Credentials(); c.Password != "" {
			fmt.Fprintf(b, "          ansible_password: !unsafe %s\n", strconv.Quote(c.Password))
		}
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nall:\n  children:\n", marker)
	for _, a := range order {
		fmt.Fprintf(&b, "    %s:\n      vars:\n        ansible_connection: ansible.netcommon.network_cli\n        ansible_network_os: %s\n"+
			"        ansible_host_key_checking: false\n        ansible_ssh_common_args: -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null\n      hosts:\n%s",
			a.group, a.os, hosts[a])
	}
	return b.String()
}
