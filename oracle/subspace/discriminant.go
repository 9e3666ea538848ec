package subspace

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Discriminant returns the Fisher discriminant of the representation x ↦ Aᵀx, A
// being d×r,
//
//	J(A) = tr[(AᵀΣA)⁻¹ (AᵀCA)],   C = Σ_k w_k μ_k μ_kᵀ, raw,
//
// and a bound of its error. J depends on Col(A) only, so dependent columns are
// left out, by exact arithmetic; J = 0 for A = 0. In y = Λ⁻¹Aᵀx, AᵀΣA = ΛΛᵀ, it is
// Σ_k w_k ‖Λ⁻¹Aᵀμ_k‖², and the error is what whitening does to these lengths. The
// failure is a frame so skewed that float64 cannot whiten it. It panics if A does
// not have d rows or has an entry that is not finite.
func Discriminant(m *gmm.Mixture, a *mat.Dense) (value, err float64, failure error) {
	checkRows(m, a)
	frame := scaledColumns(m, a)
	if frame == nil {
		return 0, 0, nil
	}
	value, err, failure = whitened.Scatter(m, gmm.Frame{Basis: frame})
	if failure == nil {
		return value, err, nil
	}
	independent := independentColumns(frame)
	if _, r := frame.Dims(); len(independent) == r {
		return 0, 0, failure
	}
	return whitened.Scatter(m, gmm.Frame{Basis: columnsOf(frame, independent)})
}

// FisherDiscriminant returns J(S_F) = tr[Σ⁻¹C], the Fisher discriminant of any A
// whose columns span the Fisher subspace, and a bound of its error. It is evaluated
// in a frame of combinations of Σ⁻¹μ_k, which span S_F whatever their rounding.
func FisherDiscriminant(m *gmm.Mixture) (value, err float64, failure error) {
	w, failure := m.WhitenFisher()
	if failure != nil || w.Means == nil {
		return 0, 0, failure
	}
	return whitened.Scatter(m, w.Frame)
}

// ContainsFisher tells, by exact arithmetic, whether S_F ⊆ Col(A), that is whether
// every μ_k lies in Col(ΣA).
// It panics if A does not have d rows or has an entry that is not finite.
func ContainsFisher(m *gmm.Mixture, a *mat.Dense) bool {
	checkRows(m, a)
	e := m.Pooled().Exact()
	d, r := a.Dims()
	rational := rationalRows(a)
	rows := make([][]*big.Rat, d) // [ΣA | U]
	for i := range rows {
		for j := range r {
			sum := new(big.Rat)
			for l := range d {
				sum.Add(sum, new(big.Rat).Mul(e.Covariance[i][l], rational[l][j]))
			}
			rows[i] = append(rows[i], sum)
		}
		for k := range e.Means {
			rows[i] = append(rows[i], e.Means[k][i])
		}
	}
	for _, column := range gmm.IndependentColumns(rows) {
		if column >= r {
			return false
		}
	}
	return true
}

// scaledColumns returns the columns that are not 0, each times the power of 2 that
// brings aᵀΣa nearest to 1, which changes no span; nil if there are none.
func scaledColumns(m *gmm.Mixture, a *mat.Dense) *mat.Dense {
	d, r := a.Dims()
	sigma := m.Covariance()
	var kept [][]float64
	for j := range r {
		column := mat.Col(nil, j, a)
		largest := 0.0
		for _, x := range column {
			largest = math.Max(largest, math.Abs(x))
		}
		if largest == 0 {
			continue
		}
		rescale(column, largest) // so that the variance neither overflows nor vanishes
		x := mat.NewVecDense(d, column)
		rescale(column, math.Sqrt(mat.Inner(x, sigma, x)))
		kept = append(kept, column)
	}
	if kept == nil {
		return nil
	}
	out := mat.NewDense(d, len(kept), nil)
	for j, column := range kept {
		out.SetCol(j, column)
	}
	return out
}

// rescale divides by the power of 2 that is next to size.
func rescale(column []float64, size float64) {
	_, exponent := math.Frexp(size)
	for i, x := range column {
		column[i] = math.Ldexp(x, -exponent)
	}
}

func independentColumns(a *mat.Dense) []int { return gmm.IndependentColumns(rationalRows(a)) }

func columnsOf(a *mat.Dense, indices []int) *mat.Dense {
	rows, _ := a.Dims()
	out := mat.NewDense(rows, len(indices), nil)
	for to, from := range indices {
		out.SetCol(to, mat.Col(nil, from, a))
	}
	return out
}

// rationalRows returns the exact values of a matrix of finite floats.
func rationalRows(a *mat.Dense) [][]*big.Rat {
	rows, _ := a.Dims()
	out := make([][]*big.Rat, rows)
	for i := range out {
		out[i] = gmm.Rationals(a.RawRowView(i)...)
	}
	return out
}

func checkRows(m *gmm.Mixture, a *mat.Dense) {
	rows, columns := a.Dims()
	if rows != m.Dimension() {
		panic(fmt.Sprintf("oracle: a representation of %d rows does not fit dimension %d", rows, m.Dimension()))
	}
	for i := range rows {
		for j := range columns {
			if x := a.At(i, j); math.IsNaN(x) || math.IsInf(x, 0) {
				panic(fmt.Sprintf("oracle: a representation holds %v", x))
			}
		}
	}
}
