package network

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

func pairsOf(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

// log ρ is that of the definition, and a witness is found for shared covariances and own ones, δ small and one, near components and far ones.
func TestSharedEncoderGap(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1, 1], "means": [[2, 0], [-2, 0]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [[2, 0], [-2, 0]], "covariance": "identity", "delta": "1/2"}`,
		`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": [[2, 1], [1, 3]]}`,
		`{"weights": [1, 1, 1], "means": [[0, 0], [2, 0], [0, 2]], "covariance": "identity", "delta": "1/16"}`,
		`{"weights": [1, 1], "means": [[0, 0], [20, 0]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [["1/64"], [0]], "covariance": "identity"}`,
		`{"weights": [1, 1], "means": [[0], [0]], "covariance": [[[1]], [[9]]]}`,
		`{"weights": [1, 1], "means": [[0, 0], [0, 0]], "covariance": [[[1, "1/4"], ["1/4", 1]], [[1, "-1/4"], ["-1/4", 1]]]}`,
	} {
		p := pairsOf(t, text)
		w, found := FindWitness(p)
		if !found {
			t.Errorf("%s: no witness", text)
			continue
		}
		form, err := SharedEncoderGap(p, w)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		want := 0.0
		for i, x := range w.Points {
			for j, y := range w.Points {
				a, _ := w.Weights[i].Float64()
				b, _ := w.Weights[j].Float64()
				want += a * b * logRatio(p, x, y)
			}
		}
		const rounding = 1e-11
		if got, _ := form.Upper().Float64(); math.Abs(got-want) > rounding {
			t.Errorf("%s: %g, by the definition %g", text, got, want)
		}
		w.Weights[0] = new(big.Rat).Add(w.Weights[0], big.NewRat(1, 1000))
		if _, err := SharedEncoderGap(p, w); !errors.Is(err, ErrWitness) {
			t.Errorf("weights that do not sum to 0: %v", err)
		}
	}
}

// logRatio is log ρ(x, y) = log [δ Σ w_k N_k(x)N_k(y)/(F(x)F(y)) + 1 − δ] in one or two dimensions, by its definition.
func logRatio(p gmm.Pairs, x, y []*big.Rat) float64 {
	m := p.Left
	density := func(k int, at []*big.Rat) float64 {
		sigma, means := m.Own(k), m.Means()
		u, v, determinant := 0.0, 0.0, sigma.At(0, 0)
		a, _ := at[0].Float64()
		u = a - means.At(k, 0)
		square := u * u / sigma.At(0, 0)
		if len(at) == 2 {
			b, _ := at[1].Float64()
			v = b - means.At(k, 1)
			determinant = sigma.At(0, 0)*sigma.At(1, 1) - sigma.At(0, 1)*sigma.At(0, 1)
			square = (sigma.At(1, 1)*u*u - 2*sigma.At(0, 1)*u*v + sigma.At(0, 0)*v*v) / determinant
		}
		return math.Exp(-square/2) / math.Sqrt(determinant)
	}
	together, one, other := 0.0, 0.0, 0.0
	for k, w := range p.Weights() {
		a, b := density(k, x), density(k, y)
		together, one, other = together+w*a*b, one+w*a, other+w*b
	}
	return math.Log(p.Delta()*together/(one*other) + (1 - p.Delta()))
}

// Of a kernel that is conditionally positive semidefinite nothing is a witness: with equal components ρ = 1.
func TestNoWitness(t *testing.T) {
	for _, text := range []string{
		`{"weights": [1, 2], "means": [[1, 0], [1, 0]], "covariance": "identity"}`,
		`{"weights": [1, 2], "means": [[1, 0], [3, 0]], "covariance": "identity", "delta": 0}`,
	} {
		if w, found := FindWitness(pairsOf(t, text)); found {
			t.Errorf("%s: %v", text, w)
		}
	}
	z := Witness{Points: [][]*big.Rat{{big.NewRat(0, 1)}, {big.NewRat(1, 1)}}, Weights: []*big.Rat{big.NewRat(1, 1), big.NewRat(-1, 1)}}
	if form, err := SharedEncoderGap(pairsOf(t, `{"weights": [1, 1], "means": [[-1], [1]], "covariance": "identity"}`), z); !errors.Is(err, ErrWitness) {
		t.Errorf("two points: %v, %v", form, err) // log ρ(x, x) + log ρ(y, y) − 2 log ρ(x, y) ≥ 0 by Cauchy and Schwarz
	}
}
