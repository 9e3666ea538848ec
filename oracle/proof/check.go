package proof

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/oracle"

	"contrastcheck/oracle/proof/rational"
)

// Theorem is what has been proved of a mixture.
type Theorem struct {
	Verdict    oracle.Verdict // Holds or Refuted: whether Col(A*) = S_F
	Hypotheses Hypotheses     // of the mixture with δ
	Statement  string         // in words
	By         Method
	// Margin is a lower bound of |λ_min| of the whitened M_u on S_F, which is negative if equality is refuted; nil where
	// the case is decided exactly.
	Margin *big.Rat
	// Epsilon bounds ‖M̂ − M_u‖ in the whitened Frobenius norm; nil where the case is decided exactly.
	Epsilon *big.Rat
}

// Limits of what a certificate may ask of its checker: no more than Prove asks.
const (
	mostPrecision = finest + guard // bits of interval arithmetic
	mostAccuracy  = finest         // an accuracy of 2^−mostAccuracy
	largestNumber = 4096           // bits of a numerator or denominator in M̂ and the witness
)

// Check proves the certificate's verdict from the definition, or refuses it: ErrRefused if it is not the one that its
// contents prove, ErrNotProved and gmm.ErrCost if it would go beyond
// the limit. Whether the claim that it names has the theorem's hypotheses is for those to say who know the claims.
func Check(c Certificate) (Theorem, error) { return Limit(1).Check(c) }

// Check is the function Check with another limit.
func (l Limit) Check(c Certificate) (Theorem, error) {
	x, err := newCoordinates(c.Pairs, l)
	if err != nil {
		return Theorem{}, err
	}
	theorem, err := c.derive(x)
	if err != nil {
		return Theorem{}, err
	}
	if theorem.Verdict != c.Verdict {
		return Theorem{}, refused("the verdict %v, which is what is proved", "%v", theorem.Verdict, c.Verdict)
	}
	if !slices.Equal(c.Basis, x.basis) {
		return Theorem{}, refused("the basis %v", "%v", x.basis, c.Basis)
	}
	theorem.Hypotheses, theorem.Statement = x.hypotheses, statement(c.Pairs, theorem.Verdict, x.dimension())
	return theorem, nil
}

// refused is an ErrRefused that says what was expected and found.
func refused(expected, found string, values ...any) error {
	return fmt.Errorf("%w: "+"expected "+expected+", found "+found, append([]any{ErrRefused}, values...)...)
}

// derive proves what the mixture, M̂ and the witness prove, whatever the certificate claims.
func (c Certificate) derive(x coordinates) (Theorem, error) {
	if verdict, by, ok := x.exactly(); ok {
		if c.Minimiser != nil || c.Witness != nil || c.Precision != 0 || c.Accuracy != 0 {
			return Theorem{}, refused("no minimiser, as the case is decided exactly", "one")
		}
		return Theorem{Verdict: verdict, By: by}, nil
	}
	if err := c.acceptable(x); err != nil {
		return Theorem{}, err
	}
	if err := x.limit.integrable(len(x.weights)); err != nil {
		return Theorem{}, err
	}
	n := rational.Matrix(c.Minimiser)
	const twice = 4 // squared: enough for any M̂ that is near M_u
	if limit := x.startingSlope(); n.SquaredNorm(x.gram).Cmp(limit.Mul(limit, big.NewRat(twice, 1))) > 0 {
		return Theorem{}, refused("‖M̂‖² ≤ 4‖∇f(0)‖² = %s, as ‖M_u‖ ≤ ‖∇f(0)‖", "%s", short(limit), short(n.SquaredNorm(x.gram)))
	}
	least, err := x.leastEpsilon(n)
	if err != nil {
		return Theorem{}, err
	}
	if _, margin := c.decide(x, least); margin.Sign() <= 0 {
		return Theorem{}, undecided("at least", least)
	}
	epsilon, err := x.epsilon(n, effort{c.Precision, c.Accuracy})
	if err != nil {
		return Theorem{}, err
	}
	verdict, margin := c.decide(x, epsilon)
	if margin.Sign() <= 0 {
		return Theorem{}, undecided("up to", epsilon)
	}
	return Theorem{Verdict: verdict, By: ByEnclosure, Margin: margin, Epsilon: epsilon}, nil
}

// decide returns what M̂ and the witness show of M_u if it is no farther from M̂ than ε, with the margin that remains;
// nothing, if that is not positive. The margin decreases with ε.
func (c Certificate) decide(x coordinates, epsilon *big.Rat) (oracle.Verdict, *big.Rat) {
	if c.Witness != nil {
		return oracle.Refuted, x.refutation(c.Minimiser, c.Witness, epsilon)
	}
	return oracle.Holds, x.confirmation(c.Minimiser, epsilon)
}

func undecided(bound string, epsilon *big.Rat) error {
	return refused("a minimiser and a witness that decide the sign of λ_min", "a gradient of %s %s, which leaves it open", bound, short(epsilon))
}

// acceptable checks shapes and limits, so that no certificate costs more than a bounded time.
func (c Certificate) acceptable(x coordinates) error {
	s := x.dimension()
	if err := x.fits(c.Minimiser); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if c.Witness != nil && (len(c.Witness) != s || !slices.ContainsFunc(c.Witness, func(y *big.Rat) bool { return y.Sign() != 0 })) {
		return refused("a witness of %d numbers, not all 0", "%d numbers", s, len(c.Witness))
	}
	if c.Precision < 24 || c.Precision > mostPrecision || c.Accuracy < 1 || c.Accuracy > mostAccuracy {
		return refused("a precision of 24 to %d bits and an accuracy of 1 to %d", "%d and %d", mostPrecision, mostAccuracy, c.Precision, c.Accuracy)
	}
	for _, row := range append(c.Minimiser, c.Witness) {
		for _, number := range row {
			if number.Num().BitLen() > largestNumber || number.Denom().BitLen() > largestNumber {
				return refused("numbers of at most %d bits", "a longer one", largestNumber)
			}
		}
	}
	return nil
}

// tolerance is 2^−accuracy.
func tolerance(accuracy uint) float64 { return math.Ldexp(1, -int(accuracy)) }

func short(r *big.Rat) string { return new(big.Float).SetRat(r).Text('g', 3) }
