package noncontrastive

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// vicreg is L(A) with its gradient, by the definition, of G and Δ.
func vicreg(l VICReg, g, delta *mat.Dense, a, gradient *mat.Dense) (value float64) {
	var pulled, seen, n, slope, inner mat.Dense
	pulled.Mul(delta, a)
	seen.Mul(g, a)
	n.Mul(a.T(), &seen)
	var apart mat.Dense
	apart.Mul(a.T(), &pulled)
	value = 2 * l.Invariance * mat.Trace(&apart)
	slope.CloneFrom(&n)
	slope.Scale(2*l.Covariance, &slope) // ∂/∂N, of N off the diagonal
	r, _ := n.Dims()
	for i := range r {
		deviation := math.Sqrt(n.At(i, i))
		value += l.Variance * max(0, 1-deviation)
		slope.Set(i, i, -l.Variance/(2*deviation)) // of deviations up to 1
		for j := range r {
			if j != i {
				value += l.Covariance * n.At(i, j) * n.At(i, j)
			}
		}
	}
	inner.Mul(&seen, &slope)
	inner.Scale(2, &inner)
	pulled.Scale(4*l.Invariance, &pulled)
	gradient.Add(&pulled, &inner)
	return value
}

// scatters are G and Δ.
func scatters(p gmm.Pairs) (g, delta *mat.Dense) {
	centred, err := p.Centre()
	if err != nil {
		panic(err)
	}
	m := centred.Left
	g, delta = mat.DenseCopyOf(m.Pooled().Covariance()), mat.DenseCopyOf(m.Pooled().Covariance())
	for k, w := range m.Weights() {
		mean := m.Means().RowView(k)
		g.RankOne(g, w, mean, mean)
		delta.RankOne(delta, (1-p.Delta())*w, mean, mean)
	}
	return g, delta
}

// least is the best of some searches over A = UX for an X of r columns, as minima have deviations of at most 1: x is shrunk from the deviation t to sin t, so that there is no kink there.
func least(l VICReg, g, delta, u *mat.Dense, r int, seed uint64) float64 {
	_, k := u.Dims()
	rng := rand.New(rand.NewPCG(seed, 8))
	of := func(x, gradient []float64) float64 {
		var a, seen, slope mat.Dense
		a.Mul(u, mat.NewDense(k, r, x))
		raw := mat.DenseCopyOf(&a)
		seen.Mul(g, raw)
		scales, bends := make([]float64, r), make([]float64, r)
		for i := range r {
			t := math.Sqrt(mat.Dot(raw.ColView(i), seen.ColView(i)))
			sin, cos := math.Sincos(t)
			scales[i], bends[i] = sin/t, (t*cos-sin)/(t*t*t)
			for j, v := range mat.Col(nil, i, raw) {
				a.Set(j, i, scales[i]*v)
			}
		}
		value := vicreg(l, g, delta, &a, &slope)
		for i := range r {
			along := bends[i] * mat.Dot(raw.ColView(i), slope.ColView(i))
			for j, v := range mat.Col(nil, i, &seen) {
				slope.Set(j, i, scales[i]*slope.At(j, i)+along*v)
			}
		}
		mat.NewDense(k, r, gradient).Mul(u.T(), &slope)
		return value
	}
	best := math.Inf(1)
	for range 6 {
		start := make([]float64, k*r)
		for i := range start {
			start[i] = 0.3 * rng.NormFloat64()
		}
		found, _ := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 { return of(x, make([]float64, k*r)) }, Grad: func(into, x []float64) { of(x, into) }},
			start, &optimize.Settings{MajorIterations: 1000}, new(optimize.BFGS)) // an error is a line search at rounding
		best = min(best, found.F)
	}
	return best
}

// Up to the features that are known to keep to S_c a search of the definition's loss finds no noise beside it, of lines and planes, shared and own covariances; where covariances weigh much it does.
func TestVICReg(t *testing.T) {
	const (
		plane = `{"weights": [1, 2, 1], "means": [[1, 0, 0], [0, 2, 0], [-1, -1, 0]], "covariance": [[1, "1/3", 0], ["1/3", 1, "1/4"], [0, "1/4", 1]], "delta": "3/4"}`
		own   = `{"weights": [1, 2], "means": [[1, 0, 0], [-2, 0, 0]], "covariance": [[[1, 0, 0], [0, 2, 0], [0, 0, 1]], [[2, "1/2", 0], ["1/2", 1, 0], [0, 0, 1]]], "delta": "1/2"}`
	)
	kept, left := 0, 0
	for name, text := range map[string]string{"line": uneven, "plane": plane, "own": own} {
		p := read(t, text)
		d := p.Left.Dimension()
		g, delta := scatters(p)
		centred, err := p.Centre()
		if err != nil {
			t.Fatal(err)
		}
		basis, _ := centred.Left.ExactFisherBasis()
		inside, whole := mat.NewDense(len(basis), d, nil), dense.Identity(d)
		inside.Apply(func(i, j int, _ float64) float64 { return rounded(basis[i][j]) }, inside)
		for seed := range uint64(max(2, enough.Cases(8))) { // of little and of much weight on covariances
			rng := rand.New(rand.NewPCG(seed, 9))
			l := VICReg{math.Exp2(rng.NormFloat64()), math.Exp2(2 + rng.NormFloat64()), math.Exp2(4*float64(seed%2) - 2 + rng.NormFloat64())}
			k, err := l.Kept(p)
			if err != nil {
				t.Fatal(err)
			}
			for r := 2; r <= d; r++ {
				within, anywhere := least(l, g, delta, mat.DenseCopyOf(inside.T()), r, seed), least(l, g, delta, whole, r, seed)
				const nothing = 1e-9
				switch {
				case float64(r) <= k.Most:
					if kept++; anywhere < within-nothing {
						t.Errorf("%s, %+v: %d features have %v, in S_c %v, expected no less up to %v", name, l, r, anywhere, within, k.Most)
					}
				case anywhere < within-1e-3:
					left++
				}
			}
		}
	}
	t.Logf("%d searches kept to S_c, %d left it", kept, left)
	if kept < 3 || left < 1 {
		t.Errorf("%d searches kept to S_c, %d left it", kept, left)
	}
}

// d₁ of ±e₁ is (1 + (1−δ))/2; features that are never all of a variance of 1 are more by the square of what they have.
func TestVICRegByHand(t *testing.T) {
	p := symmetric(t, "1")
	for _, c := range []struct {
		l    VICReg
		most float64
	}{{VICReg{1, 100, 0.125}, 4}, {VICReg{1, 1, 0.125}, 16}, {VICReg{1, 100, 100}, 1}} {
		if k, err := c.l.Kept(p); err != nil || math.Abs(k.Ratio-0.5) > 1e-12 || math.Abs(k.Most-c.most) > 1e-9 {
			t.Errorf("%+v: %+v, %v; expected %v", c.l, k, err, c.most)
		}
	}
	if _, err := (VICReg{1, 0, 1}).Kept(p); err == nil {
		t.Error("a weight of 0 is taken")
	}
}
