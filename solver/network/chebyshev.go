package network

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// exponentials visits blocks of nodes of g with e^{ζ(g − m)} at the points of the first coordinate, and at those of the others, multiplied.
func (t *logTable) exponentials(chebyshev, half []float64, visit func(first int, e, others *mat.Dense)) {
	p := len(chebyshev)
	rest := 1
	for range t.r - 1 {
		rest *= p
	}
	factors := make([][]float64, t.r-1)
	for l := range factors {
		factors[l] = make([]float64, p)
	}
	for first := 0; first < len(t.g.values); first += block {
		n := min(block, len(t.g.values)-first)
		e, others := mat.NewDense(n, p, nil), mat.NewDense(n, rest, nil)
		for j := range n {
			y := t.g.values[first+j]
			if t.tilted[first+j] == 0 {
				continue
			}
			for l, m := range t.mean {
				row := e.RawRowView(j)
				if l > 0 {
					row = factors[l-1]
				}
				x := half[l] * (y[l] - m)
				for a, c := range chebyshev {
					row[a] = math.Exp(x * c)
				}
			}
			spread(others.RawRowView(j), factors)
		}
		visit(first, e, others)
	}
}

// spread is the tensor product of rows, the last one's index the fastest.
func spread(into []float64, rows [][]float64) {
	into[0] = 1
	n := 1
	for _, row := range rows {
		for i := n - 1; i >= 0; i-- {
			x := into[i]
			for a := len(row) - 1; a >= 0; a-- {
				into[i*len(row)+a] = x * row[a]
			}
		}
		n *= len(row)
	}
}

// lagrange are the Lagrange polynomials of Chebyshev points at x, by the barycentric formula.
func lagrange(into, points, weights []float64, x float64) {
	sum := 0.0
	for a, c := range points {
		d := x - c
		if d == 0 {
			clear(into)
			into[a] = 1
			return
		}
		into[a] = weights[a] / d
		sum += into[a]
	}
	for a := range into {
		into[a] /= sum
	}
}
