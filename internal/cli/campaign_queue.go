package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"contrastcheck/campaign/queue"
	"contrastcheck/gmm"
)

// served are the flags that reach a server of campaigns.
type served struct {
	Creds   string `placeholder:"FILE" group:"Campaigns:" help:"Credentials file for the server of --queue."`
	TLSCA   string `name:"tlsca" placeholder:"FILE" group:"Campaigns:" help:"PEM file of the authority that vouches for that server. Default: the system's."`
	TLSCert string `name:"tlscert" placeholder:"FILE" group:"Campaigns:" help:"PEM file of a certificate to show to it, with --tlskey."`
	TLSKey  string `name:"tlskey" placeholder:"FILE" group:"Campaigns:" help:"PEM file of its key."`
}

// queued are the flags of a command whose work can be shared out over machines.
type queued struct {
	Queue    string     `placeholder:"URL" group:"Campaigns:" help:"Share the work out to the workers of this NATS server, nats://HOST:4222, or that of a NATS context by its name; the result is the same."`
	Recheck  proportion `default:"0.02" placeholder:"SHARE|all" group:"Campaigns:" help:"Share of the shards that are done again here, as workers need not be trusted. What they refute is always proved again. Default: 0.02."`
	Replicas int        `default:"1" placeholder:"N" group:"Campaigns:" help:"Keep the campaign on N servers of a cluster. Default: 1."`
	served   `embed:""`
}

// Validate is called by the parser.
func (q *queued) Validate() error {
	if q.Replicas < 1 || q.Replicas > mostReplicas {
		return fmt.Errorf("--replicas: expected a number from 1 to %d, found %d", mostReplicas, q.Replicas)
	}
	return nil
}

// mostReplicas is what a server of campaigns allows.
const mostReplicas = 5

// shared returns the flags, for a session.
func (q *queued) shared() *queued { return q }

// proportion is a number from 0 to 1, or "all".
type proportion float64

// UnmarshalText reads a share: a decimal, a fraction or all.
func (s *proportion) UnmarshalText(text []byte) error {
	if string(text) == "all" {
		*s = 1
		return nil
	}
	x, err := gmm.ParseNumber(string(text))
	if err != nil {
		return err
	}
	value, _ := x.Float64()
	if value < 0 || value > 1 {
		return fmt.Errorf("expected all or a number from 0 to 1, found %s", text)
	}
	*s = proportion(value)
	return nil
}

// address is where the flags lead.
func (f served) address(url string) queue.Address {
	return queue.Address{URL: url, Credentials: f.Creds, Authority: f.TLSCA, Certificate: f.TLSCert, Key: f.TLSKey}
}

// connectionFlags are those that say where a server is and who asks. They belong to whoever types them, and not to a campaign, whose record others read.
var connectionFlags = []string{"--queue", "--creds", "--tlsca", "--tlscert", "--tlskey"}

// withoutConnection is a command line without them.
func withoutConnection(args []string) (kept []string) {
	for i := 0; i < len(args); i++ {
		name, _, whole := strings.Cut(args[i], "=")
		switch {
		case args[i] == "--":
			return append(kept, args[i:]...)
		case !slices.Contains(connectionFlags, name):
			kept = append(kept, args[i])
		case !whole:
			i++ // its value
		}
	}
	return kept
}

// withConnection is a command line with them.
func (f served) withConnection(args []string, queue string) []string {
	var flags []string
	for i, value := range []string{queue, f.Creds, f.TLSCA, f.TLSCert, f.TLSKey} {
		if value != "" {
			flags = append(flags, connectionFlags[i]+"="+value)
		}
	}
	return withFlags(args, flags...)
}

// withFlags is a command line with more flags: before a --, after which nothing is one.
func withFlags(args []string, flags ...string) []string {
	at := slices.Index(args, "--")
	if at < 0 {
		at = len(args)
	}
	return slices.Concat(args[:at], flags, args[at:])
}

// resumes is the command line that resumes a campaign, without passwords.
func (f served) resumes(id, url string) string {
	return "contrastcheck " + strings.Join(f.withConnection([]string{"campaign", "resume", id}, f.address(url).String()), " ")
}

// connected connects to a server, and returns what closes the connection.
func (s *session) connected(a queue.Address) (*queue.Connection, error) {
	const most = 10 * time.Second
	ctx, stop := context.WithTimeout(s.context(), most)
	defer stop()
	c, err := queue.Connect(ctx, a, queue.Options{})
	if err != nil {
		return nil, fmt.Errorf("--queue: %w", err)
	}
	return c, nil
}

// remark prints a line on standard error, for people.
func (s *session) remark(format string, args ...any) {
	if !s.Quiet {
		fmt.Fprintf(s.stderr, "contrastcheck: "+format+"\n", args...)
	}
}
