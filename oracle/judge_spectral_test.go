package oracle_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

func readAny(t testing.TB, text string) gmm.Document {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// spectralMinimiser is S₂⁻¹T_δS₂⁻¹ in original coordinates, by general inversion.
func spectralMinimiser(p gmm.Pairs) *mat.SymDense {
	mean := gmm.Mean(p.Weights(), p.Left.Means().T())
	second, target := gmm.RawScatter(p.Weights(), p.Left.Means().T()), gmm.RawScatter(p.Weights(), p.Left.Means().T())
	for k, w := range p.Weights() {
		var weighted mat.SymDense
		weighted.ScaleSym(w, p.Left.Own(k))
		second.AddSym(second, &weighted)
	}
	target.ScaleSym(p.Delta(), target)
	target.SymRankOne(target, 1-p.Delta(), mean)
	var inverse, half, out mat.Dense
	if err := inverse.Inverse(second); err != nil {
		panic(err)
	}
	half.Mul(&inverse, target)
	out.Mul(&half, &inverse)
	d := p.Left.Dimension()
	m := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			m.SetSym(i, j, (out.At(i, j)+out.At(j, i))/2)
		}
	}
	return m
}

// The minimiser is judged rightly: equality for every δ > 0, even where InfoNCE
// loses a direction, and for own covariances; at δ = 0 only the mean's is left.
func TestSpectralLoss(t *testing.T) {
	for _, c := range []struct {
		name, text string
		equality   oracle.Verdict
		exact      bool
	}{
		{"two points", `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, oracle.Holds, false},
		{"swapped by a reflection", `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity", "delta": "1/16"}`, oracle.Holds, false},
		{"own covariances", `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, "-2/5"], ["-2/5", 1]]]}`, oracle.Holds, false},
		{"rare", `{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`, oracle.Holds, false},
		{"δ = 0, two directions", `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity", "delta": 0}`, oracle.Refuted, true},
		{"δ = 0, one direction", `{"weights": [1, 3], "means": [[2], [1]], "covariance": "identity", "delta": 0}`, oracle.Holds, false},
		{"δ = 0, centred", `{"weights": [1, 1], "means": [[2], [-2]], "covariance": "identity", "delta": 0}`, oracle.Refuted, true},
		{"no direction", `{"weights": [1, 1], "means": [[0], [0]], "covariance": "identity"}`, oracle.Holds, true},
		{"one component", `{"weights": [1], "means": [[1, 2]], "covariance": "identity"}`, oracle.Holds, false},
		{"a direction below float64", `{"weights": [1, 1], "means": [[1, 0], [1, "1e-30"]], "covariance": "identity"}`, oracle.Holds, true},
	} {
		p := readAny(t, c.text).Pairs
		f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: gmm.Plain(spectralMinimiser(p))})
		if f.Equality() != c.equality || f.Evidence.Exact != c.exact || f.Containment() != oracle.Holds {
			t.Errorf("%s: equality %v, exact %v, containment %v (%g), want %v, %v, holds: %+v", c.name,
				f.Equality(), f.Evidence.Exact, f.Containment(), f.Defect(), c.equality, c.exact, f.Evidence)
		}
		if f.Evidence.Epsilon > 1e-12 {
			t.Errorf("%s: the minimiser's distance is bounded by %.2g", c.name, f.Evidence.Epsilon)
		}
	}
}

// Floats have an exact rank, as other numbers do: that decides at δ = 0, where M* = μ̄μ̄ᵀ whitened.
func TestSpectralLossOfFloats(t *testing.T) {
	m, err := gmm.New([]float64{1, 3}, mat.NewDense(2, 2, []float64{2, 0, 0, 1}), mat.NewDiagDense(2, []float64{1, 1}))
	if err != nil {
		t.Fatal(err)
	}
	for delta, want := range map[float64]oracle.Verdict{1: oracle.Holds, 0.5: oracle.Holds, 0: oracle.Refuted} {
		pairs, err := gmm.NewPairs(m, gmm.Rationals(delta)[0])
		if err != nil {
			t.Fatal(err)
		}
		p := pairs
		if f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: gmm.Plain(spectralMinimiser(p))}); f.Equality() != want {
			t.Errorf("δ = %g: equality %v, want %v", delta, f.Equality(), want)
		}
	}
}

// Whatever the candidate: the distance is never below the true one, nor far above
// it; equality is never refuted at δ > 0, nor containment at any δ.
func TestSpectralLossOfWrongCandidates(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	bounded := 0
	const candidates = 300
	for i := range candidates {
		p, err := gmm.NewPairs(generators.General().Example(i), generators.Informative().Example(i))
		if err != nil {
			t.Fatal(err)
		}
		d := p.Left.Dimension()
		off := mat.NewSymDense(d, nil)
		size := math.Pow(10, -10*rng.Float64())
		for a := range d {
			for b := a; b < d; b++ {
				off.SetSym(a, b, size*rng.NormFloat64())
			}
		}
		moved := mat.NewSymDense(d, nil)
		moved.AddSym(spectralMinimiser(p), off)
		f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: gmm.Plain(moved)})
		if f.Equality() == oracle.Refuted && p.Pooled().Left.FisherDimension() > 0 || f.Containment() == oracle.Refuted {
			t.Errorf("case %d: equality %v, containment %v\n%#v", i, f.Equality(), f.Containment(), p)
		}
		if f.Evidence.Exact {
			continue
		}
		distance := oracle.WhitenedNorm(p.Left, off)
		if !(distance <= f.Evidence.Epsilon) {
			t.Errorf("case %d: at a distance of %.3g the bound is %.3g\n%#v", i, distance, f.Evidence.Epsilon, p)
		}
		// ‖½∇L‖ ≤ ‖S₂‖ times the distance: at most the largest second moment, whitened.
		if f.Evidence.Epsilon <= 100*distance+1e-11 {
			bounded++
		}
	}
	if bounded < candidates*3/4 {
		t.Errorf("only %d of %d bounds were of the order of the distance", bounded, candidates)
	}
}

