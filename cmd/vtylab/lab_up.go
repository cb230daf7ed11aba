package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"text/tabwriter"

	"vtylab/lab"
)

// labUpArgs are the flags of `vtylab lab up`.
type labUpArgs struct{ labFlags }

// Run runs a lab until it is interrupted.
func (a *labUpArgs) Run(w *surroundings) error {
	return a.during(w, anything, func(r *running) error {
		ctx, stop := interrupted()
		defer stop()
		r.table(w.stdout)
		fmt.Fprintln(w.stdout, "Ctrl-C ends the lab.")
		<-ctx.Done()
		return nil
	})
}

// interrupted ends with a signal to this program; a second signal kills it.
func interrupted() (ctx context.Context, stop func()) {
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// maxRows is how many devices the table shows; of more it shows the first and the last.
const maxRows = lab.MaxPorts

// table says where the devices are.
func (r *running) table(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "DEVICE\tPLATFORM\tSSH\tADDRESS")
	for i, n := range r.Devices {
		if len(r.Devices) > maxRows && i >= 5 && i < len(r.Devices)-1 {
			if i == 5 {
				fmt.Fprintf(t, "…\t%d more\t\t\n", len(r.Devices)-6)
			}
			continue
		}
		own := "-"
		if a := n.Address(); a.IsValid() {
			own = a.String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", n.Name, n.Product().Name(), r.doors.Address(i), own)
	}
	t.Flush()
	if len(r.Devices) > 0 {
		fmt.Fprintf(w, "\nssh -F %s %s\n", filepath.Join(r.dir, lab.SSHConfig), r.Devices[0].Name)
	}
}
