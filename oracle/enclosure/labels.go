package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// turned are the means of a side in other coordinates, with bounds of their errors.
type turned struct {
	weights []float64
	means   *mat.Dense // m×K
	off     []float64  // K
}

// turn states the means of a side in the coordinates of orthonormal columns U, of which U(UᵀU)^{−½} are such exactly, at most ½|UᵀU − 1| away, to first order. A sum of
// m products is off by at most m roundings of that of |U| and |x|, of a length of at most √m|x| in all.
func turn(side *whitened.Mixture, by *mat.Dense) turned {
	t := turned{weights: side.Weights, means: new(mat.Dense), off: side.MeansOff()}
	t.means.Mul(by.T(), side.Means)
	rows, columns := by.Dims()
	var skew mat.Dense
	skew.Mul(by.T(), by)
	skew.Sub(&skew, dense.Identity(columns))
	m := float64(rows)
	moved := roundedUp * (m*math.Sqrt(m)*dense.Roundoff + (mat.Norm(&skew, 2)+m*float64(columns)*dense.Roundoff)/2)
	for k, length := range dense.ColumnNorms(side.Means) {
		t.off[k] += moved * length
	}
	return t
}

// partner is the probability that the other point of a pair has component k where one has j.
func (t turned) partner(delta float64, j, k int) float64 {
	p := (1 - delta) * t.weights[k]
	if k == j {
		p += delta
	}
	return p
}

// point is a combination of means with a bound of its error, in length.
type point struct {
	mean []float64
	off  float64
}

// sum is Σ factor_i μ_{k_i}, of components that differ.
func (t turned) sum(factors []float64, components ...int) point {
	rows, _ := t.means.Dims()
	out := point{mean: make([]float64, rows)}
	for i, c := range components {
		for r := range out.mean {
			out.mean[r] += factors[i] * t.means.At(r, c)
		}
		out.off += math.Abs(factors[i]) * t.off[c]
	}
	return out
}

// labelled are points x and v under labels of positive probability.
type labelled struct {
	probabilities []float64
	x, v          [][]float64
	offX, offV    []float64
}

func (l *labelled) add(p float64, x, v point) {
	if p == 0 {
		return
	}
	l.probabilities = append(l.probabilities, p)
	l.x, l.offX = append(l.x, x.mean), append(l.offX, x.off)
	l.v, l.offV = append(l.v, v.mean), append(l.offV, v.off)
}

// bilinear is the law of xᵀMv, v ∼ N(·, τI).
func (l *labelled) bilinear(spread float64, s []float64) bilinear {
	return bilinear{l.probabilities, columns(l.x), columns(l.v), l.offX, l.offV, spread, s}
}

// columns returns the matrix of vectors as columns.
func columns(vectors [][]float64) *mat.Dense {
	out := mat.NewDense(len(vectors[0]), len(vectors), nil)
	for c, v := range vectors {
		out.SetCol(c, v)
	}
	return out
}

// pairs is the law of xᵀMy, x of one side and y of another whose components are shared with probability δ, else independent.
func pairs(left, right turned, delta float64, s []float64) bilinear {
	var l labelled
	for j, w := range left.weights {
		for k := range right.weights {
			l.add(w*left.partner(delta, j, k), left.sum([]float64{1}, j), right.sum([]float64{1}, k))
		}
	}
	return l.bilinear(1, s)
}

// triplets is the law of xᵀM(y − x̂), (x, x̂) a pair and y an independent point.
func triplets(side turned, delta float64, s []float64) bilinear {
	var l labelled
	for j, w := range side.weights {
		alike := 0.0 // x̂ and y of one component, whichever it is
		x := side.sum([]float64{1}, j)
		for k := range side.weights {
			for i, u := range side.weights {
				if p := w * side.partner(delta, j, k) * u; i == k {
					alike += p
				} else {
					l.add(p, x, side.sum([]float64{1, -1}, i, k))
				}
			}
		}
		l.add(alike, x, side.sum(nil))
	}
	return l.bilinear(2, s)
}

// middle is the variance of ½(x̂ + y) − x.
const middle = 1.5

// distanceTriplets is the law of ½|x − x̂|²_M − ½|x − y|²_M = vᵀMw for v = x̂ − y and w = ½(x̂ + y) − x, which have the variances 2 and 3/2 and
// no covariance. x of the law is w/√(3/2), and s that of √(3/2) M.
func distanceTriplets(side turned, delta float64, s []float64) bilinear {
	var l labelled
	const unit = 1 / 1.2247448713915890 // √(3/2)
	same := 0.0                         // all three of one component
	for j, w := range side.weights {
		for k := range side.weights {
			for i, u := range side.weights {
				switch p := w * side.partner(delta, j, k) * u; {
				case i == k && k == j:
					same += p
				case i == k:
					l.add(p, side.sum([]float64{unit, -unit}, k, j), side.sum(nil))
				case k == j:
					l.add(p, side.sum([]float64{unit / 2, -unit / 2}, i, j), side.sum([]float64{1, -1}, k, i))
				case i == j:
					l.add(p, side.sum([]float64{unit / 2, -unit / 2}, k, j), side.sum([]float64{1, -1}, k, i))
				default:
					l.add(p, side.sum([]float64{unit / 2, unit / 2, -unit}, k, i, j), side.sum([]float64{1, -1}, k, i))
				}
			}
		}
	}
	l.add(same, side.sum(nil), side.sum(nil))
	return l.bilinear(2, s)
}

// distances is the law of −½|x − y|²_M of two points whose components are shared with probability δ, else independent.
func distances(side turned, delta float64, s []float64) squares {
	var l labelled
	alike := 0.0
	for j, w := range side.weights {
		alike += w * side.partner(delta, j, j)
		for k, u := range side.weights[:j] { // v and −v have one law
			l.add(w*side.partner(delta, j, k)+u*side.partner(delta, k, j), point{}, side.sum([]float64{1, -1}, j, k))
		}
	}
	l.add(alike, point{}, side.sum(nil))
	return squares{l.probabilities, columns(l.v), l.offV, 2, s}
}
