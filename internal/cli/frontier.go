package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"contrastcheck/campaign"
	"contrastcheck/frontier"
	"contrastcheck/gmm"
)

type frontierCommand struct {
	limited `embed:""`
	chosen  `embed:""`
	queued  `embed:""`
	Axis    []string `required:"" sep:"none" placeholder:"NAME=LOW:HIGH:COUNT" help:"One or two axes of the grid: delta, separation, weight, negatives, temperature, or a number of the mixture, such as mean[3][1], weight[1] or covariance[1][2]. Repeatable."`
	Family  string   `required:"" placeholder:"NAME|FILE" help:"The mixture that varies: a family's name or a mixture file; - reads standard input."`
	Claim   string   `default:"equality" placeholder:"ID" help:"What is judged: a claim, of those that contrastcheck claims lists; or cosine-stable, whether the symmetric representation of six means, the family octahedron or a file alike, is a local minimum with --score cosine."`
	Refine  string   `placeholder:"REL" help:"Bracket each change between holds and refuted along the last axis to this relative width, such as 1e-6, and prove both ends where there are proofs."`
	Out     string   `placeholder:"FILE" help:"Write the result to a file instead of standard output, in the format of its ending: .png, .svg, .pdf, .json, .csv or .tex; --format says it for others. If interrupted, what was judged until then goes beside it: to grid.partial.csv for grid.csv."`
}

// Help is shown by contrastcheck frontier --help.
func (frontierCommand) Help() string {
	var families strings.Builder
	for _, f := range frontier.Families() {
		fmt.Fprintf(&families, "  %-18s %s\n", f.Name, f.Description)
	}
	return `Judges equality, Col(A*) = S_F, on a grid of mixtures: a map of one character a point, or with --format json or csv
each point's verdict, margin (smallest eigenvalue of the whitened M_u on S_F), epsilon (its bound) and grade; with --format latex a
picture for pgfplots, and with --out F.png, F.svg or F.pdf a figure.

An axis has COUNT evenly spaced values from LOW to HIGH, both included, decimals or fractions:

  delta       probability that a pair shares its component, in [0, 1]; else that of the file, 1 for a family
  separation  factor of the distances of the means from the mixture's mean, from 0; 1 is the mixture as given
  weight      weight of the lightest component, between 0 and 1; the others share the rest in proportion
  negatives   whole numbers of negatives of the loss, from 1, evenly spaced in their logarithm

  temperature τ of cosines, above 0
  mean[k][i], weight[k], covariance[i][j]  a number of the mixture, indices from 1: a covariance stays symmetric, the other
              weights share the rest in proportion; covariance[k][i][j] of components that have their own

--refine REL narrows each change between + and - along the last axis down to an interval of that relative width, by bisection. Its ends are
proved in interval arithmetic, as prove does it, for the losses that have proofs; others are as certain as points are. A critical value lies in between, at which
the margin is 0 or, where a mean comes to lie in the span of the others, jumps. Of negatives the ends are whole numbers.

--claim asks another claim, of those that contrastcheck claims lists, of each point; where its hypotheses are not met, the point is undecided. The margin is then what
the claim measures. equality-centred and equality-biased take --loss and its like, too.

--claim cosine-stable asks of embeddings of length 1, --score cosine, whether the symmetric representation of six means ± m e_i in more than three dimensions is a local minimum among those that read noise: the margin
is Δ of L = L(A₀) + Δε² + o(ε²), with a bound; + where Δ > 0, - where a little noise lowers the loss.

A mixture whose mean is exactly 0 is centred again after a change of a weight or a mean.

Exit codes: 0 done; 2 bad input; 3 interrupted, or --refine found no change of sign, of which the map is printed; 4 output failed.

Families:
` + families.String() + `
Examples:
  contrastcheck frontier --family rare-outlier --axis delta=1/10:1:10
  contrastcheck frontier --family rare-outlier --axis delta=1/10:1:10 --refine 1e-6
  contrastcheck frontier --family rare-outlier --axis weight[1]=1/2:49/50:10 --axis mean[3][1]=5:20:10 --out map.pdf
  contrastcheck frontier --family two-points --axis delta=0.05:1:20 --axis separation=0.5:8:30 --format csv --out grid.csv
  contrastcheck frontier --family octahedron --claim cosine-stable --score cosine --axis temperature=1/10:1:10 --axis separation=1:6:21`
}

