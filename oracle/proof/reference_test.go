package proof_test

import (
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/oracle/proof"
	"contrastcheck/solver"
)

// reference is testdata/reference.json: values to 28 digits by a program that shares nothing with this one.
type reference struct {
	Losses []struct {
		Name string `json:"name"`
		file
		Loss string `json:"loss"`
	} `json:"infonce_loss"`
	Optima []struct {
		Name string `json:"name"`
		file
		Minimiser   [][]string `json:"unconstrained_minimiser"`
		Loss        string     `json:"unconstrained_loss"`
		Eigenvalues []string   `json:"whitened_eigenvalues"`
	} `json:"infonce_optimum"`
}

type file struct {
	Weights    json.RawMessage `json:"weights"`
	Means      json.RawMessage `json:"means"`
	Covariance json.RawMessage `json:"covariance"`
	Delta      json.RawMessage `json:"delta"`
	A          json.RawMessage `json:"a,omitempty"`
}

func (f file) read(t *testing.T) gmm.Document {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	d, err := gmm.Read("reference", strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readReference(t *testing.T) reference {
	t.Helper()
	text, err := os.ReadFile("../../testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Losses) != 4 || len(r.Optima) != 4 {
		t.Fatalf("the reference has %d losses and %d optima, want 4 and 4", len(r.Losses), len(r.Optima))
	}
	return r
}

// Every digit of a reference loss is that of both bounds.
func TestEnclosuresContainReferenceLosses(t *testing.T) {
	for _, c := range readReference(t).Losses {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			d := c.read(t)
			precision, widest := uint(128), 1e-25
			if d.Pairs.Components() > 2 {
				precision, widest = 96, 1e-24 // two dimensions to integrate: a second's work
			}
			places, want := len(c.Loss)-strings.IndexByte(c.Loss, '.')-1, c.Loss
			if testing.Short() && d.Pairs.Components() > 2 {
				precision, widest, places = 56, 1e-13, 12
				exact, _ := new(big.Rat).SetString(c.Loss)
				want = exact.FloatString(places)
			}
			x, err := proof.Limit(1).EncloseLoss(d.Pairs, d.ExactA, precision)
			if err != nil {
				t.Fatal(err)
			}
			if width, _ := x.Width().Float64(); width > widest {
				t.Errorf("width %.3g, want at most %g", width, widest)
			}
			for _, bound := range []*big.Float{x.Lower(), x.Upper()} {
				if got := bound.Text('f', places); got != want {
					t.Errorf("a bound is %s, want %s", got, want)
				}
			}
		})
	}
}

func reduced(t testing.TB, p gmm.Pairs) gmm.Form {
	t.Helper()
	found, err := solver.Minimise(solver.InfoNCE, p, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return found.Free.Form
}

// Every digit of a refined minimiser is that of the reference.
func TestRefineReferenceMinimisers(t *testing.T) {
	for _, c := range readReference(t).Optima {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			p := c.read(t).Pairs
			if p.Left.FisherDimension() > 2 {
				t.Skip("digits are had of at most two directions")
			}
			digits := 26
			if p.Components() > 2 {
				digits = min(18, 6+enough.Cases(4)) // two dimensions to integrate: 18 are seconds of work
			}
			if testing.Short() {
				digits = 10
			}
			got, err := proof.Limit(1).Refine(p, reduced(t, p), digits)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "loss", got.Loss, c.Loss, digits)
			for i, row := range c.Minimiser {
				for j, want := range row {
					agree(t, "M", got.M[i][j], want, digits)
				}
			}
			for i, want := range c.Eigenvalues {
				agree(t, "eigenvalue", got.Eigenvalues[i], want, digits)
			}
		})
	}
}

// agree asks for the reference rounded to the digits.
func agree(t *testing.T, what string, got proof.Number, want string, digits int) {
	t.Helper()
	if got.Digits != digits || got.Below != "" {
		t.Errorf("%s: %+v, want %d digits", what, got, digits)
	}
	rounded := func(text string) string {
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%s: %q is no number", what, text)
		}
		return new(big.Float).SetPrec(300).SetRat(x).Text('e', digits-1)
	}
	if rounded(got.Text) != rounded(want) {
		t.Errorf("%s: %s, want %s", what, got.Text, want)
	}
}

func TestRefineRefuses(t *testing.T) {
	d, err := gmm.Read("three", strings.NewReader(`{"weights": [1, 1, 1], "means": [[2, 0, 0], [0, 2, 0], [0, 0, 2]], "covariance": "identity"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Limit(1).Refine(d.Pairs, reduced(t, d.Pairs), 10); err == nil || !strings.Contains(err.Error(), "expected dim S_F ≤ 2, found 3") {
		t.Errorf("three directions: %v", err)
	}
	if _, err := proof.Limit(1).Refine(d.Pairs, reduced(t, d.Pairs), 61); err == nil || !strings.Contains(err.Error(), "expected 1 to 60 digits") {
		t.Errorf("61 digits: %v", err)
	}
	if _, err := proof.Limit(1).EncloseLoss(d.Pairs, [][]*big.Rat{{big.NewRat(1, 1)}}, 64); err == nil || !strings.Contains(err.Error(), "expected 3 rows, found 1") {
		t.Errorf("a short representation: %v", err)
	}
}
