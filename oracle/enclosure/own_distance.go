package enclosure

import (
	"fmt"
	"math"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// OwnDistance is the term of Distance where components have their own covariances T_k, whose mean is I,
//
//	½E_pairs D(x, x̂) + E_x log E_y exp(−½D(x, y)) = ⟨M, I + (1−δ)B⟩ + E_x log Σ_k w_k |I + MT_k|^{−½} exp(−½(x − μ_k)ᵀK_k(x − μ_k)),
//
// with S_k = (T_k⁻¹ + M)⁻¹, J_k = I − S_kM and K_k = MJ_k, finite where all T_k⁻¹ + M ≻ 0: by the Gaussian integral over y of component k, which given x is N(x − J_k(x − μ_k), S_k).
// Errors are in the Frobenius norm, the dual norm of whitened.Flat.
type OwnDistance struct {
	*whitened.Own
	m          *mat.Dense
	low        LowRank // M without what float64 does not resolve of it
	removed    float64 // ‖M − low‖ at most
	delta      float64
	posteriors []posterior // K, at low
	failure    error
}

// posterior is the law of x − y, N(J(x − μ), S), given x and the component of y.
type posterior struct {
	covariance, shrink, kernel *mat.Dense // S, J and K
	shift                      float64    // ½log|I + MT|
	off, offShift              float64    // of S in Frobenius norm and of the shift, by rounding alone
}

// NewOwnDistance returns the term.
func NewOwnDistance(v *whitened.Own, m *mat.Dense, delta float64) *OwnDistance {
	d := &OwnDistance{Own: v, m: m, delta: delta}
	d.low, d.removed = lowRank(m)
	whole := d.low.Matrix(len(v.W))
	for k := range v.Weights {
		p, err := newPosterior(v.Covariances[k], whole)
		if err != nil {
			d.failure = err
			return d
		}
		d.posteriors = append(d.posteriors, p)
	}
	if !(v.SpreadError*d.largest(func(p posterior) *mat.Dense { return p.kernel }) < 0.25) {
		d.failure = whitened.ErrOwn // errors of T_k are no small ones
	}
	return d
}

// newPosterior: with T = LLᵀ, E = I + LᵀML = CCᵀ and X = C⁻¹Lᵀ it is S = XᵀX. The factors are those of matrices that differ from T and E by γ‖T‖ and γ‖E‖, which moves S by
// J·Jᵀ of the first and, with ‖LE⁻¹‖² ≤ ‖T‖‖E⁻¹‖², by ‖T‖‖E⁻¹‖² times the second; and the triangular solve costs γ cond(C)‖X‖² twice, ‖X‖² ≤ ‖T‖‖E⁻¹‖. ½log|E| moves by half of what
// these are beside K and E⁻¹.
func newPosterior(t, m *mat.Dense) (p posterior, err error) {
	dim, _ := t.Dims()
	var ofT, ofE mat.Cholesky
	if !ofT.Factorize(mat.NewSymDense(dim, mat.DenseCopyOf(t).RawMatrix().Data)) {
		return p, whitened.ErrOwn
	}
	var lower, root mat.TriDense
	ofT.LTo(&lower)
	e := dense.Symmetric(dense.Congruent(m, &lower))
	for i := range dim {
		e.Set(i, i, e.At(i, i)+1)
	}
	values, _ := dense.Eigen(e)
	size := mat.Norm(t, 2)
	rounding := float64(16*dim) * dense.Roundoff
	least := values[0] - rounding*(1+size*mat.Norm(m, 2))
	if !(least > 0) || !ofE.Factorize(mat.NewSymDense(dim, e.RawMatrix().Data)) {
		return p, fmt.Errorf("%w: expected Σ_k⁻¹ + M ≻ 0, found an eigenvalue of Σ_kM of %.6g", ErrInfinite, values[0]-1)
	}
	ofE.LTo(&root)
	var x, s mat.Dense
	if err := root.SolveTo(&x, false, mat.DenseCopyOf(lower.T())); err != nil {
		return p, fmt.Errorf("%w: %w", ErrInfinite, err)
	}
	s.Mul(x.T(), &x)
	p.covariance = dense.Symmetric(&s)
	p.shrink = dense.Identity(dim)
	var pulled mat.Dense
	pulled.Mul(p.covariance, m)
	p.shrink.Sub(p.shrink, &pulled)
	p.kernel = new(mat.Dense)
	p.kernel.Mul(m, p.shrink)
	dense.Symmetric(p.kernel)
	for i := range dim {
		p.shift += math.Log(root.At(i, i))
	}
	inverse, shrink := max(1, 1/least), mat.Norm(p.shrink, 2)
	p.offShift = rounding * (math.Sqrt(float64(dim))*(mat.Norm(p.kernel, 2)*size+inverse*(1+values[dim-1])) + math.Abs(p.shift))
	p.off = 2 * rounding * (shrink*shrink*size + size*inverse*inverse*(1+values[dim-1]))
	return p, nil
}

// Finite tells whether the loss is certain to be finite.
func (d *OwnDistance) Finite() bool { return d.failure == nil }

// largest is the largest Frobenius norm of one of a posterior's matrices.
func (d *OwnDistance) largest(of func(p posterior) *mat.Dense) float64 {
	var most float64
	for _, p := range d.posteriors {
		most = max(most, mat.Norm(of(p), 2))
	}
	return most
}

// Sampled averages the softmax over random points.
func (d *OwnDistance) Sampled(points int, _ float64, work *Budget) Sampling {
	if d.failure != nil {
		return Sampling{Replicate: unknown(d.m), Off: math.Inf(1)}
	}
	fixed, a := dense.Identity(len(d.W)), d.arithmetic()
	off := 2*d.scatterError(a) + d.Steepest()*d.removed
	var parts []curvedPart
	for j, w := range d.Weights {
		d.addOwn(fixed, j)
		var s *apart
		if d.low.R != nil {
			var err error
			if s, err = d.seenFrom(j); err != nil {
				return Sampling{Replicate: unknown(d.m), Off: math.Inf(1)}
			}
			parts = append(parts, curvedPart{-w / 2, &s.quadraticLogits, s.bound(), s.assemble})
		}
		off += w * d.errorFrom(a, s, summedLevels)
	}
	return sampleCurved(parts, dense.Symmetric(fixed), off, points, math.Float64bits(mat.Sum(d.Means)+mat.Sum(d.m)), work)
}

// addOwn adds component j's part without its softmax, w_j((1−δ)(μ_j − μ̄)(μ_j − μ̄)ᵀ − ½(S_j + J_jT_jJ_jᵀ)).
func (d *OwnDistance) addOwn(into *mat.Dense, j int) {
	y, w := d.Centred().ColView(j), d.Weights[j]
	var spread, own mat.Dense
	spread.Outer(w*(1-d.delta), y, y)
	into.Add(into, &spread)
	own.Add(d.posteriors[j].covariance, dense.Congruent(d.Covariances[j], d.posteriors[j].shrink.T()))
	own.Scale(w/2, &own)
	into.Sub(into, &own)
}

// Bounded evaluates the gradient,
//
//	I + (1−δ)B − ½E_x Σ_k p_k A_k,   A_k = S_k + J_k(x − μ_k)(x − μ_k)ᵀJ_kᵀ,   p the softmax of the logarithms in the loss,
//
// with an error of at most about tolerance; ErrGrid where that needs too many nodes. Under component j x = μ_j + Kt + e with t ∼ N(0, I_q) as of OwnPartition and Me = 0, so that J_ke = e: with
// h_k = J_k(μ_j − μ_k + Kt) the logits are those at e = 0, and J_k(x − μ_k) = h_k + e. Inserting p_j = 1 − Σ_{k≠j} p_k, and as e has the mean 0 whatever t is,
//
//	E_j Σ_k p_k A_k = S_j + J_jT_jJ_jᵀ + E_j Σ_{k≠j} p_k (S_k − S_j + sym (h_k + h_j)(h_k − h_j)ᵀ).
func (d *OwnDistance) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	if d.failure != nil {
		return Gradient{}, d.failure
	}
	limit := work.own(len(d.Weights))
	e := Gradient{Matrix: dense.Identity(len(d.W)), Rule: "exact"}
	a := d.arithmetic()
	for j, w := range d.Weights {
		d.addOwn(e.Matrix, j)
		var s *apart
		levels := 0
		if d.low.R != nil {
			var err error
			if s, err = d.seenFrom(j); err != nil {
				return Gradient{}, err
			}
			g, err := planQuadratic(s.bound(), 2*tolerance, limit)
			if err != nil {
				return Gradient{}, err
			}
			part := s.assemble(g.sums(&s.quadraticLogits))
			part.Scale(w/2, part)
			e.Matrix.Sub(e.Matrix, part)
			e.Err += w * g.bound / 2
			e.Rule = g.String()
			levels = g.levels()
		}
		e.Err += w * d.errorFrom(a, s, levels) // twice its half, as it is of first order
	}
	dense.Symmetric(e.Matrix)
	e.Err += 2*d.scatterError(a) + d.Steepest()*d.removed
	return e, nil
}

