package term

import (
	"math"

	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// tiltedAverage is the gradient and the value of a tilted log-partition by one rule.
type tiltedAverage struct {
	tensor    quadrature.Rule
	gradient  *mat.Dense
	loss      float64
	terms     float64 // E |x| max|y| (1 + max|φ|), the size of the gradient's terms
	lossTerms float64 // the size of the loss's terms

	ruleError, lossRuleError float64 // estimates, of the gradient and the loss
}

// average evaluates f and ∇f at M by a rule.
func (f *tilted) average(m *mat.Dense, rule quadrature.Rule) *tiltedAverage {
	a := &tiltedAverage{tensor: rule, gradient: mat.NewDense(f.target.RawMatrix().Rows, f.target.RawMatrix().Cols, nil)}
	f.visit(m, rule, func(weight float64, t *tilt) {
		t.average()
		dense.AddOuter(a.gradient, weight, t.x, t.mean)
		a.loss += weight * t.log
		a.terms += weight * t.size * t.largest()
		a.lossTerms += weight * t.size
	})
	if f.Symmetric() {
		dense.Symmetrise(a.gradient)
	}
	a.gradient.Sub(a.gradient, f.target)
	pull := dense.Inner(m, f.target)
	a.loss -= pull
	a.lossTerms += math.Abs(pull)
	return a
}

// tilt is the law of y given x: components N(y_k, T_k), y_k = ν_k + T_kMᵀx, of weights p_k.
type tilt struct {
	f       *tilted
	x, mx   []float64   // m, and n: Mᵀx
	centres [][]float64 // K, y_k
	p       []float64   // K
	log     float64     // log Σ_k exp φ_k
	size    float64     // 1 + max |φ_k|
	mean    []float64   // Σ_k p_k y_k, once average has run
}

// at computes the law at x, given Mᵀ.
func (t *tilt) at(transposed *mat.Dense) {
	for i := range t.mx {
		t.mx[i] = dense.Dot(transposed.RawRowView(i), t.x)
	}
	largest := math.Inf(-1)
	t.size = 1
	for k, own := range t.f.covariances {
		// xᵀMν_k + ½xᵀMT_kMᵀx = ½ (Mᵀx)ᵀ(ν_k + y_k)
		var form float64
		y := t.centres[k]
		for i := range t.mx {
			mu := t.f.Right.Means.At(i, k)
			y[i] = mu + dense.Dot(own.RawRowView(i), t.mx)
			form += t.mx[i] * (mu + y[i]) / 2
		}
		t.p[k] = t.f.LogWeights[k] + form
		largest = math.Max(largest, t.p[k])
		t.size = math.Max(t.size, 1+math.Abs(t.p[k]))
	}
	t.log = largest + math.Log(exponentials(t.p, largest))
}

// average computes the mean of y.
func (t *tilt) average() {
	clear(t.mean)
	for k, p := range t.p {
		dense.AddTo(t.mean, p, t.centres[k])
	}
}

// covariance writes Cov(y|x) = Σ_k p_k (T_k + (y_k − ȳ)(y_k − ȳ)ᵀ).
func (t *tilt) covariance(into *mat.Dense) {
	t.average()
	into.Zero()
	off := make([]float64, len(t.mx))
	for k, p := range t.p {
		dense.AddScaled(into, p, t.f.covariances[k])
		floats.SubTo(off, t.centres[k], t.mean)
		dense.AddOuter(into, p, off, off)
	}
}

// largest is |x| max_k |y_k|.
func (t *tilt) largest() float64 {
	var most float64
	for _, y := range t.centres {
		most = math.Max(most, dense.Dot(y, y))
	}
	return math.Sqrt(most * dense.Dot(t.x, t.x))
}

// visit walks over the nodes x = μ_j + R_j t of all components, with weights that sum
// to 1 but for corners of the rule that weigh next to nothing.
func (f *tilted) visit(m *mat.Dense, rule quadrature.Rule, node func(weight float64, t *tilt)) {
	dim, k := f.Left.Means.Dims()
	n, _ := f.Right.Means.Dims()
	t := &tilt{f: f, x: make([]float64, dim), mx: make([]float64, n), p: make([]float64, k), mean: make([]float64, n)}
	for range k {
		t.centres = append(t.centres, make([]float64, n))
	}
	transposed := mat.DenseCopyOf(m.T())
	var descend func(depth, j int, weight float64, x []float64)
	descend = func(depth, j int, weight float64, x []float64) {
		if depth == dim {
			copy(t.x, x)
			t.at(transposed)
			node(weight, t)
			return
		}
		points, moved := rule.Directions[depth], make([]float64, dim)
		for n, step := range points.Nodes {
			w := weight * points.Weights[n]
			if w < lightest {
				continue
			}
			for i := range moved {
				moved[i] = x[i] + f.roots[j].At(i, depth)*step
			}
			descend(depth+1, j, w, moved)
		}
	}
	for j, w := range f.Weights {
		descend(0, j, w, mat.Col(nil, j, f.Left.Means))
	}
}

// lightest is the weight below which a node is left out: together such nodes weigh
// less than 1e-18, and their integrands grow as |t|⁴ only.
const lightest = 1e-24

// tiltedHessian is V ↦ E_x[x xᵀ V Cov(y|x)]: products holds, for a ≤ m and c ≤ m,
// the matrix E x_a x_c Cov(y|x) as its entry a·m + c.
type tiltedHessian struct{ products []*mat.Dense }

// hessian averages D²f by the rule of the gradient: its tolerance is
// finer than what a Hessian is asked for, and refining again would cost more.
func (pt *tiltedPoint) hessian(float64) (descent.Operator, error) {
	m, n := pt.m.Dims()
	h := tiltedHessian{make([]*mat.Dense, m*m)}
	for i := range h.products {
		h.products[i] = mat.NewDense(n, n, nil)
	}
	spread := mat.NewDense(n, n, nil)
	pt.of.visit(pt.m, pt.tensor, func(weight float64, t *tilt) {
		t.covariance(spread)
		for a, x := range t.x {
			for c, y := range t.x {
				dense.AddScaled(h.products[a*m+c], weight*x*y, spread)
			}
		}
	})
	return h, nil
}

// Apply writes D²f(M)[V].
func (h tiltedHessian) Apply(into, v *mat.Dense) {
	m, n := v.Dims()
	into.Zero()
	for a := range m {
		for c := range m {
			for b := range n {
				dense.AddTo(into.RawRowView(a), v.At(c, b), h.products[a*m+c].RawRowView(b))
			}
		}
	}
}
