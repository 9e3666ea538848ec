package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"contrastcheck/explore"
	"contrastcheck/explore/serve"
	"contrastcheck/explore/site"
	"contrastcheck/gmm"
)

type exploreCommand struct {
	input  `embed:""`
	chosen `embed:""`
	Port   int    `default:"0" placeholder:"N" help:"Port of this machine to serve the page on. Default: a free one."`
	Open   bool   `help:"Open the page in the browser."`
	Site   string `placeholder:"DIR" help:"Write the page as a static site, which any web server can serve and which computes in the browser, and end."`
}

// Help is shown by contrastcheck explore --help.
func (exploreCommand) Help() string {
	return `Serves a page on this machine on which the components of a mixture are dragged, and what the optimum keeps is said at every movement; without
FILE or --data it begins with an example. It prints the page's address, and ends at SIGINT.

No other machine is served, and no page of another site: names other than the printed address are refused. The page has limits on mixtures and time, which the
other commands do not have. What is sent to it is answered as the commands answer:

  POST /answer  a mixture file, which may have one more key, "options": {"loss", "score", "negatives", "map", "bias"}; the JSON of solve

with 400 and the command line's sentence for bad input, 403 for strangers, 413 for what is too long, and 503 where too much is asked at once.

--site DIR writes the same page with the program as WebAssembly, by the Go toolchain and the source in which it runs: a folder for any web server, under any path, that
works without a network once it has been loaded.

Examples:
  contrastcheck explore testdata/two-points.json --open
  contrastcheck explore --data testdata/iris.csv --label species
  contrastcheck explore --site site`
}

// Run executes the command.
func (c *exploreCommand) Run(s *session) error {
	const mostPort = 65535
	if c.Port < 0 || c.Port > mostPort {
		return fmt.Errorf("--port: expected a number from 0 to %d, found %d", mostPort, c.Port)
	}
	if c.Site != "" {
		return c.write(s)
	}
	start, err := c.start(s)
	if err != nil {
		return err
	}
	server, err := serve.Listen(c.Port, start)
	if err != nil {
		return fmt.Errorf("--port: %w", err)
	}
	if s.Format == "json" {
		err = json.NewEncoder(s.direct).Encode(map[string]string{"url": server.URL()})
	} else {
		_, err = fmt.Fprintln(s.direct, server.URL())
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errOutput, err)
	}
	if c.Open {
		if err := browse(server.URL()); err != nil {
			fmt.Fprintf(s.stderr, "contrastcheck: --open: %v; open %s\n", err, server.URL())
		}
	}
	return server.Run(s.context())
}

// write writes the static site.
func (c *exploreCommand) write(s *session) error {
	if c.File != "" || c.Data != "" || c.Port != 0 || c.Open {
		return errors.New("--site: expected no mixture, --port or --open beside it, as the site begins with an example and is served by others")
	}
	_, err := await(s, "building", func() (struct{}, error) { return struct{}{}, site.Write(s.context(), c.Site) })
	switch {
	case errors.Is(err, site.ErrFolder), errors.Is(err, site.ErrToolchain):
		return fmt.Errorf("--site: %w", err)
	case err != nil && !errors.Is(err, errInterrupted):
		return fmt.Errorf("%w: %w", errNotKept, err)
	}
	return err
}

// start is what the page begins with, in JSON; nil where nothing is given.
func (c *exploreCommand) start(s *session) ([]byte, error) {
	if c.File == "" && c.Data == "" {
		if !c.standard() || c.Label != "" || c.Centre || c.Delta != nil {
			return nil, errors.New("expected a mixture file or --data beside flags about it")
		}
		return nil, nil
	}
	d, err := c.document(s)
	if err != nil {
		return nil, err
	}
	var mixture bytes.Buffer
	if err := gmm.Write(&mixture, gmm.Document{Pairs: d.Pairs}); err != nil {
		return nil, inFile(c.source(), err)
	}
	loss, err := c.loss()
	if err != nil {
		return nil, err
	}
	return json.Marshal(explore.NewStart(mixture.Bytes(), c.classes, loss))
}
