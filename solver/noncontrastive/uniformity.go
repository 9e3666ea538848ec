package noncontrastive

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/mat"
)

// ErrWeights says that a weight or a rate of a loss is not positive.
var ErrWeights = errors.New("noncontrastive: expected weights and rates > 0")

// Uniformity searches for the minimum of alignment and uniformity of embeddings that are not normalised (Wang and Isola, ICML 2020),
//
//	L(A) = E‖Aᵀ(x − x̂)‖² + λ log E exp(−t‖Aᵀ(x − y)‖²),
//
// over A of d columns, d×d, from a random start, by descent.Stationary. Errors are ErrWeights, gmm.ErrOtherModel unless there is one modality with a shared covariance, and those of gmm.Mixture.WhitenFull.
func Uniformity(p gmm.Pairs, weight, rate float64, seed uint64) (*mat.Dense, error) {
	if !(weight > 0 && rate > 0) || math.IsInf(weight*rate, 1) {
		return nil, fmt.Errorf("%w, found λ = %v, t = %v", ErrWeights, weight, rate)
	}
	if err := p.WantSingle(); err != nil {
		return nil, err
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		return nil, err
	}
	d := p.Left.Dimension()
	f := uniformity{law(p, w.Means), weight, rate, d}
	start := random(d, d, seed)
	start.Scale(0.5/math.Sqrt(float64(d)*rate), start)
	found := descent.Stationary(f.at, [][]float64{start.RawMatrix().Data}, descent.Search{Flat: rotations(d, d)})
	return w.Columns(p.Left, mat.NewDense(d, d, found.At)), nil
}

// differences are those of the means of x and y, and of x and x̂ their second moment.
type differences struct {
	shares   []float64       // of pairs of components, those that are alike together: they sum to 1
	steps    []*mat.VecDense // whitened differences of means
	positive *mat.SymDense   // E(x − x̂)(x − x̂)ᵀ
}

// law is that of the whitened means, d×K.
func law(p gmm.Pairs, means *mat.Dense) differences {
	d, _ := means.Dims()
	l := differences{shares: []float64{0}, steps: []*mat.VecDense{mat.NewVecDense(d, nil)}, positive: mat.NewSymDense(d, nil)}
	for i := range d {
		l.positive.SetSym(i, i, 2)
	}
	for j, one := range p.Weights() {
		for k, other := range p.Weights() {
			if j == k {
				l.shares[0] += one * other
				continue
			}
			step := new(mat.VecDense)
			step.SubVec(means.ColView(j), means.ColView(k))
			l.shares, l.steps = append(l.shares, one*other), append(l.steps, step)
			l.positive.SymRankOne(l.positive, (1-p.Delta())*one*other, step)
		}
	}
	return l
}

// uniformity is the loss of a whitened A, as a function of its d² numbers.
type uniformity struct {
	differences
	weight, rate float64
	dimension    int
}

// at is L(A), and writes ∇L = 2∇f(AAᵀ)A. As E exp(−t‖Aᵀz‖²) of z ∼ N(s, 2I) is det(X)^{−½} exp(−t sᵀAY⁻¹Aᵀs), X = I + 4tAAᵀ, Y = I + 4tAᵀA, inverses are of Y alone.
func (f uniformity) at(θ, gradient []float64) float64 {
	n := f.dimension
	a := mat.NewDense(n, n, θ)
	inner := mat.NewSymDense(n, nil) // Y
	inner.SymOuterK(4*f.rate, a.T())
	for i := range n {
		inner.SetSym(i, i, 1+inner.At(i, i))
	}
	var factor mat.Cholesky
	if !factor.Factorize(inner) {
		return math.NaN()
	}
	var product, slope, inverse mat.Dense
	product.Mul(f.positive, a)
	value := 0.0
	for i := range n {
		for j := range n {
			value += a.At(i, j) * product.At(i, j)
		}
	}
	slope.Scale(2, &product)
	// ∇ of −(λ/2) log det Y is −4λtAY⁻¹.
	if factor.SolveTo(&inverse, a.T()) != nil { // Y⁻¹Aᵀ
		return math.NaN()
	}
	var spread mat.Dense
	spread.Scale(-4*f.weight*f.rate, inverse.T())
	slope.Add(&slope, &spread)
	value -= f.weight / 2 * factor.LogDet()
	// X⁻¹s = s − 4tAY⁻¹Aᵀs, and the exponent −t sᵀAY⁻¹Aᵀs has the gradient −2tX⁻¹s(Aᵀ X⁻¹s)ᵀ, AᵀX⁻¹s = Y⁻¹Aᵀs.
	sum := 0.0
	terms := make([]float64, len(f.steps))
	seen, beside := make([]*mat.VecDense, len(f.steps)), make([]*mat.VecDense, len(f.steps))
	for i, s := range f.steps {
		seen[i], beside[i] = new(mat.VecDense), new(mat.VecDense)
		seen[i].MulVec(&inverse, s)
		beside[i].MulVec(a, seen[i])
		terms[i] = f.shares[i] * math.Exp(-f.rate*mat.Dot(s, beside[i]))
		sum += terms[i]
		beside[i].AddScaledVec(s, -4*f.rate, beside[i])
	}
	for i := range f.steps {
		slope.RankOne(&slope, -2*f.weight*f.rate*terms[i]/sum, beside[i], seen[i])
	}
	copy(gradient, slope.RawMatrix().Data)
	return value + f.weight*math.Log(sum)
}

// rotations are the directions A(E_ij − E_ji), along which A ↦ AR leaves AAᵀ as it is.
func rotations(d, r int) func([]float64) *mat.Dense {
	return func(θ []float64) *mat.Dense {
		if r < 2 {
			return nil
		}
		a := mat.NewDense(d, r, θ)
		out := mat.NewDense(d*r, r*(r-1)/2, nil)
		c := 0
		for i := range r {
			for j := range i {
				for k := range d {
					out.Set(k*r+i, c, -a.At(k, j))
					out.Set(k*r+j, c, a.At(k, i))
				}
				c++
			}
		}
		return out
	}
}
