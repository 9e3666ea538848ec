package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// LowRank is M = R diag(N) Rᵀ, R of m×q orthonormal columns; nil for M = 0.
type LowRank struct {
	R *mat.Dense
	N []float64
}

// Matrix returns M, m×m.
func (m LowRank) Matrix(dim int) *mat.Dense {
	if m.R == nil {
		return mat.NewDense(dim, dim, nil)
	}
	out := new(mat.Dense)
	out.Mul(dense.TimesDiagonal(m.R, m.N), m.R.T())
	return dense.Symmetric(out)
}

// OwnPartition is the term of LogPartition for one modality of own covariances, beside a symmetric M,
//
//	E_x log E_y exp(xᵀMy) − E_pairs xᵀMx̂,   E_y exp(xᵀMy) = Σ w_k exp(xᵀMμ_k + ½xᵀMT_kMx).
type OwnPartition struct {
	*whitened.Own
	m     *mat.Dense
	delta float64
}

// NewOwnPartition returns the term.
func NewOwnPartition(v *whitened.Own, m *mat.Dense, delta float64) OwnPartition {
	return OwnPartition{v, m, delta}
}

// Scale is the size of the gradient's terms.
func (v OwnPartition) Scale() float64 {
	second, _ := v.Moments()
	return second * (1 + mat.Norm(v.m, 2))
}

// Steepest bounds the second derivative at matrices that are no longer than M.
func (v OwnPartition) Steepest() float64 { return v.Lipschitz(mat.Norm(v.m, 2), nil) }

// Sampled averages the softmax over random points.
func (v OwnPartition) Sampled(points int, _ float64, work *Budget) Sampling {
	dim := len(v.W)
	m, removed := lowRank(v.m)
	full, fixed := m.Matrix(dim), mat.NewDense(dim, dim, nil)
	var parts []curvedPart
	for j, w := range v.Weights {
		own := v.ownPart(full, j)
		own.Scale(w, own)
		fixed.Add(fixed, own)
		if m.R == nil {
			continue
		}
		s, err := v.seenFrom(m, j)
		if err != nil {
			return Sampling{Replicate: unknown(v.m), Off: math.Inf(1)}
		}
		parts = append(parts, curvedPart{w, &s.quadraticLogits, s.bound(), s.assemble})
	}
	return sampleCurved(parts, fixed, v.arithmeticError(full, summedLevels)+v.Steepest()*removed, points, v.seed(), work)
}

// seed is that of what is sampled before replicates are, from the numbers of the mixture.
func (v OwnPartition) seed() uint64 { return math.Float64bits(mat.Sum(v.Means) + mat.Sum(v.m)) }

// summedLevels is more than the additions that a number of a sampled average sees, as sums are made by parts.
const summedLevels = 1 << 10

// lowRank drops the eigenvalues of a symmetric matrix below float64's resolution, and returns what that and rounding change.
func lowRank(whole *mat.Dense) (m LowRank, removed float64) {
	values, vectors := dense.Eigen(whole)
	dim := len(values)
	resolution := 64 * float64(dim) * dense.Roundoff * max(-values[0], values[dim-1])
	var columns []int
	for i, x := range values {
		if math.Abs(x) > resolution {
			columns, m.N = append(columns, i), append(m.N, x)
		} else {
			removed = math.Hypot(removed, x)
		}
	}
	if columns != nil {
		m.R = mat.NewDense(dim, len(columns), nil)
		for to, from := range columns {
			m.R.SetCol(to, mat.Col(nil, from, vectors))
		}
	}
	return m, removed + 16*float64(dim)*dense.Roundoff*mat.Norm(whole, 2)
}

