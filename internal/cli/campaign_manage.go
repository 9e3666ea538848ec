package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"contrastcheck/campaign/queue"
)

type campaignCommand struct {
	List   campaignList   `cmd:"" help:"List the campaigns of a server."`
	Show   campaignShow   `cmd:"" help:"Show a campaign."`
	Resume campaignResume `cmd:"" help:"Wait for a campaign again, as the command that submitted it did, and print what that prints."`
	Cancel campaignCancel `cmd:"" help:"End campaigns and delete everything of them."`
}

// Help is shown by contrastcheck campaign --help.
func (campaignCommand) Help() string {
	return `Manages the campaigns that verify, search, frontier and report submit with --queue.

Examples:
  contrastcheck campaign list --queue nats://127.0.0.1:4222
  contrastcheck campaign resume mfzq2eaoim --queue nats://127.0.0.1:4222`
}

// server are the flags of the commands that manage campaigns.
type server struct {
	Queue  string `required:"" placeholder:"URL" help:"The NATS server, nats://HOST:4222, or a NATS context by its name."`
	served `embed:""`
}

// ask calls a server.
func (f server) ask(s *session, call func(context.Context, *queue.Connection) error) error {
	c, err := s.connected(f.address(f.Queue))
	if err != nil {
		return err
	}
	defer c.Close()
	const most = time.Minute
	ctx, stop := context.WithTimeout(s.context(), most)
	defer stop()
	err = call(ctx, c)
	if s.context().Err() != nil {
		return errInterrupted
	}
	return err
}

type campaignList struct{ server }

// Run executes the command.
func (c *campaignList) Run(s *session) error {
	return c.ask(s, func(ctx context.Context, q *queue.Connection) error {
		records, err := q.List(ctx)
		if err != nil {
			return err
		}
		out := campaigns{}
		for _, r := range records {
			out = append(out, campaignOf(ctx, q, r))
		}
		return s.print(out)
	})
}

type campaignShow struct {
	ID string `arg:"" help:"Id of a campaign."`
	server
}

// Run executes the command.
func (c *campaignShow) Run(s *session) error {
	return c.ask(s, func(ctx context.Context, q *queue.Connection) error {
		r, err := q.Show(ctx, c.ID)
		if err != nil {
			return err
		}
		return s.print(campaignOf(ctx, q, r))
	})
}

type campaignCancel struct {
	ID  string `arg:"" optional:"" help:"Id of a campaign."`
	All bool   `help:"End all campaigns, and delete what they share, too."`
	server
}

// Run executes the command.
func (c *campaignCancel) Run(s *session) error {
	if (c.ID == "") != c.All {
		return errors.New("expected the id of a campaign or --all, found neither or both")
	}
	return c.ask(s, func(ctx context.Context, q *queue.Connection) error {
		if !c.All {
			return q.Cancel(ctx, c.ID)
		}
		records, err := q.List(ctx)
		for _, r := range records {
			if err := q.Cancel(ctx, r.ID); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		return q.Clear(ctx)
	})
}

type campaignResume struct {
	ID      string      `arg:"" help:"Id of a campaign."`
	Recheck *proportion `placeholder:"SHARE|all" help:"Share of the shards that are done again here. Default: that of the command that submitted it."`
	server
}

// ended is the exit code of another command that was run, and has said all there is to say.
type ended int

// Error is never printed.
func (e ended) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Run executes the command: the one that submitted the campaign, which takes it up as its request is the same.
func (c *campaignResume) Run(s *session) error {
	var r queue.Record
	err := c.ask(s, func(ctx context.Context, q *queue.Connection) (err error) {
		r, err = q.Show(ctx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	if self := queue.Self(); r.Identity != self {
		return fmt.Errorf("campaign %s: expected the program that submitted it, %v, found %v", r.ID, r.Identity, self)
	}
	if len(r.Command) == 0 || !submits(r.Command) {
		return fmt.Errorf("campaign %s: expected a command that submits campaigns, found %q", r.ID, strings.Join(r.Command, " "))
	}
	s.remark("resuming: contrastcheck %s", strings.Join(r.Command, " "))
	args := c.withConnection(r.Command, c.Queue)
	if c.Recheck != nil {
		args = withFlags(args, fmt.Sprintf("--recheck=%v", float64(*c.Recheck)))
	}
	code := run(s.interruption, args, s.stdin, s.stdout, s.stderr)
	if code == exitDone || code == exitFound { // then it is deleted
		if err := c.ask(s, func(ctx context.Context, q *queue.Connection) error { _, err := q.Show(ctx, c.ID); return err }); err == nil {
			return fmt.Errorf("campaign %s is still there: expected its command to ask for what it did when it was submitted, found something else, which is printed; files that it names may have changed", c.ID)
		}
	}
	if code != exitDone {
		return ended(code)
	}
	return nil
}

// submits tells whether a command line is one that a campaign can come from.
func submits(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "verify", "search", "frontier", "report":
			return true
		case "work", "campaign":
			return false
		}
	}
	return false
}
