package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

type solveCommand struct {
	input     `embed:""`
	Loss      string   `enum:"infonce,clip,spectral" default:"infonce" help:"The loss: infonce, clip (paired files) or spectral."`
	Blind     bool     `help:"Solve in all dimensions from a random start, without the Fisher subspace: a test of containment."`
	Rank      *int     `placeholder:"R" help:"Columns of the representation A. Default: the number of components. Below the Fisher dimension the solve is literal: the best stationary point found."`
	Tolerance *float64 `placeholder:"X" help:"Total error of the gradient to aim at. Default: 1e-10 up to 5 components, 1e-8 up to 8, 1e-6 up to 16, else 1e-5."`
	Digits    *int     `placeholder:"N" help:"Print M_u, its loss and its whitened eigenvalues to N significant digits, each proved right (InfoNCE, dim S_F at most 2)."`
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
their weighted mean Σ̄; InfoNCE serves them in up to three dimensions, judges containment alone, and always solves
blindly. The spectral contrastive loss, −2E[xᵀMx̂] + E[(xᵀMy)²], takes them too, and paired files of two modalities.
The CLIP loss is one of paired files.

The bounds "known to ±", in JSON distance_bound, cover M and AAᵀ as --format json prints them, rounding included: in more digits
than a double holds where the covariance is so nearly singular that the verdict needs them. A text shows A* to eight digits, or then to all.

With --digits N, the minimiser M_u over all symmetric matrices, its loss and its eigenvalues on S_F (whitened) are also printed
to N significant digits each, rounded to nearest; interval arithmetic proves every digit. A plain 0 is exact; of a number
that may be 0 a bound is shown, such as |x| < 1e-40. With --format json they are decimal strings in a block of its own:
"refined": {"digits": N, "m": [["…"]], "loss": "…", "whitened_eigenvalues": ["…"]}; numbers with fewer digits, or "0" for
want of any, are listed in it: "unreached": [{"number": "m[1][2]", "digits": 0, "below": "1e-40"}].

Of a table, columns with the same value in every sample are left out. Where the covariance is still singular, because
columns depend on each other or samples are few, --shrinkage makes it positive definite.

A solve ends within about a minute on two cores: with what it has, where more digits or a steeper softmax would take longer,
and it then says so. --limit N allows N times the work, and the same for files that are refused for their size.

Examples:
  contrastcheck solve --data testdata/iris.csv --label species
  contrastcheck solve --data testdata/iris.csv --label species --centre
  contrastcheck solve --data testdata/glyphs.csv --label glyph --shrinkage auto
  contrastcheck solve testdata/two-points.json --blind
  contrastcheck solve testdata/two-points.json --loss spectral
  contrastcheck solve testdata/two-points.json --digits 30
  echo '{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}' | contrastcheck solve -`
}

// Run executes the command.
func (c *solveCommand) Run(s *session) error {
	if err := c.checkDigits(); err != nil {
		return err
	}
	switch c.Loss {
	case "spectral":
		return c.runSpectral(s)
	case "clip":
		return c.runClip(s)
	}
	d, err := c.document(s.stdin)
	if err != nil {
		return err
	}
	p := d.Pairs
	if err := p.WantOneModality(); err != nil {
		return inSource(c.source(), err)
	}
	if !p.Shared() {
		if c.Digits != nil {
			return errDigits(p.Model())
		}
		return c.runGeneral(s, p)
	}
	rank, options, err := c.limits(p.Components(), s.Seed)
	if err != nil {
		return err
	}
	r, err := solving(s, func() (solution, error) { return c.solve(p, rank, options) })
	if err != nil {
		return inFile(c.source(), err)
	}
	r.Data = c.preparation
	if s.Format == "json" {
		return json.NewEncoder(s.stdout).Encode(r)
	}
	return r.text(s.stdout, s.Quiet)
}

// limits returns the number of columns, by default that of the components, and
// the solver's options.
func (c *solveCommand) limits(components int, seed uint64) (rank int, options solver.Options, err error) {
	options.Seed, options.Cores, options.Limit = seed, runtime.GOMAXPROCS(0), float64(c.Limit)
	if c.Tolerance != nil {
		if options.Tolerance = *c.Tolerance; !(options.Tolerance > 0) || math.IsInf(options.Tolerance, 1) {
			return 0, options, fmt.Errorf("--tolerance: expected a positive number, found %v", options.Tolerance)
		}
	}
	if c.Rank == nil {
		return components, options, nil
	}
	if *c.Rank < 1 || *c.Rank > mostColumns {
		return 0, options, fmt.Errorf("--rank: expected a number of columns from 1 to %d, found %d", mostColumns, *c.Rank)
	}
	return *c.Rank, options, nil
}

// mostColumns bounds --rank: columns beyond the dimension are zeros.
const mostColumns = 10000

// solve finds a minimiser and judges it.
func (c *solveCommand) solve(p gmm.Pairs, rank int, options solver.Options) (solution, error) {
	start := time.Now()
	if p.Components() <= solver.MostComponents && rank < p.Left.FisherDimension().Value && !p.Uninformative() {
		if c.Digits != nil {
			return solution{}, errDigits(fmt.Sprintf("--rank %d below the Fisher dimension %d", rank, p.Left.FisherDimension().Value))
		}
		if c.Blind {
			return solution{}, fmt.Errorf("expected --rank of at least the Fisher dimension %d with --blind, found %d", p.Left.FisherDimension().Value, rank)
		}
		if err := c.blindly(p.Left.Dimension()); err != nil {
			return solution{}, err
		}
		candidate, err := solver.Literal(p, rank, literalStarts, options)
		if err != nil {
			return solution{}, err
		}
		seconds := time.Since(start).Seconds()
		s, err := newLiteralSolution(p, rank, candidate)
		s.Seconds = seconds
		return s, err
	}
	find := solver.Reduced
	if c.Blind {
		find = solver.Blind
		if err := c.blindly(p.Left.Dimension()); err != nil {
			return solution{}, err
		}
	}
	candidate, err := find(p, options)
	if err != nil {
		return solution{}, err
	}
	findings := oracle.Limit(c.Limit).Judge(p, candidate.Unconstrained.Form, candidate.Minimiser.Form, candidate.Unconstrained.DistanceBound)
	seconds := time.Since(start).Seconds()
	s := newSolution(p, rank, candidate, findings)
	s.Seconds = seconds
	if c.Digits != nil {
		s.Refined, err = c.refine(p, candidate.Unconstrained.Form)
	}
	return s, err
}

// solution is the output of solve, in the order and with the keys of its JSON form.
type solution struct {
	Name            string         `json:"name"`
	Components      int            `json:"components"`
	Dimension       int            `json:"dimension"`
	FisherDimension int            `json:"fisher_dimension"`
	Delta           float64        `json:"delta"`
	Rank            int            `json:"rank"`
	Method          string         `json:"method"`
	Minimiser       minimiser      `json:"minimiser"`
	Unconstrained   *unconstrained `json:"unconstrained,omitempty"`
	Quadrature      *quadrature    `json:"quadrature,omitempty"`
	Containment     containment    `json:"containment"`
	Equality        *equality      `json:"equality,omitempty"`
	Certificate     *certificate   `json:"certificate,omitempty"`
	Refined         *refined       `json:"refined,omitempty"`
	Data            *preparation   `json:"data,omitempty"`
	Seconds         float64        `json:"seconds"`

	exact    bool   // M* = 0 was decided without arithmetic; of the spectral loss, a rank
	spectral bool   // the loss is the spectral one
	how      string // the solver's rule
	weighted string // the eigenvalue that decided, where it is that of W^¼MW^¼
}

type minimiser struct {
	M             matrix `json:"m"`
	A             matrix `json:"a"`
	Loss          number `json:"loss"`
	Rank          int    `json:"rank"`
	DistanceBound number `json:"distance_bound"`
}

type unconstrained struct {
	M             matrix    `json:"m"`
	Loss          number    `json:"loss"`
	Eigenvalues   []float64 `json:"whitened_eigenvalues"`
	GradientNorm  number    `json:"gradient_norm"`
	DistanceBound number    `json:"distance_bound"`
}

type quadrature struct {
	Rule          string `json:"rule"`
	Points        int    `json:"points"`
	ErrorEstimate number `json:"error_estimate"`
}

type containment struct {
	Verdict string `json:"verdict"`
	Defect  number `json:"defect"`
	By      string `json:"by,omitempty"`
}

type equality struct {
	Verdict string `json:"verdict"`
	Margin  number `json:"margin"`
}

type certificate struct {
	Grade   string `json:"grade"`
	Epsilon number `json:"epsilon"`
	Rule    string `json:"rule"`
}

// number is a float64 that JSON shows as null where it is not finite.
type number float64

// MarshalJSON implements json.Marshaler.
func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func newSolution(p gmm.Pairs, rank int, c solver.Candidate, f oracle.Findings) solution {
	found := printedMinimum(p, c.Minimiser, max(rank, c.Minimiser.Rank), f.Margin())
	free := printedMinimum(p, c.Unconstrained, 0, f.Margin())
	s := solution{
		Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension().Value,
		Delta: p.Delta(), Rank: rank, Method: c.Method,
		Minimiser: minimiser{M: found.m, A: found.a, Loss: number(c.Minimiser.Loss), Rank: c.Minimiser.Rank, DistanceBound: found.distance},
		Unconstrained: &unconstrained{M: free.m, Loss: number(c.Unconstrained.Loss),
			Eigenvalues: f.Eigenvalues, GradientNorm: number(c.Unconstrained.GradientNorm), DistanceBound: free.distance},
		Quadrature:  &quadrature{c.Rule, c.Points, number(c.RuleError)},
		Containment: containment{Verdict: f.Containment.String(), Defect: number(f.Defect)},
		Equality:    &equality{f.Equality.String(), number(f.Margin())},
		exact:       f.Certificate.Exact,
		how:         c.Rule + ", " + count(c.Points, "node"),
		Certificate: &certificate{f.Certificate.Grade.String(), number(f.Certificate.Epsilon), f.Certificate.Rule},
	}
	if f.ByConstruction {
		s.Containment.By = "construction"
	}
	if c := f.Certificate; c.Weighted {
		s.weighted = fmt.Sprintf("smallest eigenvalue %.3g, known to ±%.3g", c.WeightedMargin, c.WeightedEpsilon)
		s.Certificate.Rule += "; decided for W^¼MW^¼, W = I + C: " + s.weighted
	}
	if f.Eigenvalues == nil {
		s.Unconstrained.Eigenvalues = []float64{}
	}
	return s
}
