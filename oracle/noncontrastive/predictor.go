package noncontrastive

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// Predictor is what SimSiam's loss with a linear predictor and a stopped gradient, ½E‖WᵀAᵀx − stop(Aᵀx̂)‖², does with the noise of A.
//
//	⟨∇_A, QA⟩ = tr Wᵀ(QA)ᵀΣ̄(QA)W = ‖QAW‖²,   ∇_A = S₂AWWᵀ − T_δAWᵀ,
//
// as QᵀS₂ = QᵀΣ̄ and QᵀT_δ = 0: at a stationary point QAW = 0, so that QA = 0 where W is invertible. Both sides are exact.
type Predictor struct {
	// Pull is ⟨∇_A, QA⟩ by the definition, Energy ‖QAW‖².
	Pull, Energy *big.Rat
	// Inside tells that QA = 0.
	Inside bool
}

// Predict evaluates both sides at A, d×r, and W, r×r. Covariances may be shared or not. The error is gmm.ErrOtherModel of two modalities. It panics if A, W and p do not fit.
func Predict(p gmm.Pairs, a *mat.Dense, w [][]*big.Rat) (Predictor, error) {
	m, err := momentsOf(p)
	if err != nil {
		return Predictor{}, err
	}
	return m.predicted(p, columnsOf(a), w), nil
}

func (m moments) predicted(p gmm.Pairs, a rational.Matrix, w rational.Matrix) Predictor {
	if len(a) != len(w) || len(a[0]) != len(m.second) {
		panic(fmt.Sprintf("noncontrastive: a representation of %d×%d and a predictor of %d rows do not fit in %d dimensions", len(a[0]), len(a), len(w), len(m.second)))
	}
	off := m.noise(m.within, a)
	out := Predictor{Pull: new(big.Rat), Inside: true}
	for _, column := range off {
		for _, x := range column {
			out.Inside = out.Inside && x.Sign() == 0
		}
	}
	predictions := rational.Matrix(w).Transposed()
	seen := predictions.Times(off)
	out.Energy = form(m.within, seen, seen).Trace()
	// The loss is of second degree in the A that is not stopped, so that a central difference of any width is its derivative.
	there, back := rational.New(len(a), len(a[0])), rational.New(len(a), len(a[0]))
	for j, column := range a {
		there[j], back[j] = rational.Sum(column, off[j]), rational.Difference(column, off[j])
	}
	rise := new(big.Rat).Sub(defined(p, predictions.Times(there), a), defined(p, predictions.Times(back), a))
	out.Pull = rise.Mul(rise, big.NewRat(1, 2))
	return out
}

// defined is ½E‖Bᵀx − Aᵀx̂‖² for rows b of Bᵀ and a of Aᵀ, by its definition over the labels: given those, x and x̂ are independent, of covariances ℓDℓᵀ each, and the mean of any f of
// second degree is f(μ, μ̂) + ½ Σ_i D_i [f(μ + ℓ_i, μ̂) + f(μ − ℓ_i, μ̂) − 2f(μ, μ̂)] and the same over x̂.
func defined(p gmm.Pairs, b, a rational.Matrix) *big.Rat {
	e, delta := p.Left.Exact(), p.ExactDelta()
	rest := new(big.Rat).Sub(big.NewRat(1, 1), delta)
	scatters := make([]rational.Factors, len(e.Weights))
	for k := range e.Weights {
		covariance := e.Covariance
		if e.Covariances != nil {
			covariance = e.Covariances[k]
		}
		scatters[k], _ = rational.Factorise(covariance)
	}
	half, sum := big.NewRat(1, 2), new(big.Rat)
	for k, one := range e.Weights {
		for l, other := range e.Weights {
			probability := times(rest, times(one, other))
			if k == l {
				probability.Add(probability, times(delta, one))
			}
			if probability.Sign() == 0 {
				continue
			}
			left, right := b.Apply(e.Means[k]), a.Apply(e.Means[l])
			middle := apart(left, right)
			mean := new(big.Rat).Set(middle)
			bend := func(of rational.Factors, move rational.Matrix, at, from []*big.Rat) {
				for i, axis := range of.Lower.Transposed() {
					step := move.Apply(axis)
					second := new(big.Rat).Add(apart(rational.Sum(at, step), from), apart(rational.Difference(at, step), from))
					second.Sub(second, times(big.NewRat(2, 1), middle))
					mean.Add(mean, times(half, times(of.Diagonal[i], second)))
				}
			}
			bend(scatters[k], b, left, right)
			bend(scatters[l], a, right, left)
			sum.Add(sum, times(probability, mean))
		}
	}
	return sum
}

// apart is ½‖x − y‖².
func apart(x, y []*big.Rat) *big.Rat {
	difference := rational.Difference(x, y)
	square := rational.Dot(difference, difference)
	return square.Mul(square, big.NewRat(1, 2))
}
