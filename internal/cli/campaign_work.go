package cli

import (
	"fmt"
	"runtime"

	"contrastcheck/campaign/queue"
)

type workCommand struct {
	Queue  string `required:"" placeholder:"URL" help:"The NATS server, nats://HOST:4222, or a NATS context by its name."`
	Cores  *int   `placeholder:"N" help:"Shards to compute at once. Default: as many as there are cores."`
	served `embed:""`
}

// Help is shown by contrastcheck work --help.
func (workCommand) Help() string {
	return `Serves the campaigns that verify, search, frontier and report submit with --queue: computes their shards until it is stopped, on all cores.
Any number of workers may serve, start and stop at any time; shards of one that is lost are handed to another. A worker of another version of the program, or of a
machine whose arithmetic differs in last digits, gets no shards, and says so. A lost server is tried again until the worker is stopped.

Exit codes: 0 stopped; 2 no server, or one without JetStream.

Examples:
  contrastcheck work --queue nats://127.0.0.1:4222
  contrastcheck work --queue nats://127.0.0.1:4222 --cores 4`
}

// Run executes the command.
func (c *workCommand) Run(s *session) error {
	cores := runtime.GOMAXPROCS(0)
	if c.Cores != nil {
		if cores = *c.Cores; cores < 1 || cores > mostCores {
			return fmt.Errorf("--cores: expected a number from 1 to %d, found %d", mostCores, cores)
		}
	}
	connection, err := s.connected(c.address(c.Queue))
	if err != nil {
		return err
	}
	defer connection.Close()
	return connection.Work(s.context(), queue.Working{Cores: cores, Tell: func(line string) { s.remark("%s", line) }})
}

// mostCores is more than a machine has.
const mostCores = 4096
