package kernel

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Encoder is the best shared encoder of a grid: the limit of nets of Outputs + 1 outputs.
type Encoder struct {
	// Loss is that of the features that were found, and Bound a lower bound of the loss of every shared encoder on the grid, whatever its number of outputs.
	Loss, Bound float64
	// Outputs is the number of features, r; Features are n×r, their principal axes in order, 0 on average.
	Outputs  int
	Features []float64
	// GradientNorm is that of the loss with respect to the features, in L²(F).
	GradientNorm float64

	grid *Grid
	logs []float64 // log v
}

// Gap is Loss − Bound, the duality gap.
func (e Encoder) Gap() float64 { return e.Loss - e.Bound }

const (
	// settled is the gradient norm at which a descent ends.
	settled = 1e-10
	// narrow is the gap below which no more features are tried, as where one more gains less than a tenth of it; beside it the times that they are.
	narrow, mostAdditions = 3e-7, 3
	// mostEvaluations of a descent.
	mostEvaluations = 500
)

// Minimise finds the best shared encoder of a grid, starting from the features given, n×r, or if they are nil from the leading functions of E[·(x̂) | x], fewer than K. Where the duality gap
// stays open another feature is tried: the direction in which the kernel gains most.
func Minimise(g *Grid, start []float64, r int) Encoder {
	if start == nil {
		start, r = g.leading()
	}
	best := descend(g, start, r)
	for range mostAdditions {
		if best.Gap() < narrow {
			break
		}
		wider := best.widened()
		next := descend(g, wider, best.Outputs+1)
		gained := best.Loss - next.Loss
		if next.Gap() < best.Gap() {
			best = next
		}
		if gained < narrow/10 { // what is open is open for want of convergence
			break
		}
	}
	best.turn()
	return best
}

// leading are the leading functions of the average over partners beside the constant, one at least, each times the root of its eigenvalue: the best features where components barely differ.
func (g *Grid) leading() (f []float64, r int) {
	k := len(g.prior)
	gram := mat.NewSymDense(k, nil)
	for i, w := range g.Weights {
		for a := range k {
			for b := a; b < k; b++ {
				gram.SetSym(a, b, gram.At(a, b)+w*g.posterior[i][a]*g.posterior[i][b]/math.Sqrt(g.prior[a]*g.prior[b]))
			}
		}
	}
	var eigen mat.EigenSym
	eigen.Factorize(gram, true)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	const negligible = 0.02 // of the largest eigenvalue, which is 1
	for r = 1; r < k-1 && values[k-2-r] > negligible; r++ {
	}
	f = make([]float64, len(g.Weights)*r)
	for i := range g.Weights {
		for a := range r {
			for c := range k {
				f[i*r+a] += math.Sqrt(g.delta) * vectors.At(c, k-2-a) * g.posterior[i][c] / math.Sqrt(g.prior[c])
			}
		}
	}
	return f, r
}

// descend is L-BFGS in √F φ, in which the second derivative is about that of a covariance.
func descend(g *Grid, start []float64, r int) Encoder {
	c := newCompleted(g, r)
	roots := make([]float64, len(g.Weights))
	for i, w := range g.Weights {
		roots[i] = math.Sqrt(w)
	}
	scaled := func(x []float64, power float64) []float64 {
		out := make([]float64, len(x))
		for i, root := range roots {
			for a := range r {
				out[i*r+a] = x[i*r+a] * math.Pow(root, power)
			}
		}
		return out
	}
	var seen, slope []float64
	var value float64
	see := func(z []float64) {
		if seen != nil && equal(seen, z) {
			return
		}
		seen = append(seen[:0], z...)
		var gradient []float64
		value, gradient = c.at(scaled(z, -1))
		slope = scaled(gradient, -1)
	}
	problem := optimize.Problem{
		Func: func(z []float64) float64 { see(z); return value },
		Grad: func(into, z []float64) { see(z); copy(into, slope) },
	}
	result, _ := optimize.Minimize(problem, scaled(start, 1), // a line search that ends at rounding has found what there is
		&optimize.Settings{GradientThreshold: settled, FuncEvaluations: mostEvaluations, Converger: optimize.NeverTerminate{}}, &optimize.LBFGS{Store: 30})
	see(result.X)
	e := Encoder{Loss: value, Outputs: r, Features: scaled(result.X, -1), grid: g, logs: append([]float64(nil), c.logs...)}
	for _, x := range slope {
		e.GradientNorm += x * x
	}
	e.GradientNorm = math.Sqrt(e.GradientNorm)
	e.Bound = c.bound(e.Features)
	return e
}

func equal(x, y []float64) bool {
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}
