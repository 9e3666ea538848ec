package waves

import (
	"math"
	"math/cmplx"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Share is the law of one of the independent parts of a score.
type Share interface {
	// exponent is log E e^{θt}.
	exponent(theta complex128) complex128
	moments() (mean, variance float64)
}

// product is mean + aξ + bη + sξη of independent normal ξ and η.
type product struct{ mean, a, b, s float64 }

func (p product) exponent(theta complex128) complex128 {
	square := theta * theta
	divisor := 1 - square*complex(p.s*p.s, 0)
	cubic := theta * square * complex(p.s*p.a*p.b, 0)
	return theta*complex(p.mean, 0) - cmplx.Log(divisor)/2 + (square*complex((p.a*p.a+p.b*p.b)/2, 0)+cubic)/divisor
}

func (p product) moments() (mean, variance float64) { return p.mean, p.a*p.a + p.b*p.b + p.s*p.s }

// square is −½ of the square of a normal number, of this variance and the square of its mean; both may be of either sign, but of the same.
type square struct{ variance, of float64 }

func (q square) exponent(theta complex128) complex128 {
	divisor := 1 + theta*complex(q.variance, 0)
	return -cmplx.Log(divisor)/2 - theta*complex(q.of/2, 0)/divisor
}

func (q square) moments() (mean, variance float64) {
	return -(q.of + q.variance) / 2, q.variance*q.variance/2 + q.variance*q.of
}

// Seen factors the covariances as RRᵀ: t = (x + Rξ)ᵀ(v + R'η) is the sum of xᵀv, of linear terms and of ξᵀRᵀR'η, which singular vectors take apart.
func (n Independent) Seen(ofX, ofV *mat.Dense) func(x, v []float64) ([]Share, float64) {
	rootX, rootV := root(ofX, n.X), root(ofV, n.V)
	var memory dense.Arena
	u, s, wt := dense.Singular(&memory, dense.Times(rootX.T(), rootV))
	alongX, alongV := dense.Times(rootX, u), dense.Times(rootV, wt.T())
	return func(x, v []float64) (shares []Share, constant float64) {
		for i, si := range s {
			shares = append(shares, product{a: dense.Dot(mat.Col(nil, i, alongX), v), b: dense.Dot(mat.Col(nil, i, alongV), x), s: si})
		}
		return shares, dense.Dot(x, v)
	}
}

// Seen turns the covariance of v into its eigenvectors; x is −½v.
func (n Halved) Seen(_, ofV *mat.Dense) func(x, v []float64) ([]Share, float64) {
	variances, vectors := dense.Eigen(ofV)
	return func(_, v []float64) (shares []Share, constant float64) {
		for i, variance := range variances {
			along := dense.Dot(mat.Col(nil, i, vectors), v)
			shares = append(shares, square{variance: n.V * max(0, variance), of: along * along})
		}
		return shares, 0
	}
}

// root is R with RRᵀ = factor·S.
func root(s *mat.Dense, factor float64) *mat.Dense {
	values, vectors := dense.Eigen(s)
	for i := range values {
		values[i] = factor * max(0, values[i])
	}
	return dense.RootColumns(vectors, values)
}

// Score is the law of t under one label: of the sum of its shares and a constant.
type Score struct {
	Weight, Constant float64
	Shares           []Share
}

// exponent is log E e^{θt}.
func (t Score) exponent(theta complex128) complex128 {
	z := theta * complex(t.Constant, 0)
	for _, share := range t.Shares {
		z += share.exponent(theta)
	}
	return z
}

// moments are E t and its variance.
func (t Score) moments() (mean, variance float64) {
	mean = t.Constant
	for _, share := range t.Shares {
		m, v := share.moments()
		mean += m
		variance += v
	}
	return mean, variance
}

// Rate is how large scores can be: the size of the mean of t and a few standard deviations.
func Rate(scores []Score) float64 {
	const deviations = 4
	var rate float64
	for _, t := range scores {
		mean, variance := t.moments()
		rate = max(rate, math.Abs(mean)+deviations*math.Sqrt(variance))
	}
	return rate
}
