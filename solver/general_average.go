package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// generalAverage is the gradient and the value of a general loss by one rule.
type generalAverage struct {
	rule      quadrature.Rule
	gradient  *mat.Dense
	loss      float64
	terms     float64 // E |x| max|y| (1 + max|φ|), the size of the gradient's terms
	lossTerms float64 // the size of the loss's terms

	ruleError, lossRuleError float64 // estimates, of the gradient and the loss
}

func (a *generalAverage) finite() bool {
	sum := a.loss + mat.Sum(a.gradient)
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}

// average evaluates f and ∇f at M by a rule.
func (f *general) average(m *mat.Dense, rule quadrature.Rule) *generalAverage {
	dim, _ := f.means.Dims()
	a := &generalAverage{rule: rule, gradient: mat.NewDense(dim, dim, nil)}
	f.visit(m, rule, func(weight float64, t *tilt) {
		t.average()
		addOuter(a.gradient, weight, t.x, t.mean)
		a.loss += weight * t.log
		a.terms += weight * t.size * t.largest()
		a.lossTerms += weight * t.size
	})
	symmetrise(a.gradient)
	a.gradient.Sub(a.gradient, f.target)
	pull := inner(m, f.target)
	a.loss -= pull
	a.lossTerms += math.Abs(pull)
	return a
}

// tilt is the law of y given x: components N(y_k, T_k), y_k = μ_k + T_kMx, of weights p_k.
type tilt struct {
	f       *general
	x, mx   []float64
	centres [][]float64 // K, y_k
	p       []float64   // K
	log     float64     // log Σ_k exp φ_k
	size    float64     // 1 + max |φ_k|
	mean    []float64   // Σ_k p_k y_k, once average has run
}

// at computes the law at x.
func (t *tilt) at(m *mat.Dense) {
	dim := len(t.x)
	for i := range dim {
		t.mx[i] = dotProduct(m.RawRowView(i), t.x)
	}
	largest := math.Inf(-1)
	t.size = 1
	for k, own := range t.f.covariances {
		// xᵀMμ_k + ½xᵀMT_kMx = ½ (Mx)ᵀ(μ_k + y_k)
		var form float64
		y := t.centres[k]
		for i := range dim {
			mu := t.f.means.At(i, k)
			y[i] = mu + dotProduct(own.RawRowView(i), t.mx)
			form += t.mx[i] * (mu + y[i]) / 2
		}
		t.p[k] = t.f.logWeights[k] + form
		largest = math.Max(largest, t.p[k])
		t.size = math.Max(t.size, 1+math.Abs(t.p[k]))
	}
	var sum float64
	for k, phi := range t.p {
		t.p[k] = math.Exp(phi - largest)
		sum += t.p[k]
	}
	for k := range t.p {
		t.p[k] /= sum
	}
	t.log = largest + math.Log(sum)
}

// average computes the mean of y.
func (t *tilt) average() {
	clear(t.mean)
	for k, p := range t.p {
		addTo(t.mean, p, t.centres[k])
	}
}

// covariance writes Cov(y|x) = Σ_k p_k (T_k + (y_k − ȳ)(y_k − ȳ)ᵀ).
func (t *tilt) covariance(into *mat.Dense) {
	t.average()
	into.Zero()
	off := make([]float64, len(t.x))
	for k, p := range t.p {
		addScaled(into, p, t.f.covariances[k])
		for i := range off {
			off[i] = t.centres[k][i] - t.mean[i]
		}
		addOuter(into, p, off, off)
	}
}

// largest is |x| max_k |y_k|.
func (t *tilt) largest() float64 {
	var most float64
	for _, y := range t.centres {
		most = math.Max(most, dotProduct(y, y))
	}
	return math.Sqrt(most * dotProduct(t.x, t.x))
}

// visit walks over the nodes x = μ_j + R_j t of all components, with weights that sum
// to 1 but for corners of the rule that weigh next to nothing.
func (f *general) visit(m *mat.Dense, rule quadrature.Rule, node func(weight float64, t *tilt)) {
	dim, k := f.means.Dims()
	t := &tilt{f: f, x: make([]float64, dim), mx: make([]float64, dim), p: make([]float64, k), mean: make([]float64, dim)}
	for range k {
		t.centres = append(t.centres, make([]float64, dim))
	}
	for j, w := range f.weights {
		start := make([]float64, dim)
		for i := range dim {
			start[i] = f.means.At(i, j)
		}
		f.descend(m, rule, 0, j, w, start, t, node)
	}
}

// lightest is the weight below which a node is left out: together such nodes weigh
// less than 1e-18, and their integrands grow as |t|⁴ only.
const lightest = 1e-24

func (f *general) descend(m *mat.Dense, rule quadrature.Rule, depth, j int, weight float64, x []float64, t *tilt, node func(float64, *tilt)) {
	if depth == len(x) {
		copy(t.x, x)
		t.at(m)
		node(weight, t)
		return
	}
	points := rule.Directions[depth]
	moved := make([]float64, len(x))
	for n, step := range points.Nodes {
		w := weight * points.Weights[n]
		if w < lightest {
			continue
		}
		for i := range moved {
			moved[i] = x[i] + f.roots[j].At(i, depth)*step
		}
		f.descend(m, rule, depth+1, j, w, moved, t, node)
	}
}

func dotProduct(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// addOuter adds factor·abᵀ.
func addOuter(into *mat.Dense, factor float64, a, b []float64) {
	for i, x := range a {
		addTo(into.RawRowView(i), factor*x, b)
	}
}
