package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"contrastcheck/oracle"
	"contrastcheck/theorems"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

type verifyCommand struct {
	Claims   []string `arg:"" optional:"" name:"claim" help:"Ids of claims; all of them if none is given."`
	Cases    int      `default:"100" help:"Random cases of each claim."`
	queued   `embed:""`
	AsStated bool `help:"Judge every claim as its authors state it: exit with 1 and the counterexamples if one is false."`
}

// Help is shown by contrastcheck verify --help.
func (verifyCommand) Help() string {
	return `Checks claims on random mixtures, on all cores. A claim that is known to be false is refuted anew: its stored
counterexamples are replayed, and mixtures are drawn until one refutes it. The counterexample to equality that is shown is
proved, if it has at most two Fisher dimensions. The result depends on --seed alone.

Exit codes: 0 every outcome is the recorded one; 1 one is not, or, with --as-stated, a claim is false; 3 interrupted,
with what was checked until then.

Examples:
  contrastcheck verify
  contrastcheck verify containment equality --cases 1000 --seed 7
  contrastcheck verify --as-stated`
}

// Run executes the command.
func (c *verifyCommand) Run(s *session) error {
	claims, err := theorems.Find(c.Claims...)
	if err != nil {
		return err
	}
	if c.Cases < 1 || c.Cases > mostCases {
		return fmt.Errorf("--cases: expected a number from 1 to %d, found %d", mostCases, c.Cases)
	}
	options := theorems.Options{Cases: c.Cases, Seed: s.Seed, Brief: true}
	bar := s.progress(options.Checks(claims), "checking claims")
	options.Progress = func() { _ = bar.Add(1) }
	results, ended := s.verify(s.context(), claims, options)
	_ = bar.Finish()
	if ended != nil && s.context().Err() == nil {
		return ended
	}
	report := newVerification(results, c.AsStated)
	if err := s.print(report); err != nil {
		return err
	}
	switch {
	case ended != nil:
		return errPartly
	case !report.passed:
		return errNotAsExpected
	}
	return nil
}

// Errors that end a command whose output stands, with the exit codes exitFound
// and exitBudget.
var (
	errNotAsExpected = errors.New("an outcome is not the expected one")
	errInterrupted   = errors.New("interrupted")
	errPartly        = fmt.Errorf("%w; the output shows what was done until then", errInterrupted)
)

// mostCases bounds --cases: days of work.
const mostCases = 10_000_000

// progress returns a progress bar on standard error; none in a pipe or if quiet.
func (s *session) progress(steps int, what string) *progressbar.ProgressBar {
	w := s.stderr
	if f, ok := w.(*os.File); !ok || s.Quiet || !term.IsTerminal(int(f.Fd())) {
		w = io.Discard
	}
	options := []progressbar.Option{progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetSpinnerChangeInterval(0)} // else a spinner turns in a goroutine of its own, and races with Finish
	if steps > 0 {
		options = append(options, progressbar.OptionShowCount())
	}
	return progressbar.NewOptions(steps, options...)
}

// verification is the output of verify.
type verification struct {
	Results  []verified `json:"claims"`
	AsStated bool       `json:"as_stated"`
	passed   bool
}

type verified struct {
	ID             string          `json:"id"`
	Statement      string          `json:"statement"`
	Source         string          `json:"source"`
	Stance         string          `json:"stance"`
	Recorded       string          `json:"recorded"`
	Found          string          `json:"found"`
	AsExpected     bool            `json:"as_expected"`
	Cases          int             `json:"cases"`
	Holds          int             `json:"holds"`
	Refuted        int             `json:"refuted"`
	Undecided      int             `json:"undecided"`
	Replayed       int             `json:"replayed"`
	Stored         int             `json:"stored"`
	Measure        string          `json:"measure"`
	Worst          number          `json:"worst"`
	Grade          string          `json:"grade"`
	Counterexample *counterexample `json:"counterexample,omitempty"`
}

type counterexample struct {
	Name    string          `json:"name,omitempty"`
	Case    string          `json:"case"`
	Mixture json.RawMessage `json:"mixture"` // a mixture file, for solve
	Detail  string          `json:"detail"`

	run string
}

// mixtureFile is the case's mixture as a mixture file, with its representation and its
// certificate if it has them.
func mixtureFile(c theorems.Case, o theorems.Outcome) json.RawMessage {
	var b bytes.Buffer
	if err := o.Write(&b, c); err != nil {
		panic("cli: a mixture cannot be written: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes()
}

// stated is the verdict that a claim has where its authors are right.
func stated(c theorems.Claim) oracle.Verdict {
	if c.Stance == theorems.Denied {
		return oracle.Refuted
	}
	return oracle.Holds
}

// newVerification judges results: against what is recorded, or, as stated,
// against what the authors say of the claims.
func newVerification(results []theorems.Result, asStated bool) verification {
	v := verification{AsStated: asStated, passed: true}
	for _, r := range results {
		expected := r.AsRecorded()
		if asStated {
			expected = r.Found() == stated(r.Claim)
		}
		v.passed = v.passed && expected
		entry := verified{
			ID: r.Claim.ID, Statement: r.Claim.Statement, Source: r.Claim.Source, Stance: r.Claim.Stance.String(),
			Recorded: r.Claim.Recorded.String(), Found: r.Found().String(), AsExpected: expected,
			Cases: r.Cases, Holds: r.Holds, Refuted: r.Refuted, Undecided: r.Undecided, Replayed: r.Replayed, Stored: r.Stored,
			Measure: r.Claim.Measure, Worst: number(r.Worst), Grade: r.Grade.String(),
		}
		if c := r.Counterexample(); c != nil {
			entry.Counterexample = &counterexample{c.Name, c.Case.Pairs.GoString(), mixtureFile(c.Case, c.Outcome), c.Outcome.Detail, rerun(c.Case, c.Outcome, r.Claim.ID, chosen{})}
			if r.Claim.Recorded == oracle.Holds {
				entry.Counterexample.Case = c.Case.GoString() // an unexpected one is shown whole
			}
		}
		v.Results = append(v.Results, entry)
	}
	return v
}
