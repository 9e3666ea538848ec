package solver_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
)

// reference is testdata/reference.json: values computed to 28 digits by a
// program that shares nothing with this one.
type reference struct {
	Losses []struct {
		Name string `json:"name"`
		file
		Loss float64 `json:"loss,string"`
	} `json:"infonce_loss"`
	Optima []struct {
		Name string `json:"name"`
		file
		Minimiser   [][]json.Number `json:"unconstrained_minimiser"`
		Loss        float64         `json:"unconstrained_loss,string"`
		Eigenvalues []json.Number   `json:"whitened_eigenvalues"`
	} `json:"infonce_optimum"`
}

type file struct {
	Weights    json.RawMessage `json:"weights"`
	Means      json.RawMessage `json:"means"`
	Covariance json.RawMessage `json:"covariance"`
	Delta      json.RawMessage `json:"delta"`
	A          json.RawMessage `json:"a,omitempty"`
}

func (f file) read(t *testing.T, name string) gmm.Document {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := gmm.Read(name, strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func readReference(t *testing.T) reference {
	t.Helper()
	text, err := os.ReadFile("../testdata/reference.json")
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

func TestReferenceLosses(t *testing.T) {
	for _, c := range readReference(t).Losses {
		in := c.read(t, c.Name)
		got, bound, err := solver.Evaluate(solver.InfoNCE, in.Pairs, in.A, nil)
		if err != nil {
			t.Fatal(c.Name, err)
		}
		if diff := math.Abs(got - c.Loss); diff > 1e-12 || diff > bound {
			t.Errorf("%s: loss %.16g, want %.16g: off by %.2g, error estimate %.2g", c.Name, got, c.Loss, diff, bound)
		}
	}
}

func TestReferenceOptima(t *testing.T) {
	for _, c := range readReference(t).Optima {
		p := c.read(t, c.Name).Pairs
		for _, method := range []solver.Method{solver.Reduced, solver.Blind} {
			got, err := solver.Minimise(solver.InfoNCE, p, solver.Options{Method: method})
			if err != nil {
				t.Fatal(c.Name, err)
			}
			m := got.Free.Form.Matrix(p)
			d := p.Left.Dimension()
			diff := mat.NewSymDense(d, nil)
			for i := range d {
				for j := i; j < d; j++ {
					want, _ := c.Minimiser[i][j].Float64()
					diff.SetSym(i, j, m.At(i, j)-want)
				}
			}
			if largest := math.Max(mat.Max(diff), -mat.Min(diff)); largest > 1e-10 {
				t.Errorf("%s %s: M_u is off by %.2g, want at most 1e-10", c.Name, got.Method, largest)
			}
			distance := whitenedNorm(p, diff)
			if bound := got.Free.DistanceBound; !(distance <= bound) {
				t.Errorf("%s %s: true distance %.3g exceeds the bound %.3g", c.Name, got.Method, distance, bound)
			} else {
				t.Logf("%s %s: distance %.2g, bound %.2g, loss off by %.2g, %s", c.Name, got.Method, distance, bound, got.Free.Loss-c.Loss, got.Rule)
			}
			if diff := math.Abs(got.Free.Loss - c.Loss); diff > 1e-12 {
				t.Errorf("%s %s: loss off by %.2g", c.Name, got.Method, diff)
			}
		}
	}
}

// whitenedNorm is ‖LᵀVL‖_F = √tr(ΣVΣV).
func whitenedNorm(p gmm.Pairs, v mat.Symmetric) float64 {
	var product, square mat.Dense
	product.Mul(p.Left.Covariance(), v)
	square.Mul(&product, &product)
	return math.Sqrt(math.Max(0, mat.Trace(&square)))
}
