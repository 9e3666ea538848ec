package enclosure

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// randomInside is a random symmetric matrix in the domain of the loss, a share of the way to its border.
func randomInside(t *testing.T, rng *rand.Rand, v *whitened.Own, share float64) *mat.Dense {
	t.Helper()
	n := len(v.W)
	m := mat.NewDense(n, n, nil)
	m.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, m)
	dense.Symmetric(m)
	low, high := 0.0, 1.0
	at := func(by float64) *mat.Dense {
		out := new(mat.Dense)
		out.Scale(by, m)
		return out
	}
	for NewOwnDonskerVaradhan(v, at(high), 1).failure == nil {
		high *= 2
	}
	for range 40 {
		if middle := (low + high) / 2; NewOwnDonskerVaradhan(v, at(middle), 1).failure == nil {
			low = middle
		} else {
			high = middle
		}
	}
	return at(share * low)
}

// In one dimension the gradient is within its bound of an interval for it, near the border of the domain too.
func TestOwnDonskerVaradhanInIntervals(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 0))
	ran, total, sharp := 0, enough.Cases(60), 0
	for i := range total {
		k := 2 + rng.IntN(3)
		v := &whitened.Own{Mixture: &whitened.Mixture{Means: mat.NewDense(1, k, nil), W: []float64{1}}, Modulus: math.Inf(1)}
		scale := math.Pow(10, -8*rng.Float64()+1)
		var largest, sum float64
		for range k {
			s := 0.1 + 2*rng.Float64()
			largest, v.Modulus = max(largest, s), min(v.Modulus, s)
			v.Covariances = append(v.Covariances, mat.NewDense(1, 1, []float64{s}))
			v.Weights = append(v.Weights, 1+float64(rng.IntN(8)))
			sum += v.Weights[len(v.Weights)-1]
		}
		for j := range v.Weights {
			v.Weights[j] /= sum
			v.LogWeights = append(v.LogWeights, math.Log(v.Weights[j]))
			v.Means.Set(0, j, scale*rng.NormFloat64())
		}
		delta := rng.Float64()
		m := math.Copysign(1-math.Pow(10, -6*rng.Float64()), rng.NormFloat64()) / largest
		if i%3 == 0 {
			m *= math.Pow(10, -12*rng.Float64()) // faint
		}
		got, err := NewOwnDonskerVaradhan(v, mat.NewDense(1, 1, []float64{m}), delta).Bounded(0, nil)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		want := slopeInIntervals(v, m, delta)
		low, _ := want.Lower().Float64()
		if math.IsInf(low, 0) {
			continue // e to more than an interval has
		}
		ran++
		if got.Err < 1e-12*math.Abs(low) {
			sharp++
		}
		if off := math.Abs(got.Matrix.At(0, 0) - low); off > got.Err {
			t.Errorf("case %d: the gradient at %g is %.17g ± %.2g, and truly %.17g", i, m, got.Matrix.At(0, 0), got.Err, low)
		}
	}
	if ran < total*3/4 || sharp < total/8 {
		t.Errorf("of %d cases %d were told, and %d to many digits", total, ran, sharp)
	}
}

// slopeInIntervals is the gradient of numbers taken as they are: with n = m²st of variances s and t, E xy = E x E y + mst/(1 − n), E x = (μ + smν)/(1 − n).
func slopeInIntervals(v *whitened.Own, slope, delta float64) interval.Interval {
	c := interval.NewContext(320)
	of := func(x float64) interval.Interval { return c.FromFloat(big.NewFloat(x)) }
	one, half, m := of(1), of(0.5), of(slope)
	sum, total, mean := of(0), of(0), of(0)
	for j, w := range v.Weights {
		mean = c.Add(mean, c.Mul(of(w), of(v.Means.At(0, j))))
	}
	for j, w := range v.Weights {
		for k, u := range v.Weights {
			mu, nu, s, t := of(v.Means.At(0, j)), of(v.Means.At(0, k)), of(v.Covariances[j].At(0, 0)), of(v.Covariances[k].At(0, 0))
			rest := c.Sub(one, c.Mul(c.Mul(m, m), c.Mul(s, t)))
			a := c.Quo(c.Add(mu, c.Mul(c.Mul(s, m), nu)), rest)
			b := c.Quo(c.Add(nu, c.Mul(c.Mul(t, m), mu)), rest)
			form := c.Mul(half, c.Mul(m, c.Add(c.Mul(mu, b), c.Mul(a, nu))))
			mass := c.Mul(c.Mul(of(w), of(u)), c.Exp(c.Sub(form, c.Mul(half, c.Log(rest)))))
			total = c.Add(total, mass)
			sum = c.Add(sum, c.Mul(mass, c.Add(c.Mul(a, b), c.Quo(c.Mul(m, c.Mul(s, t)), rest))))
		}
	}
	sum = c.Quo(sum, total)
	for j, w := range v.Weights {
		mu := of(v.Means.At(0, j))
		partner := c.Add(c.Mul(of(delta), mu), c.Mul(c.Sub(one, of(delta)), mean))
		sum = c.Sub(sum, c.Mul(of(w), c.Mul(mu, partner)))
	}
	return sum
}

