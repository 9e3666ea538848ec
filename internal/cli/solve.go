package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/solver"
)

type solveCommand struct {
	input     `embed:""`
	chosen    `embed:""`
	networked `embed:""`
	Blind     bool     `help:"Solve in all dimensions from a random start, without the Fisher subspace: a test of containment."`
	Rank      *int     `placeholder:"R" help:"Columns of the representation A. Default: the number of components; of cosines at least dim S_F + 1, up to 3. Below the Fisher dimension the solve is literal: the best stationary point found."`
	Tolerance *float64 `placeholder:"X" help:"Total error of the gradient to aim at. Default: 1e-10 up to 5 components, 1e-8 up to 8, 1e-6 up to 16, else 1e-5; from 9 on ten times that where it takes many nodes."`
	Digits    *int     `placeholder:"N" help:"Print M_u, its loss and its whitened eigenvalues to N significant digits, each proved right (InfoNCE, dim S_F at most 2)."`
	Bootstrap *int     `placeholder:"N" help:"With --data, resample its rows N times, and say how often each verdict comes out."`
}

// Help is shown by contrastcheck solve --help.
func (solveCommand) Help() string {
	return `Finds the symmetric matrix M = AAᵀ that minimises the loss, and decides with a certificate:

  containment  Col(A*) ⊆ S_F, the Fisher subspace span{Σ⁻¹μ_k};
  equality     Col(A*) = S_F.

Each is "holds", "refuted" or "undecided", of a grade: "bounded" rests on an error bound of the gradient made beforehand;
"estimated", for many components, on random points. A component whose part in the softmax so few of them meet that it may be
missed is sampled where it lies, or bounded. That none lies too far out is a theorem; that none is too thin, and that the
average lies within 5 standard errors (8 where one direction dominates), is statistics, a chance of about 1 in a million. In files in which each component has its own covariance, S_F is that of
their weighted mean Σ̄; InfoNCE serves them where that has up to twelve dimensions, estimated beyond four, and the Donsker–Varadhan loss any number; both judge containment
alone, and always solve blindly. The spectral contrastive loss, −2E[xᵀMx̂] + E[(xᵀMy)²], takes them too, and paired files of two modalities.
The CLIP loss is one of paired files. The logistic triplet loss, E log(1 + exp(xᵀM(y − x̂))), is InfoNCE with one negative.

Where directions are lost, what that costs is said, too: the share of Fisher's discriminant J that is kept, each pair of classes' distance in
standard deviations before and after, and how far apart they are in the embedding; and whether it is only the mean that is lost: S_F
has its direction besides those in which the classes differ. A table is solved as it is and centred; with --centre centred only.

The bounds "known to ±", in JSON distance_bound, cover M and AAᵀ as --format json prints them, rounding included: in more digits
than a double holds where the covariance is so nearly singular that the verdict needs them. A text shows A* to eight digits, or then to all.

With --digits N, the minimiser M_u over all symmetric matrices, its loss and its eigenvalues on S_F (whitened) are also printed
to N significant digits each, rounded to nearest; interval arithmetic proves every digit. A plain 0 is exact; of a number
that may be 0 a bound is shown, such as |x| < 1e-40. With --format json they are decimal strings in a block of its own:
"refined": {"digits": N, "m": [["…"]], "loss": "…", "whitened_eigenvalues": ["…"]}; numbers with fewer digits, or "0" for
want of any, are listed in it: "unreached": [{"number": "m[1][2]", "digits": 0, "below": "1e-40"}].

With --bootstrap N, the rows of a table are drawn anew N times, as many as there are, with replacement; each time a mixture is fitted, solved and judged, and
what comes out is counted: how often equality holds, how many directions are kept, what the worst pair keeps. "Known to ±" is the error of a
computation on these very rows; this is how much other rows would change it.

Of a table, columns with the same value in every sample are left out. Where the covariance is still singular, because
columns depend on each other or samples are few, --shrinkage makes it positive definite.

A solve, of a table each reading, ends within about a minute on two cores: with what it has, where more digits or a steeper softmax would take longer,
and it then says so. --limit N allows N times the work, and the same for files that are refused for their size.

Examples:
  contrastcheck solve --data testdata/iris.csv --label species
  contrastcheck solve --data testdata/iris.csv --label species --centre
  contrastcheck solve --data testdata/iris.csv --label species --bootstrap 500
  contrastcheck solve --data testdata/glyphs.csv --label glyph --shrinkage auto
  contrastcheck solve testdata/two-points.json --blind
  contrastcheck solve testdata/two-points.json --loss spectral
  contrastcheck solve testdata/two-points.json --score cosine --temperature 1/2
  contrastcheck solve testdata/two-points.json --map network --activation erf --width 1
  contrastcheck solve testdata/two-points.json --digits 30
  echo '{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}' | contrastcheck solve -`
}

