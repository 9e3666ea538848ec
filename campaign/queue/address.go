package queue

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/synadia-io/orbit.go/natscontext"
)

// Address is where a server is, and what it wants to see of its clients.
type Address struct {
	URL         string // nats://host:4222, tls://…, several with commas between them, or the name of a NATS context
	Credentials string // file of a JWT and its seed; none if empty
	Authority   string // PEM file of the authority that vouches for the server; the system's if empty
	Certificate string // PEM files of a client's certificate and its key; none if empty
	Key         string
}

// How often a lost connection is tried anew.
const reconnectWait = 500 * time.Millisecond

// dial connects once: a server that is not there is an error; one that goes away later is awaited for ever.
func (a Address) dial() (*nats.Conn, error) {
	if (a.Certificate == "") != (a.Key == "") {
		return nil, fmt.Errorf("expected a certificate and its key, found one of them")
	}
	options := []nats.Option{nats.Name("contrastcheck"), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.RetryOnFailedConnect(false),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})} // else they are printed
	if a.Credentials != "" {
		options = append(options, nats.UserCredentials(a.Credentials))
	}
	if a.Authority != "" {
		options = append(options, nats.RootCAs(a.Authority))
	}
	if a.Certificate != "" {
		options = append(options, nats.ClientCert(a.Certificate, a.Key))
	}
	if a.Authority != "" || a.Certificate != "" {
		options = append(options, nats.Secure(&tls.Config{MinVersion: tls.VersionTLS12}))
	}
	if named(a.URL) {
		nc, _, err := natscontext.Connect(a.URL, options...)
		return nc, err
	}
	return nats.Connect(a.URL, options...)
}

// String is the address without passwords.
func (a Address) String() string {
	var all []string
	for one := range strings.SplitSeq(a.URL, ",") {
		if u, err := url.Parse(one); err == nil {
			one = u.Redacted()
		} else { // where the password may be what is wrong
			one = one[strings.LastIndex(one, "@")+1:]
		}
		all = append(all, one)
	}
	return strings.Join(all, ",")
}

// named tells the name of a context from the address of a server.
func named(url string) bool { return !strings.Contains(url, ":") && !strings.Contains(url, ",") }