// Where all covariances are equal, the gradient is that of a shared covariance, which has other formulas.
func TestOwnDonskerVaradhanOfEqualCovariances(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 0))
	for i := range enough.Cases(30) {
		v, delta := randomOwn(t, generators.SharedCovarianceOf(2, 4, 1, 5).Example(i).Apart(), i)
		m := randomInside(t, rng, v, 0.9*rng.Float64())
		own, err := NewOwnDonskerVaradhan(v, m, delta).Bounded(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		shared, err := NewDonskerVaradhan(v.Mixture, m, delta).Bounded(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		var off mat.Dense
		off.Sub(own.Matrix, shared.Matrix)
		if got := mat.Norm(&off, 2); got > own.Err+shared.Err {
			t.Errorf("case %d: the gradients differ by %.2g, their bounds are %.2g and %.2g", i, got, own.Err, shared.Err)
		}
		if own.Err > 1e-6*(1+mat.Norm(own.Matrix, 2)) {
			t.Errorf("case %d: the gradient is known to %.2g only", i, own.Err)
		}
	}
}

// Between two matrices within reach the gradient rises by at least and at most what is said of it.
func TestOwnDonskerVaradhanCurvature(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 0))
	tight := 0
	for i := range enough.Cases(40) {
		v, delta := randomOwn(t, generators.GeneralOf(2, 4, 1, 4).Example(i), i)
		n := len(v.W)
		m := randomInside(t, rng, v, 0.98*rng.Float64())
		term := NewOwnDonskerVaradhan(v, m, delta)
		step := mat.NewDense(n, n, nil)
		step.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, step)
		dense.Symmetric(step)
		long := term.Reach() * math.Pow(2, -float64(i%3))
		step.Scale(long/mat.Norm(step, 2), step)
		there := new(mat.Dense)
		there.Add(m, step)
		one, err := term.Bounded(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		two, err := NewOwnDonskerVaradhan(v, there, delta).Bounded(0, nil)
		if err != nil {
			t.Fatalf("case %d: within reach %v", i, err)
		}
		var rise mat.Dense
		rise.Sub(two.Matrix, one.Matrix)
		noise := one.Err + two.Err
		if got, most := mat.Norm(&rise, 2), term.Steepest()*long; got > most+noise {
			t.Errorf("case %d: the gradient rises by %.3g, and by %.3g at most", i, got, most)
		}
		if got, least := dense.Inner(&rise, step), term.Modulus(0)*long*long; got < least-noise*long {
			t.Errorf("case %d: the gradient rises by %.3g along a step, and by %.3g at least", i, got, least)
		} else if got < 1e2*least && term.Steepest() < 1e4*term.Modulus(0) {
			tight++
		}
	}
	if tight < enough.Least(4) {
		t.Errorf("only %d of the bounds tell anything", tight)
	}
}

// Beyond the domain nothing is known: an indefinite matrix may leave it by what two different components make of it.
func TestOwnDonskerVaradhanDomain(t *testing.T) {
	v := &whitened.Own{Mixture: &whitened.Mixture{Weights: []float64{0.5, 0.5}, LogWeights: []float64{-math.Ln2, -math.Ln2}, Means: mat.NewDense(2, 2, nil), W: []float64{1, 1}},
		Covariances: []*mat.Dense{mat.NewDense(2, 2, []float64{4, 0, 0, 0.25}), mat.NewDense(2, 2, []float64{0.25, 0, 0, 4})}, Modulus: 0.25}
	for _, c := range []struct {
		size float64
		in   bool
	}{{0.2499, true}, {0.2501, false}, {0.5, false}} { // of each component alone the border is at 1
		_, err := NewOwnDonskerVaradhan(v, mat.NewDense(2, 2, []float64{0, c.size, c.size, 0}), 1).Bounded(0, nil)
		if c.in != (err == nil) || err != nil && !errors.Is(err, ErrInfinite) {
			t.Errorf("at %g: %v", c.size, err)
		}
	}
}

// What means and covariances may be off by is in the bound of the gradient's error: it bounds what moving them so far makes of the gradient.
func TestOwnDonskerVaradhanInputErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(44, 0))
	sharp := 0
	for i := range enough.Cases(40) {
		exact, delta := randomOwn(t, generators.GeneralOf(2, 4, 1, 4).Example(i), i)
		const off = 1e-7
		m := randomInside(t, rng, exact, 0.9*rng.Float64())
		mixture := *exact.Mixture
		known := *exact
		known.Mixture, known.Covariances = &mixture, nil
		known.Modulus = exact.Modulus / 2
		mixture.Means = mat.DenseCopyOf(exact.Means)
		if i%3 != 0 { // the means
			mixture.MeanError += off
			mixture.Means.Apply(func(r, c int, x float64) float64 {
				return x + off/2*math.Copysign(1, rng.NormFloat64())*mat.Norm(exact.Means.ColView(c), 2)/math.Sqrt(float64(len(exact.W)))
			}, mixture.Means)
		}
		known.Covariances = exact.Covariances
		if i%3 != 1 { // the covariances
			known.Covariances = nil
			known.SpreadError += off * exact.Modulus
			for _, s := range exact.Covariances {
				change := mat.NewDense(len(exact.W), len(exact.W), nil)
				change.Apply(func(int, int, float64) float64 { return rng.NormFloat64() }, change)
				dense.Symmetric(change)
				change.Scale(off*exact.Modulus/mat.Norm(change, 2), change)
				change.Add(change, s)
				known.Covariances = append(known.Covariances, change)
			}
		}
		want, err := NewOwnDonskerVaradhan(exact, m, delta).Bounded(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := NewOwnDonskerVaradhan(&known, m, delta).Bounded(0, nil)
		if err != nil {
			t.Fatal(err)
		}
		var difference mat.Dense
		difference.Sub(got.Matrix, want.Matrix)
		is := mat.Norm(&difference, 2)
		if is > got.Err+want.Err {
			t.Errorf("case %d: the gradient is off by %.3g, its bound is %.3g", i, is, got.Err)
		}
		if is > got.Err/100 {
			sharp++
		}
	}
	if sharp < enough.Least(10) {
		t.Errorf("only %d of the bounds are near the error", sharp)
	}
}
