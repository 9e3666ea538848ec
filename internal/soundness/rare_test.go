package soundness

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// rare lists the mixtures of testdata/rare and the least eigenvalue of their M_u on S_F,
// the truth as the blocks have it. Each is a product of a planar block, whose last
// component is rare and far, and a regular simplex; a finder blind to the rare component finds
// the other sign, at the same time that nothing tells it that it is wrong.
var rare = map[string]float64{
	"holds-01.json":   8.30257e-05,
	"holds-02.json":   0.00137368,
	"holds-03.json":   0.000185031,
	"holds-04.json":   0.00359823,
	"holds-05.json":   0.00422459,
	"holds-06.json":   5.36827e-06,
	"holds-07.json":   0.000494888,
	"refuted-00.json": -4.56822506e-05,
	"refuted-01.json": -0.000164424,
	"refuted-02.json": -3.07433e-06,
	"refuted-03.json": -0.00021061,
	"refuted-04.json": -0.000267908,
	"refuted-05.json": -4.39512e-05,
	"refuted-06.json": -3.67205e-05,
	"refuted-07.json": -7.81677e-05,
	"refuted-08.json": -0.000237401,
	"refuted-09.json": -5.9059e-05,
	"refuted-10.json": -2.42074e-05,
	"refuted-11.json": -0.000157878,
	"refuted-12.json": -0.000286086,
	"refuted-13.json": -5.86584e-05,
	"refuted-14.json": -4.25094e-05,
	"refuted-15.json": -3.95745e-05,
	"refuted-16.json": -4.28557e-05,
}

// readRare reads a mixture and its blocks: components are ordered by the planar block first,
// whose means are the first two coordinates.
func readRare(t *testing.T, file string) (gmm.Pairs, truth, simplex) {
	t.Helper()
	r, err := os.Open(filepath.Join("testdata", "rare", file))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	f, err := gmm.Read(file, r)
	if err != nil {
		t.Fatal(err)
	}
	means, weights := mat.DenseCopyOf(f.Pairs.Left.Means().T()), f.Pairs.Weights()
	_, k := means.Dims()
	corners := 1
	for corners < k && means.At(0, corners) == means.At(0, 0) && means.At(1, corners) == means.At(1, 0) {
		corners++
	}
	b := planar{delta: f.Pairs.Delta()}
	var raw []float64
	for first := 0; first < k; first += corners {
		b.visual = append(b.visual, vec{means.At(0, first), means.At(1, first)})
		raw = append(raw, weights[first])
	}
	b.weigh(raw)
	x := simplex{n: corners, delta: b.delta}
	size := 0.0
	d, _ := means.Dims()
	for i := 2; i < d; i++ {
		size += means.At(i, 0) * means.At(i, 0)
	}
	x.visual = math.Sqrt(size / (1 - 1/float64(corners)))
	return f.Pairs, truth{planar: b, raw: raw, hidden: []int{len(raw) - 1}}, x
}

// form is M ⊕ mP of a mixture of readRare, P the projection onto the simplex.
func form(t *testing.T, p gmm.Pairs, m square, x simplex, scale float64) gmm.Form {
	t.Helper()
	w, err := p.Left.WhitenFisher()
	if err != nil {
		t.Fatal(err)
	}
	d := p.Left.Dimension()
	full := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			switch {
			case i < 2:
				full.SetSym(i, j, m[i][j])
			case j < 2:
			case d == 1+x.n:
				full.SetSym(i, j, scale*delta(i, j))
			default: // corners on the axes, less their mean
				full.SetSym(i, j, scale*(delta(i, j)-1/float64(x.n)))
			}
		}
	}
	return w.Form(w.Restriction(p.Left, full))
}

// distance is ‖M − M′‖_F of two forms in the same frame that whitens.
func distance(a, b gmm.Form) float64 {
	var diff mat.Dense
	diff.Sub(a.N, b.N)
	return mat.Norm(&diff, 2)
}

func delta(i, j int) float64 {
	if i == j {
		return 1
	}
	return 0
}

// A finder that is blind to a rare component and claims little, as one does that samples or
// refines where it is, makes no false verdict, and an honest one neither.
func TestRareComponentsMakeNoFalseVerdict(t *testing.T) {
	const claim = 1e-7
	every := max(1, 8/enough.Cases(1)) // all of them in the long run
	files := slices.Sorted(maps.Keys(rare))
	for i := 0; i < len(files); i += every {
		file := files[i]
		lambda := rare[file]
		p, b, x := readRare(t, file)
		blind, err := b.without(b.hidden).minimise(square{})
		if err != nil {
			t.Fatal(err)
		}
		at := form(t, p, blind, x, x.minimise())
		start := time.Now()
		f := oracle.Judge(oracle.InfoNCE, p, oracle.Candidates{Free: at, Constrained: at, Claimed: claim})
		t.Logf("%s: %v by %v, margin %.4g ± %.2g, truth %.4g, %v", file, f.Equality(), f.Evidence.Grade, f.Margin(), f.Evidence.Epsilon, lambda, time.Since(start).Round(time.Millisecond))
		if lambda < 0 && f.Equality() == oracle.Holds || lambda > 0 && f.Equality() == oracle.Refuted {
			t.Errorf("%s: %v by %v, but the least eigenvalue is %.10g", file, f.Equality(), f.Evidence.Grade, lambda)
		}
		if f.Margin()*lambda > 0 {
			t.Errorf("%s: the blind margin %.4g has the sign of the truth, %.4g", file, f.Margin(), lambda)
		}
		if away := math.Abs(f.Margin() - lambda); !(f.Evidence.Epsilon >= away) {
			t.Errorf("%s: known to ±%.3g, but %.3g off", file, f.Evidence.Epsilon, away)
		}
	}
	if len(rare) < 16 {
		t.Errorf("expected sixteen mixtures or more, found %d", len(rare))
	}
}
