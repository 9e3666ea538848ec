package box

import (
	"fmt"
	"math/big"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// probe moves near to the minimiser in the middle of the box, and looks whether λ_min has another sign at the corner towards which it changes most, or at any of a few: then no division will do.
func (s *searcher) probe(b Box, near *mat.SymDense) error {
	leaf, middle, err := s.leaf(b, near)
	if err != nil {
		return fmt.Errorf("%w, in the middle of %s", err, b.short())
	}
	towards := make([]bool, len(b.Sides)) // the upper ends
	v := mat.NewVecDense(len(middle.vector), middle.vector)
	for i, move := range leaf.Moves {
		var change mat.VecDense
		change.MulVec(floatsOf(move), v)
		towards[i] = (mat.Dot(v, &change) > 0) == (middle.value < 0)
	}
	corners := [][]bool{towards}
	const few = 3 // sides, of whose box every corner is looked at
	for vertex := range 1 << len(b.Sides) {
		if len(b.Sides) > few {
			break
		}
		corner := make([]bool, len(b.Sides))
		for i := range corner {
			corner[i] = vertex>>i&1 == 1
		}
		corners = append(corners, corner)
	}
	for _, upper := range corners {
		point := Box{Pairs: b.Pairs, Sides: slices.Clone(b.Sides), Centred: b.Centred}
		for i, side := range b.Sides {
			end := side.Low
			if upper[i] {
				end = side.High
			}
			point.Sides[i].Low, point.Sides[i].High = end, end
		}
		there := mat.NewSymDense(near.SymmetricDim(), nil)
		there.CopySym(near)
		_, at, err := s.leaf(point, there)
		switch {
		case err != nil && s.budget.left < 0:
			return err
		case err == nil && (at.value < 0) != (middle.value < 0):
			return fmt.Errorf("%w: λ_min(M_u) is about %.2g in its middle, and %.2g at %s", ErrOpen, middle.value, at.value, point.short())
		}
	}
	return nil
}

func floatsOf(rows [][]*big.Rat) *mat.Dense {
	out := mat.NewDense(len(rows), len(rows), nil)
	for a, row := range rows {
		for b, x := range row {
			value, _ := x.Float64()
			out.Set(a, b, value)
		}
	}
	return out
}
