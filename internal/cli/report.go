package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"contrastcheck/internal/words"
	"contrastcheck/reports"
	"contrastcheck/theorems"
)

type reportCommand struct {
	Out     string  `required:"" placeholder:"DIR" help:"Folder of the report: a new one, an empty one, or one with an earlier report, which is replaced, by an incomplete one too."`
	Quick   bool    `help:"Fewer cases, seeds and grid points: two minutes at most instead of many."`
	Claims  *string `placeholder:"ID,…" help:"Report on these claims only, and on what belongs to them."`
	PDF     bool    `name:"pdf" help:"Print the page to report.pdf, too, by the Chromium or Chrome of this machine."`
	Figures bool    `help:"Write the figures as PDF files, too, beside the SVG files."`
	Stamp   bool    `help:"Add the date, the duration and the number of cores, which differ from run to run."`
	input   `embed:""`
	chosen  `embed:""`
	queued  `embed:""`
	Compare string `placeholder:"OLD.json" help:"List what has changed since an earlier report.json."`
}

// Help is shown by contrastcheck report --help.
func (reportCommand) Help() string {
	return `Verifies the claims, maps where equality holds, compares projections, and writes what was found into a folder:

  index.html       one page that needs nothing beside it: no network, no scripts
  report.md        the same for GitHub, with its pictures in figures/
  report.json      for programs; docs/report-schema.md describes it
  figures/         the pictures as SVG files, with --figures as PDF files too
  counterexamples/ mixture files, with certificates where there are proofs
  report.pdf       with --pdf: the page on paper, where Chromium or Chrome is installed

The same seed gives the same files, byte for byte, on one architecture, unless --stamp asks for what differs. An
interrupted run writes a report of what was done until then, marked incomplete.

With a mixture FILE or --data the report is about that mixture, and no claims: its verdicts with their bounds, of a table as it is and centred; what the
optimum keeps of each pair of classes; the points, seen in the directions in which the classes differ and in those that are kept; where the
verdict would be another one, over δ and the weight of the lightest class; a certificate, where one can be proved; and of a table how projections score. What
would take longer than --limit allows is left out, and the page says so.

Without one, --loss and its parameters select the claims about that loss and score; their cases take other numbers of negatives, biases and margins, too.

Exit codes: 0 every outcome is the recorded one, or the mixture is reported on; 1 one is not; 2 --out or --compare can't be used, found out at once;
3 interrupted; 4 a file could not be written.

Examples:
  contrastcheck report --out report --quick
  contrastcheck report --out report --claims equality,equality-centred --stamp
  contrastcheck report --out report --loss sigmoid --quick
  contrastcheck report --data testdata/iris.csv --label species --out report
  contrastcheck report testdata/two-points.json --out report
  contrastcheck report --out report --compare report/report.json`
}

