package proof

import (
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// ball is where the loss is known to rise. It is strictly convex, grows linearly, and has one minimiser, of |V|² + β² ≤ r² away. Let ε bound the slope at M̂,
// h the second derivative there from below, and τ the third from above, everywhere. Then on the way to the minimiser the slope rises by at least
// hr − ½τr², and is at most 0: so r is not beyond the first zero of −ε + hr − ½τr²,
//
//	ρ = 2ε/(h + √(h² − 2τε)),   if h² > 2τε.
func (x logistic) ball(at point, e effort) (ball, error) {
	c := interval.NewContext(e.precision)
	found, err := x.gradient(c, at, tolerance(e.accuracy))
	if err != nil {
		return ball{}, err
	}
	size := c.Sqr(found.form.norm(c, x.gram))
	if x.law.Free {
		size = c.Add(size, c.Sqr(found.bias))
	}
	epsilon := c.Sqrt(size)
	h, err := x.curvature(at)
	if err != nil {
		return ball{}, err
	}
	curvature := c.FromRat(h)
	rest := c.Sub(c.Sqr(curvature), c.Mul(c.Ldexp(x.law.Third(c), 1), epsilon))
	if err := c.Err(); err != nil {
		return ball{}, err
	}
	if rest.Sign() <= 0 {
		return ball{}, errOpen
	}
	radius := c.Quo(c.Ldexp(epsilon, 1), c.Add(curvature, c.Sqrt(rest)))
	return ball{shortened24(radius.Upper(), big.ToPositiveInf), x.gram}, c.Err()
}

// demand is h²/2τ, or hr where that is less.
func (x logistic) demand(at point, radius float64) (float64, error) {
	least, err := x.curvature(at)
	if err != nil {
		return 0, err
	}
	h, _ := least.Float64()
	c := interval.NewContext(2 * guard)
	third := x.law.Third(c)
	if err := c.Err(); err != nil {
		return 0, err
	}
	most, _ := third.Upper().Float64()
	return min(h*radius, h*h/(2*most)), nil
}

// curvature bounds the second derivative from below, so finely that the bound is clear of what is left out.
func (x logistic) curvature(at point) (h *big.Rat, err error) {
	const (
		coarse, fine = 16, 64 // bits
		clear        = 8
	)
	place, err := x.place(at)
	if err != nil {
		return nil, err
	}
	for bits := uint(coarse); bits <= fine; bits *= 2 {
		accuracy := tolerance(bits)
		form, err := place.Form(interval.NewContext(bits+guard), accuracy, x.allow)
		if err != nil {
			return nil, unproved(err)
		}
		h = x.law.Least(form)
		if size, _ := h.Float64(); size > clear*accuracy {
			break
		}
	}
	return h, nil
}

// jacobian is made of the midpoints of D²: with V = gEg for the step E of an entry of N, Γ's entry i ≤ k moves by D²[V, E_ik + E_ki]/2, or D²[V, E_ii].
func (x logistic) jacobian(at point, accuracy float64) (*mat.Dense, error) {
	c := interval.NewContext(uint(-math.Log2(accuracy)) + guard)
	place, err := x.place(at)
	if err != nil {
		return nil, err
	}
	form, err := place.Form(c, accuracy, x.allow)
	if err != nil {
		return nil, unproved(err)
	}
	n := len(form.Rows)
	second := mat.NewSymDense(n, nil)
	for i, row := range form.Rows {
		for j, entry := range row {
			middle, _ := new(big.Float).Add(entry.Lower(), entry.Upper()).Float64()
			second.SetSym(i, j, middle/2)
		}
	}
	entries, out := x.entries(), mat.NewDense(n, n, nil)
	steps := mat.NewDense(n, n, nil) // V's entries by columns
	for column, e := range entries {
		step := rational.New(len(x.gram), len(x.gram))
		step[e[0]][e[1]].SetInt64(1)
		step[e[1]][e[0]].SetInt64(1)
		moved := x.gram.Times(step).Times(x.gram)
		for row, r := range entries {
			entry, _ := moved[r[0]][r[1]].Float64()
			steps.Set(row, column, entry)
		}
	}
	if x.law.Free {
		steps.Set(n-1, n-1, 1)
	}
	out.Mul(second, steps)
	for row, r := range entries {
		if r[0] != r[1] {
			for column := range n {
				out.Set(row, column, out.At(row, column)/2)
			}
		}
	}
	return out, nil
}
