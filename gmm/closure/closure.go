// Package closure finds invariant subspaces of rational matrices: the smallest that contains given vectors and that given
// operators map into themselves. Its dimension modulo a prime bounds the true one from below; a basis, put together from several primes and
// then verified in whole numbers, bounds it from above.
package closure

import (
	"math/big"

	"contrastcheck/gmm/modular"
)

// Problem asks for E, the smallest subspace of Q^d that contains all A⁻¹u and that every A⁻¹B maps into itself. As multiples of
// A, B and u have the same E, all numbers are whole.
type Problem struct {
	Metric    [][]*big.Int   // A, d×d, symmetric and positive definite
	Operators [][][]*big.Int // B, d×d each, symmetric; an operator that A and others combine to may be left out
	Vectors   [][]*big.Int   // u, of length d
	Most      int            // a proved upper bound of dim E, at most d
}

// Space is what is known of E.
type Space struct {
	// Least ≤ dim E ≤ Most are proved.
	Least, Most int
	// Columns are those of a basis in reduced echelon form, whole numbers of length d; nil where E is not known, and where it is all of Q^d.
	Columns [][]*big.Int
}

// residue is E modulo a prime, and its image AE, both by the rows of a reduced echelon form.
type residue struct {
	field         modular.Field
	inside, image echelon
}

// echelon is a subspace modulo a prime: rows that are 1 at their own pivot and 0 at those of the others.
type echelon struct {
	rows   [][]uint64
	pivots []int
}

// Moves tells of each operator whether A⁻¹B is proved to map the span of all A⁻¹u out of itself; it is right about the others unless the first prime
// divides a number by chance. It reports false where the work does not suffice.
func (p Problem) Moves(work Work) (moves []bool, enough bool) {
	r := p.started(work)
	f, a, ok := r.factored(modular.Mersenne)
	if !ok {
		return nil, false
	}
	images := f.Span(len(p.Metric))
	var inside [][]uint64
	for _, u := range f.Rows(p.Vectors) {
		if images.Insert(u) {
			inside = append(inside, a.Solve(u))
		}
	}
	for _, operator := range p.Operators {
		if !r.spend(r.reducing(len(p.Metric))) {
			return nil, false
		}
		rows, moved := f.Symmetric(operator), false
		for _, v := range inside {
			moved = moved || !images.Contains(f.Product(rows, v))
		}
		moves = append(moves, moved)
	}
	return moves, true
}

// factored returns the factor of A modulo the first prime, from that of f down, that divides none of its leading minors, which are positive.
func (r *run) factored(f modular.Field) (modular.Field, *modular.Factor, bool) {
	d := len(r.Metric)
	for r.spend(r.reducing(d) + cube(d)/6) {
		if a, ok := f.Factorise(f.Lower(r.Metric)); ok {
			return f, a, true
		}
		f = f.Next()
	}
	return 0, nil, false
}

// modulo returns E modulo the first prime that serves, from that of f down, and its dimension. It ends where E is as large as it may
// be, and reports false, with the dimension until then, where the work does not suffice.
func (r *run) modulo(f modular.Field) (found residue, dimension int, closed bool) {
	f, a, ok := r.factored(f)
	if !ok {
		return residue{}, 0, false
	}
	d := len(r.Metric)
	images := f.Span(d)
	found.field = f
	add := func(image []uint64) {
		if images.Dimension() < r.Most && images.Insert(image) {
			found.image.rows = append(found.image.rows, image)
			found.inside.rows = append(found.inside.rows, a.Solve(image))
		}
	}
	for _, u := range r.Vectors {
		if !r.spend(Work(d * (images.Dimension() + r.words))) {
			return found, images.Dimension(), false
		}
		add(f.Row(u))
	}
	if images.Dimension() < r.Most && !r.spend(Work(len(r.Operators))*r.reducing(d)) {
		return found, images.Dimension(), false
	}
	var operators [][][]uint64
	for at := 0; at < len(found.inside.rows) && images.Dimension() < r.Most; at++ {
		if at == 0 {
			for _, rows := range r.Operators {
				operators = append(operators, f.Symmetric(rows))
			}
		}
		for _, operator := range operators {
			if !r.spend(Work(d * (2*d + images.Dimension()))) {
				return found, images.Dimension(), false
			}
			add(f.Product(operator, found.inside.rows[at]))
		}
	}
	dimension = images.Dimension()
	if dimension == d {
		return found, d, true
	}
	if !r.spend(Work(2 * d * dimension * dimension)) {
		return found, dimension, false
	}
	found.inside.pivots, found.image.pivots = f.Reduce(found.inside.rows), f.Reduce(found.image.rows)
	return found, dimension, true
}
