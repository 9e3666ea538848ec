package enclosure

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// ofDistances is InfoNCE of distances of own covariances.
func ofDistances(v *whitened.Own, m *mat.Dense, delta float64) Sum {
	return Sum{Left: v.Mixture, Right: v.Mixture, Metric: whitened.Flat, Terms: []Term{NewOwnDistance(v, m, delta)}}
}

// randomPositive is a random matrix ⪰ 0 of a rank and a Frobenius norm.
func randomPositive(rng *rand.Rand, dim, rank int, size float64) *mat.Dense {
	a := mat.NewDense(dim, rank, nil)
	a.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, a)
	out := new(mat.Dense)
	out.Mul(a, a.T())
	out.Scale(size/mat.Norm(out, 2), out)
	return dense.Symmetric(out)
}

// The bound of the gradient's error bounds its difference from a far finer gradient.
func TestOwnDistanceGradientKeepsItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 0))
	ran, loose := 0, 0
	for i := range enough.Cases(15) {
		v, delta := randomOwn(t, generators.General().Example(i), i)
		dim := len(v.W)
		m := randomPositive(rng, dim, min(dim, 1+rng.IntN(2)), 0.5*rng.Float64())
		fine, err := ofDistances(v, m, delta).Bounded(1e-12, nil)
		if err != nil {
			continue
		}
		for _, tolerance := range []float64{1, 1e-2, 1e-4, 1e-8} {
			e, err := ofDistances(v, m, delta).Bounded(tolerance, nil)
			if err != nil {
				t.Fatalf("case %d: a tolerance of %g needs more than one of 1e-12: %v", i, tolerance, err)
			}
			var off mat.Dense
			off.Sub(e.Matrix, fine.Matrix)
			got := mat.Norm(&off, 2)
			ran++
			if got > e.Err+fine.Err {
				t.Errorf("case %d: the gradient is off by %.3g, its bound is %.3g", i, got, e.Err)
			}
			if e.Err > 2*tolerance+1e-8 {
				t.Errorf("case %d: a tolerance of %.2g was asked for, the bound is %.3g", i, tolerance, e.Err)
			}
			if got < e.Err/1e8 && tolerance > 1e-6 {
				loose++
			}
		}
	}
	if ran < enough.Least(32) || loose > ran/2 {
		t.Errorf("%d gradients compared, %d of them bounded too loosely to test anything", ran, loose)
	}
}

// Where all covariances are equal, the gradient is that of a shared covariance, which has other formulas, directions and strips; of M of either sign, too.
func TestOwnDistanceGradientOfEqualCovariances(t *testing.T) {
	rng := rand.New(rand.NewPCG(32, 0))
	compared := 0
	for i := range enough.Cases(15) {
		v, delta := randomOwn(t, generators.SharedCovarianceOf(2, 4, 1, 3).Example(i).Apart(), i)
		dim := len(v.W)
		m := randomPositive(rng, dim, dim, 0.4)
		if i%2 == 0 {
			m = randomLowRank(rng, dim, dim, 0.05).Matrix(dim)
		}
		got, err := ofDistances(v, m, delta).Bounded(1e-9, nil)
		if err != nil {
			continue
		}
		shared, err := NewDistance(v.Mixture, m, delta, func() uint64 { return 0 }).Bounded(1e-9, nil)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		var off mat.Dense
		off.Sub(got.Matrix, shared.Matrix)
		if distance := mat.Norm(&off, 2); distance > got.Err+shared.Err {
			t.Errorf("case %d: the gradients differ by %.2g, their bounds are %.2g and %.2g", i, distance, got.Err, shared.Err)
		}
	}
	if compared < enough.Least(10) {
		t.Errorf("only %d gradients were compared", compared)
	}
}

