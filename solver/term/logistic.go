package term

import (
	"fmt"
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/waves"

	"gonum.org/v1/gonum/mat"
)

// Logistic is a kind of term
//
//	f(M) = min_b Σ_p m_p E log(1 + e^{ε_p(t_p + b)}),   ε_p = ±1,
//
// or that for a fixed b, of scores t_p = ⟨M, X_p⟩, X = x vᵀ of points that are Gaussian under labels: choices of components, which share a covariance. With u = ε(t + b) and the logistic
// function σ
//
//	∇f(M)     = Σ m ε E[σ(u) X] at the best b, where ∂_b = Σ m ε E σ(u) = 0
//	D²f(M)[V] = Σ m E[σ′(u) ⟨V, X⟩ X] − ⟨V, C⟩C/c,   C = Σ m E[σ′(u) X], c = Σ m E σ′(u), the last part for a free b,
//
// integrals over one variable whatever the dimension (waves.Rule): weighed by e^{θt}, x and v are jointly Gaussian with complex moments (waves.Noise). They are taken by
// rules that are finer until two of them agree.
type Logistic struct {
	parts func(weights []float64, delta float64, left, right *mat.Dense) []part
	bias  Bias
	// ∇f(0) is −pull δB + mean μ̄_L μ̄_Rᵀ.
	pull, mean float64
}

// Bias is the b of a term: the best one by default.
type Bias struct {
	Fixed bool
	Value float64 // where it is fixed; else where the best one is looked for first
}

// part is the logistic function of one score.
type part struct {
	labels []waves.Label
	noise  waves.Noise
	sign   float64 // ε
	factor float64 // m
}

// Triplets is the logistic loss of t = xᵀM(y − x̂), (x, x̂) a positive pair and y an independent point, in one modality.
var Triplets = Logistic{
	parts: func(weights []float64, delta float64, side, _ *mat.Dense) []part {
		return []part{{waves.Triplets(weights, delta, side), waves.Independent{X: 1, V: 2}, 1, 1}}
	},
	bias: Bias{Fixed: true}, pull: 0.5,
}

// DistanceTriplets is that of t = ½(x − x̂)ᵀM(x − x̂) − ½(x − y)ᵀM(x − y) = (½(x̂ + y) − x)ᵀM(x̂ − y), a product of points without covariance.
var DistanceTriplets = Logistic{
	parts: func(weights []float64, delta float64, side, _ *mat.Dense) []part {
		return []part{{waves.DistanceTriplets(weights, delta, side), waves.Independent{X: 1.5, V: 2}, 1, 1}}
	},
	bias: Bias{Fixed: true}, pull: 0.5,
}

// Sigmoid is E log(1 + e^{−s₀−b}) + m E log(1 + e^{s₁+b}) for the scores xᵀMy of positive pairs and of independent ones, m > 0. The best bias at M = 0 is −log m.
func Sigmoid(m float64, b Bias) Logistic {
	if !b.Fixed {
		b.Value = -math.Log(m)
	}
	f := Logistic{
		parts: func(weights []float64, delta float64, left, right *mat.Dense) []part {
			noise := waves.Independent{X: 1, V: 1}
			return []part{{waves.Pairs(weights, delta, left, right), noise, -1, 1}, {waves.Pairs(weights, 0, left, right), noise, 1, m}}
		},
		bias: b, pull: 1 / (1 + math.Exp(b.Value)),
	}
	if b.Fixed {
		f.mean = m/(1+math.Exp(-b.Value)) - f.pull
	}
	return f
}

// DistanceSigmoid is Sigmoid with the best bias for the scores −½(x − y)ᵀM(x − y), in one modality.
func DistanceSigmoid(m float64) Logistic {
	f := Sigmoid(m, Bias{})
	f.parts = func(weights []float64, delta float64, side, _ *mat.Dense) []part {
		noise := waves.Halved{V: 2}
		return []part{{waves.Differences(weights, delta, side), noise, -1, 1}, {waves.Differences(weights, 0, side), noise, 1, m}}
	}
	return f
}

