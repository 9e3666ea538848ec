package solver

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// errSteep says that a trial point's softmax is too steep to integrate.
var errSteep = errors.New("solver: the softmax is too steep to integrate")

// infonce is the InfoNCE loss as a function of a symmetric M in m whitened
// coordinates, turned so that W = I + C is diagonal. With y_k = μ_k − μ̄ and
// p(x) = softmax_k(log w_k + xᵀM y_k),
//
//	f(M)       = −δ⟨M, B⟩ + ½⟨M², W⟩ + E_x log Σ_k w_k exp(xᵀM y_k)
//	∇f(M)      = ½(MW + WM) + sym[ Σ_j w_j ( μ_j Σ_k Γ_jk y_kᵀ + R E_j[t pᵀ] Yᵀ ) ]
//	Γ_jk       = E_j p_k − δ 1{j=k} − (1−δ) w_k
//	D²f(M)[V]  = ½(VW + WV) + sym E_x[ x xᵀ V Y (diag p − p pᵀ) Yᵀ ]
//
// where x = μ_j + R t + z under component j, R spans {M y_k} and t ∼ N(0, I_q).
// Writing the means about μ̄ changes no value: the rows of Γ and the softmax
// covariance sum to 0.
type infonce struct {
	weights    []float64
	logWeights []float64
	delta      float64
	means      *mat.Dense // m×K
	centred    *mat.Dense // m×K, y_k
	second     []float64  // m, the diagonal of W
	inputError float64    // relative error of the means

	// choose picks the quadrature; a field so that tests can plant a wrong one.
	choose func(ranges []float64, tolerance float64, limit int) (quadrature.Rule, error)
}

// newInfoNCE states the loss of p in whitened coordinates. It also returns the
// m×m rotation whose columns are the diagonalising directions.
func newInfoNCE(p gmm.Pairs, w gmm.Whitened) (*infonce, *mat.Dense) {
	f := &infonce{
		weights: p.Weights(), logWeights: p.LogWeights(), delta: p.Delta(),
		inputError: w.Error, choose: quadrature.Choose,
	}
	scatter, rotation := eigen(gmm.RawScatter(f.weights, w.Means))
	f.means = new(mat.Dense)
	f.means.Mul(rotation.T(), w.Means)
	for _, c := range scatter {
		f.second = append(f.second, 1+max(0, c))
	}
	mean := gmm.Mean(f.weights, f.means)
	f.centred = mat.DenseCopyOf(f.means)
	m, k := f.means.Dims()
	for i := range m {
		for j := range k {
			f.centred.Set(i, j, f.means.At(i, j)-mean.AtVec(i))
		}
	}
	return f, rotation
}

// mostNodes bounds a tensor rule: about two seconds for one evaluation.
const mostNodes = 4_000_000

// point is the loss's gradient at M, and what the Hessian there needs.
type point struct {
	f        *infonce
	m        *mat.Dense
	gradient *mat.Dense
	norm     float64 // ‖∇f(M)‖_d
	err      float64 // estimated error of the gradient, in the same norm
	rule     quadrature.Rule
	c        *contrasts
	moments  *softmaxMoments
	losses   []float64  // the loss and its error, once computed
	average  *mat.Dense // K×K, Σ_j w_j E_j(diag p − p pᵀ)
}

// at evaluates the gradient at M, aiming at an error of tolerance in the norm ‖·‖_d.
func (f *infonce) at(m *mat.Dense, tolerance float64) (*point, error) {
	pt := &point{f: f, m: m}
	scale := f.sensitivity()
	var slopes, offsets mat.Dense
	slopes.Mul(m, f.centred)
	offsets.Mul(f.means.T(), &slopes)
	k := len(f.weights)
	for j := range k {
		for i := range k {
			offsets.Set(j, i, offsets.At(j, i)+f.logWeights[i])
		}
	}
	pt.c = newContrasts(&slopes, &offsets, tolerance/(100*scale))
	var err error
	if pt.rule, err = f.choose(pt.c.ranges, tolerance/scale, mostNodes/k); err != nil {
		return nil, fmt.Errorf("solver: a softmax of %d components that varies in %d directions is beyond tensor rules, which serve up to about 5 directions: %w", k, len(pt.c.ranges), err)
	}
	if pt.moments, err = pt.c.integrate(pt.rule); err != nil {
		return nil, err
	}
	pt.assemble()
	pt.norm = f.dualNorm(pt.gradient)
	pt.err = scale*(pt.rule.Error+pt.c.dropped) + f.roundingError(m, &offsets)
	return pt, nil
}

