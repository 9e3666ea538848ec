package tables

import (
	"errors"
	"math"
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Shrinkage says how far a pooled covariance S, d×d, is drawn towards a multiple of
// the identity before it becomes a mixture's:
//
//	Σ = (1 − λ) S + λ m I,   m = tr S / d,   0 ≤ λ ≤ 1.
//
// For λ > 0 that is positive definite even where S is singular, unless S = 0. λ = 0
// leaves S alone. The target makes the units of the coordinates matter. The zero
// value is λ = 0.
type Shrinkage struct {
	lambda *big.Rat // nil is 0
	auto   bool
}

// LedoitWolf chooses λ from the samples (Table.LedoitWolf).
var LedoitWolf = Shrinkage{auto: true}

// ParseShrinkage reads "auto", which is LedoitWolf, or a decimal or fraction in
// [0, 1]. It refuses others with a gmm.InputError (gmm.ErrNumber).
func ParseShrinkage(text string) (Shrinkage, error) {
	if text == "auto" {
		return LedoitWolf, nil
	}
	lambda, err := gmm.ParseNumber(text)
	var refusal *gmm.InputError
	if errors.As(err, &refusal) {
		refusal.Expected += ` in [0, 1], or "auto"`
		return Shrinkage{}, refusal
	}
	if lambda.Sign() < 0 || lambda.Cmp(big.NewRat(1, 1)) > 0 {
		return Shrinkage{}, &gmm.InputError{Expected: `a number in [0, 1], or "auto"`, Found: gmm.FormatNumber(lambda), Reason: gmm.ErrNumber}
	}
	return Shrinkage{lambda: lambda}, nil
}

// Auto tells whether λ is chosen from the samples.
func (s Shrinkage) Auto() bool { return s.auto }

// none tells whether S is left alone.
func (s Shrinkage) none() bool { return !s.auto && (s.lambda == nil || s.lambda.Sign() == 0) }

// LedoitWolf returns the λ in [0, 1] that Ledoit and Wolf estimate to bring Σ closest
// to the covariance that n chosen samples of d coordinates come from, in Frobenius norm:
//
//	λ = min(β, δ²) / δ²,   β = (1/n²) Σ_i ‖x_i x_iᵀ − S‖²_F,   δ² = ‖S − (tr S/d) I‖²_F,
//
// x_i being sample i less the mean of its class among the chosen ones and S = (1/n) Σ_i x_i x_iᵀ
// their pooled covariance; the divisor is n, as in Fit, not n − K. Where δ² = 0, λ = 0. A
// rotation of the coordinates, or another unit common to all, leaves λ alone. It panics
// if an index is out of range.
//
// O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance
// matrices", Journal of Multivariate Analysis 88 (2004) 365–411, section 3.3.
func (t *Table) LedoitWolf(samples []int) float64 {
	of := classed{samples, t.Class, len(t.Classes)}
	return t.ledoitWolf(of, t.numbers.moments(of))
}

func (t *Table) ledoitWolf(of classed, e moments) float64 {
	d := len(e.Covariance)
	s := mat.NewSymDense(d, nil)
	for i, row := range e.Covariance {
		for j := range i + 1 {
			x, _ := row[j].Float64()
			s.SetSym(i, j, x)
		}
	}
	distance := mat.NewSymDense(d, nil) // S − (tr S/d) I
	distance.CopySym(s)
	for i := range d {
		distance.SetSym(i, i, s.At(i, i)-mat.Trace(s)/float64(d))
	}
	squared := math.Pow(mat.Norm(distance, 2), 2)
	if !(squared > 0) {
		return 0
	}
	// Σ_i ‖x_i x_iᵀ − S‖² = Σ_i ‖x_i‖⁴ − n‖S‖², as Σ_i x_iᵀSx_i = n‖S‖².
	n := float64(len(of.samples))
	spread := -n * math.Pow(mat.Norm(s, 2), 2)
	residual := t.numbers.residuals(of, e.Means)
	for _, i := range of.samples {
		x := residual(i)
		spread += math.Pow(floats.Dot(x, x), 2)
	}
	return min(max(spread, 0)/(n*n), squared) / squared
}

// shrink replaces a covariance S by (1 − λ) S + λ (tr S/d) I.
func shrink(covariance [][]*big.Rat, lambda *big.Rat) {
	trace := new(big.Rat)
	for i, row := range covariance {
		trace.Add(trace, row[i])
	}
	target := trace.Mul(trace, lambda)
	target.Quo(target, new(big.Rat).SetInt64(int64(len(covariance))))
	kept := new(big.Rat).Sub(big.NewRat(1, 1), lambda)
	for i, row := range covariance {
		for j := range i + 1 {
			x := new(big.Rat).Mul(kept, row[j])
			if i == j {
				x.Add(x, target)
			}
			covariance[i][j], covariance[j][i] = x, x
		}
	}
}

// of returns λ for samples of moments e.
func (s Shrinkage) of(t *Table, of classed, e moments) *big.Rat {
	switch {
	case s.auto:
		return new(big.Rat).SetFloat64(t.ledoitWolf(of, e))
	case s.lambda == nil:
		return new(big.Rat)
	}
	return new(big.Rat).Set(s.lambda)
}
