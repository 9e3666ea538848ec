package oracle

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/gmm/dd"

	"gonum.org/v1/gonum/mat"
)

// ErrRounded says that a question has an exact answer only, and that the mixture's
// numbers are rounded.
var ErrRounded = errors.New("oracle: expected a mixture of exact numbers, found rounded ones")

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
	value, err, failure = spread(m, gmm.Frame{Basis: frame})
	if failure == nil {
		return value, err, nil
	}
	independent := independentColumns(frame)
	if _, r := frame.Dims(); len(independent) == r {
		return 0, 0, failure
	}
	return spread(m, gmm.Frame{Basis: columnsOf(frame, independent)})
}

// FisherDiscriminant returns J(S_F) = tr[Σ⁻¹C], the Fisher discriminant of any A
// whose columns span the Fisher subspace, and a bound of its error. It is evaluated
// in a frame of combinations of Σ⁻¹μ_k, which span S_F whatever their rounding.
func FisherDiscriminant(m *gmm.Mixture) (value, err float64, failure error) {
	w, failure := m.WhitenFisher()
	if failure != nil || w.Means == nil {
		return 0, 0, failure
	}
	return spread(m, w.Frame)
}

// ContainsFisher tells, by exact arithmetic, whether S_F ⊆ Col(A), that is whether
// every μ_k lies in Col(ΣA). It needs a mixture of exact numbers, else ErrRounded.
// It panics if A does not have d rows or has an entry that is not finite.
func ContainsFisher(m *gmm.Mixture, a *mat.Dense) (bool, error) {
	checkRows(m, a)
	e, exact := m.Exact()
	if !exact {
		return false, ErrRounded
	}
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
			return false, nil
		}
	}
	return true, nil
}

// spread is Σ_k w_k ‖y_k‖² of the whitened means y_k in a frame. Each is off by
// e_k = meanError·‖L⁻¹μ_k‖ at most, so its square by (2‖y_k‖ + e_k)e_k.
func spread(m *gmm.Mixture, frame gmm.Frame) (value, err float64, failure error) {
	p, failure := gmm.NewPairs(m, big.NewRat(1, 1)) // J does not depend on δ
	if failure != nil {
		return 0, 0, failure
	}
	covariance, means, off, failure := straighten(inFrame(p, frame))
	if failure != nil {
		return 0, 0, failure
	}
	v, failure := whiten(p, covariance, means, off)
	if failure != nil {
		return 0, 0, failure
	}
	gram, errors := verifiedGram(p)
	dim, k := v.means.Dims()
	for j, w := range v.weights {
		length := mat.Norm(v.means.ColView(j), 2)
		e := v.meanError * math.Sqrt(math.Max(0, gram[j][j].Hi)+errors[j][j]) * (1 + 4*unitRoundoff)
		value += w * length * length
		err += w * (2*length + e) * e
	}
	return value, err + float64(dim+k+8)*unitRoundoff*value, nil
}

// straighten changes from a frame F to FT, which has the same span and nearly
// whitens the covariance. T is upper triangular, by Gram and Schmidt in double-double,
// then rounded and taken as exact. Errors grow by ‖T‖, and double-double products of r
// terms are off by rε of their size, ‖FᵀΣF‖ ≤ tr FᵀΣF and |Fᵀμ| ≤ √(tr FᵀΣF) |L⁻¹μ|.
func straighten(covariance, means [][]dd.Number, off frameError) (straight, turned [][]dd.Number, after frameError, failure error) {
	r, k := len(covariance), len(means[0])
	columns, size, failure := orthonormal(covariance)
	if failure != nil {
		return nil, nil, after, failure
	}
	straight, turned = table(r, r), table(r, k)
	half := make([]dd.Number, r)
	for a := range r {
		for i := range r {
			half[i] = dd.Dot(covariance[i], columns[a])
		}
		for b := range r {
			straight[a][b] = dd.Dot(half, columns[b])
		}
		for i := range r {
			for j := range k {
				turned[a][j] = turned[a][j].Add(columns[a][i].Mul(means[i][j]))
			}
		}
	}
	var trace float64
	for i := range r {
		trace += covariance[i][i].Hi
	}
	rounding := 8 * float64(r) * dd.Epsilon
	return straight, turned, frameError{
		covariance: size * size * (off.covariance + rounding*trace),
		means:      size * (off.means + rounding*math.Sqrt(trace)),
	}, nil
}

// orthonormal returns the columns of T, rounded to float64, with TᵀΘT ≈ I, and ‖T‖_F.
func orthonormal(theta [][]dd.Number) (columns [][]dd.Number, size float64, failure error) {
	r := len(theta)
	columns = table(r, r)
	image := make([]dd.Number, r) // Θt
	apply := func(t []dd.Number) {
		for i := range r {
			image[i] = dd.Dot(theta[i], t)
		}
	}
	for a, t := range columns {
		t[a] = dd.Of(1)
		for _, done := range columns[:a] {
			apply(t)
			coefficient := dd.Dot(done, image)
			for i := range a + 1 {
				t[i] = t[i].Sub(coefficient.Mul(done[i]))
			}
		}
		apply(t)
		square := dd.Dot(t, image)
		if !(square.Hi > 0) {
			return nil, 0, errFrame
		}
		for i := range a + 1 {
			t[i] = dd.Of(t[i].Div(square.Sqrt()).Float64())
		}
		size = math.Hypot(size, dd.Norm(t))
	}
	return columns, size, nil
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