// assemble computes the gradient from the moments.
func (pt *point) assemble() {
	f := pt.f
	m, k := f.means.Dims()
	q, _ := pt.c.slopes.Dims()
	gamma := mat.NewDense(k, k, nil) // w_j Γ_jk
	tp := mat.NewDense(q, k, nil)
	pt.average = mat.NewDense(k, k, nil)
	for j, w := range f.weights {
		var others float64
		for i := range k {
			if i != j {
				g := pt.moments.p.At(j, i) - (1-f.delta)*f.weights[i]
				gamma.Set(j, i, w*g)
				others += g
			}
		}
		gamma.Set(j, j, -w*others) // the row sums to 0: no cancellation in 1 − E_j p_j
		addScaled(tp, w, pt.moments.tp[j])
		addScaled(pt.average, w, pt.moments.cov[j][0])
	}
	var left, around mat.Dense
	left.Mul(f.means, gamma)
	around.Mul(pt.c.directions, tp)
	left.Add(&left, &around)
	pt.gradient = new(mat.Dense)
	pt.gradient.Mul(&left, f.centred.T())
	symmetrise(pt.gradient)
	for i := range m {
		for j := range m {
			pt.gradient.Set(i, j, pt.gradient.At(i, j)+pt.m.At(i, j)*(f.second[i]+f.second[j])/2)
		}
	}
}

// curvature returns D²f(M)[V] for a symmetric V.
func (pt *point) curvature(v *mat.Dense) *mat.Dense {
	f := pt.f
	k := len(f.weights)
	q, _ := pt.c.slopes.Dims()
	var vy, byMeans, byDirections, result mat.Dense
	vy.Mul(v, f.centred)                       // m×K
	byMeans.Mul(f.means.T(), &vy)              // K×K, μ_jᵀ V y_k
	byDirections.Mul(pt.c.directions.T(), &vy) // q×K
	fromMeans := mat.NewDense(k, k, nil)
	fromDirections := mat.NewDense(q, k, nil)
	seen := mat.NewDense(1+q, k, nil) // ηᵀ-coefficients of xᵀV y_k as seen from j
	seen.Slice(1, 1+q, 0, k).(*mat.Dense).Copy(&byDirections)
	row := mat.NewDense(1, k, nil)
	for j, w := range f.weights {
		seen.SetRow(0, byMeans.RawRowView(j))
		for a := range 1 + q {
			for b := range 1 + q {
				row.Mul(seen.Slice(b, b+1, 0, k), pt.moments.cov[j][packed(a, b)])
				into := fromMeans.RawRowView(j)
				if a > 0 {
					into = fromDirections.RawRowView(a - 1)
				}
				for i, x := range row.RawRowView(0) {
					into[i] += w * x
				}
			}
		}
	}
	// The part of x across R has covariance I − RRᵀ and leaves p alone.
	var across, along mat.Dense
	across.Mul(&vy, pt.average)
	along.Mul(&byDirections, pt.average)
	fromDirections.Sub(fromDirections, &along)
	var left, around mat.Dense
	left.Mul(f.means, fromMeans)
	around.Mul(pt.c.directions, fromDirections)
	left.Add(&left, &around)
	left.Add(&left, &across)
	result.Mul(&left, f.centred.T())
	symmetrise(&result)
	for i := range f.second {
		for j := range f.second {
			result.Set(i, j, result.At(i, j)+v.At(i, j)*(f.second[i]+f.second[j])/2)
		}
	}
	return &result
}

// loss returns f(M) and an estimate of its error.
func (f *infonce) loss(pt *point) (value, err float64) {
	if pt.losses == nil {
		value, err := f.computeLoss(pt)
		pt.losses = []float64{value, err}
	}
	return pt.losses[0], pt.losses[1]
}

