package oracle_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// flat draws two or three means in the plane, of which the second coordinates are multiplied by 2^−n, with dyadic numbers. One in three is lopsided: rare components far out;
// one has second coordinates that are nearly equal, as an offset or a rounded mean makes them.
func flatMeans(rng *rand.Rand, n uint) *gmm.Mixture {
	kind, k := rng.IntN(3), 2+rng.IntN(2)
	small := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), n))
	e := gmm.Exact{Covariance: [][]*big.Rat{{big.NewRat(1, 1), new(big.Rat)}, {new(big.Rat), big.NewRat(1, 1)}}}
	for i := range k {
		weight, along, across := 1+rng.Int64N(20), rng.Int64N(33)-16, rng.Int64N(33)-16
		switch {
		case kind == 1 && i == 0:
			weight, along = 1+rng.Int64N(3), 30+rng.Int64N(20)
		case kind == 1:
			weight, along = 40*(1+rng.Int64N(9)), rng.Int64N(5)-2
		case kind == 2:
			across = 16 + rng.Int64N(3)
		}
		e.Weights = append(e.Weights, big.NewRat(weight, 1))
		e.Means = append(e.Means, []*big.Rat{big.NewRat(along, 4), new(big.Rat).Mul(big.NewRat(across, 4), small)})
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		panic(err)
	}
	return m
}

func decideAt(t *testing.T, m *gmm.Mixture, delta *big.Rat) losses.Decision {
	t.Helper()
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		t.Fatal(err)
	}
	d, err := losses.Decide(t.Context(), losses.InfoNCE, p, losses.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Nearly collinear means are judged alike from 2^−8 (plainly) to 2^−40, about 1e-12 (by blocks): the sign of the second eigenvalue has a limit.
func TestNearlyCollinearMeansAreDecided(t *testing.T) {
	var decided, open, refuted, plain int
	for i := range enough.Cases(120) {
		draw := func(n uint) losses.Decision {
			rng := rand.New(rand.NewPCG(2, uint64(i)))
			return decideAt(t, flatMeans(rng, n), big.NewRat(1+rng.Int64N(4), 4))
		}
		coarse := draw(8)
		want := coarse.Findings.Equality()
		if coarse.Findings.Sides[0].Dimension < 2 || coarse.Findings.Evidence.Exact || want == oracle.Undecided ||
			math.Abs(coarse.Findings.Margin()) < math.Ldexp(1, -27) { // a sign that the limit may not have
			continue
		}
		if coarse.Findings.Evidence.Short == 0 {
			plain++
		}
		if want == oracle.Refuted {
			refuted++
		}
		for _, n := range []uint{16, 24, 32, 40} {
			f := draw(n).Findings
			switch f.Equality() {
			case want:
				decided++
				if d := f.Directions(); d.Undecided != 0 {
					t.Errorf("case %d, 2^-%d: %+v", i, n, d)
				}
			case oracle.Undecided:
				open++
			default:
				t.Errorf("case %d: %v at 2^-8, %v at 2^-%d: %s", i, want, f.Equality(), n, f.EqualityReason(0))
			}
		}
	}
	t.Logf("%d decided, %d undecided, %d of the mixtures refuted, %d judged plainly at 2^-8", decided, open, refuted, plain)
	if open > decided/20 || refuted < enough.Least(5) || decided < enough.Least(100) || plain == 0 {
		t.Errorf("%d decided, %d undecided, %d refuted, %d plain", decided, open, refuted, plain)
	}
}

// Candidates that are wrong never change what is found of directions: less is found, or the same.
func TestWrongCandidatesCountNoOtherDirections(t *testing.T) {
	texts := []string{
		`{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`,
		`{"weights": [3, 7], "means": [[2, 1], [-1, "1/2"]], "covariance": "identity"}`,
		`{"weights": [1, 2, 1], "means": [[2, 0], [-1, 1], [0, -2]], "covariance": "identity"}`,
		`{"weights": [1, 2, 1], "means": [[2, "1e-9"], [-1, "2e-9"], ["1/2", "-3e-9"]], "covariance": "identity"}`,
		`{"weights": [1, 2], "means": [[2, "1e-14"], [-1, "1e-14"]], "covariance": "identity"}`,
		`{"weights": [1, 2, 4], "means": [["1000002", 1], ["999999", 0], [1000000, -2]], "covariance": "identity"}`,
	}
	rng := rand.New(rand.NewPCG(3, 4))
	fewer := 0
	for _, text := range texts {
		p := readAny(t, text).Pairs
		d, err := losses.Decide(t.Context(), losses.InfoNCE, p, losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		truth := d.Findings.Directions()
		if truth.Undecided != 0 {
			t.Errorf("%s: %+v", text, truth)
		}
		for range enough.Cases(60) {
			spoil := func(form gmm.Form) gmm.Form {
				n := mat.DenseCopyOf(form.N)
				size := mat.Norm(n, 2) * math.Pow(10, -12*rng.Float64())
				rows, _ := n.Dims()
				for i := range rows {
					for j := range i + 1 {
						x := n.At(i, j) + size*rng.NormFloat64()
						n.Set(i, j, x)
						n.Set(j, i, x)
					}
				}
				if rng.IntN(10) == 0 {
					n.Scale(-1, n)
				}
				form.N = n
				return form
			}
			f := oracle.Judge(losses.InfoNCE.Oracle, p, oracle.Candidates{Free: spoil(d.Candidate.Free.Form), Constrained: spoil(d.Candidate.Constrained.Form)})
			if got := f.Directions(); got.Kept > truth.Kept || got.Lost > truth.Lost {
				t.Errorf("%s: %+v of a wrong candidate, in truth %+v", text, got, truth)
			} else if got.Undecided > 0 {
				fewer++
			}
			if v := f.Equality(); v != oracle.Undecided && v != d.Findings.Equality() {
				t.Errorf("%s: equality %v of a wrong candidate, in truth %v", text, v, d.Findings.Equality())
			}
		}
		nothing := mat.NewDense(2, 2, []float64{math.NaN(), 0, 0, 0})
		bad := d.Candidate.Constrained.Form
		bad.N = nothing
		oracle.Judge(losses.InfoNCE.Oracle, p, oracle.Candidates{Free: d.Candidate.Free.Form, Constrained: bad}) // must end
	}
	if fewer == 0 {
		t.Error("no wrong candidate was noticed")
	}
}

// The product of a mixture that loses a direction with itself loses two: the gradient at M* tells.
func TestSeveralDirectionsAreLost(t *testing.T) {
	text := `{"weights": [1, 11, 420, 11, 121, 4620, 420, 4620, 176400], "means": [[17, 9, 17, 9], [17, 9, 8, 3], [17, 9, "-1/4", "-1/10"], [8, 3, 17, 9], [8, 3, 8, 3], [8, 3, "-1/4", "-1/10"], ["-1/4", "-1/10", 17, 9], ["-1/4", "-1/10", 8, 3], ["-1/4", "-1/10", "-1/4", "-1/10"]], "covariance": "identity"}`
	d, err := losses.Decide(t.Context(), losses.InfoNCE, readAny(t, text).Pairs, losses.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Findings.Directions(); got != (oracle.Directions{Kept: 2, Lost: 2}) {
		t.Errorf("%+v, %v, %v", got, d.Findings.Spectrum, d.Findings.Evidence)
	}
}
