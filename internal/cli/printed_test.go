package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/internal/cli"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// printedSolution is what the test reads of solve's JSON, numbers in full.
type printedSolution struct {
	Minimiser, Unconstrained, Inside *struct {
		M             [][]json.Number
		A             [][]json.Number
		AVisual       [][]json.Number `json:"a_visual"`
		AText         [][]json.Number `json:"a_text"`
		DistanceBound float64         `json:"distance_bound"`
	}
}

func read(t fatal, numbers [][]json.Number) rational {
	out := zeros(len(numbers), len(numbers[0]))
	for i, row := range numbers {
		for j, x := range row {
			if _, ok := out[i][j].SetString(x.String()); !ok {
				t.Fatalf("%s is not a number", x)
			}
		}
	}
	return out
}

type fatal interface {
	Fatalf(format string, args ...any)
}

func solved(t fatal, file string, args ...string) printedSolution {
	var out, errors bytes.Buffer
	if code := cli.Run(append([]string{"solve", "-", "--format", "json"}, args...), strings.NewReader(file), &out, &errors); code != 0 {
		t.Fatalf("exit code %d: %s\n%s", code, errors.String(), file)
	}
	var s printedSolution
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return s
}

// skewed draws the text of means, moderate in standard deviations, and of a covariance whose condition number reaches 1e24.
func skewed(t *rapid.T, k, d int, label string) (means, covariance string) {
	digits := rapid.IntRange(0, 12).Draw(t, label+" digits")
	root := zeros(d, d)
	for i := range d {
		for j := range i + 1 {
			root[i][j].SetInt64(int64(rapid.IntRange(1, 9).Draw(t, label)))
		}
	}
	root[d-1][d-1].Quo(root[d-1][d-1], new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)))
	whitened := zeros(k, d)
	for i := range k {
		for j := range d {
			whitened[i][j].SetFrac64(int64(rapid.IntRange(-30, 30).Draw(t, label+" mean")), 10)
		}
	}
	u := whitened.times(root.transposed())
	text := func(a rational) string {
		var rows []string
		for _, row := range a {
			var numbers []string
			for _, x := range row {
				numbers = append(numbers, fmt.Sprintf("%q", x.RatString()))
			}
			rows = append(rows, "["+strings.Join(numbers, ", ")+"]")
		}
		return "[" + strings.Join(rows, ", ") + "]"
	}
	return text(u), text(root.times(root.transposed()))
}

// near asserts that a printed matrix is within the part of its bound that the exact one, with coefficients n, leaves for
// printing, and that enough digits keep this part small.
func near(t fatal, name string, printed, exact rational, left, right *gmm.Mixture, own, bound float64, n mat.Matrix) {
	off := whitenedDistance(printed, exact, left, right)
	if !(off+own <= bound*(1+1e-12)) {
		t.Fatalf("%s is off by %g, beside %g of the exact matrix: more than %g", name, off, own, bound)
	}
	if own = math.Max(own, 1e-10*mat.Norm(n, 2)); bound > 3*own {
		t.Fatalf("%s: the bound %g is larger than digits make it, without printing %g", name, bound, own)
	}
}

// nearMinimum compares a printed M, and aaᵀ unless a is nil, with a symmetric minimum.
func nearMinimum(t fatal, name string, p *gmm.Mixture, found solver.Minimum, m, a [][]json.Number, bound float64) {
	if found.Form.N == nil {
		return
	}
	f := columnsOf(found.Form.Left, p)
	exact := f.times(floats(found.Form.N)).times(f.transposed())
	near(t, name+".m", read(t, m), exact, p, p, found.DistanceBound, bound, found.Form.N)
	if a == nil {
		return
	}
	near(t, name+".a", read(t, a).times(read(t, a).transposed()), exact, p, p, found.DistanceBound, bound, found.Form.N)
	e := p.Exact() // the whitened m + bI is positive semidefinite: by congruence ΣmΣ + bΣ
	sigma := rational(e.Covariance)
	if sum := sigma.times(read(t, m)).times(sigma).plus(new(big.Rat).SetFloat64(max(bound, 1e-300)), sigma); !sum.definite() {
		t.Fatalf("%s.m has a whitened eigenvalue below -%g", name, bound)
	}
}

