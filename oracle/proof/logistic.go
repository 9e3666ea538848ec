package proof

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/frequency"
	"contrastcheck/oracle/proof/rational"
)

// Triplet is the logistic triplet loss E log(1 + exp(xᵀM(y − x̂))), (x, x̂) a positive pair and y an independent point: InfoNCE with one negative. Given
// the components j, k and l of x, x̂ and y, v = y − x̂ ∼ N(μ_l − μ_k, 2Σ).
var Triplet = Loss{Words{Loss: "triplet"}, &kind{
	title: "triplet (InfoNCE with one negative)", subspace: "S_F", admits: gmm.Pairs.WantSingle, model: gmm.SharedModel, see: asTheyAre,
	exactly: coordinates.exactlyShifted, labels: cubed,
	objective: func(x coordinates) objective { return newLogistic(x, cubed, func() logistic { return tripletOf(x) }) },
}}

func squared(x float64) float64 { return x * x }
func cubed(x float64) float64   { return x * x * x }

// Sigmoid is the loss E log(1 + e^{−xᵀMx̂−b}) + m E log(1 + e^{xᵀMy+b}), y independent of x, of SigLIP: the negatives weigh m > 0, 1 where it is nil; b is a number, or
// minimised over where it is nil.
func Sigmoid(m, b *big.Rat) Loss {
	if m == nil {
		m = big.NewRat(1, 1)
	}
	words := Words{Loss: "sigmoid", Negatives: m.RatString(), Bias: free}
	title := fmt.Sprintf("sigmoid (negatives of weight %s, free bias)", words.Negatives)
	exactly := coordinates.exactlyShifted
	if b != nil {
		words.Bias = b.RatString()
		title = fmt.Sprintf("sigmoid (negatives of weight %s, bias %s)", words.Negatives, words.Bias)
		exactly = func(x coordinates) (oracle.Verdict, Method, bool) { return x.exactlyBiased(m, b) }
	}
	return Loss{words, &kind{title: title, subspace: "S_F", admits: gmm.Pairs.WantSingle, model: gmm.SharedModel, see: asTheyAre, exactly: exactly, labels: squared,
		objective: func(x coordinates) objective {
			return newLogistic(x, squared, func() logistic { return sigmoidOf(x, m, b) })
		},
	}}
}

// exactlyBiased decides the cases of a fixed bias in which no analysis is needed. The gradient at 0 is a positive multiple of me^b μ̄μ̄ᵀ − T_δ =
// (me^b − 1)μ̄μ̄ᵀ − δB, and for a rational b ≠ 0 me^b is irrational, so that it vanishes only if both parts do.
func (x coordinates) exactlyBiased(m, b *big.Rat) (verdict oracle.Verdict, by Method, ok bool) {
	if x.dimension() == 0 {
		return oracle.Holds, ByZero, true
	}
	average, scale := mean(x.weights, x.c), new(big.Rat)
	switch {
	case b.Sign() == 0:
		scale.Sub(m, big.NewRat(1, 1))
	case !zero(average):
		return oracle.Undecided, "", false
	}
	slope := rational.Outer(average, average).Scaled(scale).Plus(new(big.Rat).Neg(x.delta), x.between())
	for _, row := range slope {
		if !zero(row) {
			return oracle.Undecided, "", false
		}
	}
	return oracle.Refuted, ByZero, true
}

// logistic is a loss Σ weight · E log(1 + e^{t+b}) less a linear function, t = xᵀMv, over the labels of a law: σ(t+b) = ½ + ½tanh(½(t+b)), where only the first part
// sees whether a positive pair is meant.
type logistic struct {
	coordinates
	law frequency.Law
	// linear is the part of Γ, and linearBias that of the derivative along the bias, that the ½ makes.
	linear     rational.Matrix
	linearBias *big.Rat
	bias       *big.Rat // fixed; where one is free, a number near its best at M = 0
	refusal    error    // why there are too many labels to list
}

func newLogistic(x coordinates, labels func(float64) float64, build func() logistic) logistic {
	if err := x.limit.labelled(labels, len(x.weights), x.dimension()); err != nil {
		return logistic{coordinates: x, refusal: err}
	}
	return build()
}

