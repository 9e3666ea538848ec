package solver

import (
	"math"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// zero is M = 0.
func (f *infonce) zero() *mat.Dense {
	m, _ := f.means.Dims()
	return mat.NewDense(m, m, nil)
}

// startFrom returns the given matrix in the coordinates of f, or M = 0 where that
// is nearer to stationary: a start may come from a very different mixture, whose
// softmax here is too steep to integrate.
func (f *infonce) startFrom(ws *Workspace, mixture *gmm.Mixture, w gmm.Whitened, rotation *mat.Dense, given *mat.Dense) *mat.Dense {
	var half, start mat.Dense
	half.Mul(rotation.T(), w.Restriction(mixture, given))
	start.Mul(&half, rotation)
	symmetrise(&start)
	if size := mat.Norm(&start, 2); math.IsNaN(size) || math.IsInf(size, 0) {
		return f.zero()
	}
	ws.prepare()
	pt, err := f.at(ws.there, &start, f.coarsest())
	if err != nil || !(pt.norm < f.normAtZero()) {
		return f.zero()
	}
	return &start
}

// normAtZero is ‖∇f(0)‖_d = δ‖B‖_d.
func (f *infonce) normAtZero() float64 {
	var b mat.Dense
	b.Mul(weightedColumns(f.centred, f.weights), f.centred.T())
	return f.delta * f.dualNorm(&b)
}
