package enclosure

import (
	"fmt"
	"math"
	"slices"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/rare"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Distance is the term ½E_pairs D(x, x̂) + E_x log E_y exp(−½D(x, y)) of a loss beside a symmetric M, D(x, y) = (x − y)ᵀM(x − y), of one side. It is finite where G = I + M ≻ 0:
// given the component k of y, E e^{−½D} = |G|^{−½} exp(−½(x − μ_k)ᵀK(x − μ_k)) with K = MG⁻¹ = I − G⁻¹. So its gradient is
//
//	K + ½KG⁻¹ + (1−δ)B − ½G⁻¹XG⁻¹,   X = E_x Σ_k p_k (x − μ_k)(x − μ_k)ᵀ − I,   p = softmax_k(log w_k − ½(x − μ_k)ᵀK(x − μ_k)).
//
// With x = μ_j + z under component j and d_k = μ_k − μ_j that needs no more than averages of p_k and of p_k along the directions in which it varies,
//
//	X = Σ_j w_j E_j Σ_k p_k A_k,   A_k = d_kd_kᵀ − z d_kᵀ − d_k zᵀ,   p = softmax_k(log w_k − ½d_kᵀKd_k + zᵀKd_k).
//
// Errors are in the Frobenius norm, the dual norm of whitened.Flat.
type Distance struct {
	side    *whitened.Mixture
	m       *mat.Dense
	delta   float64
	seed    func() uint64 // of random points
	inverse inverse       // G⁻¹
	kernel  *mat.Dense    // K
	off     float64       // bound of its error
	reach   []float64     // ρ_j = max_k |μ_k − μ_j|
	failure error
}

// NewDistance returns the term of a side at M. The seed is that of random points.
func NewDistance(side *whitened.Mixture, m *mat.Dense, delta float64, seed func() uint64) *Distance {
	t := &Distance{side: side, m: m, delta: delta, seed: seed}
	for _, row := range dense.Distances(side.Means) {
		t.reach = append(t.reach, slices.Max(row))
	}
	n, _ := m.Dims()
	values, _ := dense.Eigen(m)
	rounding := float64(16*n) * dense.Roundoff * (1 + mat.Norm(m, 2)) // of the eigenvalues
	if t.inverse, t.failure = invert(m, 1, 1+values[0]-rounding); t.failure != nil {
		t.failure = fmt.Errorf("%w: expected M ≻ −I in whitened coordinates, found an eigenvalue of %.6g", ErrInfinite, values[0])
		return t
	}
	t.kernel = new(mat.Dense)
	t.kernel.Mul(m, t.inverse.Dense)
	dense.Symmetric(t.kernel)
	size := mat.Norm(m, 2)
	t.off = size * (t.inverse.off + float64(n+4)*dense.Roundoff*mat.Norm(t.inverse.Dense, 2))
	return t
}

// Bounded averages the softmax by a trapezoidal rule.
func (t *Distance) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	if t.failure != nil {
		return Gradient{}, t.failure
	}
	tolerance *= 2 / (t.inverse.norm * t.inverse.norm) // of X
	s := t.softmax(tolerance / (100 * (1 + t.size(slices.Max(t.reach)))))
	in := t.integrand(s)
	g, p, tp, err := s.average(in, tolerance, work)
	if err != nil {
		return Gradient{}, err
	}
	x := t.excess(s.directions, p, tp)
	return Gradient{Matrix: t.assemble(x), Err: t.errorOf(g.bound+t.softmaxError(s, g, t.excessesOf(p, len(s.ranges), g.bound)), mat.Norm(x, 2)), Rule: g.String()}, nil
}

// Sampled averages the softmax over random points.
func (t *Distance) Sampled(points int, negligible float64, work *Budget) Sampling {
	if t.failure != nil {
		return Sampling{Replicate: unknown(t.m), Off: math.Inf(1)}
	}
	s := t.softmax(0)
	return s.sampling(t.rare(s), t.seed(), points, negligible*2/(t.inverse.norm*t.inverse.norm), work,
		func(p *mat.Dense, tp []*mat.Dense) *mat.Dense { return t.assemble(t.excess(s.directions, p, tp)) },
		func(left float64, g grid) float64 {
			return t.errorOf(left+t.softmaxError(s, g, t.excesses(len(s.ranges))), t.spread())
		})
}