// Of is the term of a law.
func (f Logistic) Of(l *Law) Term {
	return &logistic{Logistic: f, law: l, parts: f.parts(l.Weights, l.Delta, l.Left.Means, l.Right.Means)}
}

// logistic is such a term of a law.
type logistic struct {
	Logistic
	law   *Law
	parts []part
	norm  func(g *mat.Dense) float64
}

func (f *logistic) traits() traits {
	m, _ := f.law.Left.Means.Dims()
	n, _ := f.law.Right.Means.Dims()
	return traits{pull: f.pull, mean: f.mean, coarsest: coarse, relative: float64(16*max(m, n)+64)*unitRoundoff + f.law.inputError()}
}

func (f *logistic) measuredBy(norm func(g *mat.Dense) float64, _ func() *mat.Dense) { f.norm = norm }

func (f *logistic) evaluation(evaluation) evaluation { return &logisticAt{of: f} }

// errFast says that no rule resolves the scores.
var errFast = fmt.Errorf("%w: the scores vary too fast", descent.ErrSteep)

// tooFast is errFast, with what to do where a bias is what asks for large scores.
func (f Logistic) tooFast() error {
	if !f.bias.Fixed || f.bias.Value == 0 {
		return errFast
	}
	return fmt.Errorf("%w; a bias of %g takes large ones: one nearer to the best, or a free one, does not", errFast, f.bias.Value)
}

// waves are those of parts whose scores are given, in the order of the parts, by rules of so many panels.
func (f Logistic) waves(panels int, parts []part, scores [][]waves.Score, shifts []float64) phases {
	out := phases{free: !f.bias.Fixed}
	for i, p := range parts {
		out.add(p, waves.NewWave(waves.NewRule(panels, shifts[i]), scores[i], p.sign))
	}
	return out
}

// shift is the line of the rules of a part: c = 0, or one on which terms are much smaller, as where a bias makes σ(u) so, half as far from that as the score, whose M has these
// values, lets it be.
func (f Logistic) shift(p part, scores []waves.Score, values []float64) float64 {
	const far, smaller = -4, 1.0 / 16
	if !(p.sign*f.bias.Value < far) {
		return 0
	}
	reach := 1.0
	for _, s := range values {
		reach = min(reach, p.noise.Reach(p.sign*s))
	}
	if c := reach / 2; waves.Damping(scores, p.sign, f.bias.Value, c) < smaller {
		return c
	}
	return 0
}

// Value is the term at M = 1 of sides in r dimensions, with an estimate of its error.
func (f Logistic) Value(weights []float64, delta float64, left, right Projected) (value, err float64, failure error) {
	for _, side := range []Projected{left, right} {
		if size := mat.Norm(side.Covariance, 2) + mat.Norm(side.Means, 2); math.IsNaN(size) || math.IsInf(size, 0) {
			return math.NaN(), math.Inf(1), errFast
		}
	}
	parts := f.parts(weights, delta, left.Means, right.Means)
	var scores [][]waves.Score
	var shifts []float64
	var rate float64
	spectrum := dense.SingularValues(dense.Times(left.Covariance, right.Covariance))
	for i := range spectrum {
		spectrum[i] = math.Sqrt(spectrum[i])
	}
	for _, p := range parts {
		seen := p.noise.Seen(left.Covariance, right.Covariance)
		var of []waves.Score
		for _, label := range p.labels {
			shares, constant := seen(label.X, label.V)
			of = append(of, waves.Score{Weight: label.Weight, Constant: constant, Shares: shares})
		}
		scores = append(scores, of)
		shifts = append(shifts, f.shift(p, of, spectrum))
		rate = max(rate, waves.Rate(of))
	}
	r, k := left.Means.Dims()
	rounding := float64(16*r+4*k+64) * unitRoundoff
	last := math.NaN()
	for _, n := range waves.Panels(rate) {
		over := f.waves(n, parts, scores, shifts)
		value, size := over.softplus(over.best(f.bias.Value))
		if err = math.Abs(value-last) + rounding*size; err <= 4*rounding*size {
			return value, err, nil
		}
		last = value
	}
	return math.NaN(), math.Inf(1), errFast
}
