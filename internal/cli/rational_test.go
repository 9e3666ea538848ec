package cli_test

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// rational is a matrix of rationals, by rows.
type rational [][]*big.Rat

func zeros(rows, columns int) rational {
	out := make(rational, rows)
	for i := range out {
		for range columns {
			out[i] = append(out[i], new(big.Rat))
		}
	}
	return out
}

func (a rational) times(b rational) rational {
	out := zeros(len(a), len(b[0]))
	for i := range a {
		for j := range b[0] {
			for l := range b {
				out[i][j].Add(out[i][j], new(big.Rat).Mul(a[i][l], b[l][j]))
			}
		}
	}
	return out
}

func (a rational) plus(factor *big.Rat, b rational) rational {
	out := zeros(len(a), len(a[0]))
	for i := range a {
		for j := range a[i] {
			out[i][j].Add(a[i][j], new(big.Rat).Mul(factor, b[i][j]))
		}
	}
	return out
}

func (a rational) transposed() rational {
	out := zeros(len(a[0]), len(a))
	for i := range a {
		for j := range a[i] {
			out[j][i] = a[i][j]
		}
	}
	return out
}

// inverse is by Gauss and Jordan, for a positive definite matrix.
func (a rational) inverse() rational {
	n := len(a)
	work := zeros(n, 2*n)
	for i := range n {
		for j := range n {
			work[i][j].Set(a[i][j])
		}
		work[i][n+i].SetInt64(1)
	}
	for c := range n {
		pivot := new(big.Rat).Inv(work[c][c])
		for j := range work[c] {
			work[c][j].Mul(work[c][j], pivot)
		}
		for r := range n {
			if factor := new(big.Rat).Neg(work[r][c]); r != c && factor.Sign() != 0 {
				for j := range work[r] {
					work[r][j].Add(work[r][j], new(big.Rat).Mul(factor, work[c][j]))
				}
			}
		}
	}
	out := make(rational, n)
	for i := range out {
		out[i] = work[i][n:]
	}
	return out
}

// definite tells whether all pivots are positive.
func (a rational) definite() bool {
	work := a.plus(new(big.Rat), a)
	for c := range work {
		if work[c][c].Sign() <= 0 {
			return false
		}
		for r := c + 1; r < len(work); r++ {
			factor := new(big.Rat).Quo(work[r][c], work[c][c])
			for j := range work {
				work[r][j].Sub(work[r][j], new(big.Rat).Mul(factor, work[c][j]))
			}
		}
	}
	return true
}

func floats(m mat.Matrix) rational {
	rows, columns := m.Dims()
	out := zeros(rows, columns)
	for i := range rows {
		for j := range columns {
			out[i][j].SetFloat64(m.At(i, j))
		}
	}
	return out
}

// columnsOf is a frame's F, exactly.
func columnsOf(f gmm.Frame, m *gmm.Mixture) rational {
	if !f.Fisher {
		return floats(f.Basis)
	}
	e := m.Exact()
	return rational(e.Covariance).inverse().times(rational(e.Means).transposed()).times(floats(f.Basis))
}

// whitenedDistance is ‖L_Vᵀ(A − B)L_T‖_F.
func whitenedDistance(a, b rational, left, right *gmm.Mixture) float64 {
	v := left.Exact()
	t := right.Exact()
	e := a.plus(big.NewRat(-1, 1), b)
	square := e.transposed().times(v.Covariance).times(e).times(t.Covariance)
	sum := new(big.Rat)
	for i := range square {
		sum.Add(sum, square[i][i])
	}
	value, _ := sum.Float64()
	return math.Sqrt(value)
}
