// Package modular does linear algebra over the integers modulo a prime of 61 bits. What is independent there is
// independent over the rationals, at a cost that does not grow with their digits.
package modular

import (
	"math/big"
	"math/bits"
)

// Field is the field of integers modulo a prime p < 2⁶¹. Its elements are 0 … p − 1.
type Field uint64

// Mersenne is the field of the prime 2⁶¹ − 1, the first of Fields.
const Mersenne Field = 1<<61 - 1

// Next returns the field of the largest prime below that of f: with Mersenne, all primes that are used here.
func (f Field) Next() Field {
	for p := uint64(f) - 2; ; p -= 2 {
		if new(big.Int).SetUint64(p).ProbablyPrime(0) { // which is a proof below 2⁶⁴
			return Field(p)
		}
	}
}

// Of returns x mod p.
func (f Field) Of(x *big.Int) uint64 {
	const half = bits.UintSize / 2 // of a word
	var rest uint64
	words := x.Bits()
	for i := len(words) - 1; i >= 0; i-- {
		_, rest = bits.Div64(rest>>(64-2*half), rest<<half<<half|uint64(words[i]), uint64(f))
	}
	if x.Sign() < 0 {
		return f.Negative(rest)
	}
	return rest
}

// Row returns a row of integers mod p.
func (f Field) Row(row []*big.Int) []uint64 {
	out := make([]uint64, len(row))
	for i, x := range row {
		out[i] = f.Of(x)
	}
	return out
}

// Rows returns a matrix of integers mod p.
func (f Field) Rows(rows [][]*big.Int) [][]uint64 {
	out := make([][]uint64, len(rows))
	for i, row := range rows {
		out[i] = f.Row(row)
	}
	return out
}

// Negative returns −a.
func (f Field) Negative(a uint64) uint64 {
	if a == 0 {
		return 0
	}
	return uint64(f) - a
}

// Minus returns a − b.
func (f Field) Minus(a, b uint64) uint64 {
	if a < b {
		a += uint64(f)
	}
	return a - b
}

// Times returns ab.
func (f Field) Times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	_, rest := bits.Div64(high, low, uint64(f))
	return rest
}

// Inverse returns a⁻¹ of a ≠ 0, by Euclid's algorithm.
func (f Field) Inverse(a uint64) uint64 {
	r, next := uint64(f), a
	s, t := uint64(0), uint64(1) // r ≡ s·a, next ≡ t·a
	for next != 0 {
		q := r / next
		r, next = next, r-q*next
		s, t = t, f.Minus(s, f.Times(q%uint64(f), t))
	}
	return s
}

// block is how many products of elements, and one element, sum to less than 2¹²⁸.
const block = 63

// Dot returns Σ a_i b_i over the length of a; b is at least as long.
func (f Field) Dot(a, b []uint64) uint64 {
	b = b[:len(a)]
	var rest uint64
	for len(a) > block {
		rest = f.dot(rest, a[:block], b[:block])
		a, b = a[block:], b[block:]
	}
	return f.dot(rest, a, b)
}

// dot returns start + Σ a_i b_i of at most a block of products.
func (f Field) dot(start uint64, a, b []uint64) uint64 {
	b = b[:len(a)]
	var high uint64
	low := start
	for i, x := range a {
		h, l := bits.Mul64(x, b[i])
		var carry uint64
		low, carry = bits.Add64(low, l, 0)
		high += h + carry
	}
	return bits.Rem64(high, low, uint64(f))
}

// Product returns Ax of the rows of A.
func (f Field) Product(a [][]uint64, x []uint64) []uint64 {
	out := make([]uint64, len(a))
	for i, row := range a {
		out[i] = f.Dot(row, x)
	}
	return out
}

// Subtract takes c·x from y. The multiples of p come from the quotient c/p to 64 binary places, one product an entry (V.
// Shoup's).
func (f Field) Subtract(y []uint64, c uint64, x []uint64) {
	p := uint64(f)
	c = f.Negative(c)
	places, _ := bits.Div64(c, 0, p)
	x = x[:len(y)]
	for i, v := range x {
		q, _ := bits.Mul64(places, v)
		sum := y[i] + c*v - q*p // below 3p
		if sum >= 2*p {
			sum -= 2 * p
		}
		if sum >= p {
			sum -= p
		}
		y[i] = sum
	}
}

// Lower returns the lower half of a symmetric matrix mod p, i + 1 entries of row i.
func (f Field) Lower(rows [][]*big.Int) [][]uint64 {
	out := make([][]uint64, len(rows))
	for i, row := range rows {
		out[i] = f.Row(row[:i+1])
	}
	return out
}

// Symmetric returns a symmetric matrix of integers mod p, of which it reads the lower half.
func (f Field) Symmetric(rows [][]*big.Int) [][]uint64 {
	out := make([][]uint64, len(rows))
	for i, row := range rows {
		out[i] = make([]uint64, len(rows))
		for j, x := range row[:i+1] {
			out[i][j] = f.Of(x)
			out[j][i] = out[i][j]
		}
	}
	return out
}
