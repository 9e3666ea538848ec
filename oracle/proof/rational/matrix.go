// Package rational does exact linear algebra.
package rational

import "math/big"

// Matrix is a matrix of rational numbers by rows. No operation changes its operands.
type Matrix [][]*big.Rat

// New returns a matrix of zeros.
func New(rows, columns int) Matrix {
	m := make(Matrix, rows)
	for i := range m {
		m[i] = make([]*big.Rat, columns)
		for j := range m[i] {
			m[i][j] = new(big.Rat)
		}
	}
	return m
}

// Dot returns xᵀy.
func Dot(x, y []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range x {
		sum.Add(sum, new(big.Rat).Mul(x[i], y[i]))
	}
	return sum
}

// Apply returns Mx.
func (m Matrix) Apply(x []*big.Rat) []*big.Rat {
	y := make([]*big.Rat, len(m))
	for i, row := range m {
		y[i] = Dot(row, x)
	}
	return y
}

// Times returns the product MB.
func (m Matrix) Times(b Matrix) Matrix {
	columns := b.Transposed()
	product := make(Matrix, len(m))
	for i, row := range m {
		product[i] = columns.Apply(row)
	}
	return product
}

// Transposed returns Mᵀ.
func (m Matrix) Transposed() Matrix {
	if len(m) == 0 {
		return nil
	}
	t := New(len(m[0]), len(m))
	for i, row := range m {
		for j, x := range row {
			t[j][i] = x
		}
	}
	return t
}

// Plus returns M + tB.
func (m Matrix) Plus(t *big.Rat, b Matrix) Matrix {
	sum := New(len(m), len(m))
	for i, row := range m {
		for j, x := range row {
			sum[i][j].Add(x, sum[i][j].Mul(t, b[i][j]))
		}
	}
	return sum
}

// Scaled returns tM.
func (m Matrix) Scaled(t *big.Rat) Matrix {
	scaled := New(len(m), len(m[0]))
	for i, row := range m {
		for j, x := range row {
			scaled[i][j].Mul(t, x)
		}
	}
	return scaled
}

// Form returns xᵀMy.
func (m Matrix) Form(x, y []*big.Rat) *big.Rat { return Dot(x, m.Apply(y)) }

// Trace returns tr M.
func (m Matrix) Trace() *big.Rat {
	sum := new(big.Rat)
	for i := range m {
		sum.Add(sum, m[i][i])
	}
	return sum
}

// SquaredNorm returns tr(MgMg), the whitened ‖·‖² of Σ⁻¹W M WᵀΣ⁻¹ where g = WᵀΣ⁻¹W.
func (m Matrix) SquaredNorm(g Matrix) *big.Rat {
	mg := m.Times(g)
	return mg.Times(mg).Trace()
}

// Outer returns xyᵀ.
func Outer(x, y []*big.Rat) Matrix {
	m := New(len(x), len(y))
	for i := range x {
		for j := range y {
			m[i][j].Mul(x[i], y[j])
		}
	}
	return m
}

// Unit returns the i-th unit vector of s numbers.
func Unit(s, i int) []*big.Rat {
	e := make([]*big.Rat, s)
	for j := range e {
		e[j] = new(big.Rat)
	}
	e[i].SetInt64(1)
	return e
}

// Identity returns the n×n identity.
func Identity(n int) Matrix {
	m := New(n, n)
	for i := range m {
		m[i][i].SetInt64(1)
	}
	return m
}

// Sum returns x + y.
func Sum(x, y []*big.Rat) []*big.Rat {
	z := make([]*big.Rat, len(x))
	for i := range x {
		z[i] = new(big.Rat).Add(x[i], y[i])
	}
	return z
}

// Difference returns x − y.
func Difference(x, y []*big.Rat) []*big.Rat {
	z := make([]*big.Rat, len(x))
	for i := range x {
		z[i] = new(big.Rat).Sub(x[i], y[i])
	}
	return z
}

// Factors is a symmetric positive semidefinite P in the form P = ℓDℓᵀ, where the
// columns of zero pivots are left out: ℓ is n×q with ℓ[pivot of column i][i] = 1, D is diagonal with
// q positive entries, and q is the rank of P.
type Factors struct {
	Lower    Matrix // ℓ
	Diagonal []*big.Rat
	Index    []int // the row of each pivot, ascending
}

// Factorise returns P = ℓDℓᵀ by elimination in the given order, and false unless P is
// positive semidefinite. P is not changed.
func Factorise(p Matrix) (Factors, bool) {
	n := len(p)
	rest := New(n, n)
	for i, row := range p {
		for j, x := range row {
			rest[i][j].Set(x)
		}
	}
	f := Factors{Lower: New(n, 0)}
	for c := range n {
		pivot := rest[c][c]
		switch pivot.Sign() {
		case -1:
			return f, false
		case 0:
			for i := range n {
				if rest[i][c].Sign() != 0 {
					return f, false
				}
			}
			continue
		}
		column := make([]*big.Rat, n)
		for i := range n {
			column[i] = new(big.Rat).Quo(rest[i][c], pivot)
		}
		f.Diagonal = append(f.Diagonal, new(big.Rat).Set(pivot))
		f.Index = append(f.Index, c)
		for i := range n {
			f.Lower[i] = append(f.Lower[i], column[i])
			for j := range n {
				if i != c && j != c {
					x := new(big.Rat).Mul(column[i], rest[c][j])
					rest[i][j].Sub(rest[i][j], x)
				}
			}
		}
		for i := range n {
			rest[i][c], rest[c][i] = new(big.Rat), new(big.Rat)
		}
	}
	return f, true
}

// Definite tells whether the symmetric P is positive definite.
func Definite(p Matrix) bool {
	f, semidefinite := Factorise(p)
	return semidefinite && len(f.Diagonal) == len(p)
}

// Inverse returns the inverse of a positive definite Matrix, by Gauss–Jordan elimination.
func Inverse(p Matrix) Matrix {
	n := len(p)
	work, result := New(n, n), New(n, n)
	for i, row := range p {
		result[i][i].SetInt64(1)
		for j, x := range row {
			work[i][j].Set(x)
		}
	}
	for c := range n {
		scale := new(big.Rat).Inv(work[c][c])
		for j := range n {
			work[c][j].Mul(work[c][j], scale)
			result[c][j].Mul(result[c][j], scale)
		}
		for i := range n {
			if i == c {
				continue
			}
			factor := new(big.Rat).Set(work[i][c])
			for j := range n {
				work[i][j].Sub(work[i][j], new(big.Rat).Mul(factor, work[c][j]))
				result[i][j].Sub(result[i][j], new(big.Rat).Mul(factor, result[c][j]))
			}
		}
	}
	return result
}