func tripletOf(x coordinates) logistic {
	law := frequency.Law{Gram: x.gram, X: x.c, Spread: 2}
	for k := range x.weights {
		for l := range x.weights {
			law.V = append(law.V, rational.Difference(x.c[l], x.c[k]))
		}
	}
	for j, w := range x.weights {
		alike := new(big.Rat) // x̂ and y of one component, whichever it is
		for k := range x.weights {
			pair := new(big.Rat).Mul(w, x.partner(j, k))
			for l, v := range x.weights {
				switch p := new(big.Rat).Mul(pair, v); {
				case k == l:
					alike.Add(alike, p)
				case p.Sign() > 0:
					law.Labels = append(law.Labels, frequency.Label{Weight: p, X: j, V: k*len(x.weights) + l})
				}
			}
		}
		law.Labels = append(law.Labels, frequency.Label{Weight: alike, X: j})
	}
	half := big.NewRat(-1, 2)
	return logistic{coordinates: x, law: law, linear: x.between().Scaled(half.Mul(half, x.delta)), linearBias: new(big.Rat), bias: new(big.Rat)}
}

func sigmoidOf(x coordinates, m, b *big.Rat) logistic {
	law := frequency.Law{Gram: x.gram, X: x.c, V: x.c, Spread: 1, Free: b == nil}
	for j, w := range x.weights {
		for k, v := range x.weights {
			p := new(big.Rat).Add(x.partner(j, k), new(big.Rat).Mul(m, v))
			law.Labels = append(law.Labels, frequency.Label{Weight: p.Mul(p, w), X: j, V: k})
		}
	}
	half, average := big.NewRat(1, 2), mean(x.weights, x.c)
	linear := rational.Outer(average, average).Scaled(m).Plus(big.NewRat(-1, 1), pairMoment(x.weights, x.delta, x.c)).Scaled(half)
	if b == nil {
		size, _ := m.Float64()
		const bits = 20
		b = dyadic(new(big.Rat).SetFloat64(-math.Log(size)), bits)
	}
	return logistic{coordinates: x, law: law, linear: linear, bias: b,
		linearBias: new(big.Rat).Mul(half, new(big.Rat).Sub(m, big.NewRat(1, 1)))}
}

// partner is the probability that x̂ is of component k where x is of j.
func (x coordinates) partner(j, k int) *big.Rat {
	p := new(big.Rat).Sub(big.NewRat(1, 1), x.delta)
	p.Mul(p, x.weights[k])
	if j == k {
		p.Add(p, x.delta)
	}
	return p
}

func (x logistic) start() point {
	at := x.origin()
	if x.law.Free {
		at.bias = x.bias
	}
	return at
}

// place is the law at a point, if the limit allows as many fractions of such length.
func (x logistic) place(at point) (*frequency.Place, error) {
	if x.refusal != nil {
		return nil, x.refusal
	}
	if err := x.limit.enumerable(len(x.law.Labels), at.form, x.gram, x.c); err != nil {
		return nil, err
	}
	if at.bias == nil {
		return x.law.At(at.form, x.bias), nil
	}
	return x.law.At(at.form, at.bias), nil
}

// allow refuses more work than the limit allows.
func (x logistic) allow(work float64) error {
	if work > x.limit.evaluations() {
		return x.limit.outOfReach("", work)
	}
	return nil
}

// gradient encloses Γ = linear + ½(H + Hᵀ), WHWᵀ being the integral of Im E[x vᵀ e^{iω(t+b)}]/sinh πω; what its sums lack is off by r in whitened length, and
// an entry by at most r √((g⁻¹)_aa (g⁻¹)_bb).
func (x logistic) gradient(c *interval.Context, at point, accuracy float64) (slope, error) {
	place, err := x.place(at)
	if err != nil {
		return slope{}, err
	}
	found, err := place.Slope(c, accuracy, x.allow)
	if err != nil {
		return slope{}, unproved(err)
	}
	inverse := rational.Inverse(x.gram)
	gamma := make(enclosed, x.dimension())
	for a, row := range x.linear {
		for b, exact := range row {
			entry := c.Ldexp(c.Add(found.Matrix[a][b], found.Matrix[b][a]), -1)
			length := c.Sqrt(c.FromRat(new(big.Rat).Mul(inverse[a][a], inverse[b][b])))
			gamma[a] = append(gamma[a], c.Add(c.FromRat(exact), c.AddError(entry, c.Mul(found.Off, length))))
		}
	}
	return slope{gamma, c.Add(c.FromRat(x.linearBias), c.AddError(found.Bias, found.Off)), nil}, c.Err()
}

// unproved is an error of package frequency that says that a proof is out of reach.
func unproved(err error) error {
	if errors.Is(err, frequency.ErrRule) {
		return fmt.Errorf("%w: %w", ErrNotProved, err)
	}
	return err
}

// least has nothing to say before the work.
func (x logistic) least(point) (ball, error) { return ball{new(big.Rat), x.gram}, x.refusal }
