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

// far is a number of standard deviations beyond which means are judged in graded coordinates, too.
const far = 1e3

// countFar counts kept directions in graded coordinates where means are far and some directions are open.
func (l Loss) countFar(side *Side, p gmm.Pairs, c Candidates, work *enclosure.Budget) {
	if !l.graded || side.Equality != Refuted || side.Directions.Kept+max(1, side.Directions.Lost) >= side.Dimension {
		return
	}
	view, err := whitened.SeeGraded(p.Left)
	if err != nil || slices.Max(view.Lengths) < far {
		return
	}
	side.Directions.Kept = max(side.Directions.Kept, keptFar(view, p, c.constrained(), work))
}

// keptFar is a number of positive eigenvalues of M*, given a candidate for it, where means are very long along some direction. P is the candidate's positive part, Z
// the positive part of ∇f(P) on its kernel, V = M* − P. As ⟨Z, M*⟩ ≥ 0 and ⟨∇f(M*), V⟩ ≤ 0,
//
//	c‖V‖_H² ≤ ⟨∇f(M*) − ∇f(P), V⟩ ≤ −⟨∇f(P) − Z, V⟩ − ⟨Z, V⟩ ≤ ‖∇f(P) − Z‖_d‖V‖_H + |⟨Z, P⟩|,
//
// so that ‖V‖_H ≤ ‖∇f(P) − Z‖_d/c + √(|⟨Z, P⟩|/c), in which ⟨Z, P⟩ is 0 but for rounding. M* has as many positive eigenvalues as W^¼PW^¼ has beyond that.
func keptFar(view *whitened.Graded, p gmm.Pairs, form gmm.Form, work *enclosure.Budget) int {
	if form.N == nil || wantFinite(form) != nil {
		return 0
	}
	n := len(view.W)
	at := blocks{view: view, short: make([]bool, n)}
	at.start(p, form)
	part, kernel, _ := positivePart(at.m)
	at.m = part.Matrix(n)
	g, err := enclosure.GradedInfoNCE(view, at.m, p.Delta(), gradedTolerance, work)
	if err != nil {
		return 0
	}
	residual := lessPositivePart(g.Matrix, kernel)
	var z mat.Dense
	z.Sub(g.Matrix, residual)
	touching := math.Abs(dense.Inner(&z, at.m)) + float64(16*n)*dense.Roundoff*mat.Norm(&z, 2)*mat.Norm(at.m, 2)
	at.g = enclosure.Entries{Matrix: residual, Off: g.Off}
	at.g.Off.Apply(func(_, _ int, x float64) float64 { return x + float64(16*n)*dense.Roundoff*mat.Norm(&z, 2) }, g.Off) // the rounding of Z
	at.weigh()
	trusted := whitened.Mean.Trusted(at.defect)
	return above(at.signs, at.bound+math.Sqrt(touching/max(trusted, 0.5)))
}

// kept is a number of positive eigenvalues of M*. By strong convexity ‖M* − M_u‖² ≤ 2(f(M*) − f(M_u)) ≤ 2(f(P) − f(M_u)) ≤ K‖P − M_u‖², where P is the positive part of M_u,
// whose distance to M_u is ν + r at most, ν the size of M̂'s negative part, and D²f ≤ K = max w + ½ρ²E|x|².
func (b *blocks) kept() int {
	values, _ := dense.Eigen(b.m)
	var negative, square, diameter float64
	for _, x := range values {
		negative = math.Hypot(negative, min(x, 0))
	}
	for i, length := range b.view.Lengths {
		square += length*length + 1
		diameter = math.Hypot(diameter, 2*(length+b.view.Errors[i]))
	}
	steepest := 2*slices.Max(b.view.W) + diameter*diameter*square
	slack := float64(16*len(values)) * dense.Roundoff * mat.Norm(b.m, 2)
	return above(values, b.r+math.Sqrt(steepest)*(negative+b.r+slack)+slack)
}
