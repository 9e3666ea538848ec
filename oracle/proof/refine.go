package proof

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// MostDigits is what Refine offers, in decimal digits.
const MostDigits = 60

// Refined is the minimiser M_u of the InfoNCE loss over all symmetric matrices, in significant decimal digits.
type Refined struct {
	M           [][]Number // d×d, in original coordinates
	Eigenvalues []Number   // of the whitened M_u on S_F, ascending
	Loss        Number     // f(M_u)
}

// Refine returns M_u, the whitened eigenvalues and the loss to so many significant digits each, from a candidate such as a
// solver finds, by Newton's method and rigorous enclosures. Numbers that are 0 by structure are exactly "0"; others have fewer
// digits only where they are smaller than about 1e-40, in whitened units, next to a tie, or where the integrals that
// would settle the rest are out of reach.
// Errors are ErrDigits for digits outside 1 … MostDigits and for mixtures with dim S_F > 2, and
// ErrNotProved if no integral is within reach, with gmm.ErrCost if that is for the limit.
func (l Limit) Refine(p gmm.Pairs, candidate gmm.Form, digits int) (Refined, error) {
	coordinates, err := InfoNCE.newCoordinates(p, l)
	if err != nil {
		return Refined{}, err
	}
	x := infoNCE{coordinates}
	if digits < 1 || digits > MostDigits {
		return Refined{}, fmt.Errorf("%w: expected 1 to %d digits, found %d", ErrDigits, MostDigits, digits)
	}
	if x.dimension() > 2 {
		return Refined{}, fmt.Errorf("%w: expected dim S_F ≤ 2, found %d", ErrDigits, x.dimension())
	}
	if err := l.inverting(p); err != nil {
		return Refined{}, err
	}
	if _, by, _ := x.exactlyShifted(); by == ByZero {
		return x.zero(p, digits), nil
	}
	n := x.coefficients(candidate)
	const (
		perDigit = 10.0 / 3 // bits, and a few beyond
		spare    = 32       // bits, at first, for numbers below the largest
	)
	accuracy := int(float64(digits)*perDigit) + spare
	most := accuracy + smallest
	var best Refined
	for known := false; ; known = true {
		e := effort{uint(accuracy + guard), uint(accuracy)}
		found, lack, err := x.refined(p, &n, e, digits)
		switch {
		case errors.Is(err, ErrNotProved) && known: // the next digits are out of reach
			return best, nil
		case err != nil:
			return Refined{}, err
		case lack == 0 || accuracy == most:
			return found, nil
		}
		best = found
		accuracy = min(accuracy+lack, most)
	}
}

// zero is M_u = 0, at which the loss is 0, too.
func (x coordinates) zero(p gmm.Pairs, digits int) Refined {
	exactly := Number{Text: "0", Digits: digits}
	row := slices.Repeat([]Number{exactly}, p.Left.Dimension())
	return Refined{slices.Repeat([][]Number{row}, p.Left.Dimension()), slices.Repeat([]Number{exactly}, x.dimension()), exactly}
}

// refined improves N and returns what that settles, and how many bits the worst number lacks.
func (x infoNCE) refined(p gmm.Pairs, n *rational.Matrix, e effort, digits int) (found Refined, lack int, err error) {
	if *n, err = x.converge(*n, e); err != nil {
		return found, 0, err
	}
	v, err := x.minimum(p, *n, e)
	if err != nil {
		return found, 0, err
	}
	number := func(v interval.Interval) Number {
		written := newNumber(v, digits)
		if written.Digits < digits {
			lack = max(lack, lacking(v, digits, int(e.accuracy)))
		}
		return written
	}
	found.Loss = number(v.loss)
	for _, lambda := range v.eigenvalues {
		found.Eigenvalues = append(found.Eigenvalues, number(lambda))
	}
	for _, row := range v.m {
		var texts []Number
		for _, entry := range row {
			texts = append(texts, number(entry))
		}
		found.M = append(found.M, texts)
	}
	return found, lack, nil
}

// converge takes Newton's steps until they gain nothing more.
func (x infoNCE) converge(n rational.Matrix, e effort) (rational.Matrix, error) {
	best, err := x.epsilon(n, e)
	if err != nil {
		return nil, err
	}
	for {
		step, err := x.newton(x, point{form: n}, e)
		if err != nil {
			return nil, err
		}
		next := x.rounded(step, int(e.accuracy)).form
		epsilon, err := x.epsilon(next, e)
		if err != nil {
			return nil, err
		}
		if epsilon.Sign() == 0 {
			return next, nil
		}
		gain := new(big.Rat).Quo(best, epsilon)
		if gain.Cmp(big.NewRat(1, 1)) > 0 {
			n, best = next, epsilon
		}
		if gain.Cmp(big.NewRat(4, 1)) < 0 {
			return n, nil
		}
	}
}

// epsilon bounds |M − M_u|.
func (x infoNCE) epsilon(n rational.Matrix, e effort) (*big.Rat, error) {
	near, err := x.ball(point{form: n}, e)
	return near.radius, err
}

