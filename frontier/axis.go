package frontier

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// Parameter is what varies along an axis of a grid.
type Parameter string

// The parameters of an axis.
const (
	// Delta is δ, in [0, 1].
	Delta Parameter = "delta"
	// Separation is a factor t ≥ 0 that moves the means to μ̄ + t(μ_k − μ̄), so that it
	// multiplies the Mahalanobis distances between the base's means: 1 is the base, whatever its units.
	Separation Parameter = "separation"
	// Weight is that of the base's lightest component, the first of several, in
	// (0, 1); the others share the rest in their former proportions.
	Weight Parameter = "weight"
	// Negatives is the number N ≥ 1 of negatives of the loss. Values are whole numbers, spaced evenly in log N.
	Negatives Parameter = "negatives"
	// Temperature is τ > 0 of cosines, for grids that are Stable or are asked about a claim on cosines.
	Temperature Parameter = "temperature"
)

// Any number of the base is a parameter, too, by its path, as gmm.ParsePath reads it: mean[3][1], weight[1] or covariance[1][2]. The other weights keep their proportions.

// path is the one of a parameter that is a number of a base.
func (p Parameter) path(base *gmm.Mixture) (gmm.Path, bool) {
	if p == Weight {
		p = Parameter(fmt.Sprintf("weight[%d]", base.Lightest()+1))
	}
	path, err := gmm.ParsePath(string(p))
	return path, err == nil
}

// Axis is Count values of a parameter from Low to High, both included, evenly spaced but for Negatives.
type Axis struct {
	Parameter Parameter
	Low, High *big.Rat
	Count     int
}

// ErrAxis says that an axis, or a grid of several, cannot be used.
var ErrAxis = errors.New("frontier: not a usable axis")

// mostGridPoints bounds the points of a grid: hours of work.
const mostGridPoints = 1_000_000

// ParseAxis reads name=low:high:count, as in delta=1/20:1:20. Numbers are decimals
// or fractions, kept exactly. It refuses with ErrAxis.
func ParseAxis(text string) (Axis, error) {
	refuse := func(expected string) (Axis, error) {
		return Axis{}, fmt.Errorf("%w: expected %s, found %q", ErrAxis, expected, text)
	}
	name, limits, named := strings.Cut(text, "=")
	parts := strings.Split(limits, ":")
	if !named || len(parts) != 3 {
		return refuse("name=low:high:count")
	}
	low, noLow := gmm.ParseNumber(parts[0])
	high, noHigh := gmm.ParseNumber(parts[1])
	count, noCount := strconv.Atoi(parts[2])
	switch {
	case noLow != nil:
		return refuse("a decimal or a fraction as the low end")
	case noHigh != nil:
		return refuse("a decimal or a fraction as the high end")
	case noCount != nil:
		return refuse("a whole number as the count")
	}
	a := Axis{Parameter(name), low, high, count}
	if expected := a.misfit(); expected != "" {
		return refuse(expected)
	}
	return a, nil
}

// misfit says what is expected of the axis, or nothing if it is so.
func (a Axis) misfit() string {
	one := big.NewRat(1, 1)
	path, err := gmm.ParsePath(string(a.Parameter))
	_, weight := path.Weight()
	switch {
	case err != nil && !slices.Contains([]Parameter{Separation, Weight, Negatives, Temperature}, a.Parameter):
		return "an axis named delta, separation, weight, negatives or temperature, or a number of the mixture such as mean[3][1], weight[1] or covariance[1][2]"
	case a.Count < 1 || a.Count > mostGridPoints:
		return fmt.Sprintf("a count from 1 to %d", mostGridPoints)
	case a.Low.Cmp(a.High) > 0:
		return "a low end no higher than the high end"
	case a.Count == 1 && a.Low.Cmp(a.High) != 0:
		return "equal ends for one value"
	case a.Count > 1 && a.Low.Cmp(a.High) == 0:
		return "different ends for several values"
	case a.Parameter == Delta && (a.Low.Sign() < 0 || a.High.Cmp(one) > 0):
		return "values of delta in [0, 1]"
	case a.Parameter == Separation && a.Low.Sign() < 0:
		return "values of separation from 0"
	case a.Parameter == Temperature && a.Low.Sign() <= 0:
		return "values of temperature above 0"
	case (a.Parameter == Weight || weight) && (a.Low.Sign() <= 0 || a.High.Cmp(one) >= 0):
		return "values of weight between 0 and 1"
	case a.Parameter == Negatives && !(a.Low.IsInt() && a.High.IsInt() && a.Low.Cmp(one) >= 0 && a.High.Cmp(big.NewRat(losses.MostNegatives, 1)) <= 0):
		return fmt.Sprintf("whole numbers of negatives from 1 to %d", losses.MostNegatives)
	case a.Parameter == Negatives && a.repeats():
		return "a count of negatives for which all values are different whole numbers"
	}
	return ""
}

// repeats tells whether two values, rounded, are one. Steps grow, and values more than 1 apart are different numbers: none beyond the first such step has to be looked at.
func (a Axis) repeats() bool {
	const apart = 1.001 // with room for rounding
	for i := 1; i < a.Count; i++ {
		if a.power(i)-a.power(i-1) > apart {
			return false
		}
		if a.Value(i).Cmp(a.Value(i-1)) == 0 {
			return true
		}
	}
	return false
}

// power is low (high/low)^{i/(count − 1)}.
func (a Axis) power(i int) float64 {
	low, _ := a.Low.Float64()
	high, _ := a.High.Float64()
	return low * math.Pow(high/low, float64(i)/float64(a.Count-1))
}

// Value returns the i-th value, exactly: low + i (high − low)/(count − 1), of negatives the whole number next to low (high/low)^{i/(count − 1)}.
func (a Axis) Value(i int) *big.Rat {
	if i == 0 {
		return new(big.Rat).Set(a.Low)
	}
	if a.Parameter == Negatives {
		return new(big.Rat).SetFloat64(math.Round(a.power(i)))
	}
	step := new(big.Rat).Sub(a.High, a.Low)
	step.Mul(step, big.NewRat(int64(i), int64(a.Count-1)))
	return step.Add(step, a.Low)
}
