package solver

import (
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// infonce is the InfoNCE loss as a function of a symmetric M in m whitened
// coordinates, turned so that W = I + C is diagonal. With h the loss of the softmax
// (type anchored), whose anchors and partners are both the mixture's points,
//
//	f(M)       = ½⟨M², W⟩ + h(M)
//	∇f(M)      = ½(MW + WM) + sym ∇h(M)
//	D²f(M)[V]  = ½(VW + WV) + sym D²h(M)[V]
type infonce struct {
	anchored
	metric
	inputError float64 // relative error of the means

	// sensitivity bounds how an error e of every E_j p_k and E_j t_i p_k moves the
	// gradient in the norm ‖·‖_d: the gradient is a sum of products a bᵀ, and
	// ‖sym a bᵀ‖_d ≤ |W^{−¼}a| |W^{−¼}b|.
	sensitivity float64
	measure     measure
}

// newInfoNCE states the loss of p in whitened coordinates. It also returns the
// m×m rotation whose columns are the diagonalising directions.
func newInfoNCE(p gmm.Pairs, w gmm.Whitened) (*infonce, *mat.Dense) {
	return stateInfoNCE(p.Weights(), p.LogWeights(), p.Delta(), w.Means, w.Error)
}

// stateInfoNCE is newInfoNCE of whitened means, m×K, with their relative error.
func stateInfoNCE(weights, logWeights []float64, delta float64, means *mat.Dense, inputError float64) (*infonce, *mat.Dense) {
	f := &infonce{inputError: inputError,
		anchored: anchored{weights: weights, logWeights: logWeights, delta: delta, cores: 1, choose: (*quadrature.Rule).Choose}}
	scatter, rotation := eigen(gmm.RawScatter(f.weights, means))
	f.second = scatter
	for i, c := range scatter {
		f.second[i] = 1 + max(0, c)
	}
	f.means = new(mat.Dense)
	f.means.Mul(rotation.T(), means)
	f.centred = centredColumns(f.weights, f.means)
	f.sensitivity = f.sensitivityIn(f.second, f.second)
	rng := rand.New(rand.NewPCG(gaugeSeed, 0))
	f.measure = f.measured(f.sensitivity, f.second, f.second, func() *mat.Dense { return f.functional(rng) }, f.symmetricNorm)
	return f, rotation
}

// point is the loss's gradient at M, and what further evaluations there need.
type point struct {
	place
	f *infonce
	softmaxPoint
	over  averages
	steps int  // Newton steps that led here
	spent bool // the budget ended them

	hasLoss         bool // the loss and its error, once computed
	loss, lossError float64
}

// storage holds one point and all that it needs, and is used again for another.
type storage struct {
	point  point
	memory arena
}

// at evaluates the gradient at M, aiming at an error of tolerance in the norm
// ‖·‖_d. The point lives in s until the next use of s.
func (f *infonce) at(s *storage, m *mat.Dense, tolerance float64) (*point, error) {
	s.memory.reset()
	pt := &s.point
	*pt = point{f: f, place: place{m: s.memory.copyOf(m), tolerance: tolerance, whole: pt}, softmaxPoint: pt.softmaxPoint}
	over, err := f.averageAt(&pt.softmaxPoint, &s.memory, pt.m, f.measure, tolerance)
	if err != nil {
		return nil, err
	}
	pt.over = over
	pt.gradient = f.gradient(&s.memory, pt.directions, over)
	f.addQuadratic(pt.gradient, pt.m)
	pt.norm, pt.place.nodes = f.dualNorm(pt.gradient), pt.softmaxPoint.nodes()
	pt.place.blur = pt.softmaxPoint.blur()
	pt.err = pt.ruleError(f.sensitivity) + f.roundingError(pt)
	return pt, nil
}

// value returns f(M) and an estimate of its error.
func (pt *point) value() (value, err float64) {
	if !pt.hasLoss {
		pt.loss, pt.lossError = pt.computeValue()
		pt.hasLoss = true
	}
	return pt.loss, pt.lossError
}

func (pt *point) computeValue() (value, err float64) {
	f := pt.f
	logs, off := f.meanLogs(&pt.softmaxPoint, pt.tolerance)
	var quadratic, size float64
	for i := range f.second {
		for j := range f.second {
			square := f.second[i] * pt.m.At(i, j) * pt.m.At(i, j) / 2
			quadratic += square
			size += square
		}
	}
	rest, terms := f.average(pt.m, logs)
	size += terms
	return quadratic + rest, off + f.operations()*unitRoundoff*size
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// operations is a generous count of the roundings that one entry of the gradient sees.
func (f *infonce) operations() float64 {
	m, k := f.means.Dims()
	return float64(2*m + 4*k + 16)
}

// roundingError estimates the effect of rounding and of the error of the
// whitened means on the gradient, in the norm ‖·‖_d.
func (f *infonce) roundingError(pt *point) float64 {
	relative := f.operations()*unitRoundoff + f.inputError
	moves, size := pt.byExponents(f.sensitivity)
	// ‖½(WM + MW)‖_d is the norm dual to it of M.
	return relative * (moves*size*pt.magnification() + f.primalNorm(pt.m))
}