// printedAs re-reads what solve prints of a file.
func printedAs(t fatal, file string, args ...string) {
	d, err := gmm.Read("test", strings.NewReader(file))
	if err != nil {
		t.Fatalf("%v", err)
	}
	s := solved(t, file, args...)
	loss := strings.Join(args, " ")
	switch {
	case d.Pairs.Modalities() == 2:
		of := solver.Spectral
		if loss == "--loss clip" {
			of = solver.CLIP
		}
		found, err := solver.Minimise(of, d.Pairs, solver.Options{})
		if err != nil {
			t.Fatalf("%v", err)
		}
		c := found.Free
		if c.Form.N == nil {
			return
		}
		left, right := columnsOf(c.Form.Left, d.Pairs.Left), columnsOf(c.Form.Right, d.Pairs.Right)
		exact := left.times(floats(c.Form.N)).times(right.transposed())
		for name, printed := range map[string]rational{"m": read(t, s.Minimiser.M), "a": read(t, s.Minimiser.AVisual).times(read(t, s.Minimiser.AText).transposed())} {
			near(t, name, printed, exact, d.Pairs.Left, d.Pairs.Right, c.DistanceBound, s.Minimiser.DistanceBound, c.Form.N)
		}
	case !d.Pairs.Shared() && loss == "":
		c, err := solver.Minimise(solver.InfoNCE, d.Pairs.Apart(), solver.Options{Seed: 1})
		if err != nil {
			t.Fatalf("%v", err)
		}
		nearMinimum(t, "minimiser", d.Pairs.Left.Pooled(), c.Constrained, s.Minimiser.M, s.Minimiser.A, s.Minimiser.DistanceBound)
		if s.Inside != nil { // covariances lead out of S_F
			nearMinimum(t, "inside", d.Pairs.Left.Pooled(), c.Inside, s.Inside.M, nil, s.Inside.DistanceBound)
		}
	default:
		p := d.Pairs
		c, err := solver.Minimise(solver.Spectral, p, solver.Options{})
		switch loss {
		case "":
			c, err = solver.Minimise(solver.InfoNCE, d.Pairs, solver.Options{})
		case "--blind":
			c, err = solver.Minimise(solver.InfoNCE, d.Pairs, solver.Options{Method: solver.Blind, Seed: 1})
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		nearMinimum(t, "unconstrained", p.Left.Pooled(), c.Free, s.Unconstrained.M, nil, s.Unconstrained.DistanceBound)
		nearMinimum(t, "minimiser", p.Left.Pooled(), c.Constrained, s.Minimiser.M, s.Minimiser.A, s.Minimiser.DistanceBound)
	}
}

// What solve prints is re-read and compared, in rationals, with the exact matrix of the solver's form.
func TestPrintedMatricesAreWithinTheirBounds(t *testing.T) {
	t.Parallel()
	run := func(name string, check func(*rapid.T)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, check)
		})
	}
	losses := map[string][]string{"infonce": nil, "blind": {"--blind"}, "spectral": {"--loss", "spectral"}}
	for name, args := range losses {
		run(name, func(t *rapid.T) {
			k := rapid.IntRange(2, 3).Draw(t, "K")
			means, covariance := skewed(t, k, rapid.IntRange(1, 3).Draw(t, "d"), "Σ")
			printedAs(t, fmt.Sprintf(`{"weights": [1, 2%s], "means": %s, "covariance": %s}`, strings.Repeat(", 3", k-2), means, covariance), args...)
		})
	}
	for name, args := range map[string][]string{"clip": {"--loss", "clip"}, "paired spectral": {"--loss", "spectral"}} {
		run(name, func(t *rapid.T) {
			visual, covariance := skewed(t, 2, rapid.IntRange(1, 3).Draw(t, "d"), "Σ")
			text, other := skewed(t, 2, rapid.IntRange(1, 3).Draw(t, "d"), "T")
			printedAs(t, fmt.Sprintf(`{"weights": [1, 2], "visual": {"means": %s, "covariance": %s}, "text": {"means": %s, "covariance": %s}}`,
				visual, covariance, text, other), args...)
		})
	}
	run("own covariances", func(t *rapid.T) {
		means, covariance := skewed(t, 2, 2, "Σ")
		args := [][]string{nil, {"--loss", "spectral"}}[rapid.IntRange(0, 1).Draw(t, "loss")]
		_, other := skewed(t, 2, 2, "T")
		printedAs(t, fmt.Sprintf(`{"weights": [1, 2], "means": %s, "covariance": [%s, %s]}`, means, covariance, other), args...)
	})
}

// The rounding of M to float64 cost 5.4e-5 here, beside a bound of 1.1e-11, and left minimiser.m a negative eigenvalue.
func TestRoundingOfANearlySingularCovarianceIsCovered(t *testing.T) {
	file := `{"weights": [1, 3], "means": [[2, 2], [0, 1e-7]], "covariance": [[1, 1], [1, 1.00000000000001]]}`
	printedAs(t, file)
	if bound := solved(t, file).Unconstrained.DistanceBound; bound > 1e-9 {
		t.Fatalf("the bound is %g", bound)
	}
}
