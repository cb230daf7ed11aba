package ifs

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// crashDir tells the test binary to be the program that will be killed.
const crashDir = "VTYLAB_IFS_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		writeForever(dir)
	}
	os.Exit(m.Run())
}

func generation(n int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "generation %09d\n", n), 2000+n%100)
}

// writeForever replaces, makes and removes files, and reports every step on standard output.
func writeForever(dir string) {
	v, err := OpenDir(dir, Options{Total: 10 << 20})
	if err != nil {
		panic(err)
	}
	for n := 0; ; n++ {
		if err := WriteFile(v, "startup-config", generation(n)); err != nil {
			panic(err)
		}
		fmt.Println(n)
		v.Remove(fmt.Sprintf("other-%d", n-1))
		WriteFile(v, fmt.Sprintf("other-%d", n), generation(n))
		fmt.Println(n)
	}
}

func TestKilledProgramLeavesOldOrNew(t *testing.T) {
	rounds := 25
	if testing.Short() {
		rounds = 5
	}
	dir := t.TempDir()
	for range rounds {
		kill(t, dir, rand.IntN(20))
		v, err := OpenDir(dir, Options{Total: 10 << 20})
		if err != nil {
			t.Fatal(err)
		}
		list, err := v.ReadDir("")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			checkGeneration(t, v, e.Name)
		}
		v.Close()
		if left, _ := filepath.Glob(filepath.Join(dir, hidden+"*")); len(left) != 1 {
			t.Errorf("left on the host: %v", left)
		}
	}
}

// kill runs the program and kills it somewhere after the given number of steps.
func kill(t *testing.T, dir string, steps int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; i < steps && lines.Scan(); i++ {
	}
	for range rand.IntN(100000) { // any moment will do; nothing waits for this
	}
	cmd.Process.Kill()
	cmd.Wait()
}

func checkGeneration(t *testing.T, v *Volume, name string) {
	data, err := ReadFile(v, name, 10<<20)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := fmt.Sscanf(string(data), "generation %d\n", &n); err != nil || !bytes.Equal(data, generation(n)) {
		t.Errorf("%s is torn: %d bytes, generation %d, %v", name, len(data), n, err)
	}
}
