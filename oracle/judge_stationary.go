package oracle

import (
	"cmp"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"

	"gonum.org/v1/gonum/mat"
)

// JudgeStationary says of a point that descent over representations of one modality found, where the gradient of the loss over A has
// so small a norm (whitened), whether it lies in the Fisher subspace. That is a verdict on the point, of grade Estimated: nothing ties it to a minimum, and it may have fewer columns
// than the subspace has dimensions. Defect is ‖QM‖_F/‖M‖_F. It refuses pairs that the loss is not judged for, with
// gmm.ErrOtherModel.
func JudgeStationary(l Loss, p gmm.Pairs, m gmm.Form, gradient float64) (Findings, error) {
	if err := l.AdmitStationary(p); err != nil {
		return Findings{}, err
	}
	f := unjudged(l, p, Candidates{Free: m})
	f.Evidence.Grade, f.Evidence.stationary = Estimated, true
	f.Evidence.Rule = fmt.Sprintf("none: a stationary point to ‖∇L(A)‖ = %.1g, which nothing ties to a minimum", gradient)
	outside, err := l.outside(p, m)
	if err != nil {
		return Findings{}, err
	}
	if f.Sides[0].Defect = outside; outside <= nearlyContained && gradient <= nearlyStationary {
		f.Sides[0].Containment = Holds
	}
	return f, nil
}

// AdmitStationary refuses pairs of which JudgeStationary says nothing: those that the loss is not judged for, of two modalities, and, where the loss
// depends on more than their mean, of own covariances, as containment is no theorem there.
func (l Loss) AdmitStationary(p gmm.Pairs) error {
	return cmp.Or(l.admits(p), p.WantOneModality(), l.wantShared(p))
}

// nearlyStationary is the gradient norm, whitened, up to which a point that
// descent found counts as stationary: idle columns make it stall before rounding does.
const nearlyStationary = 1e-6

// nearlyContained is the share of its size by which a stationary point that
// descent found may leave S_F: descent over A ends near 1e-8.
const nearlyContained = 1e-5

// OutsideFisher returns ‖QM‖_F/‖M‖_F in whitened coordinates of one modality whose components share a covariance, Q the projector off
// the Fisher subspace: 0 iff Col(M) ⊆ S_F, and 0 for M = 0.
func OutsideFisher(p gmm.Pairs, m gmm.Form) (float64, error) {
	if err := p.WantSingle(); err != nil {
		return math.Inf(1), err
	}
	return InfoNCE.outside(p, m)
}

func (l Loss) outside(p gmm.Pairs, m gmm.Form) (float64, error) {
	at, err := see(l, p, m, nil)
	if err != nil {
		return math.Inf(1), err
	}
	size := mat.Norm(at.m, 2)
	if size == 0 {
		return 0, nil
	}
	return mat.Norm(subspace.FisherIn(at.left, p.Left.FisherDimension()).Off(at.m), 2) / size, nil
}
