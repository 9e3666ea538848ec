package proof

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
)

// MostDigits is what Refine offers, in decimal digits.
const MostDigits = 60

// Refined is the minimiser M_u of the InfoNCE loss over all symmetric matrices in decimal digits, every one of which
// is right: the exact value, rounded to nearest.
type Refined struct {
	M           [][]string // d×d, in original coordinates; digits counted from the first of the largest entry
	Eigenvalues []string   // of the whitened M_u on S_F, ascending; digits counted likewise
	Loss        string     // f(M_u), or its first digits after the point where it is below 1e-digits
}

// Refine returns M_u, the whitened eigenvalues and the loss to so many digits, from a candidate such as a solver finds, by
// Newton's method and rigorous enclosures. Errors are ErrDigits for digits outside 1 … MostDigits and for mixtures with
// dim S_F > 2, ErrRounded, and ErrNotProved with gmm.ErrCost if that would go beyond the limit.
func Refine(p gmm.Pairs, candidate gmm.Form, digits int) (Refined, error) {
	return Limit(1).Refine(p, candidate, digits)
}

// Refine is the function Refine with another limit.
func (l Limit) Refine(p gmm.Pairs, candidate gmm.Form, digits int) (Refined, error) {
	x, err := newCoordinates(p, l)
	if err != nil {
		return Refined{}, err
	}
	if digits < 1 || digits > MostDigits {
		return Refined{}, fmt.Errorf("%w: expected 1 to %d digits, found %d", ErrDigits, MostDigits, digits)
	}
	if x.dimension() > 2 {
		return Refined{}, fmt.Errorf("%w: expected dim S_F ≤ 2, found %d", ErrDigits, x.dimension())
	}
	if err := l.inverting(p); err != nil {
		return Refined{}, err
	}
	n := x.coefficients(p, candidate)
	const (
		perDigit = 10.0 / 3 // bits, and a few beyond
		spare    = 32       // bits, at first, for numbers below the largest
		attempts = 3        // at 64 bits more each: only a digit next to a tie needs many
	)
	accuracy := uint(float64(digits)*perDigit) + spare
	for range attempts {
		e := effort{accuracy + guard, accuracy}
		if n, err = x.converge(n, e); err != nil {
			return Refined{}, err
		}
		found, ok, err := x.digits(p, n, e, digits)
		if ok || err != nil {
			return found, err
		}
		accuracy += 64
	}
	return Refined{}, fmt.Errorf("%w: %d digits are not settled at an accuracy of 2^−%d", ErrNotProved, digits, accuracy-64)
}

// converge takes Newton's steps until they gain nothing more.
func (x coordinates) converge(n matrix, e effort) (matrix, error) {
	best, err := x.epsilon(n, e)
	if err != nil {
		return nil, err
	}
	for {
		next, err := x.newton(n, e)
		if err != nil {
			return nil, err
		}
		next = x.rounded(next, int(e.accuracy))
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

// digits returns what ε at N settles, and false if that is not all the digits.
func (x coordinates) digits(p gmm.Pairs, n matrix, e effort, digits int) (Refined, bool, error) {
	epsilon, err := x.epsilon(n, e)
	if err != nil {
		return Refined{}, false, err
	}
	c := interval.NewContext(e.precision + guard)
	distance := c.FromRat(epsilon)
	loss, err := x.loss(c, n, tolerance(e.accuracy))
	if err != nil {
		return Refined{}, false, err
	}
	// 0 ≤ f(M) − f(M_u) ≤ ½ε²
	excess := c.Ldexp(c.Sqr(distance), -1)
	loss = c.Hull(loss, c.Sub(loss, excess))
	spectrum := x.eigenvalues(c, n)
	for i, lambda := range spectrum { // Weyl: each moves by at most ‖M − M_u‖
		spectrum[i] = c.AddError(lambda, distance)
	}
	entries := x.originalEntries(c, p, n, distance)
	if err := c.Err(); err != nil {
		return Refined{}, false, err
	}
	var out Refined
	texts, settled := decimals([]interval.Interval{loss}, digits)
	if settled {
		out.Loss = texts[0]
		out.Eigenvalues, settled = decimals(spectrum, digits)
	}
	if settled {
		var flat []string
		flat, settled = decimals(entries, digits)
		for d := p.Dimension(); len(flat) > 0; flat = flat[d:] {
			out.M = append(out.M, flat[:d])
		}
	}
	return out, settled, nil
}

// originalEntries encloses the entries of M_u in original coordinates, row by row: with ‖LᵀEL‖ ≤ ε,
// |E_ij| = |(L⁻¹e_i)ᵀ(LᵀEL)(L⁻¹e_j)| ≤ ε √((Σ⁻¹)_ii (Σ⁻¹)_jj).
func (x coordinates) originalEntries(c *interval.Context, p gmm.Pairs, n matrix, distance interval.Interval) []interval.Interval {
	exact, _ := p.Exact()
	precision := inverse(exact.Covariance)
	var w matrix // rows (Σ⁻¹W)ᵀ
	for _, i := range x.basis {
		w = append(w, precision.apply(exact.Means[i]))
	}
	m := w.transposed().times(n).times(w)
	var entries []interval.Interval
	for i, row := range m {
		for j, entry := range row {
			scale := c.Sqrt(c.FromRat(new(big.Rat).Mul(precision[i][i], precision[j][j])))
			entries = append(entries, c.AddError(c.FromRat(entry), c.Mul(distance, scale)))
		}
	}
	return entries
}

// eigenvalues encloses those of the whitened M on S_F, which are those of gN, for s ≤ 2, ascending.
func (x coordinates) eigenvalues(c *interval.Context, n matrix) []interval.Interval {
	m := x.gram.times(n)
	switch len(m) {
	case 0:
		return nil
	case 1:
		return []interval.Interval{c.FromRat(m[0][0])}
	}
	half := new(big.Rat).Mul(m.trace(), big.NewRat(1, 2))
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
