package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"github.com/jedib0t/go-pretty/v6/table"
)

// runGeneral solves for the InfoNCE loss of a mixture with own covariances.
func (c *solveCommand) runGeneral(s *session, p gmm.Pairs) error {
	rank, options, err := c.limits(p.Components(), s.Seed)
	if err != nil {
		return err
	}
	start := time.Now()
	candidate, err := solving(s, func() (solver.GeneralCandidate, error) { return solver.General(p, options) })
	if err != nil {
		return inFile(c.source(), err)
	}
	if c.Rank == nil {
		rank = max(rank, candidate.Minimiser.Rank)
	}
	if rank < candidate.Minimiser.Rank {
		return fmt.Errorf("%s: expected --rank of at least %d, the rank of the minimiser, found %d", c.source(), candidate.Minimiser.Rank, rank)
	}
	findings, err := solving(s, func() (oracle.GeneralFindings, error) {
		return oracle.Limit(c.Limit).JudgeGeneral(p, candidate.Inside.Form, candidate.Minimiser.Form), nil
	})
	if err != nil {
		return err
	}
	r := newGeneralSolution(p, rank, candidate, findings)
	r.Seconds = time.Since(start).Seconds()
	if s.Format == "json" {
		return json.NewEncoder(s.stdout).Encode(r)
	}
	return r.text(s.stdout, s.Quiet)
}

// generalSolution is solution for a mixture with own covariances: equality is not
// judged, and what stands for it is the best matrix inside S_F.
type generalSolution struct {
	Name            string      `json:"name"`
	Components      int         `json:"components"`
	Dimension       int         `json:"dimension"`
	FisherDimension int         `json:"fisher_dimension"`
	Delta           float64     `json:"delta"`
	Rank            int         `json:"rank"`
	Method          string      `json:"method"`
	Minimiser       minimiser   `json:"minimiser"`
	Inside          inside      `json:"inside"`
	Quadrature      quadrature  `json:"quadrature"`
	Containment     containment `json:"containment"`
	Certificate     certificate `json:"certificate"`
	Seconds         float64     `json:"seconds"`
}

// inside is the best matrix inside S_F; slope is the size of ∇f out of S_F there.
type inside struct {
	M             matrix `json:"m"`
	Loss          number `json:"loss"`
	Rank          int    `json:"rank"`
	DistanceBound number `json:"distance_bound"`
	Slope         number `json:"slope"`
	SlopeError    number `json:"slope_error"`
}

func newGeneralSolution(p gmm.Pairs, rank int, c solver.GeneralCandidate, f oracle.GeneralFindings) generalSolution {
	found := printedMinimum(p, c.Minimiser, rank, math.NaN())
	within := printedMinimum(p, c.Inside, 0, math.NaN())
	return generalSolution{
		Name: p.Name(), Components: p.Components(), Dimension: p.Left.Dimension(), FisherDimension: p.Left.FisherDimension().Value,
		Delta: p.Delta(), Rank: rank, Method: c.Method,
		Minimiser: minimiser{M: found.m, A: found.a, Loss: number(c.Minimiser.Loss), Rank: c.Minimiser.Rank, DistanceBound: found.distance},
		Inside: inside{M: within.m, Loss: number(c.Inside.Loss), Rank: c.Inside.Rank,
			DistanceBound: within.distance, Slope: number(f.Slope), SlopeError: number(f.SlopeError)},
		Quadrature:  quadrature{c.Rule, c.Points, number(c.RuleError)},
		Containment: containment{Verdict: f.Containment.String(), Defect: number(f.Defect)},
		Certificate: certificate{f.Certificate.Grade.String(), number(f.Certificate.Epsilon), f.Certificate.Rule},
	}
}

// text writes the solution for a person. A quiet text ends after the verdict.
func (s generalSolution) text(w io.Writer, quiet bool) error {
	name := printable(s.Name)
	if name == "" {
		name = "mixture"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s, each with its own covariance, δ = %.6g, Fisher subspace S_F of dimension %d\n\n",
		name, count(s.Components, "component"), count(s.Dimension, "dimension"), s.Delta, s.FisherDimension)
	verdicts := plainTable()
	verdicts.AppendRow(table.Row{"Containment", "Col(A*) ⊆ S_F", strings.ToUpper(s.Containment.Verdict), s.reason()})
	b.WriteString(verdicts.Render())
	b.WriteString("\n")
	if !quiet {
		s.details(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s generalSolution) reason() string {
	switch {
	case strings.HasPrefix(s.Certificate.Rule, "exact: "):
		return s.Certificate.Rule
	case s.Containment.Verdict == "holds":
		return fmt.Sprintf("found blindly, A*A*ᵀ leaves S_F by at most %s of its size", s.Containment.Defect)
	case s.Containment.Verdict == "refuted" && s.Inside.Slope > s.Inside.SlopeError:
		return fmt.Sprintf("at the best matrix inside S_F the gradient leaves it by %.4g, known to ±%s", float64(s.Inside.Slope), s.Inside.SlopeError)
	case s.Containment.Verdict == "refuted":
		return fmt.Sprintf("A*A*ᵀ leaves S_F, by at most %s of its size", s.Containment.Defect)
	}
	if strings.HasPrefix(s.Certificate.Rule, "none: ") {
		return strings.TrimPrefix(s.Certificate.Rule, "none: ")
	}
	return fmt.Sprintf("A*A*ᵀ leaves S_F by at most %s of its size, if at all", s.Containment.Defect)
}

func (s generalSolution) details(b *strings.Builder) {
	b.WriteString("\n")
	details := plainTable()
	details.AppendRow(table.Row{"Minimiser A*", fmt.Sprintf("rank %d, loss %.12g%s",
		s.Minimiser.Rank, float64(s.Minimiser.Loss), whitened(", M* = A*A*ᵀ", s.Minimiser.DistanceBound))})
	details.AppendRow(table.Row{"Inside S_F", fmt.Sprintf("rank %d, loss %.12g at best%s",
		s.Inside.Rank, float64(s.Inside.Loss), whitened(", M", s.Inside.DistanceBound))})
	details.AppendRow(table.Row{"Solver", s.Method + ", " + s.Quadrature.Rule + ", " + count(s.Quadrature.Points, "node")})
	evidence := s.Certificate.Rule
	if !strings.HasPrefix(evidence, "none: ") {
		evidence = fmt.Sprintf("%s: by the oracle's own gradient, %s", s.Certificate.Grade, evidence)
	}
	details.AppendRow(table.Row{"Certificate", evidence})
	details.AppendRow(table.Row{"Time", fmt.Sprintf("%.3g s", s.Seconds)})
	b.WriteString(details.Render())
	b.WriteString("\n\nA* as columns:\n")
	b.WriteString(s.Minimiser.A.columns())
	b.WriteString("\n")
}
