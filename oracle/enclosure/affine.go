package enclosure

import (
	"errors"
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Affine is the term of InfoNCE with scores xᵀMy + c·x + c·y, terms of x alone left out, of one side whose mean is 0, at the best c for each M:
//
//	g(M) = min_c L(M, c),   L(M, c) = ½|c|² + LogPartition with the log-weights log w_k + c·ν_k.
//
// Its gradient is ∇_M L at the best c. A ĉ is found here, by the rule and a quasi-Newton method; whatever it is,
//
//	∇_c L(M, c) = c + E Σ_k p_k ν_k = c + Σ_j w_j E_j Σ_{k≠j} p_k (ν_k − ν_j)   (as Σ w_j ν_j = 0),   |ĉ − c(M)| ≤ |∇_c L(M, ĉ)|,
//
// as L is 1-strongly convex in c, and with symmetric U of ‖U‖ = 1, dual to ‖·‖_d, and |v| = 1
//
//	D²L[(U, 0), (0, v)] = E Cov_p(xᵀUν, v·ν) ≤ √(E Var_p(xᵀUν)) √(E Var_p(v·ν)) ≤ ¼ρ² √max w,
//
// a variance being at most the square of half the range: xᵀU(ν_k − ν_l) ≤ |W^¼Uᵀx|ρ, E|W^¼Uᵀx|² = Σ w_i √w_j U_ij² ≤ √max w, |ν_k − ν_l| ≤ ρ max w^¼ with ρ = max ρ_j. So
// ∇g(M) differs from ∇_M L(M, ĉ) by no more than that times |∇_c L(M, ĉ)|, which Gradient.Beside allows for; twice the bound leaves room for the defect of W. For distances |∇_c L| itself
// is enough, which is a part of Gradient.Err: norm and error bound the joint gradient and so, by joint strong convexity, |(M − M*, ĉ − c*)|.
type Affine struct {
	LogPartition
	coupling float64
	failure  error
}

// ErrUncentred says that a term of affine maps is stated of points whose mean is not 0.
var ErrUncentred = errors.New("oracle: affine maps are judged on centred pairs only")

// ErrOwnAffine says that there is no enclosure of affine maps where components have covariances of their own.
var ErrOwnAffine = errors.New("oracle: affine maps of components with their own covariances are judged by exact conditions only")

// NewAffine returns the term of a side.
func NewAffine(side *whitened.Mixture, m *mat.Dense, delta float64, seed func() uint64) *Affine {
	t := &Affine{LogPartition: NewLogPartition(side, side, m, delta, seed)}
	t.linear = mat.NewVecDense(len(side.W), nil)
	widest := slices.Max(t.reach)
	t.coupling = max(1, widest*widest*math.Sqrt(slices.Max(side.W))/2)
	const negligible = 1e-9 // far more than rounding leaves of a mean that is 0
	if mean := gmm.Mean(side.Weights, side.Means); mat.Norm(mean, 2) > negligible*(1+slices.Max(dense.ColumnNorms(side.Means))) {
		t.failure = ErrUncentred
	}
	return t
}

// Refuse makes every evaluation fail.
func (t *Affine) Refuse(failure error) { t.failure = failure }

// Begin sets, as one column, where ĉ is looked for first.
func (t *Affine) Begin(c *mat.Dense) { t.linear = mat.VecDenseCopyOf(c.ColView(0)) }

// Linear is the ĉ of the last evaluation, in the coordinates of the side.
func (t *Affine) Linear() []float64 { return slices.Clone(t.linear.RawVector().Data) }

// Bounded averages the softmax by a trapezoidal rule, at the ĉ that it finds.
func (t *Affine) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	if t.failure != nil {
		return Gradient{}, t.failure
	}
	best, slope, err := t.settle(tolerance, work)
	if err != nil {
		return Gradient{}, err
	}
	best.Err += slope
	best.Beside = (t.coupling - 1) * slope
	return best, nil
}

// Steepest bounds what a step of M does to ∇_M and to ∇_c together, and so to ∇g.
func (t *Affine) Steepest() float64 { return t.LogPartition.Steepest() + t.coupling }

// Joint is the gradient of L in M and in c, each with a bound of its error, in ‖·‖_d and in length.
type Joint struct {
	Gradient
	Slope    []float64
	SlopeErr float64
}

// Joint evaluates ∇_M L and ∇_c L at a given c, in the coordinates of the side.
func (t *Affine) Joint(c []float64, tolerance float64, work *Budget) (Joint, error) {
	if t.failure != nil {
		return Joint{}, t.failure
	}
	t.linear = mat.NewVecDense(len(c), slices.Clone(c))
	g, slope, off, err := t.at(tolerance, work)
	if err != nil {
		return Joint{}, err
	}
	return Joint{g, slope.RawVector().Data, off}, nil
}

