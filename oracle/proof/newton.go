package proof

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// errUnrefined says that float64 cannot even take a step towards the minimiser.
var errUnrefined = fmt.Errorf("%w: measured in standard deviations, the means differ so much in length that no minimiser was found to prove anything of", ErrNotProved)

// newton returns the point after one step of Newton's method for a slope of 0, on the midpoints of enclosures: an approximation, of which
// a ball says what it is worth.
//
// The derivative is by central differences of step 2^(−accuracy/3), in whitened units, which err by
// about 2^(−2·accuracy/3) and what float64 has; so a step gains that many bits.
func (x coordinates) newton(o objective, at point, e effort) (point, error) {
	move, err := x.newtonMove(o, at, e)
	if err != nil {
		return point{}, err
	}
	return x.moved(at, move, 1), nil
}

// differentiable objectives know the derivatives of the slope's entries along the unknowns, to about an accuracy.
type differentiable interface {
	jacobian(at point, accuracy float64) (*mat.Dense, error)
}

// jacobian returns the derivatives of the slope's entries, rows, along the unknowns, columns.
func (x coordinates) jacobian(o objective, at point, e effort) (*mat.Dense, error) {
	if d, ok := o.(differentiable); ok {
		const least, most = 16, 40 // bits
		return d.jacobian(at, tolerance(min(max(least, e.accuracy/2), most)))
	}
	unknowns := x.unknowns(at)
	slopes := mat.NewDense(len(unknowns), len(unknowns), nil)
	for column, length := range unknowns {
		step := dyadic(new(big.Rat).SetFloat64(math.Ldexp(1/length, -int(e.accuracy/3))), 2*int(e.accuracy)+64)
		change, err := x.change(o, at, column, step, e)
		if err != nil {
			return nil, err
		}
		slopes.SetCol(column, change)
	}
	return slopes, nil
}

// newtonMove returns Newton's step in every unknown.
func (x coordinates) newtonMove(o objective, at point, e effort) ([]float64, error) {
	value, err := x.midpoint(o, at, e)
	if err != nil {
		return nil, err
	}
	slopes, err := x.jacobian(o, at, e)
	if err != nil {
		return nil, err
	}
	residual := mat.NewVecDense(len(value), nil)
	for row, v := range value {
		r, _ := v.Float64()
		residual.SetVec(row, -r)
	}
	var move mat.VecDense
	var condition mat.Condition
	if err := move.SolveVec(slopes, residual); err != nil && !errors.As(err, &condition) {
		return nil, errUnrefined
	}
	if floats.HasNaN(move.RawVector().Data) || math.IsInf(floats.Norm(move.RawVector().Data, math.Inf(1)), 0) {
		return nil, errUnrefined
	}
	return move.RawVector().Data, nil
}

// descend takes Newton's steps, shortened where the slope would not fall, from a point that may be far from the minimiser to one
// from which whole steps lead to it. Every loss here is strictly convex, so that short steps fall.
func (x coordinates) descend(o objective, at point) (point, error) {
	const (
		most      = 100 // steps
		shortest  = 1.0 / (1 << 20)
		converged = 1.0 / (1 << 16) // of a whole step, beside its length
	)
	e := effort{accuracy: 48, precision: 48 + guard} // for central differences
	if _, ok := o.(differentiable); ok {
		e = effort{accuracy: 24, precision: 24 + guard}
	}
	size, err := x.steepness(o, at, e)
	for range most {
		if err != nil {
			return point{}, err
		}
		move, failure := x.newtonMove(o, at, e)
		if failure != nil {
			return point{}, failure
		}
		share := 1.0
		for ; share > shortest; share /= 2 {
			const slack = 0.25 // of the fall that a small step has
			next := x.moved(at, move, share)
			next = x.rounded(next, int(e.accuracy))
			fallen, failure := x.steepness(o, next, e)
			if failure == nil && fallen <= (1-slack*share)*size {
				at, size = next, fallen
				break
			}
		}
		if share <= shortest || size < converged {
			return at, nil
		}
	}
	return at, nil
}

// steepness is about the whitened length of the slope.
func (x coordinates) steepness(o objective, at point, e effort) (float64, error) {
	c := interval.NewContext(e.precision)
	found, err := o.gradient(c, at, tolerance(e.accuracy))
	if err != nil {
		return 0, err
	}
	size, _ := found.norm(c, x.gram).Upper().Float64()
	if at.bias != nil {
		along, _ := found.bias.Magnitude().Float64()
		size = math.Hypot(size, along)
	}
	return size, c.Err()
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

// unknowns lists what each of the unknowns counts in whitened units: of an entry of N, in M, the lengths of its two means; of
// the bias, which comes next, if one is free, 1; of the entries of γ, the last, in c, the lengths of their means.
func (x coordinates) unknowns(at point) (lengths []float64) {
	for _, entry := range x.entries() {
		a, _ := x.gram[entry[0]][entry[0]].Float64()
		b, _ := x.gram[entry[1]][entry[1]].Float64()
		lengths = append(lengths, math.Sqrt(a*b))
	}
	if at.bias != nil {
		lengths = append(lengths, 1)
	}
	for i := range at.shift {
		square, _ := x.gram[i][i].Float64()
		lengths = append(lengths, math.Sqrt(square))
	}
	return lengths
}

// moved returns the point with the share of a move added to its unknowns.
func (x coordinates) moved(at point, move []float64, share float64) point {
	next := at
	for i, m := range move {
		next = x.shifted(next, i, new(big.Rat).SetFloat64(share*m))
	}
	return next
}

// shifted returns the point with a step added to one unknown.
func (x coordinates) shifted(at point, unknown int, step *big.Rat) point {
	places := x.entries()
	switch beyond := unknown - len(places); {
	case beyond >= 0 && at.bias != nil:
		at.bias = new(big.Rat).Add(at.bias, step)
	case beyond >= 0:
		at.shift = slices.Clone(at.shift)
		at.shift[beyond] = new(big.Rat).Add(at.shift[beyond], step)
	default:
		move, place := rational.New(len(at.form), len(at.form)), places[unknown]
		move[place[0]][place[1]], move[place[1]][place[0]] = step, step
		at.form = at.form.Plus(big.NewRat(1, 1), move)
	}
	return at
}

// change returns the derivative of the slope's entries along an unknown, by a central difference.
func (x coordinates) change(o objective, at point, unknown int, step *big.Rat, e effort) ([]float64, error) {
	above, err := x.midpoint(o, x.shifted(at, unknown, step), e)
	if err != nil {
		return nil, err
	}
	below, err := x.midpoint(o, x.shifted(at, unknown, new(big.Rat).Neg(step)), e)
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

// midpoint returns the independent entries of the slope, about.
func (x coordinates) midpoint(o objective, at point, e effort) ([]*big.Float, error) {
	c := interval.NewContext(e.precision)
	found, err := o.gradient(c, at, tolerance(e.accuracy))
	if err != nil {
		return nil, err
	}
	var entries []interval.Interval
	for _, place := range x.entries() {
		entries = append(entries, found.form[place[0]][place[1]])
	}
	if at.bias != nil {
		entries = append(entries, found.bias)
	}
	entries = append(entries, found.shift...)
	var values []*big.Float
	for _, entry := range entries {
		sum := new(big.Float).Add(entry.Lower(), entry.Upper())
		values = append(values, sum.Quo(sum, big.NewFloat(2)))
	}
	return values, nil
}
