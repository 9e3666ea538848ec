package oracle

import (
	"errors"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// view is the mixture and a symmetric matrix in coordinates y = Λ⁻¹Fᵀx, in
// which the covariance is the identity, derived from the mixture's definition:
// nothing that the solver computed is taken over but the frame F, which may be
// any independent set of covectors, and the coefficients.
//
// The coordinates are turned so that W = I + C is diagonal.
type view struct {
	weights    []float64
	logWeights []float64
	delta      float64
	seed       uint64     // of random points
	means      *mat.Dense // m×K
	w          []float64  // m, the diagonal of W
	rotation   *mat.Dense // m×m
	root       *mat.TriDense
	meanError  float64 // |mean − exact mean| ≤ meanError·|exact mean|, up to a rotation common to all
	formError  float64 // relative error of the form's matrix, Frobenius norm
	work       *budget // of the judgement that the view is for; nil has no bound
}

// see brings the mixture into the coordinates of a frame. It is one of one modality and a shared covariance.
func see(p gmm.Pairs, frame gmm.Frame) (*view, error) {
	if err := p.WantSingle(); err != nil {
		return nil, err
	}
	covariance, means, off := inFrame(p, frame)
	if !(max(off.covariance, off.means) < negligible) {
		if finer, finerMeans, less, ok := inFrameWide(p, frame); ok {
			covariance, means, off = finer, finerMeans, less
		}
	}
	return whiten(p, covariance, means, off)
}

// whiten brings FᵀΣF and FᵀU, each with a bound of its error, to coordinates where
// the covariance is the identity.
func whiten(p gmm.Pairs, covariance, means [][]dd.Number, off frameError) (*view, error) {
	theta, raw := roundedSymmetric(covariance), rounded(means)
	m := len(covariance)
	var chol mat.Cholesky
	if !chol.Factorize(theta) {
		return nil, errFrame
	}
	v := &view{weights: p.Weights(), logWeights: p.LogWeights(), delta: p.Delta(), seed: seedOf(p), root: new(mat.TriDense)}
	chol.LTo(v.root)
	inverse, err := inverseNorm(v.root)
	if err != nil {
		return nil, err
	}
	// Θ + E = ΛΛᵀ with |E| ≤ γ_{m+2}|Λ||Λᵀ| (Higham, theorem 10.3), beside the
	// error of Θ; in y the covariance is I − Λ⁻¹EΛ⁻ᵀ, and its root moves lengths
	// by half of that. Substitution and products add γ_m cond(Λ), and the error of
	// the means is amplified by ‖Λ⁻¹‖.
	gamma := float64(m+4) * unitRoundoff
	root := mat.Norm(v.root, 1) * mat.Norm(v.root, math.Inf(1))
	condition := math.Sqrt(root) * inverse
	defect := gamma*condition*condition + off.covariance*inverse*inverse
	v.meanError = 2*defect + gamma*condition + off.means*inverse
	v.formError = 2*defect + 8*gamma*condition*condition
	if !(v.meanError < largestMeanError) {
		return nil, errFrame
	}
	var whitened mat.Dense
	_ = v.root.SolveTo(&whitened, false, raw)
	if size := math.Max(mat.Max(&whitened), -mat.Min(&whitened)); size != 0 && !(shortestMean < size && size < longestMean) {
		return nil, errSize
	}
	v.turn(&whitened)
	return v, nil
}

func rounded(rows [][]dd.Number) *mat.Dense {
	out := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		for j, x := range row {
			out.Set(i, j, x.Float64())
		}
	}
	return out
}

func roundedSymmetric(rows [][]dd.Number) *mat.SymDense {
	return mat.NewSymDense(len(rows), rounded(rows).RawMatrix().Data)
}

// Squares of gradients of means within these sizes neither vanish nor overflow.
const shortestMean, longestMean = 1e-70, 1e70

