// Package cli is contrastcheck's command line: one file a command, and no
// numerics of its own.
package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"contrastcheck/frontier"
	"contrastcheck/internal/answer"
	"contrastcheck/internal/files"
	"contrastcheck/internal/words"
	"contrastcheck/losses"
	"contrastcheck/search"

	"github.com/alecthomas/kong"
)

// Exit codes, as documented for scripts.
const (
	exitDone   = 0
	exitFound  = 1 // an outcome is not the recorded one; a certificate is refused
	exitBudget = 3 // ended before the work was done; nothing was found; not proved
	exitInput  = 2 // bad input or usage
	exitOutput = 4 // output failed after the work began
)

// commands is the grammar of the command line.
type commands struct {
	Format string `enum:"text,json,csv,latex,coq,notebook" default:"text" help:"Output for people (text), programs (json; frontier: csv too), papers (latex: check, frontier, prove, recheck, search, solve), a proof assistant (coq: prove, recheck) or the Python package (notebook: those of papers, losses and project): a line of json, then one of text and HTML."`
	Seed   uint64 `default:"1" help:"Seed of every random choice."`
	Quiet  bool   `help:"Print results only."`

	Version kong.VersionFlag `help:"Print the version."`

	Solve  solveCommand  `cmd:"" help:"Minimise the loss of a mixture and judge containment and equality."`
	Loss   lossCommand   `cmd:"" help:"Evaluate the loss at a representation."`
	Losses lossesCommand `cmd:"" help:"What is true of each loss, or what each keeps of a mixture."`
	Verify verifyCommand `cmd:"" help:"Check the claims of the theory on random mixtures."`
	Check  checkCommand  `cmd:"" help:"Ask every claim of a mixture or a table."`
	Claims claimsCommand `cmd:"" help:"List the claims."`
	Search searchCommand `cmd:"" help:"Hunt a counterexample to a claim, make it simple and keep it."`

	Frontier frontierCommand `cmd:"" help:"Map where equality holds, fails or is undecided on a grid of mixtures."`

	Prove   proveCommand   `cmd:"" help:"Prove that equality holds or fails, and keep the proof as a certificate."`
	Recheck recheckCommand `cmd:"" help:"Verify a certificate from the definition."`

	Compare compareCommand `cmd:"" help:"Compare InfoNCE with SVD, LDA and random projections on samples."`
	Project projectCommand `cmd:"" help:"Apply the representation of a table to its rows, or to others."`

	Explore exploreCommand `cmd:"" help:"Serve a page on which a mixture is dragged and judged at every movement, or write it as a static site."`

	Work     workCommand     `cmd:"" help:"Serve the campaigns of other machines."`
	Campaign campaignCommand `cmd:"" help:"List, show, resume or cancel campaigns."`

	Cite citeCommand `cmd:"" help:"How to cite contrastcheck and the paper, in BibTeX."`

	Report reportCommand `cmd:"" help:"Write a report of all claims, or of a mixture, with figures, as HTML, Markdown and JSON."`
}

// session is what a command runs with.
type session struct {
	*commands
	*interruption
	stdin  io.Reader
	stdout *bytes.Buffer // is written when the command has ended
	direct io.Writer     // the same, written at once: of a command that serves others until it is ended
	stderr io.Writer
	shown  *forPeople // of --format notebook, what people read
	elsewhere
}

// result is what a command finds; its fields are those of its JSON form.
type result interface {
	// text writes it for a person; a quiet text is what was asked for alone.
	text(b *bytes.Buffer, quiet bool)
}

// print writes a result in the session's format.
func (s *session) print(r result) error {
	if s.Format == "json" {
		return json.NewEncoder(s.stdout).Encode(r)
	}
	if s.Format == notebook {
		return s.both(r, glanceOf(r), func(w io.Writer) error { r.text(w.(*bytes.Buffer), s.Quiet); return nil })
	}
	if s.Format == "latex" {
		t, can := r.(typesetter)
		if !can {
			return errNotTypeset
		}
		return t.latex(s.stdout)
	}
	if a, can := r.(assistant); s.Format == "coq" && can {
		return a.coq(s.stdout)
	}
	r.text(s.stdout, s.Quiet)
	return nil
}

