package oracle

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// blocks is a symmetric candidate M̂ for M_u of the InfoNCE loss in graded coordinates, in which some are short: the means are no longer than η along them, S, and long along the
// rest, L. M_u is then small, of the order η in its block SL and η² in SS, and so is the error, of which strong convexity alone bounds only the sum.
//
// Let V = M_u − M̂, U = V without its block LL, T = V_SS, M_t = M̂ + tV, and r ≥ ‖V‖_F, as ‖∇f(M̂)‖_F is. In exact coordinates
//
//	D²f[V, X] = ½⟨WV + VW, X⟩ + E Cov_p(xᵀVμ, xᵀXμ),      D²f[X, X] ≥ ‖X‖_F²,      ∫D²f(M_t)[V, X] dt = −⟨∇f(M̂), X⟩ for every X.
//
// The diameters of the means are ρ, in L and S ρ_L and ρ_S, b their largest length in S, and X = √E|x|², X_L and X_S likewise. Of variables in sets of diameters d, d′
// and d″ |Cov| ≤ ½dd′, and the third cumulant, which ∂Cov_p along x is, as p moves with the logits, is at most ½dd′d″. Logits change along S by σ = (M_t)_S·μ, of a diameter of at most
// (‖M̂_S‖ + ‖U‖)ρ, M̂_S being M̂ without its block LL. In xᵀUμ = x_LᵀU_LSμ_S + x_SᵀU_SLμ_L + x_SᵀU_SSμ_S the middle term is short by Stein's lemma: x_S is a mean, at most b, and
// noise, which turns into a derivative along S. With X = U:
//
//	‖U‖² ≤ D²f[U, U] = −⟨∇f, U⟩ − D²f[V_LL, U],
//	‖U‖ (1 − k) ≤ ‖∇f_U‖ + ‖W_SL‖r + ½rρ_L(ρ_S(X_L² + X_LX_S) + ρ_LbX_L) + k‖M̂_S‖,     k = ½rρ_L²ρX_L;
//
// call that r₁. With X = T, xᵀTμ = x_SᵀTμ_S, the derivative falls on p and on xᵀ(V − T)μ, whose own is V_SLμ_L:
//
//	‖T‖ ≤ ‖∇f_SS‖ + ‖W_SL‖r₁ + ½ρ_S(rρbX + r₁ρ_L + rρ²(‖M̂_S‖ + r₁)X),
//
// call that r₂. They are of the orders ηr and η²r. By Sylvester M_u has the signs of DM_uD, D = 1 on L and 1/η on S, which is within
// √(r² + r₁²/η² + r₂²/η⁴) of DM̂D.
type blocks struct {
	view      *whitened.Graded
	short     []bool
	m         *mat.Dense
	g         enclosure.Entries
	r, r1, r2 float64
	eta       float64
	signs     []float64 // eigenvalues of DM̂D, ascending
	bound     float64   // of their errors
	defect    float64   // ‖D^{−½}WD^{−½} − I‖_F, D = diag W as computed, where none is short
}

// judgeBlocks decides the equality of one modality that is open, where means are short along some directions, by their blocks, or very long along some.
func (l Loss) judgeBlocks(f *Findings, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	form := c.Free
	side := &f.Sides[0]
	if !l.graded || side.Equality != Undecided || side.Dimension < 2 || form.N == nil {
		return
	}
	view, err := whitened.SeeGraded(p.Left)
	if err != nil {
		return
	}
	b := blocks{view: view, short: make([]bool, len(view.W))}
	some := b.split()
	switch {
	case !some && slices.Max(view.Lengths) < far:
		return
	case some:
		f.Rounded, f.RoundedLength = roundedAway(view, p.Left)
		f.Uncentred = !p.Left.Centred()
	}
	b.start(p, form)
	if side.Equality = b.decide(p.Delta(), work); side.Equality == Undecided {
		return
	}
	e := &f.Evidence
	e.Grade, e.Rule, e.Epsilon = Bounded, b.g.Rule, b.r
	if some {
		e.Short, e.ShortLength, e.ShortMargin, e.ShortEpsilon = above(b.lengths(), 0), b.eta, b.signs[0], b.bound
	} else {
		e.Weighted, e.WeightedMargin, e.WeightedEpsilon = true, b.signs[0], b.bound
	}
	side.Directions.Kept = max(side.Directions.Kept, b.kept())
	if f.Spectrum == nil {
		f.Spectrum, _ = dense.Eigen(b.m)
		side.Margin = f.Spectrum[0]
	}
}