// apart is what component j sees, t ∼ N(0, I_q): logits, and of each component S_k − S_j and h_k ± h_j = α_k + L_k^±t.
type apart struct {
	quadraticLogits
	j                   int
	along               *mat.Dense      // m×q, K
	spread              []*mat.Dense    // K, S_k − S_j
	shift               []*mat.VecDense // K, α_k = J_k(μ_j − μ_k)
	together, separated []*mat.Dense    // K, L_k^± = (J_k ± J_j)K, m×q
}

func (d *OwnDistance) seenFrom(j int) (*apart, error) {
	along, _, err := seenAlong(d.Own, d.low.R, j)
	if err != nil {
		return nil, err
	}
	s := &apart{j: j, along: along}
	for k, p := range d.posteriors {
		var distance, shift, pulled mat.VecDense
		distance.SubVec(d.Means.ColView(j), d.Means.ColView(k))
		shift.MulVec(p.shrink, &distance)
		pulled.MulVec(p.kernel, &distance)
		linear := new(mat.VecDense)
		linear.MulVec(along.T(), &pulled)
		linear.ScaleVec(-1, linear)
		quadratic := dense.Symmetric(dense.Congruent(p.kernel, along))
		quadratic.Scale(-1, quadratic)
		s.constant = append(s.constant, d.LogWeights[k]-p.shift-mat.Dot(&distance, &pulled)/2)
		s.linear, s.quadratic = append(s.linear, linear.RawVector().Data), append(s.quadratic, quadratic)
		var spread, sum, difference mat.Dense
		together, separated := new(mat.Dense), new(mat.Dense)
		spread.Sub(p.covariance, d.posteriors[j].covariance)
		sum.Add(p.shrink, d.posteriors[j].shrink)
		difference.Sub(p.shrink, d.posteriors[j].shrink)
		together.Mul(&sum, along)
		separated.Mul(&difference, along)
		s.spread, s.shift = append(s.spread, &spread), append(s.shift, &shift)
		s.together, s.separated = append(s.together, together), append(s.separated, separated)
	}
	return s, nil
}