// enclosedMinimum has intervals that hold M_u, its eigenvalues and its loss.
type enclosedMinimum struct {
	loss        interval.Interval
	eigenvalues []interval.Interval
	m           enclosed // in original coordinates
}

// minimum is what ε at N tells of M_u.
func (x infoNCE) minimum(p gmm.Pairs, n rational.Matrix, e effort) (v enclosedMinimum, err error) {
	epsilon, err := x.epsilon(n, e)
	if err != nil {
		return v, err
	}
	c := interval.NewContext(e.precision + guard)
	distance := c.FromRat(epsilon)
	if v.loss, err = x.loss(c, n, tolerance(e.accuracy)); err != nil {
		return v, err
	}
	// 0 ≤ f(M) − f(M_u) ≤ ½ε²
	excess := c.Ldexp(c.Sqr(distance), -1)
	v.loss = c.Hull(v.loss, c.Sub(v.loss, excess))
	v.eigenvalues = x.eigenvalues(c, n)
	for i, lambda := range v.eigenvalues { // Weyl: each moves by at most ‖M − M_u‖
		v.eigenvalues[i] = c.AddError(lambda, distance)
	}
	v.m = x.originalEntries(c, p, n, distance)
	x.nullify(c, p, &v)
	return v, c.Err()
}

// nullify sets to 0 what is 0 by structure: the entries of coordinates that no vector of S_F has; by the swap of two
// components the smaller eigenvalue, and M_u is a multiple of vvᵀ, v = Σ⁻¹(μ₁ − μ₂).
func (x coordinates) nullify(c *interval.Context, p gmm.Pairs, v *enclosedMinimum) {
	zero, span := c.FromInt(0), x.directions(p)
	if _, by, _ := x.exactlyShifted(); by == BySwap {
		v.eigenvalues[0] = zero
		span = rational.Matrix{rational.Difference(span[0], span[1])}
	}
	absent := func(i int) bool {
		return !slices.ContainsFunc(span, func(direction []*big.Rat) bool { return direction[i].Sign() != 0 })
	}
	for i, row := range v.m {
		for j := range row {
			if absent(i) || absent(j) {
				row[j] = zero
			}
		}
	}
}

// directions returns (Σ⁻¹W)ᵀ, whose rows span S_F.
func (x coordinates) directions(p gmm.Pairs) (rows rational.Matrix) {
	exact := p.Left.Exact()
	precision := rational.Inverse(exact.Covariance)
	for _, i := range x.basis {
		rows = append(rows, precision.Apply(exact.Means[i]))
	}
	return rows
}

// originalEntries encloses the entries of M_u in original coordinates: with ‖LᵀEL‖ ≤ ε,
// |E_ij| = |(L⁻¹e_i)ᵀ(LᵀEL)(L⁻¹e_j)| ≤ ε √((Σ⁻¹)_ii (Σ⁻¹)_jj).
func (x coordinates) originalEntries(c *interval.Context, p gmm.Pairs, n rational.Matrix, distance interval.Interval) enclosed {
	exact := p.Left.Exact()
	precision := rational.Inverse(exact.Covariance)
	w := x.directions(p)
	entries := make(enclosed, p.Left.Dimension())
	for i, row := range w.Transposed().Times(n).Times(w) {
		for j, entry := range row {
			scale := c.Sqrt(c.FromRat(new(big.Rat).Mul(precision[i][i], precision[j][j])))
			entries[i] = append(entries[i], c.AddError(c.FromRat(entry), c.Mul(distance, scale)))
		}
	}
	return entries
}

// eigenvalues encloses those of the whitened M on S_F, which are those of gN, for s ≤ 2, ascending.
func (x coordinates) eigenvalues(c *interval.Context, n rational.Matrix) []interval.Interval {
	m := x.gram.Times(n)
	switch len(m) {
	case 0:
		return nil
	case 1:
		return []interval.Interval{c.FromRat(m[0][0])}
	}
	half := new(big.Rat).Mul(m.Trace(), big.NewRat(1, 2))
	determinant := new(big.Rat).Mul(m[0][0], m[1][1])
	determinant.Sub(determinant, new(big.Rat).Mul(m[0][1], m[1][0]))
	square := new(big.Rat).Mul(half, half)
	root := c.Sqrt(c.FromRat(square.Sub(square, determinant))) // of ((λ₂−λ₁)/2)² ≥ 0
	if half.Sign() == 0 {
		return []interval.Interval{c.Neg(root), root}
	}
	// The larger in size without cancellation; the other from the product.
	if half.Sign() > 0 {
		larger := c.Add(c.FromRat(half), root)
		return []interval.Interval{c.Quo(c.FromRat(determinant), larger), larger}
	}
	larger := c.Sub(c.FromRat(half), root)
	return []interval.Interval{larger, c.Quo(c.FromRat(determinant), larger)}
}
