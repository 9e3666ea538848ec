package enclosure

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/oracle/enclosure/frullani"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Negatives is the term E log(1 + Σ_{i≤N} e^{s_i − s_0}), s = xᵀM·, of a loss beside a symmetric M: the scores of an anchor x with its positive and with N independent
// draws of one side (package frullani). Errors are in the Frobenius norm, the dual norm of whitened.Flat.
type Negatives struct {
	law  frullani.Law
	turn *mat.Dense // the eigenvectors of M
	work *Budget    // of the judgement
	// curvature bounds D² from below, at M; −Inf until it is asked for.
	curvature float64
}

// NewNegatives returns the term of a side at M with count ≥ 1 negatives, whose curvature is to cost no more than is left of the work.
func NewNegatives(side *whitened.Mixture, m *mat.Dense, delta float64, count int, work *Budget) *Negatives {
	n := &Negatives{work: work, curvature: math.Inf(-1)}
	s, turn := dense.Eigen(m)
	n.turn = turn
	var means mat.Dense
	means.Mul(turn.T(), side.Means)
	off := side.MeansOff()
	for k, length := range dense.ColumnNorms(side.Means) { // turning rounds them
		off[k] += 16 * float64(len(s)) * dense.Roundoff * length
	}
	n.law = frullani.Law{Weights: side.Weights, Means: &means, Off: off, S: s, Delta: delta, Negatives: count}
	return n
}

// mostOfNegatives bounds the work of one evaluation.
const mostOfNegatives = 2e9

// Bounded evaluates the gradient.
func (n *Negatives) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	g, off, rule, spent, err := n.law.Gradient(tolerance, work.within(mostOfNegatives))
	if work.spend(spent); err != nil {
		return Gradient{}, outOfReach(err)
	}
	return Gradient{Matrix: dense.Congruent(g, n.turn.T()), Err: roundedUp * off, Rule: rule}, nil
}

// outOfReach says of a rule with too many nodes that the trapezoidal rule has them.
func outOfReach(err error) error {
	if errors.Is(err, frullani.ErrNodes) {
		return fmt.Errorf("%w: %w", ErrGrid, err)
	}
	return err
}

// Modulus is that of Logistic.Modulus: |M − M*| ≤ g/c and f(M) − f(M*) ≤ g²/2c for a gradient of norm g at M; 0 where there is none.
func (n *Negatives) Modulus(g float64) float64 {
	if math.IsInf(g, 1) {
		return 0
	}
	if math.IsInf(n.curvature, -1) {
		least, spent, err := n.law.Curvature(n.work.within(mostOfNegatives))
		if n.work.spend(spent); err != nil {
			least = -1
		}
		n.curvature = math.Max(least, -1)
	}
	third := roundedUp * n.law.Third()
	h := n.curvature - third*g/n.law.Steepest()
	rest := h*h - 2*third*g*roundedUp
	if !(h > 0 && rest > 0) {
		return 0
	}
	return (h + math.Sqrt(rest)) / 2
}

// Sampled knows nothing: the two integrals at each point cost more than a grid of points.
func (n *Negatives) Sampled(int, float64, *Budget) Sampling {
	return Sampling{Replicate: func(int, rand.Source) *mat.Dense { return n.turn }, Off: math.Inf(1)}
}

// Scale is the size of the terms that the gradient is made of, times as many roundoffs as the bound of its error has at least, in two sums and an exponent.
func (n *Negatives) Scale() float64 {
	const roundoffs = 1 << 14
	return roundoffs * n.law.Scale()
}

// Steepest bounds ‖D²f(M)[V]‖_F beside ‖V‖_F, at every M.
func (n *Negatives) Steepest() float64 { return n.law.Steepest() }
