package own

import (
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// View is the gradient at a Place in float64, in coordinates in which Σ̄ = LLᵀ is I. It finds directions in which the first-order condition may be violated, and proves
// nothing.
type View struct {
	lower    *mat.TriDense // L
	gradient *mat.Dense    // L⁻¹∇f L⁻ᵀ, d×d
	inside   *mat.Dense    // of S_F, d×s, orthonormal columns
	seen     *mat.Dense    // of the range of M, d×q, orthonormal columns within S_F
	pull     *mat.Dense    // LᵀVN
}

// NewView returns that of a place whose N has the rank q; ok is false where float64 does not suffice.
func (p Place) NewView(q int) (v View, ok bool) {
	d, s := len(p.whole.Means[0]), p.dimension()
	mean := mat.NewSymDense(d, nil)
	for k, covariance := range p.whole.Covariances {
		w, _ := p.Weights[k].Float64()
		mean.AddSym(mean, scaled(w, covariance))
	}
	var chol mat.Cholesky
	if !chol.Factorize(mean) {
		return v, false
	}
	v.lower = new(mat.TriDense)
	chol.LTo(v.lower)
	var basis, half mat.Dense
	basis.Mul(v.lower.T(), floats(p.basis.Transposed()))
	v.pull = new(mat.Dense)
	v.pull.Mul(&basis, floats(p.form))
	v.inside, v.seen = orthonormal(&basis, s), orthonormal(v.pull, q)
	v.gradient = new(mat.Dense)
	if half.Solve(v.lower, p.gradient()) != nil || v.gradient.Solve(v.lower, half.T()) != nil || v.inside == nil || v.seen == nil {
		return v, false
	}
	return v, !math.IsNaN(mat.Norm(v.gradient, 2))
}

func scaled(w float64, rows rational.Matrix) *mat.SymDense {
	out := mat.NewSymDense(len(rows), nil)
	for i, row := range rows {
		for j := i; j < len(rows); j++ {
			x, _ := row[j].Float64()
			out.SetSym(i, j, w*x)
		}
	}
	return out
}

// gradient is ∇f = −T + sym Σ_jk w_j A_j E_j[(1, t)(1, t)ᵀp_k] B_kᵀ, E[x|t] = A_j(1, t), μ_k + Σ_kMx = B_k(1, t).
func (p Place) gradient() *mat.Dense {
	d, s := len(p.whole.Means[0]), p.dimension()
	out := mat.NewDense(d, d, nil)
	delta, _ := p.Delta.Float64()
	average := mat.NewVecDense(d, nil)
	var points, covers, pulls []*mat.Dense // A_j, B_k
	for k, mean := range p.whole.Means {
		w, _ := p.Weights[k].Float64()
		mu, image := floats(rational.Matrix{mean}).RowView(0), p.images[k].Transposed()
		average.AddScaledVec(average, w, mu)
		var outer mat.Dense
		outer.Outer(-delta*w, mu, mu)
		out.Add(out, &outer)
		regression := floats(image.Times(rational.Inverse(p.Spreads[k])))
		var centre, point, cover mat.Dense
		centre.Mul(regression, floats(rational.Matrix{p.Means[k]}.Transposed()))
		centre.Sub(mu, &centre)
		point.Augment(&centre, regression)
		cover.Augment(mu, floats(image.Times(p.form)))
		points, covers = append(points, &point), append(covers, &cover)
		pulls = append(pulls, mat.NewDense(d, 1+s, nil))
	}
	var square mat.Dense
	square.Outer(delta-1, average, average)
	out.Add(out, &square)
	for k, pull := range pulls {
		var product mat.Dense
		for j := range points {
			w, _ := p.Weights[j].Float64()
			m := p.moments[j][k]
			moment := mat.NewDense(1+s, 1+s, nil)
			set := func(i, l int, x interval.Interval) {
				value, _ := middle(x).Float64()
				moment.Set(i, l, w*value)
				moment.Set(l, i, w*value)
			}
			set(0, 0, m.zeroth)
			for a := range s {
				set(0, 1+a, m.first[a])
				for b := range s {
					set(1+a, 1+b, m.second[a][b])
				}
			}
			var share mat.Dense
			share.Mul(points[j], moment)
			pull.Add(pull, &share)
		}
		product.Mul(pull, covers[k].T())
		var symmetric mat.Dense
		symmetric.Add(&product, product.T())
		symmetric.Scale(0.5, &symmetric)
		out.Add(out, &symmetric)
	}
	return out
}

// Coupling returns about the unit h ⟂ S_F and the y with a unit VNy for which hᵀ∇f VNy is largest.
func (v View) Coupling() (h, y []*big.Rat, ok bool) {
	var image, within, back mat.Dense
	image.Mul(v.gradient, v.seen)
	within.Mul(v.inside.T(), &image)
	back.Mul(v.inside, &within)
	image.Sub(&image, &back)
	var svd mat.SVD
	if !svd.Factorize(&image, mat.SVDThin) || svd.Values(nil)[0] == 0 {
		return nil, nil, false
	}
	var left, right mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	var along, coefficients mat.VecDense
	along.MulVec(v.seen, right.ColView(0))
	var pull mat.SVD
	if !pull.Factorize(v.pull, mat.SVDThin) {
		return nil, nil, false
	}
	_, q := v.seen.Dims()
	pull.SolveVecTo(&coefficients, &along, q)
	h, ok = v.original(left.ColView(0))
	return h, short(coefficients.RawVector().Data), ok
}

// Descent returns about the unit v beyond the range of M for which vᵀ∇fv is least.
func (v View) Descent() (direction []*big.Rat, ok bool) {
	d, _ := v.gradient.Dims()
	beyond := mat.NewDense(d, d, nil)
	beyond.Mul(v.seen, v.seen.T())
	beyond.Scale(-1, beyond)
	for i := range d {
		beyond.Set(i, i, 1+beyond.At(i, i))
	}
	var half, whole mat.Dense
	half.Mul(beyond, v.gradient)
	whole.Mul(&half, beyond)
	symmetric := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			symmetric.SetSym(i, j, (whole.At(i, j)+whole.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) || eigen.Values(nil)[0] >= 0 {
		return nil, false
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	return v.original(vectors.ColView(0))
}

// original is L⁻ᵀu, in few bits.
func (v View) original(u mat.Vector) ([]*big.Rat, bool) {
	var out mat.VecDense
	if out.SolveVec(v.lower.T(), u) != nil {
		return nil, false
	}
	return short(out.RawVector().Data), true
}

// short rounds numbers to 40 bits below the longest.
func short(y []float64) []*big.Rat {
	longest := 0.0
	for _, x := range y {
		longest = math.Max(longest, math.Abs(x))
	}
	_, exponent := math.Frexp(longest)
	const bits = 40
	out := make([]*big.Rat, len(y))
	for i, x := range y {
		out[i] = new(big.Rat)
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			out[i] = dyadic(out[i].SetFloat64(x), bits-exponent)
		}
	}
	return out
}

// orthonormal returns q orthonormal columns that span about the columns of m; nil where there are none.
func orthonormal(m *mat.Dense, q int) *mat.Dense {
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDThin) {
		return nil
	}
	var left mat.Dense
	svd.UTo(&left)
	rows, _ := left.Dims()
	return mat.DenseCopyOf(left.Slice(0, rows, 0, q))
}

func floats(m rational.Matrix) *mat.Dense {
	out := mat.NewDense(len(m), len(m[0]), nil)
	for i, row := range m {
		for j, x := range row {
			value, _ := x.Float64()
			out.Set(i, j, value)
		}
	}
	return out
}