// pairedMinimiser is S_V⁻¹XS_T⁻¹ in original coordinates, by general inversion.
func pairedMinimiser(p gmm.Pairs) *mat.Dense {
	inverse := func(m *gmm.Mixture) *mat.Dense {
		second := gmm.RawScatter(m.Weights(), m.Means().T())
		second.AddSym(second, m.Covariance())
		out := new(mat.Dense)
		if err := out.Inverse(second); err != nil {
			panic(err)
		}
		return out
	}
	x := gmm.CrossMoment(p.Weights(), mat.DenseCopyOf(p.Left.Means().T()), mat.DenseCopyOf(p.Right.Means().T()))
	var half, out mat.Dense
	half.Mul(inverse(p.Left), x)
	out.Mul(&half, inverse(p.Right))
	return &out
}

// Each side has equality iff rank X is its Fisher dimension.
func TestSpectralLossOfTwoModalities(t *testing.T) {
	const tail = `, "covariance": "identity"}`
	for _, c := range []struct {
		name, visual, text string
		want               [2]oracle.Verdict
	}{
		{"independent means", `[[1, 0], [0, 1]]`, `[[2, 1], [0, 1]]`, [2]oracle.Verdict{oracle.Holds, oracle.Holds}},
		{"a line beside a plane", `[[1, 0], [0, 1]]`, `[[1], [2]]`, [2]oracle.Verdict{oracle.Refuted, oracle.Holds}},
		{"two lines", `[[1], [-1]]`, `[[1, 1], [-1, -1]]`, [2]oracle.Verdict{oracle.Holds, oracle.Holds}},
		{"X = 0", `[[1], [-1]]`, `[[1], [1]]`, [2]oracle.Verdict{oracle.Refuted, oracle.Refuted}},
		{"nothing on one side", `[[1], [-1]]`, `[[0], [0]]`, [2]oracle.Verdict{oracle.Refuted, oracle.Holds}},
		{"faint beyond float64", `[[1, 0], [0, 1]]`, `[[1, 0], [1, "1e-30"]]`, [2]oracle.Verdict{oracle.Holds, oracle.Holds}},
	} {
		p := readAny(t, `{"weights": [1, 1], "visual": {"means": `+c.visual+tail+`, "text": {"means": `+c.text+tail+`}`).Pairs
		f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: gmm.Plain(pairedMinimiser(p))})
		if f.Sides[0].Equality != c.want[0] || f.Sides[1].Equality != c.want[1] || f.Sides[0].Containment != oracle.Holds || f.Sides[1].Containment != oracle.Holds {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
	// Three components of which each side shows two directions, in common only one.
	p := readAny(t, `{"weights": [1, 1, 2], "visual": {"means": [[1, 0], [-1, 0], [0, 1]], "covariance": "identity"},
		"text": {"means": [[1, 1], [1, 1], [0, 1]], "covariance": "identity"}}`).Pairs
	if f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: gmm.Plain(pairedMinimiser(p))}); f.Sides[0].Equality != oracle.Refuted ||
		f.Sides[1].Equality != oracle.Refuted || !f.Evidence.Exact {
		t.Errorf("X of rank one beside planes: %+v", f)
	}
}

func TestSpectralLossOfTwoModalitiesOfWrongCandidates(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	held := 0
	const candidates = 300
	for i := range candidates {
		p := generators.Paired().Example(i)
		size := math.Pow(10, -10*rng.Float64())
		off := mat.NewDense(p.Left.Dimension(), p.Right.Dimension(), nil)
		off.Apply(func(_, _ int, _ float64) float64 { return size * rng.NormFloat64() }, off)
		var moved, left, right, square mat.Dense
		moved.Add(pairedMinimiser(p), off)
		left.Mul(p.Left.Covariance(), off)
		right.Mul(p.Right.Covariance(), off.T())
		square.Mul(&left, &right)
		distance := math.Sqrt(mat.Trace(&square))
		f := oracle.Judge(oracle.Spectral, p, oracle.Candidates{Free: gmm.Plain(&moved)})
		rank := p.MomentRank()
		for name, side := range map[string]struct {
			found oracle.Side
			s     int
		}{"visual": {f.Sides[0], p.Left.FisherDimension()}, "text": {f.Sides[1], p.Right.FisherDimension()}} {
			if (side.found.Equality == oracle.Holds) != (rank == side.s) || side.found.Equality == oracle.Undecided || side.found.Containment == oracle.Refuted {
				t.Errorf("case %d, %s: equality %v, containment %v; X has rank %d, S_F dimension %d\n%#v", i, name,
					side.found.Equality, side.found.Containment, rank, side.s, p)
			}
		}
		if f.Spectrum == nil {
			continue
		}
		held++
		if !(distance <= f.Evidence.Epsilon) {
			t.Errorf("case %d: at a distance of %.3g the bound is %.3g\n%#v", i, distance, f.Evidence.Epsilon, p)
		}
	}
	if held < candidates/2 {
		t.Errorf("only %d of %d candidates were measured", held, candidates)
	}
}
