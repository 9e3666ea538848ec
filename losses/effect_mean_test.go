package losses_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// OnlyTheMean is what its definition says of what was found, and a claim of it survives a solve that is a thousand times finer.
func TestOnlyTheMean(t *testing.T) {
	claims := map[bool]int{}
	for seed := range enough.Cases(300) {
		p := offCentre(t, seed)
		found, e := decided(t, p)
		if found.Findings.Equality() != oracle.Refuted || e.Differences == 0 {
			if e.OnlyTheMean && e.Differences > 0 {
				t.Fatalf("seed %d: only the mean is lost where nothing is known to be", seed)
			}
			continue
		}
		finer, err := losses.Decide(context.Background(), losses.InfoNCE, p, losses.Options{Tolerance: 1e-13})
		if err != nil {
			t.Fatal(err)
		}
		again := finer.Effects(losses.InfoNCE, losses.Options{})[0]
		least := leastDifference(p, finer)
		want := least >= 0.95
		claims[want]++
		if e.OnlyTheMean != want && math.Abs(least-0.95) > 1e-6 {
			t.Errorf("seed %d: only the mean is lost: %v, want %v, the worst direction keeping %g", seed, e.OnlyTheMean, want, least)
		}
		if e.OnlyTheMean && again.Pairs[0].Share() < 0.95 {
			t.Errorf("seed %d: only the mean is lost, and a pair keeps %g", seed, again.Pairs[0].Share())
		}
	}
	if claims[true] < enough.Least(5) || claims[false] < enough.Least(5) {
		t.Errorf("it was true %d times and false %d", claims[true], claims[false])
	}
}

// leastDifference is the least part of its length that a difference of means keeps in Col(A*), for identity covariance: the least singular value of QᵀB, the columns of
// Q and B being orthonormal, of Col(A*) and of the differences.
func leastDifference(p gmm.Pairs, d losses.Decision) float64 {
	means := p.Left.Means()
	k, dim := means.Dims()
	differences := mat.NewDense(dim, k-1, nil)
	for j := range k - 1 {
		for i := range dim {
			differences.Set(i, j, means.At(j+1, i)-means.At(0, i))
		}
	}
	span := func(a *mat.Dense) *mat.Dense {
		var svd mat.SVD
		svd.Factorize(a, mat.SVDThin)
		var u mat.Dense
		svd.UTo(&u)
		return u.Slice(0, dim, 0, svd.Rank(1e-12)).(*mat.Dense)
	}
	basis, columns := span(differences), span(d.Candidate.Constrained.Left.Columns)
	_, s := basis.Dims()
	if _, r := columns.Dims(); r < s {
		return 0
	}
	var inside mat.Dense
	inside.Mul(columns.T(), basis)
	var svd mat.SVD
	svd.Factorize(&inside, mat.SVDNone)
	return svd.Values(nil)[s-1]
}

// offCentre draws 2 to 4 components with a mean that may be far from the origin, so that a direction is often lost.
func offCentre(t *testing.T, seed int) gmm.Pairs {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(seed), 7))
	k := 2 + rng.IntN(3)
	d := k + rng.IntN(2)
	grid := func(size float64) float64 { return math.Round(16*size*rng.NormFloat64()) / 16 }
	offset, weights, means := make([]float64, d), make([]float64, k), mat.NewDense(k, d, nil)
	far := 2 + 3*rng.Float64()
	for j := range offset {
		offset[j] = grid(far)
	}
	for i := range k {
		weights[i] = float64(1 + rng.IntN(4))
		for j := range d {
			means.Set(i, j, offset[j]+grid(1))
		}
	}
	m, err := gmm.New(weights, means, mat.NewDiagDense(d, slices.Repeat([]float64{1}, d)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Components that are far apart along one direction keep their distances where the other one in which they differ is lost, and the mean kept: that is not the mean.
func TestOnlyTheMeanIsNotADirectionOfDifferences(t *testing.T) {
	for _, text := range []string{
		`{"weights": [8, 6, 4], "means": [["-0.55", "1.87", "0.07"], ["-1.12", "-1.73", "0.07"], ["-0.93", "-0.78", "0.07"]], "covariance": "identity"}`,
		`{"weights": [3, 1, 119], "means": [[0, 5, "5/2"], [0, 9, "5/2"], ["-1/5", -2, "5/2"]], "covariance": "identity"}`,
	} {
		p := read(t, text)
		d, e := decided(t, p)
		if d.Findings.Equality() != oracle.Refuted || e.Rank != 2 || e.Pairs[0].Share() < 0.99 || leastDifference(p, d) > 0.1 {
			t.Fatalf("%s: %v, %+v, the worst direction keeping %g", text, d.Findings.Equality(), e, leastDifference(p, d))
		}
		if meaning := d.Findings.Meaning(e); e.OnlyTheMean || !strings.HasSuffix(meaning, "what is lost is not the mean alone.") {
			t.Errorf("%s: only the mean is lost: %v; %s", text, e.OnlyTheMean, meaning)
		}
	}
}

// A candidate that is no minimiser certifies nothing, however much it keeps.
func TestOnlyTheMeanRestsOnTheOracle(t *testing.T) {
	planted := 0
	for seed := 0; planted < 3 && seed < 400; seed++ {
		p := offCentre(t, seed)
		d, e := decided(t, p)
		if d.Findings.Equality() != oracle.Refuted || e.OnlyTheMean {
			continue
		}
		c := oracle.Candidates{Free: d.Candidate.Free.Form, Constrained: gmm.Plain(identity(p.Left.Dimension()))}
		everything := oracle.Effects(losses.InfoNCE.Oracle, p, c, p.Left.Dimension(), d.Findings)[0]
		if everything.Share() < 1-1e-12 {
			t.Errorf("seed %d: all directions keep %g of the discriminant", seed, everything.Share())
		}
		if everything.OnlyTheMean {
			t.Errorf("seed %d: a matrix that is no minimiser certifies that only the mean is lost", seed)
		}
		planted++
	}
	if planted == 0 {
		t.Error("no mixture loses a direction that separates")
	}
}

// Components near a line keep all of their distances along it, but one dimension of their differences less: that is not the mean alone.
func TestOnlyTheMeanKeepsDimensions(t *testing.T) {
	p := read(t, `{"weights": [1, 1, 1], "means": [[0, 0], [8, 0], [4, "1/8"]], "covariance": "identity"}`)
	p, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	d, _ := decided(t, p)
	d.Findings.Sides[0].Equality = oracle.Refuted // planted
	c := oracle.Candidates{Free: d.Candidate.Free.Form, Constrained: d.Candidate.Constrained.Form}
	e := oracle.Effects(losses.InfoNCE.Oracle, p, c, 1, d.Findings)[0]
	if e.Rank != 1 || e.Pairs[0].Share() < 0.99 {
		t.Fatalf("a line should keep all distances: %+v", e)
	}
	if e.OnlyTheMean {
		t.Error("two dimensions of differences became one, and only the mean is said to be lost")
	}
}
