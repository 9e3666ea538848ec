package noncontrastive

import (
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// moments are those of pairs of one modality, in rationals and original coordinates.
type moments struct {
	within rational.Matrix // Σ̄, d×d
	second rational.Matrix // S₂, d×d
	pair   rational.Matrix // T_δ, d×d
	fisher rational.Matrix // a basis of S_F, s rows
}

// momentsOf returns those of p, or gmm.ErrOtherModel for two modalities.
func momentsOf(p gmm.Pairs) (moments, error) {
	if err := p.WantOneModality(); err != nil {
		return moments{}, err
	}
	e, d := p.Left.Exact(), p.Left.Dimension()
	m := moments{within: rational.New(d, d), second: rational.New(d, d), pair: rational.New(d, d)}
	mean, delta := e.Mean(), p.ExactDelta()
	rest := new(big.Rat).Sub(big.NewRat(1, 1), delta)
	for i := range d {
		for j := range d {
			for k, w := range e.Weights {
				if e.Covariances != nil {
					m.within[i][j].Add(m.within[i][j], times(w, e.Covariances[k][i][j]))
				}
				m.pair[i][j].Add(m.pair[i][j], times(w, times(e.Means[k][i], e.Means[k][j])))
			}
			if e.Covariances == nil {
				m.within[i][j].Set(e.Covariance[i][j])
			}
			m.second[i][j].Add(m.within[i][j], m.pair[i][j])
			m.pair[i][j].Add(times(delta, m.pair[i][j]), times(rest, times(mean[i], mean[j])))
		}
	}
	m.fisher, _ = p.Left.ExactFisherBasis()
	return m, nil
}

// noise is the part of A that a metric has off S_F: QA for the projector Q off S_F that is orthogonal in it. S₂ and Σ̄ have the same.
func (m moments) noise(metric rational.Matrix, columns rational.Matrix) rational.Matrix {
	if len(m.fisher) == 0 {
		return columns
	}
	inverse := rational.Inverse(form(metric, m.fisher, m.fisher))
	out := rational.New(len(columns), len(metric))
	for c, a := range columns {
		weights := inverse.Apply(forms(metric, m.fisher, a))
		for i := range a {
			out[c][i].Set(a[i])
			for j, v := range m.fisher {
				out[c][i].Sub(out[c][i], times(weights[j], v[i]))
			}
		}
	}
	return out
}

// form is XSYᵀ, for rows of X and Y.
func form(s, x, y rational.Matrix) rational.Matrix {
	out := rational.New(len(x), len(y))
	for j, v := range y {
		for i, value := range forms(s, x, v) {
			out[i][j] = value
		}
	}
	return out
}

// forms are xᵀSy for the rows x of X.
func forms(s, x rational.Matrix, y []*big.Rat) (out []*big.Rat) {
	image := s.Apply(y)
	for _, v := range x {
		out = append(out, rational.Dot(v, image))
	}
	return out
}

// columnsOf are those of a matrix of finite numbers, as rows of rationals.
func columnsOf(a *mat.Dense) rational.Matrix {
	d, r := a.Dims()
	out := rational.New(r, d)
	for j := range r {
		for i := range d {
			out[j][i].SetFloat64(a.At(i, j))
		}
	}
	return out
}

func times(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }

func rounded(x *big.Rat) float64 {
	value, _ := x.Float64()
	return value
}
