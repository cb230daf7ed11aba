package lab

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sirupsen/logrus"

	"vtylab/aaaserver"
)

// serve starts the server of a host: its configuration is the text of the node.
func (l *Lab) serve(n *Node) error {
	text, _, err := n.Startup()
	if err != nil {
		return err
	}
	c, err := aaaserver.Load(n.Name, []byte(text))
	var bad *aaaserver.Error
	if errors.As(err, &bad) && bad.Line > 0 {
		return fmt.Errorf("%s: %s", n.where(bad.Line), bad.Text)
	}
	if err != nil {
		return err
	}
	var log io.Writer
	if l.o.Log != nil {
		log = recordLog{l.o.Log.WithField("server", n.Name)}
	}
	if n.Server, err = aaaserver.New(c, aaaserver.Options{Random: rand.Reader, Log: log}); err != nil {
		return err
	}
	n.listens, err = n.Server.Listen(n.Net, n.kind.server)
	return err
}

// recordLog tells the operator of records, one a line.
type recordLog struct{ log logrus.FieldLogger }

func (r recordLog) Write(p []byte) (int, error) {
	r.log.Info(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}
