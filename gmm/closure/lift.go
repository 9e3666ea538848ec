package closure

import (
	"math/big"
	"slices"

	"contrastcheck/gmm/modular"
)

// Solve returns what is known of E after so much work at most.
//
// Modulo all primes but finitely many, E and AE have the reduced echelon forms that they have over the rationals; modulo those few the dimension is
// smaller or pivots come later. Chinese remainders and rational reconstruction make columns V and W of them, short if those
// of E and AE are. Then W's span is verified to contain BV for A and all operators, and all u: so E ⊆ span V.
func (p Problem) Solve(work Work) Space {
	r := p.started(work)
	out := Space{Most: p.Most}
	var inside, image lift
	for f := modular.Mersenne; ; {
		found, dimension, closed := r.modulo(f)
		out.Least = max(out.Least, dimension)
		switch {
		case !closed:
			return out
		case out.Least == len(p.Metric) || out.Least == 0:
			out.Most = out.Least
			return out
		}
		f = found.field.Next()
		order := compare(found, inside.pivots, image.pivots)
		if order > 0 {
			continue
		}
		if order < 0 { // none of the primes so far has shown all of E
			inside, image = newLift(found.inside), newLift(found.image)
		}
		if !r.spend(inside.adding() + image.adding()) {
			return out
		}
		inside.add(found.field, found.inside)
		image.add(found.field, found.image)
		if !inside.due() {
			continue
		}
		if v, ok := inside.basis(r); ok {
			if w, ok := image.basis(r); ok && r.verified(v, w) {
				return Space{Least: out.Least, Most: out.Least, Columns: v.columns}
			}
		}
	}
}

// compare is negative where the residue shows more of E than one with such pivots, positive where it shows less.
func compare(found residue, inside, image []int) int {
	if len(found.inside.pivots) != len(inside) {
		return len(inside) - len(found.inside.pivots)
	}
	if c := slices.Compare(found.inside.pivots, inside); c != 0 {
		return c
	}
	return slices.Compare(found.image.pivots, image)
}

// lift is a reduced echelon form modulo a product of primes.
type lift struct {
	d       int
	pivots  []int
	modulus *big.Int
	rows    [][]*big.Int // 0 … modulus − 1
	primes  int
	next    int // how many primes there are to be before columns are looked for again
}

func newLift(e echelon) lift {
	l := lift{d: len(e.rows[0]), pivots: e.pivots, modulus: big.NewInt(1), next: 1}
	for range e.rows {
		row := make([]*big.Int, l.d)
		for j := range row {
			row[j] = new(big.Int)
		}
		l.rows = append(l.rows, row)
	}
	return l
}

// adding is the work of add.
func (l *lift) adding() Work {
	return Work(len(l.rows)*l.d) * Work(division*(l.primes+2))
}

// add makes the rows congruent to those of e as well: x + m((e − x)/m mod p).
func (l *lift) add(f modular.Field, e echelon) {
	inverse := f.Inverse(f.Of(l.modulus))
	step := new(big.Int)
	for i, row := range l.rows {
		for j, x := range row {
			digit := f.Times(f.Minus(e.rows[i][j], f.Of(x)), inverse)
			x.Add(x, step.Mul(l.modulus, step.SetUint64(digit)))
		}
	}
	l.modulus.Mul(l.modulus, new(big.Int).SetUint64(uint64(f)))
	l.primes++
}

// due tells whether columns are to be looked for; half as many primes again as there are make the next time.
func (l *lift) due() bool {
	if l.primes < l.next {
		return false
	}
	l.next = l.primes + (l.primes+1)/2
	return true
}

// basis is whole columns of rank e: column i is 0 at all pivots but its own, where it is positive.
type basis struct {
	pivots  []int
	columns [][]*big.Int
}

// basis returns the columns that are congruent to the rows, scaled, and short; false where there are none, or the work does not
// suffice to find them.
func (l *lift) basis(r *run) (basis, bool) {
	out := basis{pivots: l.pivots}
	for _, row := range l.rows {
		column, ok := l.column(r, row)
		if !ok {
			return basis{}, false
		}
		out.columns = append(out.columns, column)
	}
	return out, true
}

// spare is how many binary digits a modulus has beyond what a fraction takes up: one in 2^spare numbers is a fraction by chance.
const spare = 20

// column returns whole numbers n·x of a row x, with a common denominator n.
func (l *lift) column(r *run, row []*big.Int) ([]*big.Int, bool) {
	size := max(l.modulus.BitLen()-1-spare, 2) / 2
	most := new(big.Int).Lsh(big.NewInt(1), uint(size))
	common := big.NewInt(1)
	out := make([]*big.Int, len(row))
	for i, x := range row {
		if !r.spend(Work(division * l.primes)) {
			return nil, false
		}
		n := new(big.Int).Mul(x, common)
		n.Mod(n, l.modulus)
		if half := new(big.Int).Rsh(l.modulus, 1); n.Cmp(half) > 0 {
			n.Sub(n, l.modulus)
		}
		if n.CmpAbs(most) > 0 {
			if !r.spend(Work(division*30) * Work(l.primes*l.primes+5*l.primes)) {
				return nil, false
			}
			numerator, denominator := fraction(n, l.modulus, most)
			if common.Mul(common, denominator); common.CmpAbs(most) > 0 {
				return nil, false
			}
			for _, former := range out[:i] {
				former.Mul(former, denominator)
			}
			n = numerator
		}
		out[i] = n
	}
	return out, true
}

// fraction returns a/b ≡ x with |a| below most and b > 0 as small as may be, by Euclid's algorithm on the modulus and x (P. Wang, SYMSAC 1981).
func fraction(x, modulus, most *big.Int) (a, b *big.Int) {
	r, next := new(big.Int).Set(modulus), new(big.Int).Mod(x, modulus)
	s, t := new(big.Int), big.NewInt(1)
	q, product := new(big.Int), new(big.Int)
	for next.Cmp(most) > 0 {
		rest := new(big.Int)
		q.QuoRem(r, next, rest)
		r, next = next, rest
		s.Sub(s, product.Mul(q, t))
		s, t = t, s
	}
	if t.Sign() < 0 {
		next.Neg(next)
		t.Neg(t)
	}
	return next, t
}
