package solver

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// within scales a symmetric matrix into the domain of f.
func within(f *stated, m *mat.Dense) *mat.Dense {
	for !f.Contains(m) {
		m.Scale(0.5, m)
	}
	m.Scale(0.9, m)
	return m
}

func added(m *mat.Dense, by float64, v *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(v)
	out.Scale(by, out)
	out.Add(out, m)
	return out
}

// The gradient is the derivative of the value, and the Hessian that of the gradient: what is left of Taylor's formulas shrinks as the square of the step.
func TestOwnDonskerVaradhanTaylor(t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 0))
	for i := range enough.Cases(20) {
		p := generalPairs(t, i)
		f := whole(t, DonskerVaradhan, p)
		n := len(f.Law.Left.Second)
		m, v := within(f, randomSymmetric(rng, n, 0.3)), randomSymmetric(rng, n, 1)
		w, err := p.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		at := func(by float64) (value float64, gradient, curved *mat.Dense) {
			pt, err := evaluated(f, added(m, by, v), 0)
			if err != nil {
				t.Fatal(err)
			}
			value, _ = pt.Value()
			if curved, err = pt.Curvature(v); err != nil {
				t.Fatal(err)
			}
			return value, mat.DenseCopyOf(pt.Iterate().Gradient), curved
		}
		value, gradient, curved := at(0)
		left := func(h float64) (ofValue, ofGradient float64) {
			there, slope, _ := at(h)
			slope.Sub(slope, gradient)
			var step mat.Dense
			step.Scale(h, curved)
			slope.Sub(slope, &step)
			return math.Abs(there - value - h*mat.Trace(multiplied(gradient, v)) - h*h/2*mat.Trace(multiplied(curved, v))), mat.Norm(slope, 2)
		}
		const step, noise = 1.0 / 512, 1e-12
		value1, slope1 := left(step)
		value2, slope2 := left(step / 2)
		if value2 > value1/6+noise*(1+math.Abs(value)) || slope2 > slope1/3+noise*(1+mat.Norm(gradient, 2)) {
			t.Errorf("case %d: halving the step leaves %.3g of %.3g and %.3g of %.3g\n%#v", i, value2, value1, slope2, slope1, p)
		}
		c := w.Left.LeastEigenvalue
		if got, want := mat.Trace(multiplied(curved, v)), c*c*math.Pow(mat.Norm(v, 2), 2); got < want*(1-1e-9) {
			t.Errorf("case %d in %d dimensions: curvature %.6g is below %.6g\n%#v", i, n, got, want, p)
		}
	}
}

func multiplied(a, b *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Mul(a, b)
	return &out
}

