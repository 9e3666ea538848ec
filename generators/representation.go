package generators

import (
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Representation draws a matrix A, d×r, of multiples of 1/16 in [−½, ½]. It
// shrinks to 0.
func Representation(d, r int) *rapid.Generator[*mat.Dense] {
	return rapid.Map(rapid.SliceOfN(rapid.IntRange(-8, 8), d*r, d*r), func(entries []int) *mat.Dense {
		a := mat.NewDense(d, r, nil)
		for i, x := range entries {
			a.Set(i/r, i%r, float64(x)/16)
		}
		return a
	})
}
