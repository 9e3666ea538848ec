package frontier

import (
	"fmt"
	"math/big"

	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
)

// CosineStable is the claim that Grid.Stable is about.
const CosineStable = "cosine-stable"

// Stable returns the grid for another question than equality: whether, with InfoNCE of cosines over a temperature τ > 0, the symmetric representation of S_F is a local minimum among those that read a little noise. Its base must be six equally likely means that are, whitened,
// ± three orthogonal vectors of one length (cosine.ErrOctahedron). Margins are then Δ, L = L(A₀) + Δε² + o(ε²): Holds means Δ > 0, Refuted Δ < 0. Axes are Separation, Delta and Temperature, or it refuses with ErrAxis.
func (g Grid) Stable(temperature *big.Rat) (Grid, error) {
	g.Temperature = temperature
	if _, err := cosine.NewOctahedron(g.Base); err != nil {
		return g, err
	}
	for _, a := range g.Axes {
		if a.Parameter == Negatives || a.Parameter == Weight {
			return g, fmt.Errorf("%w: expected axes of separation, delta or temperature with the claim %s, found %s", ErrAxis, CosineStable, a.Parameter)
		}
	}
	return g, nil
}

// judgeStable fills in one point of a grid that is Stable.
func (g Grid) judgeStable(p *Point) error {
	pairs, err := g.At(p.At)
	if err != nil {
		return err
	}
	temperature := g.Temperature
	for i, a := range g.Axes {
		if a.Parameter == Temperature {
			temperature = p.At[i]
		}
	}
	of, err := cosine.NewOctahedron(pairs)
	if err != nil {
		return err
	}
	heat, _ := temperature.Float64()
	found, err := of.Stability(heat)
	if err != nil {
		return err
	}
	p.Margin, p.Evidence = found.Value, oracle.Evidence{Grade: oracle.Bounded, Epsilon: found.Error, Rule: "Gauss–Legendre and trapezoidal rules on the sphere"}
	switch {
	case found.Lower() > 0:
		p.Verdict = oracle.Holds
	case found.Upper() < 0:
		p.Verdict = oracle.Refuted
	}
	return nil
}