// In one dimension the value is the definition's, summed over a grid that is finer than any of its Gaussians.
func TestOwnDonskerVaradhanAgainstTheDefinition(t *testing.T) {
	const nodes, reach = 4001, 40.0
	for i := range enough.Cases(12) {
		m := generators.GeneralOf(2, 3, 1, 1).Example(i)
		p, err := gmm.NewPairs(m, generators.Delta().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		largest := 0.0
		for k := range m.Components() {
			largest = max(largest, m.Own(k).At(0, 0))
		}
		a := math.Sqrt(0.6 / largest) // M = a²
		value, off, err := Evaluate(DonskerVaradhan, p, mat.NewDense(1, 1, []float64{a}), nil)
		if err != nil {
			t.Fatal(err)
		}
		// E e^{a²xy} = E e^{a²xμ_l + ½a⁴x²σ_l²} under y, and a sum over x.
		var mass, mean, pull float64
		for k, w := range p.Weights() {
			mean += w * m.Means().At(k, 0)
		}
		for k, w := range p.Weights() {
			mu, sigma := m.Means().At(k, 0), math.Sqrt(m.Own(k).At(0, 0))
			pull += w * a * a * mu * (p.Delta()*mu + (1-p.Delta())*mean)
			for l, v := range p.Weights() {
				nu, square := m.Means().At(l, 0), m.Own(l).At(0, 0)
				for n := range nodes {
					z := reach * (2*float64(n)/(nodes-1) - 1)
					x := mu + sigma*z
					mass += w * v * math.Exp(-z*z/2+a*a*x*nu+a*a*a*a*x*x*square/2) / math.Sqrt(2*math.Pi) * 2 * reach / (nodes - 1)
				}
			}
		}
		const rounding = 1e-12
		if want := math.Log(mass) - pull; math.Abs(value-want) > off+rounding*(1+math.Abs(want)) {
			t.Errorf("case %d: the loss is %.15g ± %.1g, by the definition %.15g\n%#v", i, value, off, want, p)
		}
	}
}

// Where all covariances are equal, values, gradients and minimisers are those of the shared covariance, to rounding.
func TestOwnDonskerVaradhanOfASharedCovariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(62, 0))
	for i := range enough.Cases(12) {
		m := generators.SharedCovarianceOf(2, 4, 1, 5).Example(i)
		p, err := gmm.NewPairs(m, generators.Informative().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		one, two := whole(t, DonskerVaradhan, p), whole(t, DonskerVaradhan, p.Apart())
		at := within(one, randomSymmetric(rng, m.Dimension(), 0.4))
		v := randomSymmetric(rng, m.Dimension(), 1)
		first, err := evaluated(one, at, 0)
		if err != nil {
			t.Fatal(err)
		}
		second, err := evaluated(two, at, 0)
		if err != nil {
			t.Fatal(err)
		}
		value1, off1 := first.Value()
		value2, off2 := second.Value()
		if math.Abs(value1-value2) > off1+off2 {
			t.Errorf("case %d: values %.16g ± %.1g and %.16g ± %.1g\n%#v", i, value1, off1, value2, off2, p)
		}
		if off := mat.Norm(difference(first.Iterate().Gradient, second.Iterate().Gradient), 2); off > first.Iterate().Err+second.Iterate().Err {
			t.Errorf("case %d: gradients differ by %.2g, errors %.1g and %.1g\n%#v", i, off, first.Iterate().Err, second.Iterate().Err, p)
		}
		curved1, err := first.Curvature(v)
		if err != nil {
			t.Fatal(err)
		}
		curved2, err := second.Curvature(v)
		if err != nil {
			t.Fatal(err)
		}
		const rounding = 1e-10
		if off := mat.Norm(difference(curved1, curved2), 2); off > rounding*mat.Norm(curved1, 2) {
			t.Errorf("case %d: Hessians differ by %.2g of %.2g\n%#v", i, off, mat.Norm(curved1, 2), p)
		}
		shared, err := Minimise(DonskerVaradhan, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		own, err := Minimise(DonskerVaradhan, p.Apart(), Options{Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name     string
			one, two Minimum
		}{{"M_u", shared.Free, own.Free}, {"M*", shared.Constrained, own.Constrained}, {"M_in", shared.Constrained, own.Inside}} {
			if got, most := oracle.WhitenedNorm(m, difference(c.one.Form.Matrix(p), c.two.Form.Matrix(p))), c.one.DistanceBound+c.two.DistanceBound; got > most+1e-13 {
				t.Errorf("case %d: %s differs by %.2g, the bounds sum to %.2g\n%#v", i, c.name, got, most, p)
			}
			if got, most := math.Abs(c.one.Loss-c.two.Loss), c.one.LossError+c.two.LossError; got > most {
				t.Errorf("case %d: the losses at %s differ by %.2g, the errors sum to %.2g\n%#v", i, c.name, got, most, p)
			}
		}
	}
}

// The minimisers obey the order of their losses and the KKT conditions, in more dimensions than a quadrature serves too.
func TestOwnDonskerVaradhanMinimisers(t *testing.T) {
	apart, rough := 0, 0 // minimisers over the cone that descent left at a residual, which their bounds count
	for i := range enough.Cases(20) {
		p, err := gmm.NewPairs(generators.GeneralOf(2, 4, 1, 6).Example(i), generators.Delta().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		c, err := Minimise(DonskerVaradhan, p, Options{Seed: uint64(i)})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []Minimum{c.Free, c.Constrained, c.Inside} {
			if m.GradientNorm > 1e-10 {
				if rough++; rough > enough.Cases(20)/50 || m.DistanceBound < m.GradientNorm/10 {
					t.Errorf("case %d: residuals %.2g, %.2g, %.2g, bound %.2g\n%#v", i, c.Free.GradientNorm, c.Constrained.GradientNorm, c.Inside.GradientNorm, m.DistanceBound, p)
				}
				break
			}
		}
		noise := c.Constrained.LossError + c.Free.LossError + c.Inside.LossError
		if c.Free.Loss > c.Constrained.Loss+noise || c.Constrained.Loss > c.Inside.Loss+noise {
			t.Errorf("case %d: losses %.12g of M_u, %.12g of M*, %.12g of M_in\n%#v", i, c.Free.Loss, c.Constrained.Loss, c.Inside.Loss, p)
		}
		if c.Inside.Loss > c.Constrained.Loss+noise {
			apart++
		}
		d := p.Left.Dimension()
		value, off, err := Evaluate(DonskerVaradhan, p, c.Constrained.Left.Padded(d, d), nil)
		if err != nil || math.Abs(value-c.Constrained.Loss) > off+c.Constrained.LossError {
			t.Errorf("case %d: the loss is %.15g, of the representation %.15g ± %.1g (%v)\n%#v", i, c.Constrained.Loss, value, off, err, p)
		}
	}
	if apart < enough.Least(3) {
		t.Errorf("only %d minimisers left S_F", apart)
	}
}

// The oracle's bound of a matrix's distance to the minimiser is never below the true one, and small where the solver ends.
func TestOwnDonskerVaradhanCertificate(t *testing.T) {
	rng := rand.New(rand.NewPCG(63, 0))
	told := 0
	for i := range enough.Cases(20) {
		p, err := gmm.NewPairs(generators.GeneralOf(2, 4, 1, 5).Example(i), generators.Delta().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		c, err := Minimise(DonskerVaradhan, p, Options{Seed: uint64(i)})
		if err != nil {
			t.Fatal(err)
		}
		w, err := p.Left.WhitenFull()
		if err != nil {
			t.Fatal(err)
		}
		if got, most := distance(DonskerVaradhan, p, c.Free.Form, 1e-9), 1e-7/(w.LeastEigenvalue*w.LeastEigenvalue); got > most {
			t.Errorf("case %d: the oracle bounds the distance of M_u by %.2g, the solver by %.2g\n%#v", i, got, c.Free.DistanceBound, p)
		}
		best := c.Free.Form.Matrix(p)
		for _, size := range []float64{1e-8, 1e-4, 1e-2} {
			off := randomSymmetric(rng, p.Left.Dimension(), size)
			var moved mat.Dense
			moved.Add(best, off)
			got, is := distance(DonskerVaradhan, p, gmm.Plain(&moved), 1e-9), oracle.WhitenedNorm(p.Left, off)
			if got < is-c.Free.DistanceBound {
				t.Errorf("case %d: a matrix %.3g from the minimiser is said to be %.3g from it at most\n%#v", i, is, got, p)
			}
			if got < 1e4*is {
				told++
			}
		}
	}
	if told < enough.Least(20) {
		t.Errorf("only %d bounds tell anything", told)
	}
}

// The value is the definition's: of sampled pairs and independent points, as the oracle knows it.
func TestOwnDonskerVaradhanSampled(t *testing.T) {
	const anchors, negatives, improbable = 4000, 50, 5
	rng := rand.New(rand.NewPCG(64, 0))
	told := 0
	for i := range enough.Cases(4) {
		p := generalPairs(t, i)
		d := p.Left.Dimension()
		a := mat.NewDense(d, d, nil)
		a.Apply(func(int, int, float64) float64 { return rng.NormFloat64() / 12 }, a)
		value, _, err := Evaluate(DonskerVaradhan, p, a, nil)
		if err != nil {
			t.Fatal(err)
		}
		e, err := oracle.Sampled(oracle.DonskerVaradhan, p, a, nil, anchors, negatives, rng)
		if err != nil {
			t.Fatal(err)
		}
		if e.StandardError > 0.05 {
			continue // what makes the mean lies where no sample of this size does
		}
		told++
		if z := e.Z(value); math.Abs(z) > improbable {
			t.Errorf("case %d: the loss is %.6g, sampled %.6g ± %.2g, z = %.1f\n%#v", i, value, e.Value, e.StandardError, z, p)
		}
	}
	if told < enough.Least(4)/2 {
		t.Errorf("only %d samples told", told)
	}
}
