package solver

import (
	"math"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// block is a planar mixture with unit covariance.
type block struct {
	means   [][2]float64
	weights []float64
	across  float64 // step of sums across the steepest direction; 0 means .2
}

// times is the mixture whose means are all pairs of a point of the block and one of a
// simplex about 0, with the block's weights. At its minimiser M is block diagonal: the
// block's own minimiser, and a multiple of 1.
func (b block) times(t testing.TB, simplex [][]float64) gmm.Pairs {
	t.Helper()
	var means, weights []float64
	for i, u := range b.means {
		for _, r := range simplex {
			means = append(append(means, u[:]...), r...)
			weights = append(weights, b.weights[i])
		}
	}
	d := 2 + len(simplex[0])
	m, err := gmm.New(weights, mat.NewDense(len(weights), d, means), unit(d))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// unit is the d×d identity.
func unit(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}

// gradient is ∇f of the block at M = (a, b; b, c), by a trapezoidal sum along the direction in which
// the first and the last component differ most, and one across: nothing of the solver's.
func (b block) gradient(m [3]float64) [3]float64 {
	k := len(b.means)
	var total float64
	for _, w := range b.weights {
		total += w
	}
	var mean [2]float64
	w := make([]float64, k)
	for i, u := range b.means {
		w[i] = b.weights[i] / total
		mean[0] += w[i] * u[0]
		mean[1] += w[i] * u[1]
	}
	times := func(x [2]float64) [2]float64 { return [2]float64{m[0]*x[0] + m[1]*x[1], m[1]*x[0] + m[2]*x[1]} }
	var slopes, y [][2]float64
	second := [3]float64{1, 0, 1}
	var g [2][2]float64
	for i, u := range b.means {
		y = append(y, [2]float64{u[0] - mean[0], u[1] - mean[1]})
		slopes = append(slopes, times(y[i]))
		second[0] += w[i] * u[0] * u[0]
		second[1] += w[i] * u[0] * u[1]
		second[2] += w[i] * u[1] * u[1]
		for r := range 2 {
			for c := range 2 {
				g[r][c] -= w[i] * u[r] * y[i][c]
			}
		}
	}
	n := [2]float64{slopes[k-1][0] - slopes[0][0], slopes[k-1][1] - slopes[0][1]}
	length := math.Hypot(n[0], n[1])
	n[0], n[1] = n[0]/length, n[1]/length
	const fine, extent = 0.01, 10
	coarse := 0.2
	if b.across > 0 {
		coarse = b.across
	}
	for j, from := range b.means {
		if w[j] < 1e-30 {
			continue
		}
		for s := -extent * 1.0; s <= extent; s += coarse {
			for u := -extent * 1.0; u <= extent; u += fine {
				x := [2]float64{from[0] + u*n[0] - s*n[1], from[1] + u*n[1] + s*n[0]}
				var logits [4]float64
				most := math.Inf(-1)
				for i := range k {
					logits[i] = math.Log(w[i]) + x[0]*slopes[i][0] + x[1]*slopes[i][1]
					most = max(most, logits[i])
				}
				var z float64
				var out [2]float64
				for i := range k {
					e := math.Exp(logits[i] - most)
					z += e
					out[0] += e * y[i][0]
					out[1] += e * y[i][1]
				}
				weight := w[j] * fine * coarse / (2 * math.Pi) * math.Exp(-(u*u+s*s)/2) / z
				for r := range 2 {
					for c := range 2 {
						g[r][c] += weight * x[r] * out[c]
					}
				}
			}
		}
	}
	return [3]float64{
		g[0][0] + m[0]*second[0] + m[1]*second[1],
		(g[0][1]+g[1][0])/2 + (m[0]*second[1]+m[1]*second[2]+second[0]*m[1]+second[1]*m[2])/2,
		g[1][1] + m[1]*second[1] + m[2]*second[2],
	}
}

// smallest returns the smallest eigenvalue of the block's minimiser, by Newton's method from M.
func (b block) smallest(t testing.TB, m [3]float64) float64 {
	t.Helper()
	for range 12 {
		g := b.gradient(m)
		jacobian := mat.NewDense(3, 3, nil)
		for i := range 3 {
			step := 1e-6 * (math.Abs(m[i]) + 1e-4)
			moved := m
			moved[i] += step
			for r, x := range b.gradient(moved) {
				jacobian.Set(r, i, (x-g[r])/step)
			}
		}
		var step mat.VecDense
		if err := step.SolveVec(jacobian, mat.NewVecDense(3, g[:])); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			m[i] -= step.AtVec(i)
		}
		if mat.Norm(&step, 2) < 1e-11 {
			return (m[0]+m[2])/2 - math.Hypot((m[0]-m[2])/2, m[1])
		}
	}
	t.Fatal("the block's minimiser was not found")
	return 0
}

var (
	triangle    = [][]float64{{.2, 0}, {-.1, .17320508075688773}, {-.1, -.17320508075688773}}
	tetrahedron = [][]float64{{.15, .15, .15}, {.15, -.15, -.15}, {-.15, .15, -.15}, {-.15, -.15, .15}}
)

// attack is a block with two near components and one far away that weighs next to nothing.
func attack(far [2]float64, weight float64) block {
	return block{means: [][2]float64{{.3, 1.05}, {-.3, .95}, far}, weights: []float64{1, 1, weight}}
}