// Sampled has no theory.
func (t *Affine) Sampled(int, float64, *Budget) Sampling {
	return Sampling{Replicate: unknown(t.m), Off: math.Inf(1)}
}

// settle moves ĉ until a bound of |∇_c| is small beside the tolerance or no step makes it smaller: by BFGS steps from D²_c ≈ I + C, which it is at M = 0, c = 0. It returns ∇_M there, with its error,
// and that bound.
func (t *Affine) settle(tolerance float64, work *Budget) (found Gradient, size float64, err error) {
	const mostRounds, mostHalvings, part = 60, 6, 1. / 16
	n := t.linear.Len()
	inverse := mat.NewSymDense(n, nil)
	for i, w := range t.anchors.W {
		inverse.SetSym(i, i, 1/w)
	}
	found, slope, off, err := t.at(tolerance, work)
	if err != nil {
		return found, 0, err
	}
	here := mat.VecDenseCopyOf(t.linear)
	size = mat.Norm(slope, 2)
	for range mostRounds {
		if size <= part*tolerance || size <= off/2 {
			break
		}
		var step mat.VecDense
		step.MulVec(inverse, slope)
		moved := false
		for halving := range mostHalvings {
			t.linear.AddScaledVec(here, -math.Ldexp(1, -halving), &step)
			next, there, offThere, err := t.at(tolerance, work)
			if err != nil {
				return found, 0, err
			}
			if smaller := mat.Norm(there, 2); smaller < size {
				inverse = learned(inverse, here, t.linear, slope, there)
				found, slope, off, size, moved = next, there, offThere, smaller, true
				here.CopyVec(t.linear)
				break
			}
		}
		if !moved {
			break
		}
	}
	t.linear.CopyVec(here)
	return found, size + off, nil
}

// at evaluates ∇_M with its error and ∇_c with the bound of its own, at the present ĉ.
func (t *Affine) at(tolerance float64, work *Budget) (g Gradient, slope *mat.VecDense, off float64, err error) {
	grid, s, p, tp, err := t.averages(tolerance, work)
	if err != nil {
		return Gradient{}, nil, 0, err
	}
	slope = mat.VecDenseCopyOf(t.linear)
	for j, w := range t.anchors.Weights {
		for k := range t.anchors.Weights {
			if k == j {
				continue
			}
			x := w * p.At(j, k)
			for i := range slope.Len() {
				slope.SetVec(i, slope.AtVec(i)+x*(t.partners.Means.At(i, k)-t.partners.Means.At(i, j)))
			}
		}
	}
	return t.gradient(grid, s, p, tp), slope, t.slopeError(s, grid), nil
}

// slopeError bounds how far ∇_c as computed is from the exact one. Its integrand is Σ_k p_k(ν_k − ν_j), without the x of ∇_M: planGrid's bound serves, as it allows x at least √q ≥ 1
// (and is 0 for q = 0, where nothing is integrated), and so do the bounds of what is left out, rounded and off in LogPartition, with 1 in the place of s_j and of x. Last, |·| ≤ max w^¼ |·|_*.
func (t *Affine) slopeError(s softmax, g grid) float64 {
	var sum float64
	for j, w := range t.anchors.Weights {
		sum += w * t.reach[j]
	}
	rows, _ := t.m.Dims()
	k := len(t.anchors.Weights)
	operations := float64(rows + 4*k + 10)
	rounding := (s.relativeError(g, t.logitRoundings(s, g)) + dense.Roundoff*operations) * 2 * sum
	light, most := math.Pow(slices.Min(t.anchors.W), -0.25), slices.Max(t.partners.MeansOff())
	input, moved := 2*light*most, t.logitsMoved()
	for j, w := range t.anchors.Weights {
		input += w * t.reach[j] / 2 * moved[j]
	}
	heavy := math.Pow(slices.Max(t.anchors.W), 0.25)
	return heavy*(g.bound+s.dropped/math.Sqrt2*sum+rounding+2*input) + 4*dense.Roundoff*mat.Norm(t.linear, 2)
}

// learned is the BFGS update of an inverse Hessian by a step and what it did to the gradient; the same where that does not rise along it.
func learned(inverse *mat.SymDense, from, to, before, after *mat.VecDense) *mat.SymDense {
	n := inverse.SymmetricDim()
	var s, y, hy mat.VecDense
	s.SubVec(to, from)
	y.SubVec(after, before)
	rise := mat.Dot(&s, &y)
	if !(rise > 0) {
		return inverse
	}
	hy.MulVec(inverse, &y)
	out := mat.NewSymDense(n, nil)
	out.CopySym(inverse)
	out.RankTwo(out, -1/rise, &hy, &s)
	out.SymRankOne(out, (1+mat.Dot(&y, &hy)/rise)/rise, &s)
	return out
}
