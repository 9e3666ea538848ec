package losses_test

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// decided is a decision with what its representation keeps.
func decided(t fataler, p gmm.Pairs) (losses.Decision, oracle.Effect) {
	d, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{})
	if err != nil {
		t.Fatal("no decision")
	}
	return d, d.Effects(losses.InfoNCE, losses.Options{})[0]
}

type fataler interface{ Fatal(...any) }

// everyKind draws mixtures of every kind: raw and centred, of two and of more components, some of which lose a direction.
func everyKind(t *rapid.T) gmm.Pairs {
	m := rapid.OneOf(generators.SharedCovariance(), generators.Spherical(), generators.Centred(), generators.Distinct(), generators.ParallelPancakes(),
		generators.OrthogonalMean(), generators.RareOutliersOf(4, 2)).Draw(t, "mixture")
	if rapid.Bool().Draw(t, "far from the origin") {
		m = moved(t, m, rapid.Int64Range(2, 6).Draw(t, "by"))
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal("no pairs")
	}
	return p
}

// moved has all coordinates of all means moved.
func moved(t *rapid.T, m *gmm.Mixture, by int64) *gmm.Mixture {
	e := m.Exact()
	means := make([][]*big.Rat, len(e.Means))
	for k, mean := range e.Means {
		for _, x := range mean {
			means[k] = append(means[k], new(big.Rat).Add(x, big.NewRat(by, 1)))
		}
	}
	e.Means = means
	out, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal("no mixture")
	}
	return out
}

// byDefinition are the numbers of an effect from A as it is printed, by solving with Σ and AᵀΣA themselves.
type byDefinition struct {
	m                *gmm.Mixture
	a                *mat.Dense
	sigma, embedded  mat.Matrix // Σ, AᵀΣA
	whole, remaining float64
}

func define(m *gmm.Mixture, a *mat.Dense) byDefinition {
	d := byDefinition{m: m, a: a, sigma: m.Covariance()}
	if a != nil {
		var half, embedded mat.Dense
		half.Mul(d.sigma, a)
		embedded.Mul(a.T(), &half)
		d.embedded = &embedded
	}
	// tr[Σ⁻¹B] and tr[(AᵀΣA)⁻¹AᵀBA], with the scatter B about the mean.
	b := gmm.CentredScatter(m.Weights(), m.Means().T())
	d.whole = traceOfRatio(d.sigma, b)
	if a != nil {
		var half, inside mat.Dense
		half.Mul(b, a)
		inside.Mul(a.T(), &half)
		d.remaining = traceOfRatio(d.embedded, &inside)
	}
	return d
}

// traceOfRatio is tr[W⁻¹B].
func traceOfRatio(w, b mat.Matrix) float64 {
	var x mat.Dense
	if err := x.Solve(w, b); err != nil {
		return math.NaN()
	}
	return mat.Trace(&x)
}

// difference is δ = μ_k − μ_l, and Aᵀδ; nil without columns.
func (d byDefinition) difference(k, l int) (delta, embedded *mat.VecDense) {
	means := d.m.Means()
	delta = mat.NewVecDense(d.m.Dimension(), nil)
	delta.SubVec(means.RowView(k), means.RowView(l))
	if d.a != nil {
		embedded = new(mat.VecDense)
		embedded.MulVec(d.a.T(), delta)
	}
	return delta, embedded
}

// length is √(xᵀW⁻¹x).
func length(w mat.Matrix, x *mat.VecDense) float64 {
	var y mat.VecDense
	if err := y.SolveVec(w, x); err != nil {
		return math.NaN()
	}
	return math.Sqrt(max(0, mat.Dot(x, &y)))
}

