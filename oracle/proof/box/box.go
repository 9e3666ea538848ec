package box

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
)

// Side is one number of a mixture and the interval that it is from, Low ≤ High.
type Side struct {
	Path      gmm.Path
	Low, High *big.Rat
}

// String writes the side as the command line takes it.
func (s Side) String() string {
	return fmt.Sprintf("%v in [%s, %s]", s.Path, s.Low.RatString(), s.High.RatString())
}

// Box is the mixtures, with δ, that pairs become when their sides' numbers are taken from intervals: gmm.SetAll says how other weights follow. Where it is Centred, μ̄ is then
// subtracted from every mean.
type Box struct {
	Pairs   gmm.Pairs
	Sides   []Side
	Centred bool
}

// short is the first few sides, for messages.
func (b Box) short() string {
	const most = 4
	if len(b.Sides) <= most {
		return b.String()
	}
	first := b
	first.Sides = b.Sides[:most]
	return fmt.Sprintf("%v, … (%d more)", first, len(b.Sides)-most)
}

// String writes the sides as the command line takes them.
func (b Box) String() string {
	texts := make([]string, len(b.Sides))
	for i, s := range b.Sides {
		texts[i] = s.String()
	}
	return strings.Join(texts, ", ")
}

// At returns the pairs at a point of the box, a number a side.
func (b Box) At(point []*big.Rat) (gmm.Pairs, error) {
	paths := make([]gmm.Path, len(b.Sides))
	for i, s := range b.Sides {
		paths[i] = s.Path
	}
	p, err := gmm.SetAll(b.Pairs, paths, point)
	if err != nil || !b.Centred {
		return p, err
	}
	return p.Centre()
}

// middle is the point in the middle of every side.
func (b Box) middle() []*big.Rat {
	point := make([]*big.Rat, len(b.Sides))
	for i, s := range b.Sides {
		point[i] = middle(s)
	}
	return point
}

func middle(s Side) *big.Rat {
	sum := new(big.Rat).Add(s.Low, s.High)
	return sum.Mul(sum, big.NewRat(1, 2))
}

// halfWidth is half the length of a side.
func halfWidth(s Side) *big.Rat {
	difference := new(big.Rat).Sub(s.High, s.Low)
	return difference.Mul(difference, big.NewRat(1, 2))
}

// halves are the two boxes that a cut through the middle of a side leaves.
func (b Box) halves(side int) [2]Box {
	cut := middle(b.Sides[side])
	lower, upper := b, b
	lower.Sides, upper.Sides = slices.Clone(b.Sides), slices.Clone(b.Sides)
	lower.Sides[side].High, upper.Sides[side].Low = cut, cut
	return [2]Box{lower, upper}
}

// Varies tells whether a side is a number of the kind that is tells.
func (b Box) varies(is func(gmm.Path) bool) bool {
	return slices.ContainsFunc(b.Sides, func(s Side) bool { return is(s.Path) })
}

func ofWeight(p gmm.Path) bool { _, ok := p.Weight(); return ok }
func ofMean(p gmm.Path) bool   { _, _, ok := p.Mean(); return ok }
func ofCovariance(p gmm.Path) bool {
	_, _, ok := p.Covariance()
	return ok
}

// check refuses, with gmm.InputErrors of what a mixture may be, sides that are no numbers of the mixture, and intervals that contain what no mixture has.
func (b Box) check() error {
	if err := b.Pairs.WantSingle(); err != nil {
		return err
	}
	if !b.Pairs.Shared() {
		return &gmm.InputError{Key: "covariance", Expected: "a covariance that all components share", Found: "one of their own", Reason: gmm.ErrOtherModel}
	}
	if len(b.Sides) == 0 {
		return &gmm.InputError{Expected: "a number and its interval", Found: "none", Reason: gmm.ErrPath}
	}
	paths := make([]gmm.Path, len(b.Sides))
	for i, s := range b.Sides {
		paths[i] = s.Path
		if s.Low.Cmp(s.High) > 0 {
			return &gmm.InputError{Key: s.Path.String(), Expected: "an interval whose ends ascend", Found: s.String(), Reason: gmm.ErrNumber}
		}
	}
	if err := gmm.Distinct(b.Pairs, paths); err != nil {
		return err
	}
	return b.leaves()
}

// vertices calls look with the pairs at each vertex of some sides, in the middle of the others, or why there are none; with none, if there are many.
func (b Box) vertices(sides []int, look func(p gmm.Pairs, at string, err error) error) error {
	const most = 6 // sides
	if len(sides) == 0 || len(sides) > most {
		return nil
	}
	point := b.middle()
	for vertex := range 1 << len(sides) {
		var at Box
		for bit, i := range sides {
			point[i] = b.Sides[i].Low
			if vertex>>bit&1 == 1 {
				point[i] = b.Sides[i].High
			}
			at.Sides = append(at.Sides, Side{b.Sides[i].Path, point[i], point[i]})
		}
		p, err := b.At(point)
		if err := look(p, at.short(), err); err != nil {
			return err
		}
	}
	return nil
}

// leaves refuses intervals that contain what no mixture has: the weights and δ in exact numbers; the covariance at the vertices, of which all others are averages, where there are not too many
// of them to look at (or else a piece on which it is not positive definite is not decided).
func (b Box) leaves() error {
	one, sum := big.NewRat(1, 1), new(big.Rat)
	var entries []int
	for i, s := range b.Sides {
		refuse := func(expected string) error {
			return fmt.Errorf("%w: %w", ErrHypotheses, &gmm.InputError{Key: s.Path.String(), Expected: "a box within the hypotheses: " + expected, Found: s.String(), Reason: gmm.ErrNumber})
		}
		switch {
		case ofWeight(s.Path):
			sum.Add(sum, s.High)
			if s.Low.Sign() <= 0 {
				return refuse("positive weights")
			}
			if sum.Cmp(one) >= 0 {
				return refuse("weights that leave something of 1 for the others")
			}
		case s.Path.IsDelta():
			if s.Low.Sign() < 0 || s.High.Cmp(one) > 0 {
				return refuse("δ within [0, 1]")
			}
		case ofCovariance(s.Path):
			entries = append(entries, i)
		}
	}
	return b.vertices(entries, func(_ gmm.Pairs, at string, err error) error {
		if err != nil {
			return fmt.Errorf("%w: %w", ErrHypotheses, &gmm.InputError{Key: "covariance", Expected: "a box within the hypotheses: a positive definite matrix at every vertex", Found: at, Reason: err})
		}
		return nil
	})
}

// VariesDelta tells whether δ is a side.
func (b Box) VariesDelta() bool { return b.varies(gmm.Path.IsDelta) }

// Facts tells whether all mixtures of the box are known to have means that are not all equal, and means whose mean is 0.
func (b Box) Facts() (apart, centred bool) {
	centred = b.Centred || b.Pairs.Left.Centred() && !b.varies(ofWeight) && !b.varies(ofMean)
	if !b.varies(ofMean) {
		return !b.Pairs.Left.Coincident(), centred
	}
	f, err := newFrame(b)
	return err == nil && (b.Centred || f.dimension > 1), centred
}
