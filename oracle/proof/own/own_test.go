package own

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"pgregory.net/rapid"
)

func TestMain(m *testing.M) {
	enough.Checks(40)
	m.Run()
}

const nodes = 20000

// drawn is a law with one or two dimensions of S_F, and forms inside it.
func drawn(t *rapid.T) Law {
	m := rapid.OneOf(generators.Tilted(), generators.GeneralOf(2, 3, 1, 3)).Draw(t, "mixture")
	delta := big.NewRat(int64(rapid.IntRange(0, 4).Draw(t, "delta")), 4)
	p, err := gmm.NewPairs(m.Apart(), delta)
	if err != nil {
		t.Fatal(err)
	}
	if s := m.FisherDimension(); s < 1 || s > 2 {
		t.Skip("dim S_F")
	}
	return NewLaw(p)
}

// form draws an N ⪰ 0 of about the size of a minimiser's.
func (l Law) form(t *rapid.T, name string) rational.Matrix {
	factor := rational.New(len(l.Metric), len(l.Metric))
	for i, row := range factor {
		size := new(big.Rat).SetFloat64(math.Ldexp(1, -l.order(i)))
		for j := range i + 1 {
			row[j].Mul(size, big.NewRat(int64(rapid.IntRange(-6, 6).Draw(t, name)), 8))
		}
	}
	return factor.Times(factor.Transposed())
}

func vector(t *rapid.T, n int, name string) (v []*big.Rat) {
	for range n {
		v = append(v, big.NewRat(int64(rapid.IntRange(-4, 4).Draw(t, name)), 2))
	}
	return v
}

func (l Law) place(t *rapid.T, n rational.Matrix, precision uint, accuracy float64) Place {
	p, err := l.At(interval.NewContext(precision), n, accuracy, nodes)
	var many Nodes
	if errors.As(err, &many) {
		t.Skip("nodes")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What a coarse rule encloses, a fine one finds there: an error that its bound does not cover would show.
func TestEnclosuresAtTwoAccuraciesOverlap(t *testing.T) {
	narrow := 0
	rapid.Check(t, func(t *rapid.T) {
		l := drawn(t)
		n := l.form(t, "N")
		coarse := l.place(t, n, 64, math.Ldexp(1, -rapid.IntRange(1, 20).Draw(t, "bits")))
		fine := l.place(t, n, 96, math.Ldexp(1, -40))
		d := len(l.whole.Means[0])
		u, v := l.Outside(vector(t, d, "u")), l.Outside(vector(t, d, "v"))
		one, two := coarse.Slope(u, v), fine.Slope(u, v)
		if !one.Overlaps(two) {
			t.Fatalf("the enclosures do not overlap")
		}
		for j := range coarse.moments {
			for k := range coarse.moments[j] {
				a, b := coarse.moments[j][k], fine.moments[j][k]
				if !a.zeroth.Overlaps(b.zeroth) || !a.second[0][0].Overlaps(b.second[0][0]) {
					t.Fatalf("moments do not overlap")
				}
			}
		}
		if width, _ := two.Width().Float64(); width < 1e-6 {
			narrow++
		}
	})
	if narrow == 0 {
		t.Error("no enclosure is narrow")
	}
}

// The gradient is that of its definition, E_x[x Σ_k p_k(x)(μ_k + Σ_kMx)ᵀ] − T, by sums over all coordinates of x on a lattice.
func TestSlopeIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawn(t)
		d := len(l.whole.Means[0])
		if d > 2 {
			t.Skip("a lattice of more coordinates")
		}
		n := l.form(t, "N")
		u, v := vector(t, d, "u"), vector(t, d, "v")
		slope := l.place(t, n, 80, math.Ldexp(1, -36)).Slope(l.Outside(u), l.Outside(v))
		low, _ := slope.Lower().Float64()
		high, _ := slope.Upper().Float64()
		want := l.defined(n, u, v)
		const rounding = 1e-9
		if size := rounding * (1 + math.Abs(want)); want < low-size || want > high+size {
			t.Fatalf("the definition is not enclosed")
		}
	})
}

