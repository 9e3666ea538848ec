package solver

import (
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// Method is a way to minimise a loss.
type Method int

// The methods.
const (
	// Reduced solves inside the Fisher subspaces, in s dimensions, from M = 0 or a given start. Where
	// components have their own covariances, which may draw the minimum out of them, it is Blind.
	Reduced Method = iota
	// Blind solves over all dimensions, from a random matrix of full rank. It neither computes nor uses the Fisher
	// subspaces: whether the minimiser lies there is for others to judge.
	Blind
	// Factored solves over representations A_L and A_R with Columns columns, as losses are stated, over all dimensions:
	// L-BFGS from random starts, the best of them polished by a trust-region Newton method. With enough columns that
	// has the minimum of the convex problem; with fewer what is found is the best stationary point.
	Factored
)

// String is the method's word in outputs.
func (m Method) String() string { return [...]string{"reduced", "blind", "literal"}[m] }

// Options steer a solve. The zero value asks for the defaults.
type Options struct {
	Method Method
	// Columns and Starts are those of Factored, which panics unless both are ≥ 1.
	Columns, Starts int
	// Tolerance is the total error of the gradient that is aimed at, in
	// whitened coordinates: > 0. Zero means 1e-10 for K ≤ 5 components, 1e-8 for K ≤ 8,
	// 1e-6 for K ≤ 16, else 1e-5, and for K > 8 ten times that where it takes more than 2¹⁷ nodes or 2²⁵/K²; where that needs too many nodes, errors are larger and say so.
	// Where the components barely differ it is relative to ‖∇f(0)‖ < 1. Of closed forms, which rounding alone limits, zero means 1e-14.
	Tolerance float64
	// Oversampling multiplies the number of quadrature points along each
	// direction, to check a result by a finer rule: ≥ 1. Zero means 1.
	Oversampling int
	// Seed determines random starts. Reduced does not use it.
	Seed uint64
	// Cores is how many goroutines share the quadrature nodes of one evaluation,
	// which pays for problems of four components or more: ≥ 1. Zero means 1. The
	// result does not depend on it.
	Cores int
	// Limit multiplies the work that a solve may spend before it ends with what it has, and says so in
	// Rule: > 0. Zero means 1, some half a minute on two cores.
	Limit float64
	// Start is where Reduced begins in one modality, d×d in original coordinates; the minimum of a
	// neighbouring mixture saves most of the steps. The part of it that the Fisher
	// subspace sees is used, unless M = 0 is nearer to stationary. nil means M = 0.
	// The loss is strongly convex, so minima differ by no more than their
	// DistanceBounds whatever the start. Minimise panics if it has another shape.
	Start *mat.Dense
}

// tolerance resolves the default: quadrature beyond four directions cannot pay for ten digits.
func (o Options) tolerance(f *term.Sum) float64 {
	components := len(f.Law.Weights)
	switch {
	case o.Tolerance > 0:
		return o.Tolerance
	case f.Exact():
		return 1e-14
	case components <= 5:
		return 1e-10
	case components <= 8:
		return 1e-8
	case components <= 16:
		return 1e-6
	}
	return 1e-5
}

// thrifty tells whether the default tolerance of so many components gives way to the number of nodes: their verdicts rest on samples, whose errors are far larger.
func (o Options) thrifty(components int) bool { return o.Tolerance == 0 && components > 8 }