// Run executes the command.
func (c *solveCommand) Run(s *session) error {
	if s.Format == "latex" && (c.cosines() || c.ofNetworks()) {
		return errNotTypeset
	}
	if c.cosines() {
		return c.cosine(s)
	}
	if c.ofNetworks() {
		return c.hidden(s)
	}
	if err := c.misplaced(); err != nil {
		return err
	}
	loss, err := c.loss()
	if err != nil {
		return err
	}
	if err := c.checkDigits(loss); err != nil {
		return err
	}
	if err := c.checkBootstrap(); err != nil {
		return err
	}
	d, err := c.document(s)
	if err != nil {
		return err
	}
	r, err := c.decide(s, loss, d.Pairs)
	if err != nil {
		return err
	}
	if c.Data != "" && !c.Centre { // whatever becomes of the other reading, this one is kept
		r.Centred, err = c.centred(s, loss, d.Pairs, r)
	}
	if err == nil && c.Bootstrap != nil {
		err = c.resample(s, loss, d.Pairs, &r)
	}
	if s.Format == "json" {
		return errors.Join(json.NewEncoder(s.stdout).Encode(r), err)
	}
	if s.Format == "latex" {
		return errors.Join(r.latex(s.stdout), err)
	}
	if s.Format == notebook {
		return errors.Join(s.both(r, c.glance(r.Solution), func(w io.Writer) error { return r.text(w, s.Quiet) }), err)
	}
	return errors.Join(r.text(s.stdout, s.Quiet), err)
}

// options returns the number of columns, by default that of the components, and what the flags ask of a decision.
func (c *solveCommand) options(p gmm.Pairs, seed uint64) (rank int, o losses.Options, err error) {
	o.Seed, o.Cores, o.Limit = seed, runtime.GOMAXPROCS(0), float64(c.Limit)
	if c.Tolerance != nil {
		if o.Tolerance = *c.Tolerance; !(o.Tolerance > 0) || math.IsInf(o.Tolerance, 1) {
			return 0, o, fmt.Errorf("--tolerance: expected a positive number, found %v", o.Tolerance)
		}
	}
	if c.Rank == nil {
		return p.Components(), o, nil
	}
	if *c.Rank < 1 || *c.Rank > mostColumns {
		return 0, o, fmt.Errorf("--rank: expected a number of columns from 1 to %d, found %d", mostColumns, *c.Rank)
	}
	return *c.Rank, o, nil
}

// choose sets the method: fewer columns than the Fisher subspace has dimensions, of one modality, make it a descent over A.
func (c *solveCommand) choose(loss losses.Loss, p gmm.Pairs, rank int, o *losses.Options) error {
	if c.Blind {
		o.Method = solver.Blind
	}
	if loss.Oracle.Own(p) {
		return c.apart(loss, p, c.Blind)
	}
	least := min(p.Left.FisherDimension(), p.Right.FisherDimension())
	switch {
	case rank >= least:
	case p.Modalities() == 2:
		return fmt.Errorf("expected --rank of at least %d, the smaller of the two Fisher dimensions, found %d", least, rank)
	case loss.Oracle.Vanishes(p): // M* = 0 needs no column
	case c.Digits != nil:
		return errDigits(fmt.Sprintf("--rank %d below the Fisher dimension %d", rank, least))
	case c.Blind:
		return fmt.Errorf("expected --rank of at least the Fisher dimension %d with --blind, found %d", least, rank)
	default:
		o.Method, o.Columns, o.Starts = solver.Factored, rank, literalStarts
	}
	if o.Method == solver.Reduced {
		return nil
	}
	return c.blindly(max(p.Left.Dimension(), p.Right.Dimension()))
}

// mostColumns bounds --rank: columns beyond the dimension are zeros.
const mostColumns = 10000

// literalStarts is the number of random starts of a solve over A.
const literalStarts = 5