// Bounded evaluates the gradient,
//
//	∇f(M) = −T_δ + sym E_x[ x Σ_k p_k(x) y_kᵀ ],   y_k = μ_k + T_kMx,   p = softmax(log w_k + xᵀMμ_k + ½xᵀMT_kMx),
//
// with an error in Frobenius norm of at most about tolerance; ErrGrid where that
// needs more nodes than limit. Inserting p_j = 1 − Σ_{k≠j} p_k under component j,
//
//	∇f(M) = (1−δ)B + sym Σ_j w_j ( (T_j + μ_jμ_jᵀ)MT_j + E_j[ x Σ_{k≠j} p_k (y_k − y_j)ᵀ ] ),
//
// in which p and y depend on x through u = Rᵀx only, q coordinates. Under component
// j, u = Rᵀμ_j + Λ_jt with Λ_jΛ_jᵀ = RᵀT_jR and t ∼ N(0, I_q), and
// E[x|t] = μ_j + T_jRΛ_j⁻ᵀt.
func (v OwnPartition) Bounded(tolerance float64, work *Budget) (Gradient, error) {
	dim, limit := len(v.W), work.own(len(v.Weights))
	m, removed := lowRank(v.m)
	full := m.Matrix(dim)
	e := Gradient{Matrix: mat.NewDense(dim, dim, nil), Rule: "exact"}
	levels := 0
	for j, w := range v.Weights {
		own := v.ownPart(full, j)
		if m.R != nil {
			s, err := v.seenFrom(m, j)
			if err != nil {
				return Gradient{}, err
			}
			g, err := planQuadratic(s.bound(), tolerance, limit)
			if err != nil {
				return Gradient{}, err
			}
			own.Add(own, s.assemble(g.sums(&s.quadraticLogits)))
			e.Err += w * g.bound
			e.Rule = g.String()
			levels = max(levels, g.levels())
		}
		own.Scale(w, own)
		e.Matrix.Add(e.Matrix, own)
	}
	e.Err += v.arithmeticError(full, levels) + v.Steepest()*removed
	return e, nil
}

// ownPart is (1−δ)(μ_j − μ̄)(μ_j − μ̄)ᵀ + (T_j + μ_jμ_jᵀ)MT_j.
func (v OwnPartition) ownPart(m *mat.Dense, j int) *mat.Dense {
	y, mu := v.Centred().ColView(j), v.Means.ColView(j)
	var second, half, out, spread mat.Dense
	second.Outer(1, mu, mu)
	second.Add(&second, v.Covariances[j])
	half.Mul(&second, m)
	out.Mul(&half, v.Covariances[j])
	spread.Outer(1-v.delta, y, y)
	out.Add(&out, &spread)
	return &out
}

// quadraticSoftmax is what component j sees, t ∼ N(0, I_q): logits, points x = μ_j + Kt and differences y_k − y_j = α_k + L_kt.
type quadraticSoftmax struct {
	quadraticLogits
	j     int
	mean  *mat.VecDense
	along *mat.Dense      // m×q, K
	shift []*mat.VecDense // K, α_k
	bend  []*mat.Dense    // K, L_k, m×q
}

// bound is that of (μ_j + Kt) Σ_{k≠j} p_k (α_k + L_kt)ᵀ.
func (s *quadraticSoftmax) bound() quadraticBound {
	b := s.ranges()
	b.x0, b.x1 = mat.Norm(s.mean, 2), mat.Norm(s.along, 2)
	for k := range s.constant {
		b.y0 = max(b.y0, mat.Norm(s.shift[k], 2))
		b.y1 = max(b.y1, mat.Norm(s.bend[k], 2))
	}
	return b
}

// seenAlong conditions x, under component j, on u = Rᵀx = Rᵀμ_j + Λt, R of orthonormal columns and ΛΛᵀ = RᵀT_jR lower triangular: E[x|t] = μ_j + Kt with K = T_jRΛ⁻ᵀ.
func seenAlong(v *whitened.Own, r *mat.Dense, j int) (k *mat.Dense, lower *mat.TriDense, err error) {
	_, q := r.Dims()
	var spread, transfer mat.Dense
	transfer.Mul(v.Covariances[j], r)
	spread.Mul(r.T(), &transfer)
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(q, dense.Symmetric(&spread).RawMatrix().Data)) {
		return nil, nil, whitened.ErrOwn
	}
	lower = new(mat.TriDense)
	chol.LTo(lower)
	var inverse mat.TriDense
	if err := inverse.InverseTri(lower); err != nil {
		return nil, nil, whitened.ErrOwn
	}
	k = new(mat.Dense)
	k.Mul(&transfer, inverse.T())
	return k, lower, nil
}

