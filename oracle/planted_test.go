package oracle_test

import (
	"maps"
	"math"
	"math/big"
	"slices"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// Laws of pairs that losses are judged for.
var laws = map[string]string{
	"one modality": `{"weights": [2, 1, 1], "means": [[2, 1.5], [-2, 0], [0, -2]], "covariance": [[4, 2], [2, 2]], "delta": "3/4"}`,
	"own covariances": `{"weights": [3, 7], "means": [[2, 3], [-1, "1/2"]], "covariance": [[[1, 0.5], [0.5, 4.25]], [[2, -1], [-1, 1]]],
		"delta": "3/4"}`,
	"two modalities": `{"weights": [1, 2, 4], "visual": {"means": [[2, "0.5"], [-1, 0], [0, 1]], "covariance": "identity"},
		"text": {"means": [["1.5", 1], ["-0.5", 0], [1, -2]], "covariance": [[1, "0.5"], ["0.5", 2]]}}`,
}

// mistakes that a finder can make about the pairs: about one mixture, or about what joins them.
var mistakes = map[string]func(e *gmm.Exact, delta *big.Rat){
	"nothing":                       func(*gmm.Exact, *big.Rat) {},
	"the first weight too large":    func(e *gmm.Exact, _ *big.Rat) { stretch(e.Weights[0]) },
	"means too long by 1e-4":        func(e *gmm.Exact, _ *big.Rat) { stretch(flat(e.Means)...) },
	"a mean moved by 1e-4":          func(e *gmm.Exact, _ *big.Rat) { add(e.Means[:1]) }, // losses of differences see no more of all of them
	"two means exchanged":           func(e *gmm.Exact, _ *big.Rat) { e.Means[0], e.Means[1] = e.Means[1], e.Means[0] },
	"covariances too large by 1e-4": func(e *gmm.Exact, _ *big.Rat) { stretch(flat(append(e.Covariances, e.Covariance)...)...) },
	"δ too small by 1e-4":           func(_ *gmm.Exact, delta *big.Rat) { delta.Mul(delta, big.NewRat(9999, 10000)) },
}

func stretch(xs ...*big.Rat) {
	for _, x := range xs {
		x.Mul(x, big.NewRat(10001, 10000))
	}
}

func add(means [][]*big.Rat) {
	for _, mean := range means {
		mean[0].Add(mean[0], big.NewRat(1, 10000))
	}
}

func flat(tables ...[][]*big.Rat) (all []*big.Rat) {
	for _, rows := range tables {
		for _, row := range rows {
			all = append(all, row...)
		}
	}
	return all
}

// mistaken returns the pairs of a text as who makes the mistake sees them.
func mistaken(t *testing.T, text string, mistake func(*gmm.Exact, *big.Rat)) gmm.Pairs {
	t.Helper()
	p := readAny(t, text).Pairs // whose numbers nobody else has
	delta := p.ExactDelta()
	e := p.Left.Exact()
	mistake(&e, delta)
	left, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	right := left
	if p.Modalities() == 2 {
		other := p.Right.Exact()
		other.Weights = e.Weights
		if right, err = gmm.NewExact(other); err != nil {
			t.Fatal(err)
		}
	}
	out, err := gmm.NewPaired(left, right, delta)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// solved returns what a blind solve finds, in original coordinates, and the distance bound that it claims.
func solved(l losses.Loss, p gmm.Pairs) (oracle.Candidates, error) {
	found, err := solver.Minimise(l.Solver, p, solver.Options{Method: solver.Blind})
	if err != nil {
		return oracle.Candidates{}, err
	}
	plain := func(form gmm.Form) gmm.Form {
		if form.N == nil {
			return form
		}
		return gmm.Plain(form.Matrix(p))
	}
	return oracle.Candidates{Free: plain(found.Free.Form), Inside: plain(found.Inside.Form), Constrained: plain(found.Constrained.Form), Claimed: found.Free.DistanceBound}, nil
}

// Whoever solves for other pairs than were given finds no minimiser, however well it converges: for every loss and law, the oracle bounds
// its distance by far more than it claims, and is not misled to a wrong verdict. A plain run deals the mistakes out among the laws that a loss
// admits, an attack plants all of them in each.
func TestPlantedErrorsAreCaught(t *testing.T) {
	caught := map[string]int{}
	for _, l := range losses.All() {
		admitted := slices.DeleteFunc(slices.Sorted(maps.Keys(laws)), func(law string) bool { return l.Admit(readAny(t, laws[law]).Pairs) != nil })
		for turn, law := range admitted {
			text := laws[law]
			p := readAny(t, text).Pairs
			right, err := solved(l, p)
			if err != nil {
				t.Fatal(l.Name(), law, err)
			}
			truth := oracle.Judge(l.Oracle, p, right)
			for i, name := range slices.Sorted(maps.Keys(mistakes)) {
				if i%len(admitted) != turn && !enough.Attack() {
					continue
				}
				other := mistaken(t, text, mistakes[name])
				if l.Solver.Admit(other) != nil {
					continue
				}
				c, err := solved(l, other)
				if err != nil {
					t.Fatal(l.Name(), law, name, err)
				}
				found, err := oracle.JudgePair(l.Oracle, p, c.Free.N, identity(p.Right.Dimension()), 1e-9)
				if err != nil {
					t.Fatal(l.Name(), law, name, err)
				}
				distance := math.Sqrt(2 * found.Gap)
				unseen := name == "nothing" || l.Differences() && name == "two means exchanged" && p.Components() == 2 // a reflection, which keeps distances
				if is := distance > 1000*c.Claimed+1e-8; is == unseen {
					t.Errorf("%s of %s, %s: the oracle bounds the distance by %.2g, the solver claims %.2g", l.Name(), law, name, distance, c.Claimed)
				}
				f := oracle.Judge(l.Oracle, p, c)
				for i, s := range f.Sides {
					if want := truth.Sides[i]; wrong(s.Equality, want.Equality) || wrong(s.Containment, want.Containment) {
						t.Errorf("%s of %s, %s: equality %v and containment %v, in truth %v and %v", l.Name(), law, name,
							s.Equality, s.Containment, want.Equality, want.Containment)
					}
				}
				caught[l.Name()]++
			}
		}
	}
	for _, l := range losses.All() {
		if caught[l.Name()] < len(mistakes)-1 {
			t.Errorf("%s: only %d mistakes were planted", l.Name(), caught[l.Name()])
		}
	}
}

func wrong(got, truth oracle.Verdict) bool { return got != oracle.Undecided && got != truth }
