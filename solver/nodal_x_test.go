package solver

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

func setup(t testing.TB, k, d int, sep float64, seed uint64) (*infonce, contrasts, *arena) {
	rng := rand.New(rand.NewPCG(seed, 77))
	weights := make([]float64, k)
	means := mat.NewDense(k, d, nil)
	identity := mat.NewDense(d, d, nil)
	for i := range d {
		identity.Set(i, i, 1)
	}
	for i := range k {
		weights[i] = 0.5 + rng.Float64()
		for j := range d {
			means.Set(i, j, sep/math.Sqrt(float64(d))*rng.NormFloat64())
		}
	}
	m, err := gmm.New(weights, means, identity)
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	w, err := p.WhitenFisher()
	if err != nil {
		t.Fatal(err)
	}
	f, _ := newInfoNCE(p, w)
	// linearised minimiser
	var b mat.Dense
	b.Mul(weightedColumns(f.centred, f.weights), f.centred.T())
	s := len(f.second)
	mm := mat.NewDense(s, s, nil)
	mm.Apply(func(i, j int, x float64) float64 { return x / (f.second[i] * f.second[j]) }, &b)
	memory := new(arena)
	c := f.softmaxAt(memory, mm, 1e-12/f.sensitivity)
	return f, c, memory
}

func (f *infonce) functionals(c *contrasts, width int) (a, b []*mat.Dense) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := len(f.second)
	for range width {
		z := mat.NewDense(m, m, nil)
		for i := range m {
			for j := range i + 1 {
				v := rng.NormFloat64() / math.Sqrt(f.second[i]+f.second[j])
				if i == j {
					v *= math.Sqrt2
				}
				z.Set(i, j, v)
				z.Set(j, i, v)
			}
		}
		var zy, x, y mat.Dense
		zy.Mul(z, f.centred)
		x.Mul(f.means.T(), &zy)
		for j := range f.weights {
			for i := range f.weights {
				x.Set(j, i, x.At(j, i)*f.weights[j])
			}
		}
		y.Mul(c.directions.T(), &zy)
		a, b = append(a, &x), append(b, &y)
	}
	return
}

func (f *infonce) gradientFrom(memory *arena, c *contrasts, p, tp *mat.Dense) *mat.Dense {
	k, q := len(f.weights), 0
	q, _ = tp.Dims()
	sums := make([]float64, (1+q)*k*k)
	for j := range k {
		copy(sums[j*k:], p.RawRowView(j))
	}
	for i := range q {
		for x, v := range tp.RawRowView(i) {
			sums[((1+i)*k)*k+x] = v / f.weights[0]
		}
	}
	g := f.gradient(memory, c.directions, sums)
	symmetrise(g)
	return g
}

func TestX(t *testing.T) {
	for _, c := range []struct {
		k, d int
		sep  float64
		tols []float64
	}{
		{6, 20, 2.5, []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}},
		{8, 64, 8, []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}},
		{8, 64, 3, []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}},
		{16, 128, 11.3, []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7}},
		{32, 31, 5.5, []float64{1e-2, 1e-3, 1e-4}},
	} {
		f, cc, memory := setup(t, c.k, c.d, c.sep, 1)
		fmt.Println("K", c.k, "d", c.d, "sep", c.sep, "ranges", cc.ranges)
		n := newNodal(&cc, f.weights)
		const width = 16
		a, b := f.functionals(&cc, width)
		g := quadrature.NewSparse(len(cc.ranges), width)
		var grads []*mat.Dense
		var lines []string
		for _, tol := range c.tols {
			t0 := time.Now()
			frontier, total := g.Refine(func(first int, into []float64) { n.sketches(g, first, into, a, b, 2) }, tol, 3e6)
			t1 := time.Now()
			p, tp := n.integrate(g, 2)
			t2 := time.Now()
			grads = append(grads, f.gradientFrom(memory, &cc, p, tp))
			lines = append(lines, fmt.Sprintf("tol %.0e nodes %d orbits %d frontier %.2e total %.2e refine %.3fs sum %.3fs (%.0f ns/node)", tol, g.Nodes(), g.Orbits(), frontier, total, t1.Sub(t0).Seconds(), t2.Sub(t1).Seconds(), t2.Sub(t1).Seconds()*1e9/float64(g.Nodes())))
		}
		last := grads[len(grads)-1]
		for i, l := range lines {
			var d mat.Dense
			d.Sub(grads[i], last)
			fmt.Printf("%s true %.2e\n", l, f.dualNorm(&d))
		}
	}
}
