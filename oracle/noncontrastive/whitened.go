package noncontrastive

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// ErrColumns says that a representation cannot be whitened.
var ErrColumns = errors.New("noncontrastive: expected a matrix of d rows and no more columns, which are independent")

// Whitened is what SimSiam's loss of whitened embeddings is at a representation, and at best.
//
// With the best linear predictor W it is L(A) = min_W E‖WAᵀx − Aᵀx̂‖² = r − ‖AᵀT_δA‖²_F where AᵀS₂A = I. An A of any independent columns stands for the whitened
// one of the same column space, which is all that L depends on. With the eigenvalues τ_1 ≥ τ_2 ≥ … of (T_δ, S₂), of which those after the s-th are 0,
// and q = min(r, s),
//
//	L(A) ≥ r − Σ_{i ≤ q} τ_i² + τ_q² (e(A) − (r − q)),   e(A) = tr[(AᵀS₂A)⁻¹(QA)ᵀS₂QA],
//
// as y_i, the energy of the whitened A along the i-th eigenvector, is at most 1 and sums to r, L ≥ r − Σ τ_i²y_i, and e = Σ_{i > s} y_i. Of r ≤ s a minimiser has therefore e = 0;
// of r > s it has e = r − s, in any directions of noise.
type Whitened struct {
	// Loss is L(A), exact but for one rounding.
	Loss float64
	// Noise is e(A), of r in all, exact but for one rounding.
	Noise float64
	// Forced is r − q: that much noise every A of r columns has.
	Forced int
	// Least is the least loss, Slope is τ_q², the price of noise, and Error bounds the errors of either; the slope is 0 where s = 0.
	Least, Slope, Error float64

	blind bool // s = 0
}

// JudgeWhitened evaluates A, d×r. Covariances may be shared or not. Errors are ErrColumns, and gmm.ErrOtherModel of two modalities.
func JudgeWhitened(p gmm.Pairs, a *mat.Dense) (Whitened, error) {
	m, err := momentsOf(p)
	if err != nil {
		return Whitened{}, err
	}
	return m.whitened(a, spectrum(p))
}

// whitened judges A by eigenvalues τ, of which error bounds the error.
func (m moments) whitened(a *mat.Dense, t eigenvalues) (Whitened, error) {
	d, r := a.Dims()
	columns := columnsOf(a)
	if d != len(m.second) || r > d || len(gmm.IndependentColumns(columns)) < r {
		return Whitened{}, fmt.Errorf("%w; found %d×%d in %d dimensions", ErrColumns, d, r, len(m.second))
	}
	inverse := rational.Inverse(form(m.second, columns, columns))
	seen := inverse.Times(form(m.pair, columns, columns))
	off := m.noise(m.second, columns)
	whole := new(big.Rat).SetInt64(int64(r))
	q := min(r, len(m.fisher))
	w := Whitened{
		Loss:   rounded(new(big.Rat).Sub(whole, seen.Times(seen).Trace())),
		Noise:  rounded(inverse.Times(form(m.second, off, off)).Trace()),
		Forced: r - q,
		blind:  q == 0,
		Least:  float64(r),
		Error:  2 * float64(r+1) * t.err * (1 + t.err), // |τ²−τ̂²| ≤ 2·err + err² for τ̂ ≤ 1
	}
	for _, x := range t.values[:q] {
		w.Least -= x * x
		w.Slope = x * x
	}
	w.Error += float64(r+2) * dense.Roundoff * float64(r)
	return w, nil
}

// Leak bounds e − (r − q) of every A whose loss is no more than that of the one judged: what the inequality leaves. It is infinite where s > 0 and Slope is not known to be positive, as for δ = 0.
func (w Whitened) Leak() float64 {
	if !(w.Slope > w.Error) {
		if w.blind { // all of A is noise, whatever it is
			return 0
		}
		return math.Inf(1)
	}
	return max(0, w.Loss-w.Least+w.Error) / (w.Slope - w.Error)
}

// Beaten tells that A has a lower loss than the least, or more noise than its loss leaves: the inequality fails.
func (w Whitened) Beaten() bool {
	return w.Loss < w.Least-w.Error || w.Noise-float64(w.Forced) > w.Leak()+float64(w.Forced+1)*2*dense.Roundoff
}

// eigenvalues of (T_δ, S₂), descending, s of them, and a bound of their error.
type eigenvalues struct {
	values []float64
	err    float64
}

// spectrum computes them from the Gram matrix G = [√(w_k w_l) μ_kᵀΣ̄⁻¹μ_l], K×K, in rationals but for the weights: with w = [√w_k], unit,
// they are those of D^½ G(I+G)⁻¹ D^½, D = δI + (1−δ)wwᵀ, D^½ = √δ I + (1−√δ)wwᵀ.
//
// Its eigenvectors and eigenvalues are backward stable, so G is off by 8K·u‖G‖ with its rounding. g/(1+g) is operator monotone with slope 1 at 0, so that G(I+G)⁻¹, of norm
// less than 1, is off by no more than that and 8K·u of its own products, the next matrix by 8K·u more, and its eigenvalues by as much again: 64K·u(1 + ‖G‖) bounds
// all of it twice.
func spectrum(p gmm.Pairs) eigenvalues {
	exact, weights, k := p.Left.ExactGram(), p.Weights(), p.Components()
	gram := mat.NewDense(k, k, nil)
	gram.Apply(func(i, j int, _ float64) float64 {
		return math.Sqrt(weights[i]) * rounded(exact[i][j]) * math.Sqrt(weights[j])
	}, gram)
	lengths, vectors := dense.Eigen(gram)
	shrunk := mat.NewDense(k, k, nil)
	for c, g := range lengths {
		v := vectors.ColView(c)
		shrunk.RankOne(shrunk, max(0, g)/(1+max(0, g)), v, v)
	}
	root := math.Sqrt(p.Delta())
	half := mat.NewDense(k, k, nil)
	half.Apply(func(i, j int, _ float64) float64 {
		x := (1 - root) * math.Sqrt(weights[i]*weights[j])
		if i == j {
			x += root
		}
		return x
	}, half)
	values, _ := dense.Eigen(dense.Symmetric(dense.Congruent(shrunk, half)))
	slices.Reverse(values)
	return eigenvalues{values[:p.Left.FisherDimension()], 64 * float64(k) * dense.Roundoff * (1 + lengths[k-1])}
}
