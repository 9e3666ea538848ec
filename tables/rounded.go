package tables

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
)

// rounded are numbers in floating point, kept in parts of partSize numbers or one row, so that a growing table is never copied.
type rounded[T float32 | float64] struct {
	width   int   // numbers of a row that are kept
	columns []int // those of them that are looked at
	rows    int
	parts   [][]T
	// inexact tells that numbers of the source were rounded when they were read.
	inexact bool
}

// partSize is the numbers of a part: 1 MB of them.
const partSize = 1 << 17

func newRounded[T float32 | float64](width int) *rounded[T] {
	r := &rounded[T]{width: width}
	for c := range width {
		r.columns = append(r.columns, c)
	}
	return r
}

// perPart is the number of rows of a part.
func (r *rounded[T]) perPart() int { return max(1, partSize/r.width) }

// next returns the place of a new row.
func (r *rounded[T]) next() []T {
	per := r.perPart()
	if r.rows == per*len(r.parts) {
		r.parts = append(r.parts, make([]T, per*r.width))
	}
	r.rows++
	return r.at(r.rows - 1)
}

// add adds a sample; inexact numbers are those that were rounded on the way here.
func (r *rounded[T]) add(row []float64, exact bool) {
	for i, into := 0, r.next(); i < len(into); i++ {
		into[i] = T(row[i])
	}
	r.inexact = r.inexact || !exact
}

// at returns the row of sample i.
func (r *rounded[T]) at(i int) []T {
	per := r.perPart()
	return r.parts[i/per][i%per*r.width:][:r.width]
}

func (r *rounded[T]) floating() bool { return true }

func (r *rounded[T]) row(i int, into []float64) {
	x := r.at(i)
	for place, c := range r.columns {
		into[place] = float64(x[c])
	}
}

func (r *rounded[T]) varying() []bool {
	varies := make([]bool, len(r.columns))
	first := r.at(0)
	for i := range r.rows {
		x := r.at(i)
		for place, c := range r.columns {
			varies[place] = varies[place] || x[c] != first[c]
		}
	}
	return varies
}

func (r *rounded[T]) only(columns []int) numbers {
	out := *r
	out.columns = nil
	for _, c := range columns {
		out.columns = append(out.columns, r.columns[c])
	}
	return &out
}

func (r *rounded[T]) cost(n, d, classes int) gmm.Cost {
	const perProduct, perNumber, perEntry, bytes = 0.3e-9, 15e-9, 3e-6, 500
	entries := float64(d) * float64(d)
	return gmm.Cost{Seconds: entries*(perProduct*float64(n)/2+perEntry) + perNumber*float64(n)*float64(d), Bytes: bytes * entries}
}

// blockRows is the number of samples whose products are summed before they are added to those of other blocks: n products
// are then summed with an error of γ of blockRows + n/blockRows in place of n.
const blockRows = 128

// moments sums twice. The first time, class sums are exact (sum), and so are the means m_k in rationals; p_k, the float64
// nearest to them, are the pilot means of the second, in which the products of y = fl(x − p_k) are summed in blocks.
//
// The errors of the covariance, with γ_j = ju/(1 − ju) and T_ab = (1/n) Σ_i (x − p)_ia (x − p)_ib:
//
//   - differences, products, sums and the division by n: γ_{blockRows + ⌈n/blockRows⌉ + 5} (1/n) Σ_i |x − p|_ia |x − p|_ib, which is at
//     most γ √(T_aa T_bb) by Cauchy and Schwarz, whatever the order in which a block is summed;
//   - T_ab − S_ab = Σ_k (n_k/n) (m_k − p_k)_a (m_k − p_k)_b, and |m_k − p_k| ≤ u|m_k|: at most u² ρ_a ρ_b, as Σ_k (n_k/n) m_ka² ≤ ρ_a²;
//   - samples that were rounded when they were read, x(1 + θ), |θ| ≤ u: residuals about their class means change by uρ_a at most,
//     in root mean square, so that S_ab changes by uρ_b √S_aa + uρ_a √S_bb + u² ρ_a ρ_b, and class means by u √(n/n_k) ρ_a.
//
// N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 3.1 and 4.2.
func (r *rounded[T]) moments(of classed) moments {
	d, n := len(r.columns), len(of.samples)
	counts := of.counts()
	m := newMoments(counts, d)
	r.means(of, counts, &m)
	products := r.products(of, m.Means)
	for a := range d {
		for b := range a + 1 {
			s := new(big.Rat).SetFloat64(products[b*d+a] / float64(n))
			m.Covariance[a][b], m.Covariance[b][a] = s, s
		}
	}
	steps := float64(blockRows + (n+blockRows-1)/blockRows + 5)
	m.sums = steps * unitRoundoff / (1 - 2*steps*unitRoundoff) // γ of T, which is at most 1 + γ times what was computed
	if r.inexact {
		m.spread = 1
	}
	return m
}

// means sets the class means and the sizes of m.
func (r *rounded[T]) means(of classed, counts []int, m *moments) {
	d := len(r.columns)
	sums, squares := make([][]sum, of.classes), make([]float64, d)
	for k := range sums {
		sums[k] = make([]sum, d)
	}
	x := make([]float64, d)
	for _, i := range of.samples {
		r.row(i, x)
		into := sums[of.class[i]]
		for a, v := range x {
			into[a].add(v)
			squares[a] += v * v
		}
	}
	for k, mean := range m.Means {
		n := new(big.Rat).SetInt64(int64(counts[k]))
		for a := range d {
			mean[a].Quo(sums[k][a].value(), n)
		}
	}
	n := float64(len(of.samples))
	m.sizes = squares
	for a, s := range squares {
		m.sizes[a] = math.Sqrt(s/n) * (1 + 2*n*unitRoundoff)
	}
}

func (r *rounded[T]) residuals(of classed, means [][]*big.Rat) func(i int) []float64 {
	pilot := make([][]float64, len(means))
	for k, mean := range means {
		pilot[k] = make([]float64, len(mean))
		for a, x := range mean {
			pilot[k][a], _ = x.Float64()
		}
	}
	x := make([]float64, len(r.columns))
	return func(i int) []float64 {
		r.row(i, x)
		floats.Sub(x, pilot[of.class[i]])
		return x
	}
}

// products returns the upper triangle, d×d, of Σ_i y_i y_iᵀ, y_i being the difference of sample i to its class's mean, rounded.
func (r *rounded[T]) products(of classed, means [][]*big.Rat) []float64 {
	d := len(r.columns)
	residual := r.residuals(of, means)
	total, block, y := make([]float64, d*d), make([]float64, d*d), make([]float64, blockRows*d)
	for start := 0; start < len(of.samples); start += blockRows {
		samples := of.samples[start:min(start+blockRows, len(of.samples))]
		for place, i := range samples {
			copy(y[place*d:], residual(i))
		}
		blas64.Syrk(blas.Trans, 1, blas64.General{Rows: len(samples), Cols: d, Stride: d, Data: y},
			0, blas64.Symmetric{Uplo: blas.Upper, N: d, Stride: d, Data: block})
		for a := range d {
			into := total[a*d+a : (a+1)*d]
			for b, v := range block[a*d+a : (a+1)*d] {
				into[b] += v
			}
		}
	}
	return total
}
