package cosine

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/line"
)

var (
	// ErrUndecided says that the bounds do not meet: nothing is proved.
	ErrUndecided = errors.New("cosine: the bounds do not meet")
	// ErrShape says that a refutation's numbers are not ones.
	ErrShape = errors.New("cosine: not a refutation")
)

// Refutation is what a proof needs besides the mixture. None of it is believed: whatever it says, Check finds bounds that hold.
type Refutation struct {
	Temperature *big.Rat // τ > 0
	Noise       *big.Rat // ε > 0, of the matrix diag(1, ε)
	// Nodes of the trapezoidal rule, and the half-width b of the strip by which its error is bounded; 0 and nil for the series, which is one of ε = 1.
	Nodes int
	Strip *big.Rat
	// Squeeze is q, 0 < q ≤ 1, of nodes that are even in ψ, tan θ = q tan ψ; nil for ones that are even in θ.
	Squeeze *big.Rat
}

// seen is the noise of the density of nodes, ε/q.
func (r Refutation) seen() *big.Rat {
	if r.Squeeze == nil {
		return r.Noise
	}
	return new(big.Rat).Quo(r.Noise, r.Squeeze)
}

// Bounds are two that have been proved: of the loss at diag(1, ε), and of that of every matrix in S_F.
type Bounds struct{ line.Values }

// precision of the interval arithmetic, in bits: Z ≥ e^−κ is a sum whose terms are as large as e^κ.
func precision(temperature *big.Rat) uint {
	const least, more = 128, 3 // 2 log₂ e < 3
	scale, _ := new(big.Rat).Inv(temperature).Float64()
	return uint(least + more*math.Ceil(scale))
}

// few are the digits of bounds in short.
const few = 10

// Short are the bounds in few decimals, which hold as they stand.
func (b Bounds) Short() (outside, inside string) { return b.Decimals(few) }

// ShortGap is Gap in few decimals, which hold as they stand.
func (b Bounds) ShortGap() string {
	c := interval.NewContext(64)
	text, _ := c.FromRat(b.Gap()).Decimal(few)
	return text
}

// Check proves the bounds from the definition: ErrShape where the numbers are beyond limits, ErrUndecided where they prove nothing, as the bounds do not meet.
func (r Refutation) Check(l line.Mixture) (Bounds, error) {
	if err := r.acceptable(); err != nil {
		return Bounds{}, err
	}
	x := newLaw(l, r.Temperature)
	b := Bounds{line.Values{Inside: x.inside()}}
	var err error
	if r.Nodes == 0 {
		b.Outside, err = x.series()
	} else {
		b.Outside, err = x.trapezoid(r)
	}
	switch {
	case errors.Is(err, ErrUndecided):
		return Bounds{}, err
	case err != nil:
		return Bounds{}, fmt.Errorf("%w: %w", ErrUndecided, err)
	}
	if b.Gap().Sign() <= 0 {
		outside, inside := b.Short()
		return Bounds{}, fmt.Errorf("%w: the loss outside is at most %s, and that inside at least %s", ErrUndecided, outside, inside)
	}
	return b, nil
}

// Limits of a refutation's numbers, so that none costs more than Cost says.
const (
	longestNumber = 512 // bits of a numerator or denominator
	mostNodes     = 1 << 17
)

// Limits of the temperature and the noise of a refutation: τ ≥ 1/Coldest, and both, as their inverses, are at most Largest.
const Largest, Coldest = 1 << 20, 256

// acceptable checks shapes and limits.
func (r Refutation) acceptable() error {
	numbers := []*big.Rat{r.Temperature, r.Noise}
	if (r.Nodes == 0) != (r.Strip == nil) {
		return fmt.Errorf("%w: expected nodes and a strip, or neither", ErrShape)
	}
	if r.Squeeze != nil {
		if r.Nodes == 0 || r.Squeeze.Cmp(big.NewRat(1, 1)) > 0 {
			return fmt.Errorf("%w: expected nodes squeezed by at most 1", ErrShape)
		}
		numbers = append(numbers, r.Squeeze)
	}
	if r.Nodes != 0 {
		numbers = append(numbers, r.Strip)
	} else if r.Noise == nil || r.Noise.Cmp(big.NewRat(1, 1)) != 0 {
		return fmt.Errorf("%w: expected a noise of 1 where there are no nodes", ErrShape)
	}
	for _, x := range numbers {
		if x == nil || x.Sign() <= 0 || x.Num().BitLen() > longestNumber || x.Denom().BitLen() > longestNumber ||
			x.Cmp(big.NewRat(Largest, 1)) > 0 || x.Cmp(big.NewRat(1, Largest)) < 0 {
			return fmt.Errorf("%w: expected numbers of at most %d bits from 1/%d to %d", ErrShape, longestNumber, Largest, Largest)
		}
	}
	if r.Temperature.Cmp(big.NewRat(1, Coldest)) < 0 {
		return fmt.Errorf("%w: expected a temperature of at least 1/%d, found %s", ErrShape, Coldest, r.Temperature.RatString())
	}
	if r.Nodes < 0 || r.Nodes%2 != 0 || r.Nodes > mostNodes {
		return fmt.Errorf("%w: expected an even number of at most %d nodes, found %d", ErrShape, mostNodes, r.Nodes)
	}
	return nil
}

// Affordable refuses a check that would take more than limit times a minute, with gmm.ErrCost.
func (r Refutation) Affordable(l line.Mixture, limit float64) error {
	if r.acceptable() != nil {
		return nil
	}
	what := fmt.Sprintf("a rule of %d nodes", r.Nodes)
	if r.Nodes == 0 {
		what = fmt.Sprintf("series of means %.3g standard deviations away", l.Farthest())
	}
	return gmm.Limit(limit).Allows("", what, r.cost(l))
}

// cost is that of a density at half of the nodes, given each component, and of the coefficients and the sum of a series there; without nodes, that of the coefficients as series.
func (r Refutation) cost(l line.Mixture) gmm.Cost {
	const perDensity, perProduct, perMultiple, perTerm, perInterval, words, few = 150e-6, 0.7e-6, 1e-6, 3e-6, 300, 128, 40
	scale, _ := new(big.Rat).Inv(r.Temperature).Float64()
	longer := float64(precision(r.Temperature)) / words
	components, modes := float64(len(l.Weights)), few+3*scale
	n := float64(r.Nodes) / 2
	if r.Nodes == 0 {
		far := l.Farthest()
		return gmm.Cost{Seconds: longer * components * modes * (modes + far*far + few) * perTerm}
	}
	product := perProduct
	if r.Squeeze != nil {
		product += perMultiple
	}
	return gmm.Cost{Seconds: longer * n * (components*perDensity + 2*modes*product), Bytes: longer * n * (components + 2) * perInterval}
}
