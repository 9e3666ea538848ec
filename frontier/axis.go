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
	// Temperature is τ > 0 of cosines, for grids that are Stable.
	Temperature Parameter = "temperature"
)

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
	switch {
	case !slices.Contains([]Parameter{Delta, Separation, Weight, Negatives, Temperature}, a.Parameter):
		return "an axis named delta, separation, weight, negatives or temperature"
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
	case a.Parameter == Weight && (a.Low.Sign() <= 0 || a.High.Cmp(one) >= 0):
		return "values of weight between 0 and 1"
	case a.Parameter == Negatives && !(a.Low.IsInt() && a.High.IsInt() && a.Low.Cmp(one) >= 0 && a.High.Cmp(big.NewRat(losses.MostNegatives, 1)) <= 0):
		return fmt.Sprintf("whole numbers of negatives from 1 to %d", losses.MostNegatives)
	case a.Parameter == Negatives && a.repeats():
		return "a count of negatives for which all values are different whole numbers"
	}
	return ""
}

// repeats tells whether two values, rounded, are one.
func (a Axis) repeats() bool {
	for i := 1; i < a.Count; i++ {
		if a.Value(i).Cmp(a.Value(i-1)) == 0 {
			return true
		}
	}
	return false
}

// Value returns the i-th value, exactly: low + i (high − low)/(count − 1), of negatives the whole number next to low (high/low)^{i/(count − 1)}.
func (a Axis) Value(i int) *big.Rat {
	if i == 0 {
		return new(big.Rat).Set(a.Low)
	}
	if a.Parameter == Negatives {
		low, _ := a.Low.Float64()
		high, _ := a.High.Float64()
		return new(big.Rat).SetFloat64(math.Round(low * math.Pow(high/low, float64(i)/float64(a.Count-1))))
	}
	step := new(big.Rat).Sub(a.High, a.Low)
	step.Mul(step, big.NewRat(int64(i), int64(a.Count-1)))
	return step.Add(step, a.Low)
}

// Grid varies a mixture with δ, and the negatives of a loss, along one or two axes.
type Grid struct {
	Base gmm.Pairs
	Loss losses.Loss
	Axes []Axis
	// Temperature is not nil of a grid that is Stable.
	Temperature *big.Rat
}

// Of returns the grid for another loss than InfoNCE. It refuses a loss that the base is no law of and, with ErrAxis, an axis of negatives that the loss does not take.
func (g Grid) Of(l losses.Loss) (Grid, error) {
	g.Loss = l
	if err := l.Admit(g.Base); err != nil {
		return g, err
	}
	for _, a := range g.Axes {
		if a.Parameter == Temperature {
			return g, fmt.Errorf("%w: an axis of temperature goes with the claim %s", ErrAxis, CosineStable)
		}
		if a.Parameter != Negatives {
			continue
		}
		for _, end := range []*big.Rat{a.Low, a.High} {
			if _, err := l.WithNegatives(end); err != nil {
				return g, fmt.Errorf("%w: %w", ErrAxis, err)
			}
		}
	}
	return g, nil
}

// NewGrid returns the grid of a base along one or two different axes. It refuses
// with ErrAxis any other number, an axis that ParseAxis would refuse, two of one
// parameter, more than a million points, and a weight of a single component.
func NewGrid(base gmm.Pairs, axes ...Axis) (Grid, error) {
	refuse := func(expected, found string) (Grid, error) {
		return Grid{}, fmt.Errorf("%w: expected %s, found %s", ErrAxis, expected, found)
	}
	if err := base.WantSingle(); err != nil {
		return Grid{}, err
	}
	if len(axes) < 1 || len(axes) > 2 {
		return refuse("one axis or two", strconv.Itoa(len(axes)))
	}
	for _, a := range axes {
		if expected := a.misfit(); expected != "" {
			return refuse(expected, string(a.Parameter))
		}
		if a.Parameter == Weight && base.Components() == 1 {
			return refuse("several components for an axis of weight", "one")
		}
	}
	if len(axes) == 2 && axes[0].Parameter == axes[1].Parameter {
		return refuse("two different axes", string(axes[0].Parameter)+" twice")
	}
	g := Grid{Base: base, Loss: losses.InfoNCE, Axes: slices.Clone(axes)}
	if g.Size() > mostGridPoints {
		return refuse(fmt.Sprintf("at most %d points", mostGridPoints), strconv.Itoa(g.Size()))
	}
	return g, nil
}

// Size is the number of points.
func (g Grid) Size() int {
	size := 1
	for _, a := range g.Axes {
		size *= a.Count
	}
	return size
}

// values are those of the axes at the i-th point, the last axis running fastest.
func (g Grid) values(i int) []*big.Rat {
	values := make([]*big.Rat, len(g.Axes))
	for n := len(g.Axes) - 1; n >= 0; n-- {
		a := g.Axes[n]
		values[n] = a.Value(i % a.Count)
		i /= a.Count
	}
	return values
}