func (f *infonce) computeLoss(pt *point) (value, err float64) {
	logs := pt.c.logPartition(pt.rule)
	var quadratic, size float64
	for i := range f.second {
		for j := range f.second {
			square := f.second[i] * pt.m.At(i, j) * pt.m.At(i, j) / 2
			quadratic += square
			size += square
		}
	}
	var linear float64
	for j, w := range f.weights {
		y := f.centred.ColView(j)
		form := w * mat.Inner(y, pt.m, y)
		linear -= f.delta * form
		quadratic += w * logs[j]
		size += math.Abs(form) + w*math.Abs(logs[j])
	}
	return linear + quadratic, pt.rule.Error + pt.c.dropped + operations(f)*unitRoundoff*size
}

// dualNorm is ‖G‖_d with ‖G‖²_d = Σ_ij 2 G_ij² / (w_i + w_j), w the diagonal of
// W. As D²f ≥ ½(W· + ·W), ‖M − M_u‖_F ≤ ‖∇f(M)‖_d ≤ ‖∇f(M)‖_F.
func (f *infonce) dualNorm(g *mat.Dense) float64 {
	var sum float64
	for i, wi := range f.second {
		for j, x := range g.RawRowView(i) {
			sum += 2 * x * x / (wi + f.second[j])
		}
	}
	return math.Sqrt(sum)
}

// sensitivity bounds how an error e of every E_j p_k and E_j t_i p_k moves the
// gradient in the norm ‖·‖_d: the gradient is a sum of products a bᵀ, and
// ‖sym a bᵀ‖_d ≤ |W^{−¼}a| |W^{−¼}b|.
func (f *infonce) sensitivity() float64 {
	m, k := f.means.Dims()
	var left, right float64
	for j := range k {
		var a, b float64
		for i := range m {
			scale := 1 / math.Sqrt(f.second[i])
			a += scale * f.means.At(i, j) * f.means.At(i, j)
			b += scale * f.centred.At(i, j) * f.centred.At(i, j)
		}
		left += f.weights[j] * math.Sqrt(a)
		right += math.Sqrt(b)
	}
	return (left + math.Sqrt(float64(min(m, k-1)))) * right
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// operations is a generous count of the roundings that one entry of the gradient sees.
func operations(f *infonce) float64 {
	m, k := f.means.Dims()
	return float64(2*m + 4*k + 16)
}

// roundingError estimates the effect of rounding and of the error of the
// whitened means on the gradient, in the norm ‖·‖_d.
func (f *infonce) roundingError(m, offsets *mat.Dense) float64 {
	relative := operations(f)*unitRoundoff + f.inputError
	// An exponent of size z is off by z·relative, and p by as much.
	largest := 1.0
	for _, o := range offsets.RawMatrix().Data {
		largest = max(largest, math.Abs(o))
	}
	weighted := mat.DenseCopyOf(m)
	for i, wi := range f.second {
		for j, wj := range f.second {
			weighted.Set(i, j, m.At(i, j)*(wi+wj)/2)
		}
	}
	return relative * (f.sensitivity()*largest + f.dualNorm(weighted))
}

func addScaled(into *mat.Dense, factor float64, a *mat.Dense) {
	into.Apply(func(i, j int, x float64) float64 { return x + factor*a.At(i, j) }, into)
}

// eigen returns the eigenvalues, ascending, and the eigenvectors, as columns, of a
// symmetric matrix, of which the upper triangle is read.
func eigen(a mat.Matrix) ([]float64, *mat.Dense) {
	n, _ := a.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, mat.DenseCopyOf(a).RawMatrix().Data), true) {
		panic("solver: the eigenvalues did not converge")
	}
	vectors := new(mat.Dense)
	e.VectorsTo(vectors)
	return e.Values(nil), vectors
}

func symmetrise(a *mat.Dense) {
	n, _ := a.Dims()
	for i := range n {
		for j := range i {
			mean := (a.At(i, j) + a.At(j, i)) / 2
			a.Set(i, j, mean)
			a.Set(j, i, mean)
		}
	}
}
