package gmm_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

func readPaired(t testing.TB, text string) gmm.Pairs {
	t.Helper()
	p := read(t, text)
	if p.Modalities() != 2 {
		t.Fatalf("%s is %v", text, p.Model())
	}
	return p
}

func TestNewPairedRefusesUnequalWeights(t *testing.T) {
	one := read(t, `{"weights": [1, 2], "means": [[0], [1]], "covariance": "identity"}`).Left
	for _, text := range []string{
		`{"weights": [1, 3], "means": [[0], [1]], "covariance": "identity"}`,
		`{"weights": [1], "means": [[0]], "covariance": "identity"}`,
	} {
		if _, err := gmm.NewPaired(one, read(t, text).Left, big.NewRat(1, 1)); !errors.Is(err, gmm.ErrShape) {
			t.Errorf("%s: %v, want ErrShape", text, err)
		}
	}
}

// X = Σ w μ_V μ_Tᵀ, exactly; centring takes μ̄_V μ̄_Tᵀ away, and here a rank.
func TestCrossMoment(t *testing.T) {
	p := readPaired(t, soundPaired)
	x := p.ExactCrossMoment()
	if x[0][0].Cmp(big.NewRat(2, 15)) != 0 || x[0][2].Cmp(big.NewRat(-3, 5)) != 0 {
		t.Errorf("X = %v", x)
	}
	floats := gmm.CrossMoment(p.Weights(), mat.DenseCopyOf(p.Left.Means().T()), mat.DenseCopyOf(p.Right.Means().T()))
	for i := range x {
		for j := range x[i] {
			want, _ := x[i][j].Float64()
			if math.Abs(floats.At(i, j)-want) > 1e-15 {
				t.Errorf("X[%d][%d] = %g, want %g", i, j, floats.At(i, j), want)
			}
		}
	}
	c, err := p.Centre()
	if err != nil {
		t.Fatal(err)
	}
	raw := p.MomentRank()
	centred := c.MomentRank()
	if raw != 2 || centred != 1 {
		t.Errorf("X has rank %d, centred %d, want 2 and 1", raw, centred)
	}
}

// A cross form is the same matrix whether written in Fisher frames or in full ones.
func TestCrossFormsAgree(t *testing.T) {
	p := readPaired(t, soundPaired)
	forms := map[string]*mat.Dense{}
	for name, whiten := range map[string]func() (gmm.WhitenedPairs, error){"Fisher": p.WhitenFisher, "full": p.WhitenFull} {
		w, err := whiten()
		if err != nil {
			t.Fatal(err)
		}
		// Whitened, X is Σ_V⁻¹XΣ_T⁻¹ in original coordinates.
		forms[name] = w.Form(gmm.CrossMoment(p.Weights(), w.Left.Means, w.Right.Means)).Matrix(p)
	}
	if !mat.EqualApprox(forms["Fisher"], forms["full"], 1e-14) || mat.Norm(forms["full"], 2) < 0.1 {
		t.Errorf("%v and %v", forms["Fisher"], forms["full"])
	}
	if plain := gmm.Plain(forms["full"]).Matrix(p); !mat.Equal(plain, forms["full"]) {
		t.Errorf("a plain form changed: %v", plain)
	}
}

// Given the component the two points are independent; over components their
// cross moment is X.
func TestPairedSampler(t *testing.T) {
	p := readPaired(t, `{"weights": [1, 3], "visual": {"means": [[2], [-1]], "covariance": [[4]]}, "text": {"means": [[1, 0], [0, 3]], "covariance": [[1, 0.5], [0.5, 1]]}}`)
	s, err := p.NewSampler(rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	const n = 100000
	var cross, within [2]float64
	first := 0.0
	for range n {
		visual, text, k, _ := s.Pair()
		if k == 0 {
			first++
		}
		for j := range cross {
			cross[j] += visual[0] * text[j] / n
			within[j] += (visual[0] - p.Left.Means().At(k, 0)) * (text[j] - p.Right.Means().At(k, j)) / n
		}
	}
	x := p.ExactCrossMoment()
	for j := range cross {
		want, _ := x[0][j].Float64()
		// Standard errors are below 0.03 and 0.007.
		if math.Abs(cross[j]-want) > 0.15 || math.Abs(within[j]) > 0.04 {
			t.Errorf("E x_V x_T%d = %.3f, want %.3f; within a component %.3f, want 0", j, cross[j], want, within[j])
		}
	}
	if math.Abs(first/n-0.25) > 0.01 {
		t.Errorf("P(first) = %.4f, want 0.25", first/n)
	}
}
