// Package whitened has mixtures in coordinates in which their covariance is the identity,
// derived from the mixture's definition, with bounds of all that rounding changes.
package whitened

import (
	"errors"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Why a mixture cannot be seen, in the words of whoever gave it.
var (
	ErrFrame = errors.New("oracle: measured in standard deviations, the means differ so much in length that double precision loses the short ones")
	ErrSize  = errors.New("oracle: the means are more than 1e70 standard deviations from the origin, or all nearer than 1e-70")
	ErrOwn   = errors.New("oracle: the covariances of the components differ so much that double precision loses the smallest")
)

// Mixture is a mixture in coordinates y = Λ⁻¹Fᵀx, in which the (pooled) covariance is the
// identity. Nothing that a solver computed is taken over but the frame F, which may be
// any independent set of covectors. The coordinates are turned so that W = I + Σ w_k μ_kμ_kᵀ is diagonal
// to rounding; Defect bounds how far it is from that.
type Mixture struct {
	Weights, LogWeights []float64  // K
	Means               *mat.Dense // m×K
	W                   []float64  // m, the diagonal of W, ≥ 1
	MeanError           float64    // |mean − exact mean| ≤ MeanError·|exact mean|, up to a rotation common to all
	FormError           float64    // relative error of Matrix, Frobenius norm, for each side of it
	rotation            *mat.Dense // m×m
	root                *mat.TriDense
}

// See brings a mixture, of own covariances the pooled one, into the coordinates of a frame.
func See(m *gmm.Mixture, frame gmm.Frame) (*Mixture, error) {
	m = m.Pooled()
	p := inFrame(m, frame)
	if !(max(p.covarianceError, p.meanError) < negligible) {
		if finer, ok := inFrameWide(m, frame); ok {
			p = finer
		}
	}
	return whiten(m, p)
}

// whiten brings the products of a frame to coordinates where the covariance is the identity.
func whiten(mixture *gmm.Mixture, p products) (*Mixture, error) {
	m := len(p.covariance)
	theta, raw := mat.NewSymDense(m, rounded(p.covariance).RawMatrix().Data), rounded(p.means)
	var chol mat.Cholesky
	if !chol.Factorize(theta) {
		return nil, ErrFrame
	}
	v := &Mixture{Weights: mixture.Weights(), LogWeights: mixture.LogWeights(), root: new(mat.TriDense)}
	chol.LTo(v.root)
	inverse, err := inverseNorm(v.root)
	if err != nil {
		return nil, err
	}
	// Θ + E = ΛΛᵀ with |E| ≤ γ_{m+2}|Λ||Λᵀ| (Higham, theorem 10.3), beside the
	// error of Θ; in y the covariance is I − Λ⁻¹EΛ⁻ᵀ, and its root moves lengths
	// by half of that. Substitution and products add γ_m cond(Λ), and the error of
	// the means is amplified by ‖Λ⁻¹‖.
	gamma := float64(m+4) * dense.Roundoff
	root := mat.Norm(v.root, 1) * mat.Norm(v.root, math.Inf(1))
	condition := math.Sqrt(root) * inverse
	defect := gamma*condition*condition + p.covarianceError*inverse*inverse
	v.MeanError = 2*defect + gamma*condition + p.meanError*inverse
	v.FormError = 2*defect + 8*gamma*condition*condition
	if !(v.MeanError < largestMeanError) {
		return nil, ErrFrame
	}
	var whitened mat.Dense
	_ = v.root.SolveTo(&whitened, false, raw)
	if size := math.Max(mat.Max(&whitened), -mat.Min(&whitened)); size != 0 && !(shortestMean < size && size < longestMean) {
		return nil, ErrSize
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

// Squares of gradients of means within these sizes neither vanish nor overflow.
const shortestMean, longestMean = 1e-70, 1e70

// largestMeanError is the relative error of the means beyond which first-order
// error propagation is not relied upon.
const largestMeanError = 0x1p-24

func (v *Mixture) turn(whitened *mat.Dense) {
	_, v.rotation = dense.Eigen(mat.DenseCopyOf(gmm.RawScatter(v.Weights, whitened)))
	v.Means = new(mat.Dense)
	v.Means.Mul(v.rotation.T(), whitened)
	m, k := v.Means.Dims()
	v.W = make([]float64, m)
	for i := range m {
		v.W[i] = 1
		for j := range k {
			v.W[i] += v.Weights[j] * v.Means.At(i, j) * v.Means.At(i, j)
		}
	}
	v.MeanError += float64(4*m) * dense.Roundoff
	v.FormError += float64(8*m) * dense.Roundoff
}

// Matrix returns F_L N F_Rᵀ for the coefficients N in the coordinates of two sides.
func Matrix(left *Mixture, n mat.Matrix, right *Mixture) *mat.Dense {
	var l, r, half mat.Dense
	l.Mul(left.root, left.rotation)
	r.Mul(right.root, right.rotation)
	half.Mul(n, &r)
	out := new(mat.Dense)
	out.Mul(l.T(), &half)
	return out
}

// Representation returns a representation A, d×r, in the view's coordinates, in which it acts on
// whitened points: rotationᵀ Λᵀ A for a frame of all original coordinates.
func (v *Mixture) Representation(a *mat.Dense) *mat.Dense {
	var half mat.Dense
	half.Mul(v.root.T(), a)
	out := new(mat.Dense)
	out.Mul(v.rotation.T(), &half)
	return out
}

// inverseNorm bounds ‖Λ⁻¹‖₂ by √(‖X‖₁‖X‖_∞) of the computed inverse X.
func inverseNorm(root *mat.TriDense) (float64, error) {
	var x mat.TriDense
	var condition mat.Condition
	if err := x.InverseTri(root); err != nil && !errors.As(err, &condition) {
		return 0, ErrFrame
	}
	n, _ := root.Dims()
	defect := float64(n+2) * dense.Roundoff * mat.Norm(&x, 2) * mat.Norm(root, 2)
	if !(defect < 0.5) {
		return 0, ErrFrame
	}
	return math.Sqrt(mat.Norm(&x, 1)*mat.Norm(&x, math.Inf(1))) / (1 - defect), nil
}
