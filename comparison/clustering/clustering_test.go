package clustering_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/comparison/clustering"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

var scores = []struct {
	name string
	of   func(a, b []int) float64
}{{"adjusted Rand index", clustering.AdjustedRand}, {"adjusted mutual information", clustering.AdjustedMutualInformation}}

// Small tables by hand; scikit-learn documents the same values of the Rand index.
//
// 0011 and 0012: pairs 1 of 2 and 1, expected 2·1/6 = ⅓, so (1 − ⅓)/(3/2 − ⅓) = 4/7. In
// units of log 2, MI = 1, H = 1 and 3/2, E = 2·½·⅙ + 4·¼·½ = ⅔, so (1 − ⅔)/(5/4 − ⅔) = 4/7.
//
// 000111 and 001122: pairs 2 of 6 and 3, expected 6·3/15 = 6/5, so (2 − 6/5)/(9/2 − 6/5) =
// 8/33. MI = ⅔ log 2, H = log 2 and log 3, E = 6·⅓·⅕ log 2 = ⅖ log 2.
//
// 0011 and 0101: pairs 0 of 2 and 2, expected ⅔, so −⅔/(2 − ⅔) = −½. MI = 0, H = log 2
// twice, E = 4·½·⅙ log 2 = ⅓ log 2, so −⅓/(1 − ⅓) = −½.
func TestScoresByHand(t *testing.T) {
	for _, c := range []struct {
		a, b      []int
		rand, ami float64
	}{
		{[]int{0, 0, 1, 1}, []int{0, 0, 1, 2}, 4.0 / 7, 4.0 / 7},
		{[]int{0, 0, 0, 1, 1, 1}, []int{0, 0, 1, 1, 2, 2}, 8.0 / 33, (2.0/3 - 0.4) * math.Ln2 / (math.Log(6)/2 - 0.4*math.Ln2)},
		{[]int{0, 0, 1, 1}, []int{0, 1, 0, 1}, -0.5, -0.5},
		{[]int{0, 0, 0, 0}, []int{0, 1, 2, 3}, 0, 0},
		{[]int{0, 0, 1, 1}, []int{1, 1, 0, 0}, 1, 1},
		{[]int{0, 0}, []int{3, 3}, 1, 1},
		{[]int{0, 1, 2}, []int{2, 1, 0}, 1, 1},
		{[]int{4}, []int{0}, 1, 1},
	} {
		for i, want := range []float64{c.rand, c.ami} {
			if got := scores[i].of(c.a, c.b); math.Abs(got-want) > 1e-14 {
				t.Errorf("%s of %v and %v is %.16g, want %.16g", scores[i].name, c.a, c.b, got, want)
			}
		}
	}
}

func labels(n, k int) *rapid.Generator[[]int] { return rapid.SliceOfN(rapid.IntRange(0, k-1), n, n) }

// Both scores are symmetric, at most 1, and blind to names of labels and to the
// order of samples; and 1 exactly for one partition.
func TestScoresAreInvariant(t *testing.T) {
	ran := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		a, b := labels(n, 4).Draw(t, "a"), labels(n, 5).Draw(t, "b")
		names := rapid.Permutation([]int{0, 1, 2, 3, 9}).Draw(t, "names")
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		renamed, shuffled, moved := make([]int, n), make([]int, n), make([]int, n)
		for i := range n {
			renamed[i] = names[a[i]]
			shuffled[i], moved[i] = a[order[i]], b[order[i]]
		}
		ran++
		const rounding = 1e-12 // of up to 30 terms, over a denominator of at least 1/30 or so
		for _, s := range scores {
			x := s.of(a, b)
			for _, other := range []float64{s.of(b, a), s.of(renamed, b), s.of(shuffled, moved)} {
				if math.Abs(x-other) > rounding || !(x <= 1) {
					t.Fatalf("%s is not invariant: %v", s.name, fmt.Sprint(a, b))
				}
			}
			if s.of(a, renamed) != 1 {
				t.Fatalf("%s of one partition is not 1: %v", s.name, a)
			}
		}
	})
	if ran < 20 {
		t.Errorf("only %d cases ran", ran)
	}
}

// Averaged over all orders of one labeling both scores vanish: their definition.
// With 7 samples these are 5040 orders, and the average is exact to rounding.
func TestScoresVanishOnAverage(t *testing.T) {
	a, b := []int{0, 0, 0, 1, 1, 2, 2}, []int{0, 0, 1, 1, 1, 1, 2}
	for _, s := range scores {
		var sum float64
		count := 0
		permutations(b, func(order []int) {
			sum += s.of(a, order)
			count++
		})
		if mean := sum / float64(count); count != 5040 || math.Abs(mean) > 1e-13 {
			t.Errorf("%s averages %g over %d orders", s.name, mean, count)
		}
	}
}

// permutations visits all orders of a slice, by Heap's algorithm.
func permutations(x []int, visit func([]int)) {
	var permute func(n int)
	permute = func(n int) {
		if n == 1 {
			visit(x)
			return
		}
		for i := range n {
			permute(n - 1)
			j := 0
			if n%2 == 0 {
				j = i
			}
			x[j], x[n-1] = x[n-1], x[j]
		}
	}
	permute(len(x))
}