// frameError bounds errors of inFrame: of FᵀΣF in norm, and of the columns of
// FᵀU, each relative to its mean's whitened length.
type frameError struct{ covariance, means float64 }

// largestMeanError is the relative error of the means beyond which first-order
// error propagation is not relied upon.
const largestMeanError = 0x1p-24

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

func (v *view) turn(whitened *mat.Dense) {
	_, v.rotation = eigen(mat.DenseCopyOf(gmm.RawScatter(v.weights, whitened)))
	v.means = new(mat.Dense)
	v.means.Mul(v.rotation.T(), whitened)
	m, k := v.means.Dims()
	v.w = make([]float64, m)
	for i := range m {
		v.w[i] = 1
		for j := range k {
			v.w[i] += v.weights[j] * v.means.At(i, j) * v.means.At(i, j)
		}
	}
	v.meanError += float64(4*m) * unitRoundoff
	v.formError += float64(8*m) * unitRoundoff
}

// matrix returns the symmetric matrix of coefficients n in the view's coordinates: rotationᵀ Λᵀ n Λ rotation.
func (v *view) matrix(n mat.Symmetric) *mat.Dense {
	var turned, half, out mat.Dense
	turned.Mul(v.root, v.rotation)
	half.Mul(n, &turned)
	out.Mul(turned.T(), &half)
	return symmetric(&out)
}

// inverseNorm bounds ‖Λ⁻¹‖₂ by √(‖X‖₁‖X‖_∞) of the computed inverse X.
func inverseNorm(root *mat.TriDense) (float64, error) {
	var x mat.TriDense
	var condition mat.Condition
	if err := x.InverseTri(root); err != nil && !errors.As(err, &condition) {
		return 0, errFrame
	}
	n, _ := root.Dims()
	defect := float64(n+2) * unitRoundoff * mat.Norm(&x, 2) * mat.Norm(root, 2)
	if !(defect < 0.5) {
		return 0, errFrame
	}
	return math.Sqrt(mat.Norm(&x, 1)*mat.Norm(&x, math.Inf(1))) / (1 - defect), nil
}

// inFrame returns FᵀΣF and FᵀU to double-double precision, from the mixture's
// definition, and bounds of their errors.
func inFrame(p gmm.Pairs, frame gmm.Frame) (covariance, means [][]dd.Number, off frameError) {
	if frame.Fisher {
		gram, errors := verifiedGram(p)
		return fromGram(gram, errors, frame.Basis)
	}
	d, m := frame.Basis.Dims()
	columns := make([][]dd.Number, m)
	for a := range m {
		columns[a] = make([]dd.Number, d)
		for i := range d {
			columns[a][i] = dd.Of(frame.Basis.At(i, a))
		}
	}
	sigma, mu := p.Left.DoubledCovariance(), p.Left.DoubledMeans()
	covariance, means = table(m, m), table(m, p.Components())
	half := make([]dd.Number, d)
	var trace, largest float64
	for i := range d {
		trace += sigma[i][i].Hi
	}
	for a := range m {
		for i := range d {
			half[i] = dd.Dot(sigma[i], columns[a])
		}
		for b := range m {
			covariance[a][b] = dd.Dot(half, columns[b])
		}
		for k := range mu {
			means[a][k] = dd.Dot(columns[a], mu[k])
		}
		largest += dd.Norm(columns[a]) * dd.Norm(columns[a])
	}
	// Sums of d terms: FᵀΣF is off by d·ε·|F|ᵀ|Σ||F| ≤ d·ε·trΣ·‖F‖², Fᵀμ by
	// d·ε·‖F‖|μ|, beside the whitened length |L⁻¹μ| ≥ |μ|/√trΣ.
	rounding := 8 * float64(d) * dd.Epsilon
	return covariance, means, frameError{rounding * trace * largest, rounding * math.Sqrt(largest*trace)}
}

