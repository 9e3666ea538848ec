package proof

import "math/big"

// matrix is a matrix of rational numbers by rows; its arithmetic is exact.
type matrix [][]*big.Rat

func newMatrix(rows, columns int) matrix {
	m := make(matrix, rows)
	for i := range m {
		m[i] = make([]*big.Rat, columns)
		for j := range m[i] {
			m[i][j] = new(big.Rat)
		}
	}
	return m
}

// dot returns xᵀy.
func dot(x, y []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range x {
		sum.Add(sum, new(big.Rat).Mul(x[i], y[i]))
	}
	return sum
}

// apply returns Mx.
func (m matrix) apply(x []*big.Rat) []*big.Rat {
	y := make([]*big.Rat, len(m))
	for i, row := range m {
		y[i] = dot(row, x)
	}
	return y
}

// times returns the product MB.
func (m matrix) times(b matrix) matrix {
	columns := b.transposed()
	product := make(matrix, len(m))
	for i, row := range m {
		product[i] = columns.apply(row)
	}
	return product
}

func (m matrix) transposed() matrix {
	if len(m) == 0 {
		return nil
	}
	t := newMatrix(len(m[0]), len(m))
	for i, row := range m {
		for j, x := range row {
			t[j][i] = x
		}
	}
	return t
}

// plus returns M + tB.
func (m matrix) plus(t *big.Rat, b matrix) matrix {
	sum := newMatrix(len(m), len(m))
	for i, row := range m {
		for j, x := range row {
			sum[i][j].Add(x, sum[i][j].Mul(t, b[i][j]))
		}
	}
	return sum
}

// form returns xᵀMy.
func (m matrix) form(x, y []*big.Rat) *big.Rat { return dot(x, m.apply(y)) }

// trace returns tr M.
func (m matrix) trace() *big.Rat {
	sum := new(big.Rat)
	for i := range m {
		sum.Add(sum, m[i][i])
	}
	return sum
}

func difference(x, y []*big.Rat) []*big.Rat {
	z := make([]*big.Rat, len(x))
	for i := range x {
		z[i] = new(big.Rat).Sub(x[i], y[i])
	}
	return z
}

// factorised is a symmetric positive semidefinite P in the form P = ℓDℓᵀ, where the
// columns of zero pivots are left out: ℓ is n×q with ℓ[pivot of column i][i] = 1, D is diagonal with
// q positive entries, and q is the rank of P.
type factorised struct {
	lower    matrix // ℓ
	diagonal []*big.Rat
	index    []int // the row of each pivot, ascending
}

// factorise returns P = ℓDℓᵀ by elimination in the given order, and false unless P is
// positive semidefinite. P is not changed.
func factorise(p matrix) (factorised, bool) {
	n := len(p)
	rest := newMatrix(n, n)
	for i, row := range p {
		for j, x := range row {
			rest[i][j].Set(x)
		}
	}
	f := factorised{lower: newMatrix(n, 0)}
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
		f.diagonal = append(f.diagonal, new(big.Rat).Set(pivot))
		f.index = append(f.index, c)
		for i := range n {
			f.lower[i] = append(f.lower[i], column[i])
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

// definite tells whether the symmetric P is positive definite.
func definite(p matrix) bool {
	f, semidefinite := factorise(p)
	return semidefinite && len(f.diagonal) == len(p)
}

// inverse returns the inverse of a positive definite matrix, by Gauss–Jordan elimination.
func inverse(p matrix) matrix {
	n := len(p)
	work, result := newMatrix(n, n), newMatrix(n, n)
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