// softmax states that of the term, leaving out directions in which logits differ by less than flat.
func (t *Distance) softmax(flat float64) softmax {
	k := len(t.side.Weights)
	var pulled mat.Dense
	pulled.Mul(t.kernel, t.side.Centred())
	offset := make([][]float64, k)
	for j := range k {
		offset[j] = make([]float64, k)
		for i := range k {
			var form float64
			for a := range t.side.W {
				form += (t.side.Means.At(a, i) - t.side.Means.At(a, j)) * (pulled.At(a, i) - pulled.At(a, j))
			}
			offset[j][i] = t.side.LogWeights[i] - form/2
		}
	}
	return newSoftmax(offset, &pulled, flat)
}

// integrand: |A_k| ≤ ρ_j² + 2ρ_j|z|, and Σ p_k A_k is as analytic as the softmax.
func (t *Distance) integrand(s softmax) integrand {
	in := integrand{weight: t.side.Weights, ranges: s.ranges}
	for _, rho := range t.reach {
		in.length, in.reach = append(in.length, rho/2), append(in.reach, 2*rho)
	}
	return in
}

// rare states the softmax for package rare. Where k is left out under j X changes by E_j[p_k(A_k − A)], A being a mean of other A_l, and
//
//	A_k − A_l = sym (d_k + d_l)(d_k − d_l)ᵀ − 2 sym z(d_k − d_l)ᵀ,
//
// so that with |d_k + d_l| ≤ c_j and |μ_k − μ_l| ≤ ρ a bound a of ‖E_j[y p_k bᵀ]‖ for all b with |b| ≤ 1, y = (z, c_j) with a coordinate more, is one of either part by ρa and 2ρa.
func (t *Distance) rare(s softmax) rare.Softmax {
	const parts = 3
	rows, k := t.side.Means.Dims()
	out := rare.Softmax{Weight: t.side.Weights, Offset: s.offset, Slope: s.slopes(), Anchor: mat.NewDense(rows+1, k, nil), Noise: 1,
		Between: dense.Distances(t.side.Means)}
	for j, rho := range t.reach {
		out.Anchor.Set(rows, j, 2*rho)
		for i := range out.Between[j] {
			out.Between[j][i] *= parts
		}
	}
	if s.directions != nil {
		_, q := s.directions.Dims()
		out.Along = mat.NewDense(rows+1, q, nil)
		out.Along.Slice(0, rows, 0, q).(*mat.Dense).Copy(s.directions)
	}
	return out
}

// excess is X, from p[j][k] = E_j p_k and tp[j][i][k] = E_j t_i p_k, k ≠ j.
func (t *Distance) excess(directions, p *mat.Dense, tp []*mat.Dense) *mat.Dense {
	n, k := t.side.Means.Dims()
	out := mat.NewDense(n, n, nil)
	apart := mat.NewDense(n, k, nil) // d_k
	for j, w := range t.side.Weights {
		apart.Apply(func(i, _ int, x float64) float64 { return x - t.side.Means.At(i, j) }, t.side.Means)
		for i := range k {
			if i != j {
				dense.AddOuter(out, w*p.At(j, i), apart, apart, i)
			}
		}
		if directions != nil {
			var along, shifts mat.Dense
			shifts.Mul(tp[j], apart.T())
			along.Mul(directions, &shifts)
			along.Scale(-2*w, &along) // to be made symmetric
			out.Add(out, &along)
		}
	}
	return dense.Symmetric(out)
}

// assemble builds the gradient from X.
func (t *Distance) assemble(x *mat.Dense) *mat.Dense {
	var half, part mat.Dense
	out := mat.DenseCopyOf(t.kernel)
	part.Mul(t.kernel, t.inverse.Dense)
	part.Scale(0.5, &part)
	out.Add(out, &part)
	centred := t.side.Centred()
	for j, w := range t.side.Weights {
		dense.AddOuter(out, w*(1-t.delta), centred, centred, j)
	}
	half.Mul(t.inverse.Dense, x)
	part.Mul(&half, t.inverse.Dense)
	part.Scale(-0.5, &part)
	out.Add(out, &part)
	return dense.Symmetric(out)
}