func (v OwnPartition) seenFrom(m LowRank, j int) (*quadraticSoftmax, error) {
	_, k := v.Means.Dims()
	var projected mat.Dense
	projected.Mul(m.R.T(), v.Means) // Rᵀμ_k
	along, lower, err := seenAlong(v.Own, m.R, j)
	if err != nil {
		return nil, err
	}
	s := &quadraticSoftmax{j: j, mean: mat.VecDenseCopyOf(v.Means.ColView(j)), along: along}
	pull := dense.TimesDiagonal(m.R, m.N) // RN
	var start mat.VecDense                // Mμ_j
	start.MulVec(pull, projected.ColView(j))
	var turn mat.Dense // RNΛ_j
	turn.Mul(pull, lower)
	for i := range k {
		var image, bend, shifted mat.Dense
		var centre, slope, alpha mat.VecDense
		image.Mul(v.Covariances[i], &turn) // T_kRNΛ_j
		centre.MulVec(v.Covariances[i], &start)
		centre.AddVec(&centre, v.Means.ColView(i)) // y_k at t = 0
		slope.MulVec(turn.T(), &centre)
		shifted.Mul(turn.T(), &image)
		s.quadratic = append(s.quadratic, dense.Symmetric(&shifted))
		s.linear = append(s.linear, slope.RawVector().Data)
		// xᵀMμ_k + ½xᵀMT_kMx at t = 0 is ½ (Mμ_j)ᵀ(μ_k + y_k).
		s.constant = append(s.constant, v.LogWeights[i]+(mat.Dot(&start, v.Means.ColView(i))+mat.Dot(&start, &centre))/2)
		var difference mat.Dense
		difference.Sub(v.Covariances[i], v.Covariances[j])
		bend.Mul(&difference, &turn)
		alpha.MulVec(&difference, &start)
		alpha.AddVec(&alpha, v.Means.ColView(i))
		alpha.SubVec(&alpha, v.Means.ColView(j))
		s.shift, s.bend = append(s.shift, &alpha), append(s.bend, &bend)
	}
	return s, nil
}

// assemble returns Σ_{k≠j} E p_k (μ_j + Kt)(α_k + L_kt)ᵀ from the averages of p_k,
// t p_k and ttᵀp_k.
func (s *quadraticSoftmax) assemble(sums quadraticSums) *mat.Dense {
	dim := s.mean.Len()
	out := mat.NewDense(dim, dim, nil)
	for k := range s.constant {
		if k == s.j {
			continue
		}
		zeroth, first, second := sums.of(k)
		// E p_k x = p₀μ_j + Kp₁; E p_k x tᵀ = μ_jp₁ᵀ + Kp₂.
		var pulled mat.VecDense
		pulled.MulVec(s.along, first)
		pulled.AddScaledVec(&pulled, zeroth, s.mean)
		var moved, outer, part mat.Dense
		moved.Mul(s.along, second)
		outer.Outer(1, s.mean, first)
		moved.Add(&moved, &outer)
		part.Mul(&moved, s.bend[k].T())
		out.Add(out, &part)
		outer.Reset()
		outer.Outer(1, &pulled, s.shift[k])
		out.Add(out, &outer)
	}
	return out
}

// arithmeticError bounds the effect on the gradient of rounding, and of the errors of
// the view's means and covariances, to first order, doubled. Every quantity is a
// polynomial with coefficients ≥ 0 of degree at most 6 in r = |ξ|, x = μ_j + T_j^½ξ, so its mean
// is at most its value at r = (E|ξ|⁶)^⅙ = (m(m+2)(m+4))^⅙. With |x| ≤ X and |y_k| ≤ Y,
//
//	|δx| ≤ |δμ| + ‖δT‖/√c r,   |δy| ≤ |δμ| + ‖δT‖‖M‖X + τ‖M‖|δx|,
//	|δφ| ≤ ‖M‖(|δx|Y + X|δμ|) + ½X²‖M‖²‖δT‖,   |δ Σ p_k y_k| ≤ |δy| + 2Y|δφ|,
//
// φ being the logits. (‖δ(T^½)‖ ≤ ‖δT‖/√c for roots of matrices above c.)
func (v OwnPartition) arithmeticError(m *mat.Dense, levels int) float64 {
	dim, k := v.Means.Dims()
	n := float64(dim)
	r := math.Pow(n*(n+2)*(n+4), 1.0/6)
	var longest, largest, log float64
	for i := range k {
		longest = max(longest, mat.Norm(v.Means.ColView(i), 2))
		largest = max(largest, mat.Norm(v.Covariances[i], 2))
		log = max(log, math.Abs(v.LogWeights[i]))
	}
	norm := mat.Norm(m, 2)
	// Triangular roots of T_j and their inverses cost its condition.
	rounding := dense.Roundoff * (float64(levels+32*dim+4*k+64) * max(1, largest/v.Modulus))
	offMean, offSpread := v.MeanError*longest, v.SpreadError
	x := longest + math.Sqrt(largest)*r
	y := longest + largest*norm*x
	dx := offMean + offSpread/math.Sqrt(v.Modulus)*r + rounding*x
	dy := offMean + offSpread*norm*x + largest*norm*dx + rounding*y
	phi := log + norm*x*longest + norm*norm*x*x*largest/2 + 1
	dphi := norm*(dx*y+x*offMean) + x*x*norm*norm*offSpread/2 + rounding*phi
	scatter := 4 * longest * (offMean + rounding*longest) // of (1−δ)B
	return 2 * (dx*y + x*(dy+2*y*dphi) + rounding*x*y + scatter)
}
