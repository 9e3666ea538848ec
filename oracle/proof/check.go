package proof

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/box"
	"contrastcheck/oracle/proof/cosine"
	"contrastcheck/oracle/proof/network"
)

// Theorem is what has been proved of a mixture.
type Theorem struct {
	Loss       Loss
	Verdict    oracle.Verdict // Holds or Refuted: whether Col(A*) = S_F; of distances, the centred S_c
	Dimension  int            // of that subspace
	Hypotheses Hypotheses     // of the mixture with δ
	Statement  string         // in words
	By         Method
	// Margin is a lower bound of |λ_min| of the whitened M_u on S_F, which is negative if equality is refuted; nil where
	// the case is decided exactly.
	Margin *big.Rat
	// Radius bounds the distance of M̂ from M_u in the whitened Frobenius norm, of distances as scores in that of G = I + M̂; nil where the case is decided exactly.
	Radius *big.Rat
	// Containment says that the verdict is whether Col(A*) ⊆ S_F; Departure is then what refutes it, with an enclosure.
	Containment bool
	Departure   *Departure
	// OffRange is, where no affine minimiser exists, a lower bound of the length of the part of c* that is not in the range of M*, whitened; else nil. The verdict, refuted, is
	// that there is one.
	OffRange *big.Rat
	// Comparison has the two values by which containment of networks is refuted; else nil.
	Comparison *network.Bounds
	// Cosine has the two values by which containment of representations of length 1 is refuted; else nil.
	Cosine *cosine.Bounds
	// Box has what is proved of all mixtures of a box, of which Margin and Radius are the worst; else nil.
	Box *box.Bounds
}

// Bound writes what is proved of λ_min(M_u on S_F), whitened: it is at most this negative
// number where equality is refuted, at least this positive one where it holds. Six
// digits, rounded towards 0; "" for a theorem without a margin.
func (t Theorem) Bound() string {
	if t.Margin == nil {
		return ""
	}
	text := towards0(t.Margin)
	if t.Verdict == oracle.Refuted {
		return "-" + text
	}
	return text
}

// towards0 writes six digits.
func towards0(x *big.Rat) string {
	const bits, digits = 64, 6
	short := new(big.Float).SetPrec(bits).SetMode(big.ToZero).SetRat(x)
	text, _ := interval.NewContext(bits).FromFloat(short).Decimal(digits)
	return text
}

// Off writes OffRange: six digits, rounded towards 0; "" where there is none.
func (t Theorem) Off() string {
	if t.OffRange == nil {
		return ""
	}
	return towards0(t.OffRange)
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
	switch {
	case c.Comparison != nil:
		return l.checkComparison(c)
	case c.Cosine != nil:
		return l.checkCosine(c)
	case c.Region != nil:
		return l.checkBox(c)
	case c.Containment:
		return l.checkContainment(c)
	}
	x, err := c.Loss.newCoordinates(c.Pairs, l)
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
	theorem.Loss, theorem.Dimension, theorem.Hypotheses = c.Loss, x.dimension(), x.hypotheses
	theorem.Statement = c.statement()
	return theorem, nil
}

// refused is an ErrRefused that says what was expected and found.
func refused(expected, found string, values ...any) error {
	return fmt.Errorf("%w: "+"expected "+expected+", found "+found, append([]any{ErrRefused}, values...)...)
}

// derive proves what the mixture, M̂ and the witness prove, whatever the certificate claims.
func (c Certificate) derive(x coordinates) (Theorem, error) {
	kind := c.Loss.of()
	if verdict, by, ok := kind.exactly(x); ok && (c.Minimiser == nil || by != ByOrthogonalMean) { // what that decides, older certificates enclose
		if c.Minimiser != nil || c.Bias != nil || c.Shift != nil || c.Boundary != nil || c.Witness != nil || c.Precision != 0 || c.Accuracy != 0 {
			return Theorem{}, refused("no minimiser, as the case is decided exactly", "one")
		}
		return Theorem{Verdict: verdict, By: by}, nil
	}
	o := kind.objective(x)
	if err := c.acceptable(x, o); err != nil {
		return Theorem{}, err
	}
	if err := x.limit.integrable(len(x.weights)); err != nil {
		return Theorem{}, err
	}
	at := point{c.Minimiser, c.Bias, c.Shift}
	least, err := o.least(at)
	if err != nil {
		return Theorem{}, err
	}
	if _, margin := c.decide(x, least); margin.Sign() <= 0 {
		return Theorem{}, undecided("at least", least.radius)
	}
	near, err := o.ball(at, effort{c.Precision, c.Accuracy})
	if err != nil {
		return Theorem{}, err
	}
	verdict, margin := c.decide(x, near)
	if margin.Sign() <= 0 {
		return Theorem{}, undecided("up to", near.radius)
	}
	return c.attaining(x, Theorem{Verdict: verdict, By: ByEnclosure, Margin: margin, Radius: near.radius})
}

// decide returns what M̂ and the witness show of M_u if it is in the ball, with the margin that remains;
// nothing, if that is not positive. The margin decreases with the radius.
func (c Certificate) decide(x coordinates, near ball) (oracle.Verdict, *big.Rat) {
	if c.Witness != nil {
		return oracle.Refuted, x.refutation(c.Minimiser, c.Witness, near)
	}
	return oracle.Holds, x.confirmation(c.Minimiser, near)
}

func undecided(bound string, radius *big.Rat) error {
	return refused("a minimiser and a witness that decide the sign of λ_min", "a distance of %s %s, which leaves it open", bound, short(radius))
}

// acceptable checks shapes and limits, so that no certificate costs more than a bounded time.
func (c Certificate) acceptable(x coordinates, o objective) error {
	s := x.dimension()
	if err := x.fits(c.Minimiser); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if c.Witness != nil && (len(c.Witness) != s || !slices.ContainsFunc(c.Witness, func(y *big.Rat) bool { return y.Sign() != 0 })) {
		return refused("a witness of %d numbers, not all 0", "%d numbers", s, len(c.Witness))
	}
	numbers := slices.Concat(c.Minimiser, [][]*big.Rat{c.Witness, c.Shift})
	if wanted := len(o.start().shift); len(c.Shift) != wanted {
		return refused("a shift of %d numbers", "%d", wanted, len(c.Shift))
	}
	switch wanted := o.start().bias != nil; {
	case wanted && c.Bias == nil:
		return refused("a bias beside the minimiser", "none")
	case !wanted && c.Bias != nil:
		return refused("no bias", "one")
	case wanted:
		numbers = append(numbers, []*big.Rat{c.Bias})
	}
	return c.bounded(numbers)
}

// bounded checks the lengths of numbers and the hints.
func (c Certificate) bounded(numbers [][]*big.Rat) error {
	if c.Precision < 24 || c.Precision > mostPrecision || c.Accuracy < 1 || c.Accuracy > mostAccuracy {
		return refused("a precision of 24 to %d bits and an accuracy of 1 to %d", "%d and %d", mostPrecision, mostAccuracy, c.Precision, c.Accuracy)
	}
	for _, row := range numbers {
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
