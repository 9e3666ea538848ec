package proof

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// errUnrefined says that float64 cannot even take a step towards the minimiser.
var errUnrefined = fmt.Errorf("%w: measured in standard deviations, the means differ so much in length that no minimiser was found to prove anything of", ErrNotProved)

// newton returns N after one step of Newton's method for Γ(N) = 0, on the midpoints of enclosures: an approximation, of which
// epsilon says what it is worth.
//
// The derivative is by central differences of step 2^(−accuracy/3), in whitened units, which err by
// about 2^(−2·accuracy/3) and what float64 has; so a step gains that many bits.
func (x coordinates) newton(n rational.Matrix, e effort) (rational.Matrix, error) {
	value, err := x.midpoint(n, e)
	if err != nil {
		return nil, err
	}
	entries := x.entries()
	slope := mat.NewDense(len(entries), len(entries), nil)
	for column, at := range entries {
		step := dyadic(new(big.Rat).SetFloat64(math.Ldexp(1/x.length(at), -int(e.accuracy/3))), 2*int(e.accuracy)+64)
		change, err := x.change(n, at, step, e)
		if err != nil {
			return nil, err
		}
		for row := range change {
			slope.Set(row, column, change[row])
		}
	}
	residual := mat.NewVecDense(len(entries), nil)
	for row, v := range value {
		r, _ := v.Float64()
		residual.SetVec(row, r)
	}
	var move mat.VecDense
	var condition mat.Condition
	if err := move.SolveVec(slope, residual); err != nil && !errors.As(err, &condition) {
		return nil, errUnrefined
	}
	next := rational.New(x.dimension(), x.dimension())
	for row, at := range entries {
		m := move.AtVec(row)
		if math.IsNaN(m) || math.IsInf(m, 0) {
			return nil, errUnrefined
		}
		entry := new(big.Rat).Sub(n[at[0]][at[1]], new(big.Rat).SetFloat64(m))
		next[at[0]][at[1]], next[at[1]][at[0]] = entry, entry
	}
	return next, nil
}

// entries lists the places of the independent entries of a symmetric matrix.
func (x coordinates) entries() (places [][2]int) {
	for i := range x.dimension() {
		for j := i; j < x.dimension(); j++ {
			places = append(places, [2]int{i, j})
		}
	}
	return places
}

// length is what an entry of N counts in the whitened M: the lengths of its two means.
func (x coordinates) length(at [2]int) float64 {
	a, _ := x.gram[at[0]][at[0]].Float64()
	b, _ := x.gram[at[1]][at[1]].Float64()
	return math.Sqrt(a * b)
}

// change returns the derivative of Γ's entries along an entry of N, by a central difference.
func (x coordinates) change(n rational.Matrix, at [2]int, step *big.Rat, e effort) ([]float64, error) {
	shift := rational.New(len(n), len(n))
	shift[at[0]][at[1]], shift[at[1]][at[0]] = step, step
	above, err := x.midpoint(n.Plus(big.NewRat(1, 1), shift), e)
	if err != nil {
		return nil, err
	}
	below, err := x.midpoint(n.Plus(big.NewRat(-1, 1), shift), e)
	if err != nil {
		return nil, err
	}
	twice, _ := step.Float64()
	twice *= 2
	out := make([]float64, len(above))
	for i := range above {
		difference, _ := new(big.Float).Sub(above[i], below[i]).Float64()
		out[i] = difference / twice
	}
	return out, nil
}

// midpoint returns the independent entries of Γ, about.
func (x coordinates) midpoint(n rational.Matrix, e effort) ([]*big.Float, error) {
	c := interval.NewContext(e.precision)
	gamma, err := x.gradient(c, n, tolerance(e.accuracy))
	if err != nil {
		return nil, err
	}
	var values []*big.Float
	for _, at := range x.entries() {
		entry := gamma[at[0]][at[1]]
		sum := new(big.Float).Add(entry.Lower(), entry.Upper())
		values = append(values, sum.Quo(sum, big.NewFloat(2)))
	}
	return values, nil
}