// split finds the short directions, below the widest gap in length, and tells whether there are some.
func (b *blocks) split() bool {
	const short = 1e-2 // what is longer, others judge as well
	sorted := slices.Sorted(slices.Values(b.view.Lengths))
	at, widest := 0.0, 1.0
	for i, length := range sorted[1:] {
		if ratio := length / sorted[i]; sorted[i] < short && ratio > widest {
			at, widest = sorted[i], ratio
		}
	}
	b.eta = at
	for i, length := range b.view.Lengths {
		b.short[i] = length <= at
	}
	return at > 0
}

// lengths are those of the short directions, and 0 of others.
func (b *blocks) lengths() []float64 {
	out := slices.Clone(b.view.Lengths)
	for i, short := range b.short {
		if !short {
			out[i] = 0
		}
	}
	return out
}

// start takes the long block from a form, and 0 for the rest.
func (b *blocks) start(p gmm.Pairs, form gmm.Form) {
	var in mat.Dense
	in.Mul(form.Left.Columns(p.Left).T(), b.view.Vectors)
	b.m = dense.Symmetric(dense.Congruent(form.N, &in))
	b.m.Apply(func(i, j int, x float64) float64 {
		if b.short[i] || b.short[j] {
			return 0
		}
		return x
	}, b.m)
}

// decide makes the gradient small, until that decides, or it falls no more.
func (b *blocks) decide(delta float64, work *enclosure.Budget) Verdict {
	bound := b.weigh
	if slices.Contains(b.short, true) {
		bound = b.measure
	}
	const slow, patience = 0.8, 4
	stalled, least, nearest := 0, math.Inf(1), math.Inf(1)
	for ; ; b.step() {
		g, err := enclosure.GradedInfoNCE(b.view, b.m, delta, gradedTolerance, work)
		if err != nil {
			return Undecided
		}
		b.g = g
		bound()
		if verdict := signsOf(b.signs, b.bound); verdict != Undecided || b.small() {
			return verdict
		}
		if stalled++; b.bound < slow*least || b.r < slow*nearest {
			least, nearest, stalled = min(least, b.bound), min(nearest, b.r), 0
		}
		if stalled == patience {
			return Undecided
		}
	}
}

// small tells whether the gradient is as its error is.
func (b *blocks) small() bool {
	rows, _ := b.m.Dims()
	for i := range rows {
		for j := range rows {
			if math.Abs(b.g.Matrix.At(i, j)) > b.g.Off.At(i, j) {
				return false
			}
		}
	}
	return true
}

// step changes every entry by the diagonal of D²f there, and those of SL by their block, in which the softmax adds ½Γ, Γ = E Cov_p(μ, μ).
func (b *blocks) step() {
	w, gamma := b.view.W, b.g.Spread
	next := mat.DenseCopyOf(b.m)
	var long []int
	for i, short := range b.short {
		if !short {
			long = append(long, i)
		}
	}
	for i := range w {
		for j := range w {
			if b.short[i] != b.short[j] {
				continue
			}
			curvature := (w[i] + w[j] + w[i]*math.Max(gamma.At(j, j), 0) + w[j]*math.Max(gamma.At(i, i), 0)) / 2
			next.Set(i, j, b.m.At(i, j)-b.g.Matrix.At(i, j)/curvature)
		}
		if !b.short[i] {
			continue
		}
		system, right := mat.NewDense(len(long), len(long), nil), mat.NewVecDense(len(long), nil)
		for a, j := range long {
			for c, l := range long {
				system.Set(a, c, gamma.At(j, l)/2)
			}
			system.Set(a, a, system.At(a, a)+(w[i]+w[j])/2)
			right.SetVec(a, b.g.Matrix.At(i, j))
		}
		var v mat.VecDense
		if v.SolveVec(system, right) != nil {
			continue
		}
		for a, j := range long {
			next.Set(i, j, b.m.At(i, j)-v.AtVec(a))
			next.Set(j, i, next.At(i, j))
		}
	}
	b.m = dense.Symmetric(next)
}

// signsOf is the verdict on a matrix being positive definite, of which the eigenvalues are known up to a bound.
func signsOf(values []float64, bound float64) Verdict {
	switch {
	case above(negated(values), bound) > 0:
		return Refuted
	case above(values, bound) == len(values):
		return Holds
	}
	return Undecided
}

// gradedTolerance is that of gradients in graded coordinates, beside rounding, which is a relative error of some hundred roundoffs.
const gradedTolerance = 1e-13

// roundedUp leaves room for the rounding of bounds.
const roundedUp = 1 + 1e-9

func negated(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, x := range values {
		out[i] = -x
	}
	return out
}