// blobs draws k groups of n points around corners that are 10 apart.
func blobs(k, n int, rng *rand.Rand) clustering.Labelled {
	x := mat.NewDense(k*n, 2, nil)
	y := make([]int, k*n)
	for i := range k * n {
		y[i] = i % k
		x.SetRow(i, []float64{10*float64(y[i]%2) + rng.NormFloat64(), 10*float64(y[i]/2) + rng.NormFloat64()})
	}
	return clustering.Labelled{X: x, Labels: y}
}

func TestKMeansFindsBlobs(t *testing.T) {
	for seed := range uint64(20) {
		b := blobs(4, 30, rand.New(rand.NewPCG(seed, 1)))
		got, inertia := clustering.KMeans(b.X, 4, 10, rand.New(rand.NewPCG(seed, 2)))
		if clustering.AdjustedRand(b.Labels, got) != 1 {
			t.Errorf("seed %d: the blobs are not found", seed)
		}
		// 120 points in two dimensions about their own means: χ² with 232 degrees of freedom.
		if degrees := 232.0; math.Abs(inertia-degrees) > 6*math.Sqrt(2*degrees) {
			t.Errorf("seed %d: inertia %g", seed, inertia)
		}
	}
}

// Nearest centres and centres of mass: a fixed point of Lloyd's iteration, with the
// inertia that it claims; and the seed determines it.
func TestKMeansIsAFixedPoint(t *testing.T) {
	ran := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		k := rapid.IntRange(1, n).Draw(t, "k")
		x := mat.NewDense(n, 2, nil)
		for i := range n {
			for j := range 2 {
				x.Set(i, j, float64(rapid.IntRange(-4, 4).Draw(t, "coordinate")))
			}
		}
		found, inertia := clustering.KMeans(x, k, 3, rand.New(rand.NewPCG(1, 1)))
		again, _ := clustering.KMeans(x, k, 3, rand.New(rand.NewPCG(1, 1)))
		if fmt.Sprint(found) != fmt.Sprint(again) {
			t.Fatalf("one seed, two results")
		}
		ran++
		means, counts := mat.NewDense(k, 2, nil), make([]float64, k)
		for i, c := range found {
			counts[c]++
			for j := range 2 {
				means.Set(c, j, means.At(c, j)+x.At(i, j))
			}
		}
		var sum float64
		for i, c := range found {
			own := math.Pow(x.At(i, 0)-means.At(c, 0)/counts[c], 2) + math.Pow(x.At(i, 1)-means.At(c, 1)/counts[c], 2)
			sum += own
			for other := range k {
				if counts[other] == 0 {
					continue
				}
				d := math.Pow(x.At(i, 0)-means.At(other, 0)/counts[other], 2) + math.Pow(x.At(i, 1)-means.At(other, 1)/counts[other], 2)
				if d < own-1e-9 {
					t.Fatalf("a point is nearer to another centre")
				}
			}
		}
		if math.Abs(sum-inertia) > 1e-9 {
			t.Fatalf("the inertia is wrong")
		}
	})
	if ran < 20 {
		t.Errorf("only %d cases ran", ran)
	}
}

func TestAccuraciesByHand(t *testing.T) {
	// On a line: class 0 at 0 and 10, mean 5; class 1 at 6 and 8, mean 7.
	training := clustering.Labelled{X: mat.NewDense(4, 1, []float64{0, 10, 6, 8}), Labels: []int{0, 0, 1, 1}}
	// Nearest neighbours say 0, 1, 0, 1, and nearest means 0, 0, 1, 1.
	test := clustering.Labelled{X: mat.NewDense(4, 1, []float64{1, 5, 11, 7}), Labels: []int{0, 0, 0, 1}}
	if got := clustering.NearestNeighbourAccuracy(training, test); got != 0.75 {
		t.Errorf("nearest neighbours are right in %g, want 3/4", got)
	}
	if got := clustering.NearestCentroidAccuracy(training, test); got != 0.75 {
		t.Errorf("nearest centroids are right in %g, want 3/4", got)
	}
	test.Labels = []int{0, 0, 1, 1}
	if one, all := clustering.NearestNeighbourAccuracy(training, test), clustering.NearestCentroidAccuracy(training, test); one != 0.5 || all != 1 {
		t.Errorf("accuracies %g and %g, want 1/2 and 1", one, all)
	}
	test.Labels = []int{5, 0, 1, 1} // a class that training lacks is always missed
	if all := clustering.NearestCentroidAccuracy(training, test); all != 0.75 {
		t.Errorf("accuracy %g, want 3/4", all)
	}
}

func TestMismatchesPanic(t *testing.T) {
	x := mat.NewDense(2, 1, []float64{0, 1})
	for name, f := range map[string]func(){
		"lengths":         func() { clustering.AdjustedRand([]int{0}, []int{0, 1}) },
		"nothing":         func() { clustering.AdjustedMutualInformation(nil, nil) },
		"negative labels": func() { clustering.AdjustedRand([]int{-1}, []int{0}) },
		"clusters":        func() { clustering.KMeans(x, 3, 1, rand.New(rand.NewPCG(1, 1))) },
		"labels": func() {
			clustering.NearestNeighbourAccuracy(clustering.Labelled{X: x}, clustering.Labelled{X: x, Labels: []int{0, 1}})
		},
		"coordinates": func() {
			clustering.NearestCentroidAccuracy(clustering.Labelled{X: x, Labels: []int{0, 1}}, clustering.Labelled{X: mat.NewDense(1, 2, nil), Labels: []int{0}})
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
