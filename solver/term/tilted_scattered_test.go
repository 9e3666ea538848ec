package term

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// In few directions sparse grids and lattices average as fine tensor rules do, to the errors that they estimate, of dot products and of distances.
func TestScatteredRulesAgainstTensorRules(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 0))
	compared, fine := 0, 0
	for i := range enough.Cases(24) {
		f := inAll(t, generalPairs(t, i))
		n := len(f.Law.Left.Second)
		m := randomSymmetric(rng, n, 0.2/float64(n*n))
		l, average, sections := &f.terms[0].(*tilted).ownLaw, (func(ownRule) *tiltedAverage)(nil), []*section(nil)
		if whole := f.terms[0].(*tilted); i%3 > 0 {
			sections = whole.sections(m)
			average = func(r ownRule) *tiltedAverage { return whole.average(sections, m, r) }
		} else {
			d := NewSum(f.Law, newTiltedDistance(f.Law)).terms[0].(*tiltedDistance)
			e := d.evaluation(nil).(*tiltedDistanceAt)
			if _, err := e.average(new(dense.Arena), m, 1e-2); err != nil {
				continue
			}
			l, sections, average = &d.ownLaw, e.sections, e.by
		}
		exact := average(tensor([]int{200, 100, 50}[n-1], n))
		for _, tolerance := range []float64{1e-3, 1e-6} {
			a, err := l.scattered(m, sections, tolerance, average)
			if err != nil {
				continue
			}
			lattice, err := l.averageLattices(sections, tolerance, 1<<14, l.spread(l.lattice(n, firstScattered), average), average)
			if err != nil {
				continue
			}
			for _, got := range []*tiltedAverage{a, lattice} {
				var off mat.Dense
				off.Sub(got.gradient, exact.gradient)
				compared++
				if apart := l.norm(&off); apart > got.ruleError+1e-10 {
					t.Errorf("case %d: by a %s the gradient is off by %.2g, estimated %.2g", i, got.tensor, apart, got.ruleError)
				}
				if apart := math.Abs(got.loss - exact.loss); apart > got.lossRuleError+1e-10 {
					t.Errorf("case %d: by a %s the loss is off by %.2g, estimated %.2g", i, got.tensor, apart, got.lossRuleError)
				}
			}
			if a.ruleError < 1e-5 {
				fine++
			}
		}
	}
	if compared < enough.Least(30) || fine < enough.Least(5) {
		t.Errorf("%d compared, %d fine", compared, fine)
	}
}

// In five dimensions the gradient is that of the loss, and the Hessian that of the gradient.
func TestScatteredDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 0))
	for i := range enough.Cases(4) {
		p, err := gmm.NewPairs(generators.GeneralOf(2, 4, 5, 5).Example(i), generators.Delta().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		f := inAll(t, p)
		m, v := randomSymmetric(rng, 5, 0.03), randomSymmetric(rng, 5, 0.1)
		const h, tolerance = 1e-2, 1e-8
		pt := f.evaluated(t, m, tolerance)
		if pt.parts[0].(*tiltedPoint).tensor.scattered == nil {
			t.Fatalf("case %d: a tensor rule in five directions", i)
		}
		above, below := f.evaluated(t, shifted(m, h, v), tolerance), f.evaluated(t, shifted(m, -h, v), tolerance)
		high, noise := above.Value()
		low, _ := below.Value()
		slope, size := dense.Inner(pt.iterate.Gradient, v), f.metric.Primal(v)
		if got := (high - low) / (2 * h); math.Abs(got-slope) > 1e-3*h*size+noise/h+pt.iterate.Err*size {
			t.Errorf("case %d: the loss rises by %.9g, the gradient says %.9g", i, got, slope)
		}
		image, err := pt.Curvature(v)
		if err != nil {
			t.Fatal(err)
		}
		var change mat.Dense
		change.Sub(above.iterate.Gradient, below.iterate.Gradient)
		change.Scale(1/(2*h), &change)
		change.Sub(&change, image)
		if off := mat.Norm(&change, 2); off > 1e-2*mat.Norm(image, 2) {
			t.Errorf("case %d: the gradient changes by %.3g more than the Hessian's %.3g", i, off, mat.Norm(image, 2))
		}
	}
}