// bound is that of Σ_{k≠j} p_k (S_k − S_j + sym (h_k + h_j)(h_k − h_j)ᵀ).
func (s *apart) bound() quadraticBound {
	b := s.ranges()
	for k, shift := range s.shift {
		length := mat.Norm(shift, 2)
		b.c = max(b.c, mat.Norm(s.spread[k], 2))
		b.x0, b.y0 = max(b.x0, length), max(b.y0, length)
		b.x1, b.y1 = max(b.x1, mat.Norm(s.together[k], 2)), max(b.y1, mat.Norm(s.separated[k], 2))
	}
	return b
}

// assemble returns its mean from the averages of p_k, t p_k and ttᵀp_k.
func (s *apart) assemble(sums quadraticSums) *mat.Dense {
	dim := s.shift[0].Len()
	out := mat.NewDense(dim, dim, nil)
	for k, shift := range s.shift {
		if k == s.j {
			continue
		}
		zeroth, first, second := sums.of(k)
		var part, half mat.Dense
		part.Scale(zeroth, s.spread[k])
		out.Add(out, &part)
		// (α + L⁺t)(α + L⁻t)ᵀ
		var up, down mat.VecDense
		up.MulVec(s.together[k], first)
		up.AddScaledVec(&up, zeroth, shift)
		down.MulVec(s.separated[k], first)
		part.Reset()
		part.Outer(1, &up, shift)
		out.Add(out, &part)
		part.Outer(1, shift, &down)
		out.Add(out, &part)
		half.Mul(s.together[k], second)
		part.Reset()
		part.Mul(&half, s.separated[k].T())
		out.Add(out, &part)
	}
	return dense.Symmetric(out)
}
