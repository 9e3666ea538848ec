package oracle

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// lowRank is M = R diag(n) Rᵀ, R of m×q independent columns; nil for M = 0.
type lowRank struct {
	r *mat.Dense
	n []float64
}

func (m lowRank) matrix(dim int) *mat.Dense {
	out := mat.NewDense(dim, dim, nil)
	if m.r != nil {
		out.Mul(timesDiagonal(m.r, m.n), m.r.T())
	}
	return symmetric(out)
}

// timesDiagonal returns A diag(s).
func timesDiagonal(a *mat.Dense, s []float64) *mat.Dense {
	out := mat.DenseCopyOf(a)
	out.Apply(func(_, j int, x float64) float64 { return x * s[j] }, out)
	return out
}

// boundedGradient evaluates the gradient of the InfoNCE loss with own covariances,
//
//	∇f(M) = −T_δ + sym E_x[ x Σ_k p_k(x) y_kᵀ ],   y_k = μ_k + T_kMx,   p = softmax(log w_k + xᵀMμ_k + ½xᵀMT_kMx),
//
// with an error in Frobenius norm of at most about tolerance; errGrid where that
// needs more nodes than limit. Inserting p_j = 1 − Σ_{k≠j} p_k under component j,
//
//	∇f(M) = (1−δ)B + sym Σ_j w_j ( (T_j + μ_jμ_jᵀ)MT_j + E_j[ x Σ_{k≠j} p_k (y_k − y_j)ᵀ ] ),
//
// in which p and y depend on x through u = Rᵀx only, q coordinates. Under component
// j, u = Rᵀμ_j + Λ_jt with Λ_jΛ_jᵀ = RᵀT_jR and t ∼ N(0, I_q), and
// E[x|t] = μ_j + T_jRΛ_j⁻ᵀt.
func (v *generalView) boundedGradient(m lowRank, tolerance, limit float64) (evaluation, error) {
	dim, _ := v.means.Dims()
	full := m.matrix(dim)
	e := evaluation{gradient: mat.NewDense(dim, dim, nil), rule: "exact"}
	levels := 0
	for j, w := range v.weights {
		own := v.ownPart(full, j)
		if m.r != nil {
			s, err := v.seenFrom(m, j)
			if err != nil {
				return evaluation{}, err
			}
			g, err := planQuadratic(s, tolerance, limit)
			if err != nil {
				return evaluation{}, err
			}
			own.Add(own, s.assemble(g.sums(s)))
			e.err += w * g.bound
			e.rule = g.String()
			levels = max(levels, g.levels())
		}
		own.Scale(w, own)
		e.gradient.Add(e.gradient, own)
	}
	symmetric(e.gradient)
	e.norm = v.dualNorm(e.gradient)
	e.err += v.arithmeticError(full, levels)
	return e, nil
}

// ownPart is (1−δ)(μ_j − μ̄)(μ_j − μ̄)ᵀ + (T_j + μ_jμ_jᵀ)MT_j.
func (v *generalView) ownPart(m *mat.Dense, j int) *mat.Dense {
	y, mu := v.centred().ColView(j), v.means.ColView(j)
	var second, half, out, spread mat.Dense
	second.Outer(1, mu, mu)
	second.Add(&second, v.covariances[j])
	half.Mul(&second, m)
	out.Mul(&half, v.covariances[j])
	spread.Outer(1-v.delta, y, y)
	out.Add(&out, &spread)
	return &out
}

// quadraticSoftmax is what component j sees, t ∼ N(0, I_q): logits
// a_k + b_kᵀt + ½tᵀQ_kt, points x = μ_j + Kt and differences y_k − y_j = α_k + L_kt.
type quadraticSoftmax struct {
	j         int
	constant  []float64    // K, a_k
	linear    [][]float64  // K×q, b_k
	quadratic []*mat.Dense // K, Q_k, q×q
	mean      *mat.VecDense
	along     *mat.Dense      // m×q, K
	shift     []*mat.VecDense // K, α_k
	bend      []*mat.Dense    // K, L_k, m×q
}

