package main

import (
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// kind is a family of random mixtures.
type kind struct {
	name string
	draw func(rng *rand.Rand) gmm.Pairs
}

var kinds = []kind{
	{"ordinary", func(rng *rand.Rand) gmm.Pairs { return drawPairs(rng, shape{spread: 2}) }},
	{"centred", func(rng *rand.Rand) gmm.Pairs { return drawPairs(rng, shape{spread: 2, centred: true}) }},
	{"far", func(rng *rand.Rand) gmm.Pairs { return drawPairs(rng, shape{spread: math.Exp(7 * rng.Float64())}) }},
	{"near-collinear", func(rng *rand.Rand) gmm.Pairs {
		return drawPairs(rng, shape{spread: 2, flatten: math.Pow(10, -8*rng.Float64())})
	}},
	{"tiny-weight", func(rng *rand.Rand) gmm.Pairs {
		return drawPairs(rng, shape{spread: 4, lightest: math.Pow(10, -12*rng.Float64()), centred: rng.IntN(2) == 0})
	}},
	{"ill-conditioned", func(rng *rand.Rand) gmm.Pairs {
		return drawPairs(rng, shape{spread: 2, condition: math.Pow(10, 10*rng.Float64()), centred: rng.IntN(2) == 0})
	}},
}

type shape struct {
	spread    float64 // whitened size of the means
	flatten   float64 // shrinks all but one direction of the means; 0 means 1
	lightest  float64 // weight of the last component beside the others; 0 means random
	condition float64 // condition number of the covariance; 0 means up to 100
	centred   bool
	most      int // components; 0 means 4
	widest    int // dimension; 0 means 6
}

// drawPairs draws a mixture whose means have the given size in whitened coordinates.
func drawPairs(rng *rand.Rand, s shape) gmm.Pairs {
	k := 2 + rng.IntN(orDefault(s.most, 4)-1)
	if k == 4 && rng.IntN(4) > 0 { // K = 4 is the dearest
		k = 2 + rng.IntN(2)
	}
	d := 1 + rng.IntN(orDefault(s.widest, 6))
	weights := make([]float64, k)
	for i := range weights {
		weights[i] = rng.ExpFloat64() + 1e-3
	}
	if s.lightest > 0 {
		weights[k-1] = s.lightest
	}
	condition := s.condition
	if condition == 0 {
		condition = math.Pow(100, rng.Float64())
	}
	root := randomRoot(rng, d, condition)
	means := mat.NewDense(k, d, nil)
	for i := range k {
		z := make([]float64, d)
		for j := range z {
			z[j] = s.spread * rng.NormFloat64()
			if j > 0 && s.flatten > 0 {
				z[j] *= s.flatten
			}
		}
		x := mat.NewVecDense(d, nil)
		x.MulVec(root, mat.NewVecDense(d, z))
		means.SetRow(i, x.RawVector().Data)
	}
	var product mat.Dense
	product.Mul(root, root.T())
	for i := range d {
		for j := range i {
			product.Set(i, j, product.At(j, i))
		}
	}
	m, err := gmm.New(exactOf(weights, means, &product))
	if err != nil {
		panic(err)
	}
	if s.centred {
		if m, err = m.Centre(); err != nil {
			panic(err)
		}
	}
	delta := big.NewRat(1, 1)
	if rng.IntN(3) == 0 {
		delta = big.NewRat(int64(1+rng.IntN(16)), 16)
	}
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		panic(err)
	}
	return p
}

func orDefault(x, otherwise int) int {
	if x == 0 {
		return otherwise
	}
	return x
}

