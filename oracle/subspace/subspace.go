// Package subspace has the subspaces that claims compare: Fisher's, those of SVD and LDA, and random ones, with
// bounds of their errors; principal angles, and the Fisher discriminant.
package subspace

import (
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Subspace is a linear subspace of R^d, in the coordinates of what it is made of. The zero value is {0}.
type Subspace struct {
	// Basis is orthonormal to rounding, d×s; nil for {0}.
	Basis *mat.Dense
	// Error bounds the sine of the largest angle between the span of Basis and the
	// subspace that it stands for; 1 where nothing is known.
	Error float64
}

// Dimension returns s.
func (s Subspace) Dimension() int {
	if s.Basis == nil {
		return 0
	}
	_, columns := s.Basis.Dims()
	return columns
}

// Fisher returns S_F = span{Σ⁻¹μ_k} in original coordinates. Its error comes from the residuals
// of Σ⁻¹μ_k, in double-double, by way of λ_min(Σ), and from Wedin's theorem.
func Fisher(m *gmm.Mixture) Subspace {
	s := m.FisherDimension()
	if s == 0 {
		return Subspace{}
	}
	return Span(precisionColumns(m), s, precisionError(m))
}

// FisherIn returns the span of the whitened means, of s dimensions. Where those are all there are, and so in a
// Fisher frame, it is everything.
func FisherIn(v *whitened.Mixture, s int) Subspace {
	switch m := len(v.W); {
	case s == m:
		return Subspace{Basis: dense.Identity(m)}
	case s > m: // too few covectors
		return Subspace{Basis: dense.Identity(m), Error: 1}
	}
	return Span(v.Means, s, v.MeanError)
}

// CentredIn returns the span of the whitened means less their mean, of s dimensions.
func CentredIn(v *whitened.Mixture, s int) Subspace {
	centred, off := v.Centred(), v.MeansOff()
	lengths := dense.ColumnNorms(centred)
	mean, longest := 0.0, slices.Max(dense.ColumnNorms(v.Means)) // errors of μ̄ and of subtracting it
	for k, w := range v.Weights {
		mean += w * off[k]
	}
	mean += float64(len(off)+4) * dense.Roundoff * longest
	kept, relative := []int{}, 0.0
	const certain = 2 // a difference shorter than twice its error points nowhere
	for k, length := range lengths {
		if e := off[k] + mean; length > certain*e {
			kept, relative = append(kept, k), max(relative, e/length)
		}
	}
	if len(kept) < s {
		return Subspace{Basis: dense.Identity(len(v.W)), Error: 1}
	}
	columns := mat.NewDense(len(v.W), len(kept), nil)
	for c, k := range kept {
		columns.SetCol(c, mat.Col(nil, k, centred))
	}
	return Span(columns, s, relative)
}

// Span is the space of the s leading directions of vectors, columns, each of which is off
// by at most the given part of its length.
func Span(vectors *mat.Dense, s int, relative float64) Subspace {
	if s == 0 {
		return Subspace{}
	}
	m, k := vectors.Dims()
	lengths := dense.ColumnNorms(vectors)
	unit := new(mat.Dense)
	unit.Apply(func(_, j int, x float64) float64 { return x / max(lengths[j], math.SmallestNonzeroFloat64) }, vectors)
	u, values, _ := dense.SVD(unit)
	// Wedin's theorem: each column is off by that part of its unit length.
	off := (relative + float64(4*(m+k))*dense.Roundoff) * math.Sqrt(float64(k))
	values = append(values, 0)
	sine := 1.0
	if gap := values[s-1] - values[s] - off; gap > 0 {
		sine = min(1, 2*off/gap)
	}
	return Subspace{dense.Columns(u, 0, s), sine}
}

// Off returns QM, Q the projector off the space.
func (s Subspace) Off(m *mat.Dense) *mat.Dense {
	if s.Basis == nil {
		return mat.DenseCopyOf(m)
	}
	var inside, kept, out mat.Dense
	inside.Mul(s.Basis.T(), m)
	kept.Mul(s.Basis, &inside)
	out.Sub(m, &kept)
	return &out
}

// precisionColumns returns Σ⁻¹U, d×K.
func precisionColumns(m *gmm.Mixture) *mat.Dense {
	columns := mat.NewDense(m.Dimension(), m.Components(), nil)
	for k, row := range m.Gram().Precision {
		for i, x := range row {
			columns.Set(i, k, x.Float64())
		}
	}
	return columns
}

// precisionError bounds the relative error of the columns x_k ≈ Σ⁻¹μ_k: rounding
// to float64, and ‖μ_k − Σx_k‖/λ_min(Σ).
func precisionError(m *gmm.Mixture) float64 {
	sigma, mu := m.DoubledCovariance(), m.DoubledMeans()
	d := len(sigma)
	var trace float64
	for i := range d {
		trace += sigma[i][i].Hi
	}
	worst := 0.0
	residual := make([]dd.Number, d)
	for k, x := range m.Gram().Precision {
		size := dd.Norm(x)
		if size == 0 {
			continue
		}
		for i := range d {
			residual[i] = mu[k][i].Sub(dd.Dot(sigma[i], x))
		}
		rounding := 8 * float64(d+2) * dd.Epsilon * (dd.Norm(mu[k]) + trace*size)
		worst = math.Max(worst, (dd.Norm(residual)+rounding)/(m.LeastVariance()*size))
	}
	return worst + 2*dense.Roundoff
}