func (v *generalView) seenFrom(m lowRank, j int) (*quadraticSoftmax, error) {
	_, k := v.means.Dims()
	_, q := m.r.Dims()
	var projected, spread, transfer mat.Dense
	projected.Mul(m.r.T(), v.means) // Rᵀμ_k
	transfer.Mul(v.covariances[j], m.r)
	spread.Mul(m.r.T(), &transfer)
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(q, symmetric(&spread).RawMatrix().Data)) {
		return nil, errOwn
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	var inverse mat.TriDense
	if err := inverse.InverseTri(&lower); err != nil {
		return nil, errOwn
	}
	s := &quadraticSoftmax{j: j, mean: mat.VecDenseCopyOf(v.means.ColView(j)), along: new(mat.Dense)}
	s.along.Mul(&transfer, inverse.T())
	pull := timesDiagonal(m.r, m.n) // RN
	var start mat.VecDense          // Mμ_j
	start.MulVec(pull, projected.ColView(j))
	var turn mat.Dense // RNΛ_j
	turn.Mul(pull, &lower)
	for i := range k {
		var image, bend, shifted mat.Dense
		var centre, slope, alpha mat.VecDense
		image.Mul(v.covariances[i], &turn) // T_kRNΛ_j
		centre.MulVec(v.covariances[i], &start)
		centre.AddVec(&centre, v.means.ColView(i)) // y_k at t = 0
		slope.MulVec(turn.T(), &centre)
		shifted.Mul(turn.T(), &image)
		s.quadratic = append(s.quadratic, symmetric(&shifted))
		s.linear = append(s.linear, slope.RawVector().Data)
		// xᵀMμ_k + ½xᵀMT_kMx at t = 0 is ½ (Mμ_j)ᵀ(μ_k + y_k).
		s.constant = append(s.constant, v.logWeights[i]+(mat.Dot(&start, v.means.ColView(i))+mat.Dot(&start, &centre))/2)
		var difference mat.Dense
		difference.Sub(v.covariances[i], v.covariances[j])
		bend.Mul(&difference, &turn)
		alpha.MulVec(&difference, &start)
		alpha.AddVec(&alpha, v.means.ColView(i))
		alpha.SubVec(&alpha, v.means.ColView(j))
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
func (v *generalView) arithmeticError(m *mat.Dense, levels int) float64 {
	dim, k := v.means.Dims()
	n := float64(dim)
	r := math.Pow(n*(n+2)*(n+4), 1.0/6)
	var longest, largest, log float64
	for i := range k {
		longest = max(longest, mat.Norm(v.means.ColView(i), 2))
		largest = max(largest, mat.Norm(v.covariances[i], 2))
		log = max(log, math.Abs(v.logWeights[i]))
	}
	norm := mat.Norm(m, 2)
	// Triangular roots of T_j and their inverses cost its condition.
	rounding := unitRoundoff * (float64(levels+32*dim+4*k+64) * max(1, largest/v.modulus))
	offMean, offSpread := v.meanError*longest, v.spreadError
	x := longest + math.Sqrt(largest)*r
	y := longest + largest*norm*x
	dx := offMean + offSpread/math.Sqrt(v.modulus)*r + rounding*x
	dy := offMean + offSpread*norm*x + largest*norm*dx + rounding*y
	phi := log + norm*x*longest + norm*norm*x*x*largest/2 + 1
	dphi := norm*(dx*y+x*offMean) + x*x*norm*norm*offSpread/2 + rounding*phi
	scatter := 4 * longest * (offMean + rounding*longest) // of (1−δ)B
	return 2 * (dx*y + x*(dy+2*y*dphi) + rounding*x*y + scatter)
}

// spreadOf is max − min.
func spreadOf(values []float64) float64 { return slices.Max(values) - slices.Min(values) }