// randomRoot returns a square root of a random covariance of the given condition number.
func randomRoot(rng *rand.Rand, d int, condition float64) *mat.Dense {
	g := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range d {
			g.Set(i, j, rng.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(g)
	var q, root mat.Dense
	qr.QTo(&q)
	root.CloneFrom(&q)
	for j := range d {
		deviation := 1.0
		if d > 1 {
			deviation = math.Pow(condition, -0.5*float64(j)/float64(d-1))
		}
		for i := range d {
			root.Set(i, j, q.At(i, j)*deviation)
		}
	}
	return &root
}

func exactOf(weights []float64, means, covariance *mat.Dense) gmm.Exact {
	e := gmm.Exact{Weights: gmm.Rationals(weights...)}
	k, d := means.Dims()
	for i := range k {
		e.Means = append(e.Means, gmm.Rationals(means.RawRowView(i)...))
	}
	for i := range d {
		e.Covariance = append(e.Covariance, gmm.Rationals(covariance.RawRowView(i)...))
	}
	return e
}

// inParallel runs check for 0 … n−1 on all cores.
func inParallel(n int, check func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				check(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// No verdict contradicts a re-solve with twice the points and a hundredth of
// the tolerance, judged afresh.
func TestVerdictsSurviveRefinement(t *testing.T) {
	cases := 2000
	if testing.Short() {
		cases = 180
	}
	var mutex sync.Mutex
	var weighted atomic.Int64
	counts := map[string]map[oracle.Verdict]int{}
	inParallel(cases, func(i int) {
		kind := kinds[i%len(kinds)]
		p := kind.draw(rand.New(rand.NewPCG(2, uint64(i))))
		verdict := func(o solver.Options) (oracle.Findings, solver.Candidate) {
			c, err := solver.Minimise(solver.InfoNCE, p, o)
			if err != nil {
				t.Errorf("case %d, %s: %v\n%#v", i, kind.name, err, p)
				return oracle.Findings{}, c
			}
			return oracle.Judge(p, c.Free.Form, c.Constrained.Form, c.Free.DistanceBound), c
		}
		first, candidate := verdict(solver.Options{})
		again, fine := verdict(solver.Options{Tolerance: 1e-12, Oversampling: 2})
		if first.Equality != oracle.Undecided && again.Equality != oracle.Undecided && first.Equality != again.Equality {
			t.Errorf("case %d, %s: %v, then %v\n%#v", i, kind.name, first.Equality, again.Equality, p)
		}
		if first.Certificate.Weighted {
			weighted.Add(1)
		}
		rank := fine.Constrained.Rank
		if first.Equality == oracle.Holds && rank < p.Left.FisherDimension().Value && fine.Constrained.DistanceBound < first.Margin() {
			t.Errorf("case %d, %s: equality holds by %g, but the fine minimiser has rank %d\n%#v", i, kind.name, first.Margin(), rank, p)
		}
		if b := candidate.Constrained.DistanceBound; !(b < 1e-2) {
			t.Logf("case %d, %s: the minimiser's bound is %g", i, kind.name, b)
		}
		mutex.Lock()
		defer mutex.Unlock()
		if counts[kind.name] == nil {
			counts[kind.name] = map[oracle.Verdict]int{}
		}
		counts[kind.name][first.Equality]++
	})
	total := map[oracle.Verdict]int{}
	for _, kind := range kinds {
		c := counts[kind.name]
		t.Logf("%-16s holds %4d  refuted %4d  undecided %4d", kind.name, c[oracle.Holds], c[oracle.Refuted], c[oracle.Undecided])
		for v, n := range c {
			total[v] += n
		}
	}
	t.Logf("%-16s holds %4d  refuted %4d  undecided %4d", "all", total[oracle.Holds], total[oracle.Refuted], total[oracle.Undecided])
	t.Logf("%d verdicts needed the weighted certificate", weighted.Load())
	if total[oracle.Holds] < cases/4 || total[oracle.Refuted] < cases/20 {
		t.Errorf("too few decided cases to mean anything: %v", total)
	}
}

// A loose tolerance costs bounds and verdicts, never a verdict's truth.
func TestLooseToleranceOnlyDecidesLess(t *testing.T) {
	const loose = 1e-3
	cases := 2000
	if testing.Short() {
		cases = 180
	}
	var fewer, more, larger atomic.Int64
	inParallel(cases, func(i int) {
		kind := kinds[i%len(kinds)]
		p := kind.draw(rand.New(rand.NewPCG(2, uint64(i))))
		verdict := func(o solver.Options) (oracle.Verdict, float64) {
			c, err := solver.Minimise(solver.InfoNCE, p, o)
			if err != nil {
				t.Errorf("case %d, %s: %v\n%#v", i, kind.name, err, p)
				return oracle.Undecided, math.Inf(1)
			}
			f := oracle.Judge(p, c.Free.Form, c.Constrained.Form, c.Free.DistanceBound)
			return f.Equality, c.Free.DistanceBound
		}
		fine, fineBound := verdict(solver.Options{})
		coarse, coarseBound := verdict(solver.Options{Tolerance: loose})
		switch {
		case fine != oracle.Undecided && coarse == oracle.Undecided:
			fewer.Add(1)
		case fine == oracle.Undecided && coarse != oracle.Undecided:
			more.Add(1)
		case fine != coarse:
			t.Errorf("case %d, %s: %v, but %v at tolerance %g\n%#v", i, kind.name, fine, coarse, loose, p)
		}
		if coarseBound >= fineBound {
			larger.Add(1)
		}
	})
	t.Logf("at tolerance %g: %d of %d verdicts lost, %d gained, %d bounds larger", loose, fewer.Load(), cases, more.Load(), larger.Load())
	if fewer.Load() <= more.Load() || larger.Load() < int64(cases)*19/20 {
		t.Errorf("a loose tolerance lost %d verdicts and gained %d; %d of %d bounds grew", fewer.Load(), more.Load(), larger.Load(), cases)
	}
}

// Blind and reduced solves, which share a start only by accident, agree to the
// sum of their distance bounds; and every blind solve lies in the Fisher subspace.
func TestBlindAndReducedAgree(t *testing.T) {
	cases := 500
	if testing.Short() {
		cases = 40
	}
	var mutex sync.Mutex
	verdicts := map[oracle.Verdict]int{}
	worst := 0.0
	inParallel(cases, func(i int) {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		p := drawPairs(rng, shape{spread: 2, condition: math.Pow(10, 8*rng.Float64()), widest: 20, centred: i%2 == 0})
		reduced, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
		if err != nil {
			t.Errorf("case %d: reduced: %v", i, err)
			return
		}
		blind, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: solver.Blind, Seed: uint64(i)})
		if err != nil {
			t.Errorf("case %d: blind: %v", i, err)
			return
		}
		for _, c := range []struct {
			name     string
			one, two solver.Minimum
		}{{"M_u", reduced.Free, blind.Free}, {"M*", reduced.Constrained, blind.Constrained}} {
			distance := whitenedDistance(t, p, c.one.Form, c.two.Form)
			if bound := c.one.DistanceBound + c.two.DistanceBound; !(distance <= bound) {
				t.Errorf("case %d: %s: blind and reduced differ by %.3g, the bounds allow %.3g\n%#v", i, c.name, distance, bound, p)
			}
		}
		f := oracle.Judge(p, blind.Free.Form, blind.Constrained.Form, blind.Free.DistanceBound)
		mutex.Lock()
		defer mutex.Unlock()
		verdicts[f.Containment]++
		if f.Containment == oracle.Holds {
			worst = math.Max(worst, f.Defect)
		}
		if f.Containment == oracle.Refuted {
			t.Errorf("case %d: containment refuted, defect %g\n%#v", i, f.Defect, p)
		}
	})
	t.Logf("containment of %d blind solves: holds %d, undecided %d, worst defect %.2g", cases, verdicts[oracle.Holds], verdicts[oracle.Undecided], worst)
	if verdicts[oracle.Holds] < cases*19/20 {
		t.Errorf("containment was certified in %d of %d cases only", verdicts[oracle.Holds], cases)
	}
}

// whitenedDistance is ‖LᵀM₁L − LᵀM₂L‖_F; forms are brought to whitened
// coordinates before they are subtracted, as their d×d entries lose digits.
func whitenedDistance(t *testing.T, p gmm.Pairs, one, two gmm.Form) float64 {
	t.Helper()
	w, err := p.Left.WhitenFull()
	if err != nil {
		t.Fatal(err)
	}
	whitened := func(f gmm.Form) *mat.Dense {
		if f.N == nil {
			return mat.NewDense(p.Left.Dimension(), p.Left.Dimension(), nil)
		}
		// In y = Λ⁻¹F₀ᵀx the frame F = Σ⁻¹U·Basis is Λ⁻¹F₀ᵀU·Basis, and F₀ itself Λᵀ.
		left := mat.DenseCopyOf(w.Root.T())
		if f.Left.Fisher {
			left.Reset()
			left.Mul(w.Means, f.Left.Basis)
		}
		var half, out mat.Dense
		half.Mul(left, f.N)
		out.Mul(&half, left.T())
		return &out
	}
	var diff mat.Dense
	diff.Sub(whitened(one), whitened(two))
	return mat.Norm(&diff, 2)
}
