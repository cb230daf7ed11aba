package edit_test

import (
	"fmt"
	"os"

	"vtylab/cli/edit"
)

// A session in miniature: what the terminal shows is printed without CR.
func Example() {
	e := edit.New()
	show := func() {
		for _, b := range e.Output() {
			if b != '\r' {
				fmt.Printf("%c", b)
			}
		}
	}
	input := []byte("sh?ow ver\r")
	e.Begin("R1#", edit.Normal)
	for len(input) > 0 {
		n, ev := e.Input(input)
		input = input[n:]
		show()
		switch ev {
		case edit.Help:
			fmt.Print("show\n\n")
			e.Redisplay()
		case edit.Enter:
			fmt.Printf("(runs %q)\n", e.Line())
			e.Begin("R1#", edit.Normal)
		}
		show()
	}
	// Output:
	// R1#sh?
	// show
	//
	// R1#show ver
	// (runs "show ver")
	// R1#
}

// "show running-config | section ^line" writes through a filter and a pager.
func ExampleNewFilter() {
	f, err := edit.NewFilter(edit.Section, "^line", os.Stdout)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprint(f, "hostname R1\nline con 0\n login local\nend\n")
	f.Close()
	// Output:
	// line con 0
	//  login local
}