// Run executes the command.
func (c *frontierCommand) Run(s *session) error {
	grid, err := c.grid(s)
	if err != nil {
		return err
	}
	asked := campaign.Mapping{Question: campaign.Question{Claim: c.Claim, Loss: c.settings()}, Grid: grid}
	to, err := c.narrow(grid)
	if err != nil {
		return err
	}
	if err := c.writable(s.Format); err != nil {
		return err
	}
	bar := s.progress(grid.Size(), "judging")
	options := frontier.Options{Limit: float64(c.Limit), Progress: func() { _ = bar.Add(1) }}
	var found traced
	var ended error
	found.Map, ended = campaign.Sweep(s.context(), s.runner(), asked, options)
	_ = bar.Finish()
	if c.Refine != "" && ended == nil {
		bar := s.progress(found.Changes(), "refining")
		options.Progress = func() { _ = bar.Add(1) }
		found.refined = true
		found.brackets, ended = campaign.Refine(s.context(), s.runner(), asked, found.Map, to, options)
		_ = bar.Finish()
		if errors.Is(ended, frontier.ErrNoChange) {
			return errors.Join(c.output(s, found, false), ended)
		}
	}
	if ended != nil && s.context().Err() == nil {
		return ended
	}
	return c.output(s, found, ended != nil)
}

// narrow reads --refine.
func (c *frontierCommand) narrow(g frontier.Grid) (frontier.Narrow, error) {
	if c.Refine == "" {
		return frontier.Narrow{}, nil
	}
	width, err := gmm.ParseNumber(c.Refine)
	if err != nil {
		return frontier.Narrow{}, inFlag("--refine", err)
	}
	to, err := frontier.NewNarrow(width)
	if last := g.Axes[len(g.Axes)-1]; err == nil && last.Count < 2 {
		err = fmt.Errorf("expected several values along the last axis, %s, found one", last.Parameter)
	}
	if err != nil {
		return to, fmt.Errorf("--refine: %w", err)
	}
	return to, nil
}

func (c *frontierCommand) grid(s *session) (frontier.Grid, error) {
	var axes []frontier.Axis
	for _, text := range c.Axis {
		axis, err := frontier.ParseAxis(text)
		if err != nil {
			return frontier.Grid{}, fmt.Errorf("--axis: %w", err)
		}
		if axis.Parameter == frontier.Negatives && c.Negatives != "" {
			return frontier.Grid{}, errors.New("--negatives: expected none beside --axis negatives, which gives them")
		}
		axes = append(axes, axis)
	}
	base, err := frontier.FamilyNamed(c.Family)
	if err != nil {
		if _, missing := os.Stat(c.Family); missing != nil && c.Family != "-" {
			return frontier.Grid{}, fmt.Errorf("--family: %w, and no such file", err)
		}
		if base, err = c.base(s); err != nil {
			return frontier.Grid{}, err
		}
	}
	grid, err := frontier.NewGrid(base, axes...)
	if err != nil {
		return grid, fmt.Errorf("--axis: %w", err)
	}
	switch c.Claim {
	case frontier.CosineStable:
		return c.stable(grid)
	case frontier.Equality:
	default:
		return c.asked(s, grid)
	}
	loss, err := c.loss()
	if err != nil {
		return grid, err
	}
	return grid.Of(loss)
}

// base reads the mixture of a file: of one covariance, unless a claim is asked, which says itself what it is about.
func (c *frontierCommand) base(s *session) (gmm.Pairs, error) {
	file := &input{limited: c.limited, File: c.Family}
	if c.Claim == frontier.Equality || c.Claim == frontier.CosineStable {
		return file.pairs(s)
	}
	d, err := file.document(s)
	if err == nil {
		err = gmm.InSource(file.source(), d.Pairs.WantOneModality())
	}
	return d.Pairs, err
}
