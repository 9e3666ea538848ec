package soundness

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// blocksApart puts two mixtures side by side: with independent components, or beside means of 0, so that M* may lose a direction of either.
func blocksApart(rng *rand.Rand, one, other *gmm.Mixture) (*gmm.Mixture, error) {
	a, b := one.Exact(), other.Exact()
	d, n := one.Dimension(), other.Dimension()
	var e gmm.Exact
	add := func(weight *big.Rat, left, right []*big.Rat) {
		e.Weights = append(e.Weights, weight)
		e.Means = append(e.Means, append(append([]*big.Rat{}, left...), right...))
	}
	if rng.IntN(2) == 0 { // a product
		for i, w := range a.Weights {
			for j, v := range b.Weights {
				add(new(big.Rat).Mul(w, v), a.Means[i], b.Means[j])
			}
		}
	} else {
		for i, w := range a.Weights {
			add(w, a.Means[i], zeros(n))
		}
		for j, v := range b.Weights {
			add(v, zeros(d), b.Means[j])
		}
	}
	for i := range d + n {
		row := zeros(d + n)
		switch {
		case i < d:
			copy(row, a.Covariance[i])
		default:
			copy(row[d:], b.Covariance[i-d])
		}
		e.Covariance = append(e.Covariance, row)
	}
	return gmm.NewExact(e)
}

func zeros(n int) []*big.Rat {
	out := make([]*big.Rat, n)
	for i := range out {
		out[i] = new(big.Rat)
	}
	return out
}

// flattened shrinks the second coordinate of means by 2^−n, so that they are nearly collinear.
func flattened(m *gmm.Mixture, n uint) (*gmm.Mixture, error) {
	e := m.Exact()
	small := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), n))
	means := make([][]*big.Rat, len(e.Means))
	for k, mean := range e.Means {
		means[k] = append([]*big.Rat{}, mean...)
		if len(mean) > 1 {
			means[k][1] = new(big.Rat).Mul(mean[1], small)
		}
	}
	e.Means = means
	return gmm.NewExact(e)
}

// shifted adds an offset to all means.
func shifted(m *gmm.Mixture, offset []*big.Rat) (*gmm.Mixture, error) {
	e := m.Exact()
	means := make([][]*big.Rat, len(e.Means))
	for k, mean := range e.Means {
		for c, x := range mean {
			means[k] = append(means[k], new(big.Rat).Add(x, offset[c]))
		}
	}
	e.Means = means
	return gmm.NewExact(e)
}

// directionCase draws mixture i, with its kind.
func directionCase(i int) (p gmm.Pairs, kind string, err error) {
	rng := rand.New(rand.NewPCG(21, uint64(i)))
	outlier := func() *gmm.Mixture { return generators.NearOutlier().Example(rng.IntN(1 << 20)) }
	plain := func() *gmm.Mixture {
		draws := []interface{ Example(...int) *gmm.Mixture }{generators.Distinct(), generators.Centred(), generators.RareOutlier(), generators.NearDegenerate()}
		return draws[rng.IntN(len(draws))].Example(rng.IntN(1 << 20))
	}
	var m *gmm.Mixture
	switch kinds := []string{"plain", "plain", "two blocks", "nearly collinear", "far"}; kinds[i%len(kinds)] {
	case "plain":
		kind, m = "plain", plain()
	case "two blocks":
		kind = "two blocks"
		m, err = blocksApart(rng, outlier(), generators.Distinct().Example(rng.IntN(1<<20)))
	case "nearly collinear":
		kind = "nearly collinear"
		m, err = flattened(plain(), uint(rng.IntN(41)))
	case "far":
		kind = "far"
		base := plain()
		offset := make([]*big.Rat, base.Dimension())
		for c := range offset {
			offset[c] = big.NewRat(int64(math.Pow(10, float64(rng.IntN(9)))), 1)
		}
		m, err = shifted(base, offset)
	}
	if err != nil {
		return p, kind, err
	}
	delta := big.NewRat(1, 1)
	if rng.IntN(3) == 0 {
		delta = big.NewRat(int64(1+rng.IntN(7)), 8)
	}
	p, err = gmm.NewPairs(m, delta)
	return p, kind, err
}

// Directions that are kept or lost are so when solved again at a hundredth of the tolerance, whatever the loss.
func TestDirectionsAreNeverContradicted(t *testing.T) {
	all := []losses.Loss{losses.InfoNCE, losses.InfoNCE, losses.InfoNCE}
	for _, l := range losses.All() {
		if l.Name() == "triplet" || l.Name() == "agreement" || l.Name() == "distance" {
			all = append(all, l)
		}
	}
	type tally struct{ mixtures, kept, lost, undecided, several int }
	counts := map[string]*tally{}
	cases := enough.Cases(480)
	if cases < 2000 { // but under the tag attack
		cases /= 4
	}
	for i := range cases {
		p, kind, err := directionCase(i)
		if err != nil {
			t.Fatal(err)
		}
		l := all[i%len(all)]
		if p.Components() > 5 {
			l = losses.InfoNCE
		}
		first, err := losses.Decide(t.Context(), l, p, losses.Options{Limit: 0.05})
		if err != nil {
			continue
		}
		again, err := losses.Decide(t.Context(), l, p, losses.Options{Limit: 0.05, Tolerance: 1e-12, Seed: 1})
		if err != nil {
			continue
		}
		c := counts[kind]
		if c == nil {
			c = new(tally)
			counts[kind] = c
		}
		one, two, s := first.Findings.Directions(), again.Findings.Directions(), first.Findings.Sides[0].Dimension
		c.mixtures++
		c.kept, c.lost, c.undecided = c.kept+one.Kept, c.lost+one.Lost, c.undecided+one.Undecided
		if one.Lost > 1 {
			c.several++
		}
		report := fmt.Sprintf("case %d, %s, %s of %#v: %+v, then %+v", i, kind, l.Label(), p, one, two)
		if one.Kept+one.Lost+one.Undecided != s || min(one.Kept, one.Lost, one.Undecided) < 0 {
			t.Error("not all directions: " + report)
		}
		if one.Kept+two.Lost > s || two.Kept+one.Lost > s {
			t.Error("contradicted: " + report)
		}
		if (first.Findings.Equality() == oracle.Holds) != (one.Kept == s) || (first.Findings.Equality() == oracle.Refuted) != (one.Lost > 0) {
			t.Errorf("equality %v: %s", first.Findings.Equality(), report)
		}
		// The rank that the finer solve sees, of eigenvalues well beyond its own bound.
		if rank := again.Candidate.Constrained.Rank; rank > s-one.Lost && kind == "plain" {
			t.Errorf("M* has rank %d: %s", rank, report)
		}
	}
	for kind, c := range counts {
		t.Logf("%s: %d mixtures, %d directions kept, %d lost, %d undecided; several lost in %d", kind, c.mixtures, c.kept, c.lost, c.undecided, c.several)
	}
}
