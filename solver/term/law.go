package term

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// MostComponents is far beyond what tensor rules serve, and bounds K: sparse grids and lattices take half a minute at a hundred. It keeps the exact rank of
// the means of a mislabelled table from being computed in vain.
const MostComponents = 128

// Law is the law of pairs as terms see it, in whitened coordinates, with what evaluations may spend. In one
// modality Left and Right are the same.
type Law struct {
	Weights, LogWeights []float64
	// Delta is the probability that a pair shares its component.
	Delta       float64
	Left, Right *Side

	Cores  int // goroutines that share the nodes of one evaluation
	Budget *descent.Budget
	Choose Choice
	// Thrifty sparse grids end with ten times the tolerance where a digit more would take many nodes: more than 2¹⁷, and 2²⁵/K².
	Thrifty bool
}

// Choice picks a quadrature, so that tests can plant a wrong one.
type Choice func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error

// Oversampled chooses rules of so many times the points along each direction.
func Oversampled(times int) Choice {
	return func(rule *quadrature.Rule, ranges []float64, tolerance float64, limit int) error {
		err := rule.Choose(ranges, tolerance, limit)
		if times > 1 {
			*rule = rule.Refine(times)
		}
		return err
	}
}

// Symmetric tells whether pairs are of one modality, so that M is symmetric.
func (l *Law) Symmetric() bool { return l.Left == l.Right }

// Swapped is the law of (y, x).
func (l *Law) Swapped() *Law {
	out := *l
	out.Left, out.Right = l.Right, l.Left
	return &out
}

// sides returns one side, or both.
func (l *Law) sides() []*Side {
	if l.Symmetric() {
		return []*Side{l.Left}
	}
	return []*Side{l.Left, l.Right}
}

// operations is a generous count of the roundings that one entry of a softmax's gradient sees.
func (l *Law) operations() float64 {
	dimensions := 0
	for _, side := range l.sides() {
		dimensions += len(side.Second)
	}
	return float64(2*dimensions + 4*len(l.Weights) + 16)
}

// inputError is the relative error of the means.
func (l *Law) inputError() float64 {
	var sum float64
	for _, side := range l.sides() {
		sum += side.Error
	}
	return sum
}

// Side is one modality in whitened coordinates, turned so that W = I + C is diagonal.
type Side struct {
	Means    *mat.Dense // m×K
	Second   []float64  // m, the diagonal of W
	Rotation *mat.Dense // the turned directions, as columns in the coordinates before
	Error    float64    // relative, of the means and covariances
	// Covariances, m×m, are those of the components with their roots RRᵀ; nil where all are I.
	Covariances, Roots []*mat.Dense
	// Modulus is a c ≤ 1 with all covariances ⪰ cI.
	Modulus float64
}

// NewSide turns a whitened mixture, whose means are not nil.
func NewSide(weights []float64, w gmm.Whitened) *Side {
	s := &Side{Means: w.Means, Error: w.Error, Modulus: w.LeastEigenvalue}
	for k, t := range w.Covariances {
		s.Covariances = append(s.Covariances, mat.DenseCopyOf(t))
		s.Error = max(s.Error, w.CovarianceErrors[k]/mat.Norm(t, 2))
	}
	scatter, rotation := dense.Eigen(gmm.RawScatter(weights, w.Means))
	return s.seenAlong(rotation, scatter)
}

// seenAlong is the side of Bᵀx for an orthonormal B for which C is diagonal.
func (s *Side) seenAlong(basis *mat.Dense, scatter []float64) *Side {
	out := &Side{Means: dense.Times(basis.T(), s.Means), Second: scatter, Rotation: basis, Error: s.Error, Modulus: s.Modulus}
	for i, c := range scatter {
		out.Second[i] = 1 + max(0, c)
	}
	for _, t := range s.Covariances {
		inner := dense.Times(basis.T(), dense.Times(t, basis))
		dense.Symmetrise(inner)
		values, vectors := dense.Eigen(inner)
		out.Covariances = append(out.Covariances, inner)
		out.Roots = append(out.Roots, dense.RootColumns(vectors, values))
	}
	return out
}

// Within restricts the side to the subspace of the s directions that its means span best, whatever their lengths: M
// there is BNBᵀ, N as a function of which has this side.
func (s *Side) Within(weights []float64, directions int) *Side {
	var unit mat.Dense
	unit.Apply(func(_, j int, x float64) float64 {
		if x == 0 { // as all of a column may be
			return 0
		}
		return x / mat.Norm(s.Means.ColView(j), 2)
	}, s.Means)
	var memory dense.Arena
	u, _, _ := dense.Singular(&memory, &unit)
	rows, _ := u.Dims()
	basis := mat.DenseCopyOf(u.Slice(0, rows, 0, directions))
	scatter, turn := dense.Eigen(gmm.RawScatter(weights, dense.Times(basis.T(), s.Means)))
	turned := dense.Times(basis, turn)
	out := s.seenAlong(turned, scatter)
	out.Rotation = dense.Times(s.Rotation, turned)
	return out
}

// centredColumns returns the columns of a less their mean of the given weights.
func centredColumns(weights []float64, a *mat.Dense) *mat.Dense {
	mean, out := gmm.Mean(weights, a), mat.DenseCopyOf(a)
	for i, m := range mean.RawVector().Data {
		floats.AddConst(-m, out.RawRowView(i))
	}
	return out
}