// Run executes the command.
func (c *reportCommand) Run(s *session) error {
	if c.File != "" || c.Data != "" {
		if c.Queue != "" {
			return errors.New("--queue goes with a report of claims; expected no mixture and no --data beside it, found one")
		}
		return c.own(s)
	}
	if flag := c.ofMixture(); flag != "" {
		return fmt.Errorf("%s goes with a mixture file or --data; expected one of these, or a report of claims without it", flag)
	}
	claims, err := c.claims()
	if err != nil {
		return err
	}
	var old reports.Results
	if c.Compare != "" {
		if old, err = reports.Read(c.Compare); err != nil {
			return fmt.Errorf("--compare: %w", err)
		}
	}
	if err := reports.Prepare(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	options := reports.Options{Claims: claims, Selected: len(claims) < len(theorems.All()), Effort: reports.Full, Seed: s.Seed,
		Workers: runtime.GOMAXPROCS(0), Stamp: c.Stamp}
	options.Verify = s.verify
	if c.Quick {
		options.Effort = reports.Quick
	}
	bar := s.progress(options.Steps(), "making the report")
	options.Progress = func() { _ = bar.Add(1) }
	results, ended := reports.Gather(s.context(), options)
	_ = bar.Finish()
	if c.Compare != "" {
		changes := reports.Compare(old, results)
		results.Changes = &changes
	}
	printed, err := c.write(s, results)
	if err != nil {
		return err
	}
	return errors.Join(s.print(c.summary(results, printed)), ending(results, ended))
}

// ending is what the command ends with, once the report is written.
func ending(r reports.Results, ended error) error {
	switch {
	case errors.Is(ended, context.Canceled):
		return errPartly
	case ended != nil:
		return fmt.Errorf("%w: %w", errPartly, ended)
	case r.AsRecorded() < len(r.Claims):
		return errNotAsExpected
	}
	return nil
}

// claims are the selected ones in the order of the theory, or those about a loss; all by default.
func (c *reportCommand) claims() ([]theorems.Claim, error) {
	switch {
	case c.Claims == nil && c.standard():
		return theorems.All(), nil
	case c.Claims == nil:
		l, err := c.loss()
		if err != nil {
			return nil, err
		}
		about := theorems.About(l)
		if len(about) == 0 {
			return nil, fmt.Errorf("--loss: expected a loss that claims are made of, found the %s", l.Title)
		}
		return about, nil
	case !c.standard():
		return nil, errors.New("--loss, --score, --negatives, --bias and --margin choose the claims about a loss; expected them or --claims, found both")
	}
	ids := strings.Split(*c.Claims, ",")
	if _, err := theorems.Find(ids...); err != nil {
		return nil, fmt.Errorf("--claims: %w", err)
	}
	return slices.DeleteFunc(theorems.All(), func(claim theorems.Claim) bool { return !slices.Contains(ids, claim.ID) }), nil
}

// keep prints the report where neither its page nor its Markdown could be written, so that
// the work is not lost.
func (c *reportCommand) keep(s *session, r reports.Report, failure error) error {
	var partly *reports.PartlyWritten
	if errors.As(failure, &partly) && (slices.Contains(partly.Kept, reports.MarkdownName) || slices.Contains(partly.Kept, reports.PageName)) {
		fmt.Fprintln(s.stdout, r.Verdict())
		return fmt.Errorf("%w: %s: %w", errOutput, c.Out, failure)
	}
	if s.Format == "json" {
		s.stdout.Write(r.JSON())
	} else {
		s.stdout.Write(r.Markdown())
	}
	return fmt.Errorf("%w: %s: %w; the report is on standard output instead", errOutput, c.Out, failure)
}

// reported is the output of report.
type reported struct {
	Verdict    string   `json:"verdict"`
	Complete   bool     `json:"complete"`
	Claims     int      `json:"claims"`
	AsRecorded int      `json:"as_recorded"`
	Changes    *int     `json:"changes,omitempty"`
	Files      []string `json:"files"`

	told []reports.Told
}

func (c *reportCommand) summary(r reports.Results, printed bool) reported {
	out := reported{Verdict: r.Verdict(), Complete: r.Complete, Claims: len(r.Claims), AsRecorded: r.AsRecorded()}
	out.Files = c.written(printed)
	if r.Changes != nil {
		changes := len(r.Changes.List)
		out.Changes = &changes
		out.told = r.Changes.Told()
	}
	return out
}

// written are the files that a reader looks for.
func (c *reportCommand) written(printed bool) (names []string) {
	for _, name := range []string{reports.PageName, reports.MarkdownName, reports.JSONName} {
		names = append(names, filepath.Join(c.Out, name))
	}
	if printed {
		names = append(names, filepath.Join(c.Out, reports.PDFName))
	}
	return names
}

// write writes the report, and prints it if that was asked for and a browser is there; else it says so.
func (c *reportCommand) write(s *session, r reports.Report) (printed bool, err error) {
	if c.Figures {
		r = reports.WithPDF(r)
	}
	if err := reports.Write(c.Out, r); err != nil {
		return false, c.keep(s, r, err)
	}
	if !c.PDF {
		return false, nil
	}
	switch err := reports.Print(s.context(), c.Out); {
	case err == nil:
		return true, nil
	case errors.Is(err, context.Canceled):
		return false, errPartly
	default:
		fmt.Fprintf(s.stderr, "No %s: %s.\n", reports.PDFName, words.Sentence(err))
		return false, nil
	}
}

// text writes the summary for a person.
func (r reported) text(b *bytes.Buffer, _ bool) {
	fmt.Fprintln(b, r.Verdict)
	if r.Changes != nil {
		fmt.Fprintf(b, "%s since the earlier report.\n", count(*r.Changes, "change"))
		for _, t := range r.told {
			fmt.Fprintf(b, "\n%s\n", t.Title)
			for _, sentence := range t.Sentences {
				fmt.Fprintf(b, "  %s\n", sentence)
			}
		}
		if len(r.told) > 0 {
			fmt.Fprintln(b)
		}
	}
	fmt.Fprintln(b, strings.Join(r.Files, "\n"))
}