// defined is uᵀ∇f(VNVᵀ)v in float64, x whitened under each component.
func (l Law) defined(n rational.Matrix, u, v []*big.Rat) float64 {
	m := floats(l.basis.Transposed().Times(n).Times(l.basis))
	d := len(u)
	uf, vf := floats(rational.Matrix{u}).RawRowView(0), floats(rational.Matrix{v}).RawRowView(0)
	dot := func(x, y []float64) (sum float64) {
		for i := range x {
			sum += x[i] * y[i]
		}
		return sum
	}
	pair, _ := l.pairMoment(l.Outside(u), l.Outside(v)).Float64()
	total := -pair
	const step, reach = 0.11, 80
	for j, w := range l.Weights {
		weight, _ := w.Float64()
		factors, _ := rational.Factorise(l.whole.Covariances[j])
		lower := floats(factors.Lower)
		mu := floats(rational.Matrix{l.whole.Means[j]}).RawRowView(0)
		z := make([]float64, d)
		var visit func(i int, mass float64)
		visit = func(i int, mass float64) {
			if i < d {
				for k := -reach; k <= reach; k++ {
					z[i] = step * float64(k)
					visit(i+1, mass*step/math.Sqrt(2*math.Pi)*math.Exp(-z[i]*z[i]/2))
				}
				return
			}
			x := make([]float64, d)
			for a := range x {
				x[a] = mu[a]
				for b := range z {
					variance, _ := factors.Diagonal[b].Float64()
					x[a] += lower.At(a, b) * math.Sqrt(variance) * z[b]
				}
			}
			mx := make([]float64, d)
			for a := range mx {
				mx[a] = dot(m.RawRowView(a), x)
			}
			var sum, first, second float64
			for k, mean := range l.whole.Means {
				image := floats(l.whole.Covariances[k])
				centre := floats(rational.Matrix{mean}).RawRowView(0)
				shift := make([]float64, d)
				for a := range shift {
					shift[a] = centre[a] + dot(image.RawRowView(a), mx)
				}
				own, _ := l.Weights[k].Float64()
				e := own * math.Exp((dot(mx, centre)+dot(mx, shift))/2)
				sum += e
				first += e * dot(shift, vf)
				second += e * dot(shift, uf)
			}
			total += weight * mass * (dot(x, uf)*first + dot(x, vf)*second) / sum / 2
		}
		visit(0, 1)
	}
	return total
}

// Inside S_F the gradient is c-strongly monotone, and no entry moves by more than Change says.
func TestConvexityAndChange(t *testing.T) {
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		l := drawn(t)
		one, two := l.form(t, "N"), l.form(t, "N′")
		p, q := l.place(t, one, 80, math.Ldexp(1, -30)), l.place(t, two, 80, math.Ldexp(1, -30))
		minus := big.NewRat(-1, 1)
		step := two.Plus(minus, one)
		c := interval.NewContext(80)
		length := step.SquaredNorm(l.Metric)
		rise := c.NewSum() // ⟨∇f(M′) − ∇f(M), M′ − M⟩
		from, to := p.Gamma(), q.Gamma()
		for a := range step {
			for b := range step {
				rise.AddMul(c.FromRat(step[a][b]), c.Sub(to[a][b], from[a][b]))
			}
		}
		if c.Sub(rise.Interval(), c.FromRat(new(big.Rat).Mul(l.Convexity(), length))).Sign() < 0 {
			t.Fatalf("the gradient rises by less than strong convexity says")
		}
		d := len(l.whole.Means[0])
		u, v := l.Outside(vector(t, d, "u")), l.Outside(vector(t, d, "v"))
		square := one.SquaredNorm(l.Metric)
		if other := two.SquaredNorm(l.Metric); other.Cmp(square) > 0 {
			square = other
		}
		bound := c.Mul(l.Change(c, u, v, square), c.Sqrt(c.FromRat(length)))
		change := c.Abs(c.Sub(q.Slope(u, v), p.Slope(u, v)))
		if c.Sub(bound, change).Sign() < 0 {
			t.Fatalf("the gradient moves by more than its bound")
		}
		if change.Sign() > 0 {
			moved++
		}
	})
	if moved == 0 {
		t.Error("nothing moved")
	}
}

// A rule that ends at three standard deviations errs by no more than its tail says, which is nearly all of its bound.
func TestRuleThatEndsEarly(t *testing.T) {
	d, err := gmm.Read("test", strings.NewReader(`{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, "-2/5"], ["-2/5", 1]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	l, c := NewLaw(d.Pairs), interval.NewContext(96)
	x := l.softmax(c, rational.Matrix{{big.NewRat(1, 16)}}, 0)
	ending := func(half int) (rule, moments) {
		r := rule{axes: []axis{axis{step: big.NewRat(1, 8), half: half, height: big.NewRat(2, 1)}.tabulated(c)}}
		if r.error, err = r.bound(x.bounds()); err != nil {
			t.Fatal(err)
		}
		return r, x.integrate(r)[0]
	}
	short, early := ending(24)
	_, late := ending(120)
	off := c.Sub(early.second[0][0], late.second[0][0])
	if !early.zeroth.Overlaps(late.zeroth) || !early.second[0][0].Overlaps(late.second[0][0]) {
		t.Errorf("off by %v", off)
	}
	if bound, _ := short.error.Upper().Float64(); bound > .2 {
		t.Errorf("a bound of %g, more than the tail's", bound)
	}
	if missing, _ := c.Sub(late.zeroth, early.zeroth).Upper().Float64(); missing < 1e-3 {
		t.Errorf("nothing is missing: %g", missing)
	}
}