const description = `Decides what is true of contrastive learning on Gaussian mixtures with a shared covariance: whether the
representation that minimises the loss lies in the Fisher subspace (containment) and spans it (equality).`

const exitHelp = `Exit codes: 0 done; 1 an outcome is not the recorded one, or a certificate is refused; 2 bad input or usage;
3 ended before the work was done, nothing was found, or not proved; 4 output failed. SIGINT and SIGTERM end every command
within two seconds, with what is done kept.`

// Run executes one command line and returns its exit code. It writes results to
// stdout and, for anything but exit code 0, one line to stderr. What was done to a
// table is noted on stderr, for people. It ends within two seconds of SIGINT or SIGTERM; a
// command that does not end by itself goes on in the background, and can then write no more
// files.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	signals, stop := notified()
	defer stop()
	code, ok := untilSignal(signals, func(i *interruption) int { return run(i, args, stdin, stdout, stderr) })
	if !ok {
		files.Abandon()
		fmt.Fprintf(stderr, "contrastcheck: %v\n", errInterrupted)
		return exitBudget
	}
	return code
}

func run(i *interruption, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	fail := func(code int, err error) int {
		fmt.Fprintf(stderr, "contrastcheck: %s\n", words.Sentence(err))
		return code
	}
	var c commands
	var out bytes.Buffer
	asked := false // for help: kong printed it and wants to stop
	parser, err := kong.New(&c, kong.Name("contrastcheck"), kong.Description(description+"\n\n"+exitHelp),
		kong.Writers(&out, &out), kong.Exit(func(int) { asked = true }),
		kong.Vars{"version": "contrastcheck " + answer.Version(), "losses": strings.Join(losses.Names(), ", "), "loss": losses.Names()[0], "activations": strings.Join(losses.Activations(), ", ")},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		panic("cli: the grammar is invalid: " + err.Error())
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	context, err := parser.Parse(joined(args))
	if asked {
		return write(stdout, out.Bytes(), fail)
	}
	if err != nil {
		return fail(exitInput, fmt.Errorf("%w; see contrastcheck --help", err))
	}
	if !writes(context.Command(), c.Format) {
		return fail(exitInput, fmt.Errorf("--format: expected text or json, found %s, which is a format of %s alone", c.Format, formats[c.Format]))
	}
	s := &session{&c, i, stdin, &out, stdout, stderr, nil, elsewhere{args: args}}
	if shared, can := context.Selected().Target.Addr().Interface().(interface{ shared() *queued }); can {
		if err := s.dial(shared.shared()); err != nil {
			return fail(exitInput, err)
		}
	}
	defer s.hangUp()
	err = context.Run(s)
	if failure := s.finish(context.Selected().Target.Addr().Interface()); err == nil {
		err = failure
	}
	noted, notes := context.Selected().Target.Addr().Interface().(interface{ notes() []string })
	if notes && err == nil && c.Format == "text" && !c.Quiet {
		for _, line := range noted.notes() {
			fmt.Fprintf(stderr, "contrastcheck: %s\n", line)
		}
	}
	var code ended
	end := exitInput
	switch {
	case errors.As(err, &code):
		write(stdout, out.Bytes(), fail)
		return int(code)
	case s.unfinished != nil:
		return fail(exitBudget, s.unfinished)
	case err == nil:
		return s.settled(write(stdout, out.Bytes(), fail))
	case errors.Is(err, errNotAsExpected), errors.Is(err, errRefused):
		end = exitFound
	case errors.Is(err, errInterrupted), errors.Is(err, search.ErrNothingFound), errors.Is(err, frontier.ErrNoChange), errors.Is(err, errNotProved):
		end = exitBudget
	case errors.Is(err, errNotKept), errors.Is(err, errOutput):
		end = exitOutput
	}
	if end != exitInput { // the output stands
		if code := s.settled(write(stdout, out.Bytes(), fail)); code != exitDone {
			return code
		}
	}
	return fail(end, err)
}

func write(stdout io.Writer, text []byte, fail func(int, error) int) int {
	if _, err := stdout.Write(text); err != nil {
		return fail(exitOutput, fmt.Errorf("writing the result: %w", err))
	}
	return exitDone
}