// verifiedGram recomputes UᵀΣ⁻¹U from Σ and U. An approximate X ≈ Σ⁻¹U serves
// as a hint: with R = U − ΣX the sum UᵀX + XᵀR misses the Gram matrix by
// RᵀΣ⁻¹R alone, whatever X is. The bound of that needs a lower bound of λ_min(Σ).
func verifiedGram(p gmm.Pairs) (gram [][]dd.Number, errors [][]float64) {
	hint := p.Left.Gram().Precision
	sigma, mu := p.Left.DoubledCovariance(), p.Left.DoubledMeans()
	k, d := len(mu), len(sigma)
	residuals := table(k, d)
	var trace float64
	for i := range d {
		trace += sigma[i][i].Hi
		for j := range k {
			residuals[j][i] = mu[j][i].Sub(dd.Dot(sigma[i], hint[j]))
		}
	}
	gram = table(k, k)
	errors = make([][]float64, k)
	least := p.Left.LeastVariance()
	rounding := 8 * float64(d+2) * dd.Epsilon
	for i := range k {
		errors[i] = make([]float64, k)
	}
	for i := range k {
		for j := range i + 1 {
			gram[i][j] = dd.Dot(mu[i], hint[j]).Add(dd.Dot(hint[i], residuals[j]))
			gram[j][i] = gram[i][j]
			size := dd.Norm(mu[i])*dd.Norm(hint[j]) + trace*dd.Norm(hint[i])*dd.Norm(hint[j])
			errors[i][j] = dd.Norm(residuals[i])*dd.Norm(residuals[j])/least + rounding*size
			errors[j][i] = errors[i][j]
		}
	}
	return gram, errors
}

// fromGram returns CᵀGC and CᵀG for the K×m coefficients C of a Fisher frame.
func fromGram(gram [][]dd.Number, errors [][]float64, coefficients *mat.Dense) (covariance, means [][]dd.Number, off frameError) {
	k, m := coefficients.Dims()
	covariance, means = table(m, m), table(m, k)
	for a := range m {
		for j := range k {
			var sum dd.Number
			for i := range k {
				sum = sum.Add(dd.Of(coefficients.At(i, a)).Mul(gram[i][j]))
			}
			means[a][j] = sum
		}
		for b := range m {
			var sum dd.Number
			for j := range k {
				sum = sum.Add(means[a][j].Mul(dd.Of(coefficients.At(j, b))))
			}
			covariance[a][b] = sum
		}
	}
	// |C|ᵀ(|E| + rounding·|G|)|C|, summed over all entries; a mean's part beside
	// its whitened length √G_jj, summed over coordinates.
	for j := range k {
		own := math.Sqrt(math.Max(gram[j][j].Hi-errors[j][j], 0))
		var column float64
		for a := range m {
			var entry float64
			for i := range k {
				e := errors[i][j] + 8*float64(k)*dd.Epsilon*math.Abs(gram[i][j].Hi)
				entry += math.Abs(coefficients.At(i, a)) * e
			}
			column += entry
			for b := range m {
				off.covariance += entry * math.Abs(coefficients.At(j, b))
			}
		}
		if column > 0 {
			off.means = math.Max(off.means, column/own)
		}
	}
	return covariance, means, off
}

func table(rows, columns int) [][]dd.Number {
	out := make([][]dd.Number, rows)
	for i := range out {
		out[i] = make([]dd.Number, columns)
	}
	return out
}

func symmetric(a *mat.Dense) *mat.Dense {
	n, _ := a.Dims()
	for i := range n {
		for j := range i {
			mean := (a.At(i, j) + a.At(j, i)) / 2
			a.Set(i, j, mean)
			a.Set(j, i, mean)
		}
	}
	return a
}

// eigen returns the eigenvalues, ascending, and eigenvectors of a symmetric matrix.
func eigen(a *mat.Dense) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, symmetric(mat.DenseCopyOf(a)).RawMatrix().Data), true) {
		panic("oracle: the eigenvalues did not converge")
	}
	vectors := new(mat.Dense)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}
