package frontier

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// Grid varies a mixture with δ, and the negatives of a loss, along one or two axes.
type Grid struct {
	Base gmm.Pairs
	Loss losses.Loss
	Axes []Axis
	// Temperature is not nil of a grid that is Stable.
	Temperature *big.Rat
	// Asked is the claim that the grid is asked about; nil for another.
	Asked *Asked
}

// Of returns the grid for another loss than InfoNCE. It refuses a loss that the base is no law of and, with ErrAxis, an axis of negatives that the loss does not take.
func (g Grid) Of(l losses.Loss) (Grid, error) {
	g.Loss = l
	if err := g.Base.WantShared(); err != nil {
		return g, err
	}
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
// with ErrAxis any other number, an axis that ParseAxis would refuse or that names a number that the base does not have, two of one
// parameter, more than a million points, weights that leave nothing for other components, and axes at whose ends there is no mixture, as where a covariance is not
// positive definite: between the ends there is one then, as covariances and weights that are fit are convex sets.
func NewGrid(base gmm.Pairs, axes ...Axis) (Grid, error) {
	refuse := func(expected, found string) (Grid, error) {
		return Grid{}, fmt.Errorf("%w: expected %s, found %s", ErrAxis, expected, found)
	}
	if err := base.WantOneModality(); err != nil {
		return Grid{}, err
	}
	if len(axes) < 1 || len(axes) > 2 {
		return refuse("one axis or two", strconv.Itoa(len(axes)))
	}
	for _, a := range axes {
		if expected := a.misfit(); expected != "" {
			return refuse(expected, string(a.Parameter))
		}
	}
	if len(axes) == 2 && axes[0].Parameter == axes[1].Parameter {
		return refuse("two different axes", string(axes[0].Parameter)+" twice")
	}
	g := Grid{Base: base, Loss: losses.InfoNCE, Axes: slices.Clone(axes)}
	if g.Size() > mostGridPoints {
		return refuse(fmt.Sprintf("at most %d points", mostGridPoints), strconv.Itoa(g.Size()))
	}
	paths, _ := g.paths(nil)
	if err := gmm.Distinct(base, paths); err != nil {
		return g, outOfPlace(err)
	}
	return g, g.cornered()
}

// outOfPlace is an ErrAxis of what package gmm refuses.
func outOfPlace(err error) error {
	return fmt.Errorf("%w: %s", ErrAxis, strings.TrimPrefix(err.Error(), "gmm: "))
}

// paths are those of axes that are numbers of the base, with their values.
func (g Grid) paths(values []*big.Rat) (paths []gmm.Path, numbers []*big.Rat) {
	for i, a := range g.Axes {
		if p, ok := a.Parameter.path(g.Base.Left); ok {
			paths = append(paths, p)
			if values != nil {
				numbers = append(numbers, values[i])
			}
		}
	}
	return paths, numbers
}

// cornered refuses, with ErrAxis, a grid at a corner of which there is no mixture.
func (g Grid) cornered() error {
	for corner := range 1 << len(g.Axes) {
		var values []*big.Rat
		var at []string
		for n, a := range g.Axes {
			end := a.Low
			if corner>>n&1 == 1 {
				end = a.High
			}
			values = append(values, end)
			at = append(at, fmt.Sprintf("%s = %s", a.Parameter, gmm.FormatNumber(end)))
		}
		if _, err := g.At(values); err != nil {
			return outOfPlace(fmt.Errorf("no mixture at %s: %s", strings.Join(at, " and "), strings.TrimPrefix(err.Error(), "gmm: ")))
		}
	}
	return nil
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

// At returns the pairs at values of the axes. First numbers of the base get their
// values; if the base is centred the mixture is centred again; then its means are
// separated, and δ is set. It refuses what gmm refuses.
func (g Grid) At(values []*big.Rat) (gmm.Pairs, error) {
	paths, numbers := g.paths(values)
	p, err := gmm.SetAll(g.Base, paths, numbers)
	if err != nil {
		return p, err
	}
	if g.Base.Left.Centred() {
		if p, err = p.Centre(); err != nil {
			return p, err
		}
	}
	for i, a := range g.Axes {
		if a.Parameter != Separation {
			continue
		}
		m, err := p.Left.Separate(values[i])
		if err != nil {
			return p, err
		}
		return gmm.NewPairs(m, p.ExactDelta())
	}
	return p, nil
}