// byDefinition is I + (1−δ)B − ½E_x E[(x − y)(x − y)ᵀ e^{−½D}]/E[e^{−½D}], x and y on one grid of points of the plane.
func byDefinition(v *whitened.Own, m *mat.Dense, delta float64) *mat.Dense {
	const step, reach = 0.25, 9
	type point struct{ x, y, weight float64 }
	var points []point
	density := func(x, y float64) (sum float64) {
		for k, w := range v.Weights {
			c := v.Covariances[k]
			a, b := x-v.Means.At(0, k), y-v.Means.At(1, k)
			det := c.At(0, 0)*c.At(1, 1) - c.At(0, 1)*c.At(0, 1)
			form := (c.At(1, 1)*a*a - 2*c.At(0, 1)*a*b + c.At(0, 0)*b*b) / det
			sum += w * math.Exp(-form/2) / (2 * math.Pi * math.Sqrt(det))
		}
		return sum
	}
	for x := -float64(reach); x <= reach; x += step {
		for y := -float64(reach); y <= reach; y += step {
			if p := density(x, y) * step * step; p > 1e-13 {
				points = append(points, point{x, y, p})
			}
		}
	}
	out := mat.NewDense(2, 2, nil)
	for _, x := range points {
		var all, aa, ab, bb float64
		for _, y := range points {
			a, b := x.x-y.x, x.y-y.y
			weight := y.weight * math.Exp(-(m.At(0, 0)*a*a+2*m.At(0, 1)*a*b+m.At(1, 1)*b*b)/2)
			all, aa, ab, bb = all+weight, aa+weight*a*a, ab+weight*a*b, bb+weight*b*b
		}
		scale := -x.weight / (2 * all)
		out.Set(0, 0, out.At(0, 0)+scale*aa)
		out.Set(0, 1, out.At(0, 1)+scale*ab)
		out.Set(1, 1, out.At(1, 1)+scale*bb)
	}
	out.Set(1, 0, out.At(0, 1))
	out.Add(out, dense.Identity(2))
	for k, w := range v.Weights {
		dense.AddOuter(out, w*(1-delta), v.Centred(), v.Centred(), k)
	}
	return out
}

// The gradient is the definition's, without the Gaussian integrals over y, at M of rank one and two.
func TestOwnDistanceGradientIsTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 0))
	compared := 0
	for i := 0; compared < enough.Cases(4) && i < 200; i++ {
		v, delta := randomOwn(t, generators.GeneralOf(2, 2, 2, 2).Example(i), i)
		if v.Modulus < 0.15 || mat.Max(v.Centred()) > 3 || mat.Min(v.Centred()) < -3 { // beside the grid
			continue
		}
		for k := range v.Weights { // differences are all that counts
			for a := range 2 {
				v.Means.Set(a, k, v.Centred().At(a, k))
			}
		}
		m := randomPositive(rng, 2, 1+compared%2, 0.6)
		e, err := ofDistances(v, m, delta).Bounded(1e-9, nil)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		var off mat.Dense
		off.Sub(e.Matrix, byDefinition(v, m, delta))
		const grid = 1e-7 // what it leaves out beyond its reach, and between its points
		if got := mat.Norm(&off, 2); got > e.Err+grid {
			t.Errorf("case %d: the gradient is off the definition by %.2g, its bound is %.2g", i, got, e.Err)
		}
	}
	if compared < enough.Cases(4) {
		t.Errorf("only %d gradients were compared", compared)
	}
}