// What a representation keeps agrees with the definitions, evaluated by other formulas; pairs come worst first.
func TestEffectAgreesWithDefinitions(t *testing.T) {
	compared, lossy := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := everyKind(t)
		found, e := decided(t, p)
		d := define(p.Left, found.Candidate.Constrained.Left.Columns)
		size := 1 + mat.Norm(p.Left.Means(), 2)
		const digits = 1e-7 // of what a solve with Σ keeps
		if !(math.Abs(e.Discriminant-d.whole) <= digits*size*size && math.Abs(e.Kept-d.remaining) <= digits*size*size) {
			t.Fatal("the discriminant is another by its definition")
		}
		last := 0.0
		for _, pair := range e.Pairs {
			delta, embedded := d.difference(pair.First, pair.Second)
			if !(math.Abs(pair.Mahalanobis-length(d.sigma, delta)) <= digits*size) {
				t.Fatal("a Mahalanobis distance is another by its definition")
			}
			if pair.Share() < last-1e-8 {
				t.Fatal("pairs are not ordered by what they keep")
			}
			last = pair.Share()
			if embedded == nil {
				if pair.Kept != 0 || pair.Separation != 0 {
					t.Fatal("without columns something is kept")
				}
				continue
			}
			if !(math.Abs(pair.Kept-length(d.embedded, embedded)) <= digits*size) {
				t.Fatal("a distance that is kept is another by its definition")
			}
			square := mat.Dot(embedded, embedded)
			if variance := mat.Inner(embedded, d.embedded, embedded); pair.Kept > 1e-3 && math.Abs(pair.Separation-square/math.Sqrt(variance)) > digits*size {
				t.Fatal("a Euclidean separation is another by its definition")
			}
			compared++
			if pair.Share() < 0.99 {
				lossy++
			}
		}
		if found.Findings.Equality() == oracle.Holds && e.Discriminant > 0 && e.Share() < 1-1e-9 {
			t.Fatal("equality holds, and some of the discriminant is lost")
		}
	})
	if compared < 10 || !testing.Short() && lossy < 2 {
		t.Errorf("%d pairs compared, of which %d lose a hundredth", compared, lossy)
	}
}

// Nearest-mean rules err as often on samples as the distances say: in all coordinates and in the embedding measured by AᵀΣA, Φ(−½ Mahalanobis), and in the embedding
// as it is, Φ(−½ Separation).
func TestEffectAgreesWithSampledErrors(t *testing.T) {
	const samples = 4000
	compared := 0
	for seed := range enough.Cases(200) {
		m := rapid.OneOf(generators.SharedCovariance(), generators.Distinct(), generators.ParallelPancakes()).Example(seed)
		p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
		if err != nil {
			t.Fatal(err)
		}
		found, e := decided(t, p)
		d := define(m, found.Candidate.Constrained.Left.Columns)
		if d.a == nil {
			continue
		}
		sampler, err := p.NewSampler(rand.New(rand.NewPCG(uint64(seed), 21)))
		if err != nil {
			t.Fatal(err)
		}
		pair := e.Pairs[0]
		if pair.Kept < 1e-6 {
			continue
		}
		delta, embedded := d.difference(pair.First, pair.Second)
		var all, inside mat.VecDense // covectors of the optimal rules
		if all.SolveVec(d.sigma, delta) != nil || inside.SolveVec(d.embedded, embedded) != nil {
			t.Fatal("not solved")
		}
		middle := mat.NewVecDense(m.Dimension(), nil)
		middle.AddVec(m.Means().RowView(pair.First), m.Means().RowView(pair.Second))
		middle.ScaleVec(0.5, middle)
		var wrong [3]float64
		for range samples {
			x := mat.NewVecDense(m.Dimension(), sampler.Left(pair.First))
			x.SubVec(x, middle)
			var y mat.VecDense
			y.MulVec(d.a.T(), x)
			for i, score := range []float64{mat.Dot(&all, x), mat.Dot(&inside, &y), mat.Dot(embedded, &y)} {
				if score < 0 {
					wrong[i]++
				}
			}
		}
		compared++
		for i, distance := range []float64{pair.Mahalanobis, pair.Kept, pair.Separation} {
			want := math.Erfc(distance/2/math.Sqrt2) / 2
			const deviations = 5 // one in a million
			if off := math.Abs(wrong[i]/samples - want); off > deviations*math.Sqrt(want*(1-want)/samples)+2.0/samples {
				t.Errorf("seed %d: rule %d errs in %.4f of the samples, want %.4f", seed, i, wrong[i]/samples, want)
			}
		}
	}
	if least := enough.Cases(200) * 2 / 5; compared < least {
		t.Errorf("only %d mixtures were compared, want %d", compared, least)
	}
}
