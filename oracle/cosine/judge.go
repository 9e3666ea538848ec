package cosine

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/line"

	"gonum.org/v1/gonum/mat"
)

// Loss is one of scores f(x)·f(y)/τ. The zero value is InfoNCE.
type Loss struct {
	name      string
	negatives float64 // of Sigmoid
}

// InfoNCE is L = −E f·f̂/τ + E_x log E_y exp(f(x)·f(y)/τ), with infinitely many negatives.
var InfoNCE = Loss{}

// Sigmoid is L = min_b E sp(−f·f̂/τ − b) + m E sp(f(x)·f(y)/τ + b), sp(t) = log(1 + e^t), with m > 0 negatives a positive.
func Sigmoid(negatives float64) Loss { return Loss{"sigmoid", negatives} }

// Inside encloses the loss of every A with columns in S_F.
func (l Loss) Inside(m line.Mixture, temperature float64) Enclosure {
	if l == InfoNCE {
		return insideInfoNCE(m, temperature)
	}
	return insideSigmoid(m, temperature, l.negatives)
}

// Outside encloses the loss at A = e₁uᵀ + ε n vᵀ, ε > 0, whitened: e₁ along S_F, n ⟂ e₁ and v ⟂ u, all of length 1. Of a sigmoid loss it is that at a bias near the best. The error is ErrPanels.
func (l Loss) Outside(m line.Mixture, noise, temperature float64) (Enclosure, error) {
	return l.outside(m, noise, temperature, fine)
}

func (l Loss) outside(m line.Mixture, noise, temperature float64, rule gauss) (Enclosure, error) {
	if l == InfoNCE {
		return outsideInfoNCE(m, noise, temperature, rule)
	}
	return outsideSigmoid(m, noise, temperature, l.negatives, rule)
}

// Findings are what is known of containment.
type Findings struct {
	Verdict oracle.Verdict // Refuted or Undecided
	Noise   float64        // ε of the matrix outside; 0 for none
	Inside  Enclosure      // the loss of all matrices inside S_F
	Outside Enclosure      // that of the one outside; of none, the one inside
}

// Gain is a lower bound of how much lower the loss outside is, where containment is refuted.
func (f Findings) Gain() float64 { return f.Inside.Lower() - f.Outside.Upper() }

// JudgeNoise compares the loss at diag(1, ε), whitened, with that of all matrices inside S_F. An ε that is not positive and finite is that of none outside.
func JudgeNoise(m line.Mixture, l Loss, temperature, noise float64) (Findings, error) {
	f := Findings{Inside: l.Inside(m, temperature)}
	f.Outside = f.Inside
	if !(noise > 0) || math.IsInf(noise, 1) {
		return f, nil
	}
	outside, err := l.Outside(m, noise, temperature)
	if err != nil {
		return f, err
	}
	if f.Noise, f.Outside = noise, outside; f.Gain() > 0 {
		f.Verdict = oracle.Refuted
	}
	return f, nil
}

// Judge compares the loss of A, d×r, with that of all matrices inside S_F. It takes of A the part e₁uᵀ + ε n vᵀ, u the row of whitened A along S_F and ε the largest stretch of its other rows across u, as Noise finds it: what is refuted, is so
// by that matrix, whatever A is; its loss is A's where that is of this form. Errors are line.ErrShape of what is not on a line, ErrPanels, and of a temperature that is not positive.
func Judge(p gmm.Pairs, l Loss, temperature float64, a *mat.Dense) (Findings, error) {
	if !(temperature > 0) || math.IsInf(temperature, 1) {
		return Findings{}, fmt.Errorf("cosine: expected a temperature > 0, found %v", temperature)
	}
	m, err := line.Of(p)
	if err != nil {
		return Findings{}, err
	}
	noise, err := Noise(p, a)
	if err != nil {
		return Findings{}, err
	}
	return JudgeNoise(m, l, temperature, noise)
}

// Noise is the ε of A, d×r: with Σ = LLᵀ, Â = LᵀA, e₁ along the whitened means and u = Âᵀe₁, the largest singular value of (Â − e₁uᵀ)(I − uuᵀ/‖u‖²), over ‖u‖; +Inf where u is 0.
func Noise(p gmm.Pairs, a *mat.Dense) (float64, error) {
	var factor mat.Cholesky
	if !factor.Factorize(p.Left.Covariance()) {
		return 0, fmt.Errorf("cosine: %w", gmm.ErrIllConditioned)
	}
	var lower mat.TriDense
	factor.LTo(&lower)
	var mean, along mat.VecDense // the longest whitened mean
	for k := range p.Left.Components() {
		if err := mean.SolveVec(&lower, p.Left.Means().RowView(k)); err != nil {
			return 0, fmt.Errorf("cosine: %w", gmm.ErrIllConditioned)
		}
		if along.IsEmpty() || mat.Norm(&mean, 2) > mat.Norm(&along, 2) {
			along.CloneFromVec(&mean)
		}
	}
	along.ScaleVec(1/mat.Norm(&along, 2), &along)
	var whitened, rest mat.Dense
	whitened.Mul(lower.T(), a)
	var u mat.VecDense
	u.MulVec(whitened.T(), &along)
	length := mat.Norm(&u, 2)
	if length == 0 {
		return math.Inf(1), nil
	}
	rest.Outer(-1, &along, &u)
	rest.Add(&rest, &whitened)
	var through mat.VecDense
	through.MulVec(&rest, &u)
	var shared mat.Dense
	shared.Outer(1/(length*length), &through, &u)
	rest.Sub(&rest, &shared)
	var singular mat.SVD
	if !singular.Factorize(&rest, mat.SVDNone) {
		return 0, errors.New("cosine: the singular values of A were not found")
	}
	return singular.Values(nil)[0] / length, nil
}

// Best looks for the ε whose loss at diag(1, ε) is least, by golden sections of log ε between 2⁻¹² and 2⁶ about the best of a few.
func Best(m line.Mixture, l Loss, temperature float64) (float64, error) {
	var failure error
	of := func(logarithm float64) float64 {
		outside, err := l.outside(m, math.Exp2(logarithm), temperature, coarse)
		if err != nil {
			failure = err
			return math.Inf(1)
		}
		return outside.Value
	}
	const least, most, steps = -12.0, 6.0, 12
	best, lowest := least, math.Inf(1)
	width := (most - least) / steps
	for i := range steps + 1 {
		at := least + width*float64(i)
		if value := of(at); value < lowest {
			best, lowest = at, value
		}
	}
	if math.IsInf(lowest, 1) {
		return 0, failure
	}
	golden := (math.Sqrt(5) - 1) / 2
	low, high := best-width, best+width
	left, right := high-golden*(high-low), low+golden*(high-low)
	atLeft, atRight := of(left), of(right)
	for high-low > 1e-2 {
		if atLeft < atRight {
			high, right, atRight = right, left, atLeft
			left = high - golden*(high-low)
			atLeft = of(left)
		} else {
			low, left, atLeft = left, right, atRight
			right = low + golden*(high-low)
			atRight = of(right)
		}
	}
	return math.Exp2((low + high) / 2), nil
}