// Between two matrices of which the columns lie in a subspace the gradient moves by no more than the Lipschitz bound says, within its radius, and along their difference by no less than the modulus.
func TestOwnDistanceGradientMovesAsBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(34, 0))
	ran, sharpest := 0, 0.0
	for i := range enough.Cases(40) {
		v, delta := randomOwn(t, generators.General().Example(i), i)
		dim := len(v.W)
		inside := dense.Leading(randomPositive(rng, dim, dim, 1), 1+rng.IntN(dim))
		_, q := inside.Dims()
		draw := func(size float64) *mat.Dense {
			return dense.Symmetric(dense.Congruent(randomPositive(rng, q, min(q, 2), size), inside.T()))
		}
		m := draw(0.8*rng.Float64() + 1e-3)
		at := NewOwnDistance(v, m, delta)
		most, radius := at.Lipschitz(inside)
		length := radius * (0.01 + 0.99*rng.Float64())
		way := draw(length)
		var other mat.Dense
		other.Add(m, way)
		e, err := ofDistances(v, m, delta).Bounded(1e-10, nil)
		if err != nil {
			continue
		}
		f, err := ofDistances(v, &other, delta).Bounded(1e-10, nil)
		if err != nil {
			continue
		}
		ran++
		var moved mat.Dense
		moved.Sub(f.Matrix, e.Matrix)
		got := mat.Norm(&moved, 2)
		if got > most*length+e.Err+f.Err {
			t.Errorf("case %d: the gradient moves by %.3g times the way, at most %.3g", i, got/length, most)
		}
		sharpest = max(sharpest, got/length/most)
		// ⟨∇f(M) − ∇f(M′), M − M′⟩ ≥ ½r²/(a(a + r)), a² = 1/(2c).
		a := math.Sqrt(1 / (2 * at.Modulus(0)))
		if got, least := dense.Inner(&moved, way), length*length/(2*a*(a+length)); got < least*(1-1e-3)-(e.Err+f.Err)*length {
			t.Errorf("case %d: the slope grows by %.3g, at least %.3g", i, got, least)
		}
	}
	if ran < enough.Least(15) || sharpest < 0.05 {
		t.Errorf("%d cases ran, in which the gradient moved by %.3g of the bound at most", ran, sharpest)
	}
}

// An attack on the modulus: on a line, narrow heavy components beside wide rare ones, and M that grows. Between near matrices the slope grows by no less than it says, and hardly
// more where M is large; nor by more than the Lipschitz bound says.
func TestOwnDistanceModulusUnderAttack(t *testing.T) {
	sharpest, steepest, ran := math.Inf(1), 0.0, 0
	for _, narrow := range []string{"1", "9/10", "1/2", "1/10", "1/100"} {
		for _, heavy := range []string{"1", "9", "99", "999"} {
			g, err := gmm.Read("attack", strings.NewReader(`{"weights": ["`+heavy+`", 1], "means": [[0], ["1/100"]], "covariance": [[["`+narrow+`"]], [[4]]]}`))
			if err != nil {
				t.Fatal(err)
			}
			w, err := g.Pairs.Left.WhitenFull()
			if err != nil {
				t.Fatal(err)
			}
			v, err := whitened.SeeOwn(g.Pairs.Left, w.Frame)
			if err != nil {
				t.Fatal(err)
			}
			for _, size := range []float64{1e-3, 0.3, 1, 4, 20, 100} {
				one, two := mat.NewDense(1, 1, []float64{size}), mat.NewDense(1, 1, []float64{size * 1.05})
				e, err := ofDistances(v, one, 1).Bounded(1e-11, nil)
				if errors.Is(err, ErrGrid) {
					continue
				}
				f, err := ofDistances(v, two, 1).Bounded(1e-11, nil)
				if errors.Is(err, ErrGrid) {
					continue
				}
				if ran++; err != nil {
					t.Fatal(err)
				}
				at := NewOwnDistance(v, one, 1)
				length := two.At(0, 0) - size
				a := math.Sqrt(1 / (2 * at.Modulus(0)))
				got, off := (f.Matrix.At(0, 0)-e.Matrix.At(0, 0))/length, (e.Err+f.Err)/length
				least := 1 / (2 * a * (a + length))
				most, radius := at.Lipschitz(mat.NewDense(1, 1, []float64{1}))
				if length > radius {
					most = math.Inf(1)
				}
				if got < least*(1-1e-3)-off || got > most+off {
					t.Errorf("weight %s, variance %s, M = %g: the slope grows by %.4g, in theory between %.4g and %.4g", heavy, narrow, size, got, least, most)
				}
				sharpest, steepest = min(sharpest, got/least), max(steepest, got/most)
			}
		}
	}
	if sharpest > 1.1 || steepest < 0.3 || ran < 100 {
		t.Errorf("the slope grows by at least %.3g times the modulus, and by at most %.3g of the Lipschitz bound: too little of an attack in %d cases", sharpest, steepest, ran)
	}
}
