package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// runSpectral solves for the spectral contrastive loss, of one modality or two.
func (c *solveCommand) runSpectral(s *session) error {
	d, err := c.document(s.stdin)
	if err != nil {
		return err
	}
	rank, options, err := c.limits(d.Pairs.Components(), s.Seed)
	if err != nil {
		return err
	}
	start := time.Now()
	if d.Pairs.Modalities() == 2 {
		r, err := solving(s, func() (pairedSolution, error) { return c.solvePairedSpectral(d.Pairs, rank, options) })
		if err != nil {
			return inFile(c.source(), err)
		}
		r.Seconds = time.Since(start).Seconds()
		return r.print(s)
	}
	r, err := solving(s, func() (solution, error) { return c.solveSpectral(d.Pairs, rank, options) })
	if err != nil {
		return inFile(c.source(), err)
	}
	r.Seconds, r.Data = time.Since(start).Seconds(), c.preparation
	if s.Format == "json" {
		return json.NewEncoder(s.stdout).Encode(r)
	}
	return r.text(s.stdout, s.Quiet)
}

// solveSpectral finds a minimiser of the spectral contrastive loss and judges it.
func (c *solveCommand) solveSpectral(p gmm.Pairs, rank int, options solver.Options) (solution, error) {
	if s := p.Left.FisherDimension().Value; rank < s {
		if c.Blind {
			return solution{}, fmt.Errorf("expected --rank of at least the Fisher dimension %d with --blind, found %d", s, rank)
		}
		if err := c.blindly(p.Left.Dimension()); err != nil {
			return solution{}, err
		}
		candidate, err := solver.SpectralLiteral(p, rank, literalStarts, options)
		if err != nil {
			return solution{}, err
		}
		r, err := newLiteralSolution(p, rank, candidate)
		r.Quadrature, r.spectral, r.how = nil, true, candidate.Rule
		return r, err
	}
	candidate, err := solver.Spectral(p)
	if c.Blind {
		if err := c.blindly(p.Left.Dimension()); err != nil {
			return solution{}, err
		}
		candidate, err = solver.SpectralBlind(p, options)
	}
	if err != nil {
		return solution{}, err
	}
	f := oracle.JudgeSpectral(p, candidate.Minimiser.Form)
	if w := f.Certificate; w.Weighted {
		f.Certificate.Weighted = false
		f.Certificate.Rule += fmt.Sprintf("; decided for S₂^½MS₂^½, S₂ = Σ̄ + C: smallest singular value %.3g, known to ±%.3g", w.WeightedMargin, w.WeightedEpsilon)
	}
	r := newSolution(p, rank, candidate, f)
	r.Quadrature, r.spectral, r.how = nil, true, candidate.Rule
	return r, nil
}

// solvePairedSpectral does the same for two modalities.
func (c *solveCommand) solvePairedSpectral(p gmm.Pairs, rank int, options solver.Options) (pairedSolution, error) {
	if err := fits(p, rank); err != nil {
		return pairedSolution{}, err
	}
	candidate, err := solver.SpectralPaired(p)
	if c.Blind {
		if err := c.blindly(max(p.Left.Dimension(), p.Right.Dimension())); err != nil {
			return pairedSolution{}, err
		}
		candidate, err = solver.SpectralPairedBlind(p, options)
	}
	if err != nil {
		return pairedSolution{}, err
	}
	return newPairedSolution("spectral loss", p, rank, candidate, oracle.JudgeSpectralPaired(p, candidate.Form)), nil
}

// both is the verdict on a statement about two sides.
func both(visual, text oracle.Verdict) oracle.Verdict {
	switch {
	case visual == oracle.Refuted || text == oracle.Refuted:
		return oracle.Refuted
	case visual == oracle.Holds && text == oracle.Holds:
		return oracle.Holds
	}
	return oracle.Undecided
}

// smaller is the smaller of two margins, of which NaN is none.
func smaller(a, b float64) float64 {
	if math.IsNaN(a) {
		return b
	}
	if math.IsNaN(b) {
		return a
	}
	return math.Min(a, b)
}
