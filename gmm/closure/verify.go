package closure

import (
	"math/big"
	"math/bits"

	"contrastcheck/gmm/modular"
)

// verified tells whether span W, of columns W like V's, contains BV for B = A and all operators, and all u. Then A span V = span W, as both have
// the dimension of V, and E ⊆ span V.
//
// With n > 0 a common multiple of the entries W has at its pivots, span W is where the whole covectors
//
//	n e_i − Σ_j n w_ij/w_jj e_j      (j the pivots, i no pivot, w_jj the entry of pivot j)
//
// vanish. Their products with BV and u are whole numbers, which are 0 if they are so modulo primes with a product of more than
// their size: at most d² products of an entry of each. No prime divides n.
func (r *run) verified(v, w basis) bool {
	common := big.NewInt(1)
	for i, pivot := range w.pivots {
		x := w.columns[i][pivot]
		gcd := new(big.Int).GCD(nil, nil, common, x)
		common.Mul(common, gcd.Quo(x, gcd))
	}
	covector := common.BitLen()
	for i, pivot := range w.pivots {
		quotient := new(big.Int).Quo(common, w.columns[i][pivot])
		covector = max(covector, longestOf(w.columns[i:i+1])+quotient.BitLen())
	}
	d := len(r.Metric)
	size := covector + r.longest + max(longestOf(v.columns), 1) + 2*bits.Len(uint(d))
	for f, shown := modular.Mersenne, 0; shown <= size; f = f.Next() {
		if f.Of(common) == 0 {
			continue
		}
		if !r.spend(r.verifying(v, w)) || !r.vanish(f, v, w) {
			return false
		}
		shown += bits.Len64(uint64(f)) - 1
	}
	return true
}

// vanish tells whether the products do modulo a prime.
func (r *run) vanish(f modular.Field, v, w basis) bool {
	d, e := len(r.Metric), len(w.pivots)
	pivotal := make([]bool, d)
	within := make([][]uint64, d) // w_ij/w_jj
	for i := range within {
		within[i] = make([]uint64, e)
	}
	for j, pivot := range w.pivots {
		pivotal[pivot] = true
		scale := f.Inverse(f.Of(w.columns[j][pivot]))
		for i, x := range w.columns[j] {
			within[i][j] = f.Times(f.Of(x), scale)
		}
	}
	contains := func(x []uint64) bool {
		at := make([]uint64, e)
		for j, pivot := range w.pivots {
			at[j] = x[pivot]
		}
		for i, row := range within {
			if !pivotal[i] && f.Dot(row, at) != x[i] {
				return false
			}
		}
		return true
	}
	for _, u := range r.Vectors {
		if !contains(f.Row(u)) {
			return false
		}
	}
	columns := f.Rows(v.columns)
	for k := -1; k < len(r.Operators); k++ {
		rows := r.Metric
		if k >= 0 {
			rows = r.Operators[k]
		}
		operator := f.Symmetric(rows)
		for _, column := range columns {
			if !contains(f.Product(operator, column)) {
				return false
			}
		}
	}
	return true
}

// verifying is the work of vanish.
func (r *run) verifying(v, w basis) Work {
	d, e, k := len(r.Metric), len(v.pivots), len(r.Operators)+1
	long := 1 + (longestOf(v.columns)+longestOf(w.columns))/bits.UintSize
	return Work(k)*(r.reducing(d)+Work(e*d)*Work(d+e)) + Work(len(r.Vectors)*d)*Work(e+division*r.words) + Work(division*d*e*long)
}
