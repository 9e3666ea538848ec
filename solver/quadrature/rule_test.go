package quadrature_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/solver/quadrature"
)

// Every rule integrates 1, t², t⁴ and e^{ct} to full precision, once it has the
// points for it.
func TestHermiteMoments(t *testing.T) {
	const c = 1.3
	every := 1
	if testing.Short() {
		every = 7
	}
	for n := 1; n <= quadrature.MostPoints; n += every {
		p := quadrature.Hermite(n)
		for _, moment := range []struct {
			name  string
			needs int
			f     func(t float64) float64
			want  float64
		}{
			{"1", 1, func(float64) float64 { return 1 }, 1},
			{"t", 1, func(t float64) float64 { return t }, 0},
			{"t²", 2, func(t float64) float64 { return t * t }, 1},
			{"t⁴", 3, func(t float64) float64 { return t * t * t * t }, 3},
			{"exp(ct)", 25, func(t float64) float64 { return math.Exp(c * t) }, math.Exp(c * c / 2)},
		} {
			if n < moment.needs {
				continue
			}
			var got float64
			for i, x := range p.Nodes {
				got += p.Weights[i] * moment.f(x)
			}
			if off := math.Abs(got - moment.want); off > 1e-14*math.Max(1, moment.want) {
				t.Errorf("%d points: E %s = %v, want %v", n, moment.name, got, moment.want)
			}
		}
		for i := 1; i < len(p.Nodes); i++ {
			if !(p.Nodes[i-1] < p.Nodes[i]) {
				t.Fatalf("%d points: nodes are not ascending", n)
			}
		}
	}
}

// softmax is a random p_k(t) ∝ exp(a_k + c_k t) of 2 to 5 logits.
type softmax struct{ a, c []float64 }

func drawSoftmax(rng *rand.Rand) (s softmax, slopeRange float64) {
	k := 2 + rng.IntN(4)
	slopeRange = math.Exp(6*rng.Float64() - 3)
	low, high := math.Inf(1), math.Inf(-1)
	spread := math.Exp(3*rng.Float64() - 1)
	for i := range k {
		c := rng.Float64()
		if rng.IntN(3) == 0 { // several poles at one height
			c = float64(i)
		}
		s.c = append(s.c, c)
		s.a = append(s.a, spread*rng.NormFloat64())
		low, high = min(low, c), max(high, c)
	}
	for i := range k {
		s.c[i] *= slopeRange / (high - low)
	}
	return s, slopeRange
}

// moments returns E p_k, E t p_k, and E log Σ exp(…).
func (s softmax) moments(nodes, weights []float64) []float64 {
	k := len(s.a)
	out := make([]float64, 2*k+1)
	e := make([]float64, k)
	for n, t := range nodes {
		largest := math.Inf(-1)
		for i := range e {
			e[i] = s.a[i] + s.c[i]*t
			largest = max(largest, e[i])
		}
		var z float64
		for i := range e {
			e[i] = math.Exp(e[i] - largest)
			z += e[i]
		}
		for i := range e {
			out[i] += weights[n] * e[i] / z
			out[k+i] += weights[n] * t * e[i] / z
		}
		out[2*k] += weights[n] * (math.Log(z) + largest)
	}
	return out
}

// fine is a trapezoidal rule, exact to rounding for slopes up to 20.
func fine() (nodes, weights []float64) {
	const h, reach = 0.01, 12
	for t := -float64(reach); t <= reach; t += h {
		nodes = append(nodes, t)
		weights = append(weights, h*math.Exp(-t*t/2)/math.Sqrt(2*math.Pi))
	}
	return nodes, weights
}

// The error estimate bounds the true error of p, of t p and of the log-partition.
func TestEstimateBoundsTheError(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	nodes, weights := fine()
	checked, tight := 0, 0.0
	for checked < enough.Cases(1000) {
		s, slopeRange := drawSoftmax(rng)
		n := 1 + rng.IntN(60)
		estimate := quadrature.Estimate(slopeRange, n)
		if estimate > 0.1 || estimate < 1e-12 {
			continue
		}
		checked++
		p := quadrature.Hermite(n)
		got, want := s.moments(p.Nodes, p.Weights), s.moments(nodes, weights)
		for i := range got {
			off := math.Abs(got[i] - want[i])
			tight = max(tight, off/estimate)
			if off > estimate {
				t.Fatalf("slopes %v, offsets %v, %d points: moment %d is off by %.3g, the estimate says %.3g", s.c, s.a, n, i, off, estimate)
			}
		}
	}
	t.Logf("%d cases, the largest error is %.2f of its estimate", checked, tight)
	if tight < 0.05 {
		t.Errorf("the estimate is never closer than a factor of %.0f: it wastes points", 1/tight)
	}
}

func TestChooseMeetsTheToleranceWithFewPoints(t *testing.T) {
	rule, err := quadrature.Choose([]float64{1, 0.1, 0}, 1e-10, 1e6)
	if err != nil {
		t.Fatal(err)
	}
	if rule.Error > 1e-10 || rule.Nodes() > 200 {
		t.Errorf("%v has %d nodes and error %g", rule, rule.Nodes(), rule.Error)
	}
	if n := len(rule.Directions[2].Nodes); n != 1 {
		t.Errorf("a flat direction takes %d points, want 1", n)
	}
}

func TestChooseIsHonestWithinALimit(t *testing.T) {
	rule, err := quadrature.Choose([]float64{3, 3, 3}, 1e-12, 20000)
	if err != nil {
		t.Fatal(err)
	}
	if rule.Nodes() > 20000 || rule.Error <= 1e-12 || rule.Error > 0.1 {
		t.Errorf("%v has %d nodes and error %g", rule, rule.Nodes(), rule.Error)
	}
	ranges := make([]float64, 30)
	for i := range ranges {
		ranges[i] = 5
	}
	if _, err := quadrature.Choose(ranges, 1e-6, 1e6); !errors.Is(err, quadrature.ErrCost) {
		t.Errorf("thirty steep directions: %v, want ErrCost", err)
	}
}

func TestRefineKeepsTheErrorBound(t *testing.T) {
	rule, err := quadrature.Choose([]float64{2}, 1e-3, 100)
	if err != nil {
		t.Fatal(err)
	}
	fine := rule.Refine(2)
	if fine.Order[0] != 2*rule.Order[0] || fine.Error != rule.Error {
		t.Errorf("refined %v (%g) to %v (%g)", rule, rule.Error, fine, fine.Error)
	}
}
