package oracle

import (
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// Within is what is found of the minimiser M* over M ⪰ 0 of one modality, beside a subspace in which it lies by a theorem that the judgement tests.
type Within struct {
	// Containment is Refuted where M* certainly leaves the subspace, and Holds where it does so by at most the given part of its size; Defect is the bound of that part.
	Containment Verdict
	Defect      float64
	// Rank is the number of eigenvalues of M* that are certainly positive.
	Rank int
	// Epsilon bounds ‖M̂ − M*‖_F, whitened. Rule says by which quadrature, or why nothing was bounded.
	Epsilon float64
	Rule    string
}

// JudgeWithin judges a candidate for M* beside the subspace that columns span, of a matrix d×e of functionals x ↦ vᵀx, until it leaves that by no more
// than a part of its size. It panics where Judge does.
func JudgeWithin(l Loss, p gmm.Pairs, columns [][]*big.Rat, minimiser gmm.Form, part float64) Within {
	must(l.admits(p))
	w := Within{Defect: math.Inf(1), Epsilon: math.Inf(1)}
	at, err := see(l, p, minimiser, enclosure.NewBudget(1))
	if err != nil {
		w.Rule = l.unbounded(p, err)
		return w
	}
	v := mat.NewDense(len(columns), len(columns[0]), nil)
	v.Apply(func(i, j int, _ float64) float64 {
		x, _ := columns[i][j].Float64()
		return x
	}, v)
	var within mat.Dense // V = FB
	if err := within.Solve(minimiser.Left.Basis, v); err != nil {
		w.Rule = l.unbounded(p, errDefect)
		return w
	}
	turned := float64(16*len(columns)) * dense.Roundoff * mat.Cond(minimiser.Left.Basis, 2)
	space := subspace.Span(at.left.Representation(&within), len(columns[0]), at.formError+turned)
	c := at.onCone()
	size := mat.Norm(at.m, 2)
	if size == 0 {
		w.Rule = "none: the candidate is 0"
		return w
	}
	outside := mat.Norm(space.Off(at.m), 2)
	slack := c.removed + (2*space.Error+at.formError)*size
	values, _ := dense.Eigen(at.m)
	least := at.least()
	if at.own != nil {
		least *= at.own.Modulus
	}
	for tolerance := part * size / 8; ; tolerance /= 64 {
		e, err := c.positive.bounded(tolerance * least)
		if err != nil {
			w.Rule = l.unbounded(p, err)
			return w
		}
		w.Epsilon, w.Rule = c.distance(e)+slack, e.Rule
		w.Defect = (outside + w.Epsilon) / size
		w.Rank = above(values, w.Epsilon)
		switch {
		case outside > w.Epsilon:
			w.Containment = Refuted
			return w
		case w.Defect <= part:
			w.Containment = Holds
			return w
		case tolerance <= finest*at.sum.Scale():
			return w
		}
	}
}
