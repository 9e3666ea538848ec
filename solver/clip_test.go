package solver

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/internal/enough"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// The value computed to 28 digits by a program that shares nothing with this one.
func TestReferenceClipLoss(t *testing.T) {
	text, err := os.ReadFile("../testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Losses []map[string]json.RawMessage `json:"clip_loss"`
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	if len(reference.Losses) != 1 {
		t.Fatalf("the reference has %d CLIP losses, want 1", len(reference.Losses))
	}
	for _, c := range reference.Losses {
		var want float64
		var digits json.Number
		if err := json.Unmarshal(c["loss"], &digits); err != nil {
			t.Fatal(err)
		}
		if want, err = digits.Float64(); err != nil {
			t.Fatal(err)
		}
		delete(c, "loss")
		file, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		d := readDocument(t, string(file))
		got, bound, err := Evaluate(CLIP, d.Pairs, d.A, d.ARight)
		if err != nil {
			t.Fatal(err)
		}
		if diff := math.Abs(got - want); diff > 1e-12 || diff > bound {
			t.Errorf("loss %.16g, want %.16g: off by %.2g, error estimate %.2g", got, want, diff, bound)
		}
	}
}

// clipCases draws ordinary paired mixtures; centred ones too.
func clipCases() *rapid.Generator[gmm.Pairs] {
	return rapid.Custom(func(t *rapid.T) gmm.Pairs {
		p := generators.Paired().Draw(t, "paired")
		if rapid.Bool().Draw(t, "centred") {
			centred, err := p.Centre()
			if err != nil {
				t.Fatal("not centred")
			}
			p = centred
		}
		return p
	})
}

// Taylor's remainder of the loss with its gradient, and what the Hessian misses of
// central differences of gradients, fall with the square of the step.
func TestClipDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 8))
	first, second := 0, 0
	for seed := range enough.Cases(12) {
		f := whole(t, CLIP, clipCases().Example(seed))
		start, move := f.randomStart(rng), f.randomStart(rng)
		const accuracy = 1e-14
		at := func(m *mat.Dense) (*term.Point, *mat.Dense) {
			pt, err := evaluated(f, m, accuracy)
			if err != nil {
				t.Fatal(err)
			}
			return pt, pt.Iterate().Gradient
		}
		here, gradient := at(start)
		bent := curvature(t, here, move)
		value, _ := here.Value()
		slope := dense.Inner(gradient, move)
		remainders := func(step float64) (ofLoss, ofGradient float64) {
			there, ahead := at(shifted(start, step, move))
			_, back := at(shifted(start, -step, move))
			moved, _ := there.Value()
			rest := mat.DenseCopyOf(ahead)
			dense.AddScaled(rest, -1, back)
			rest.Scale(1/(2*step), rest)
			dense.AddScaled(rest, -1, bent)
			return math.Abs(moved - value - step*slope), dense.Norm(rest)
		}
		const step, shrink, noise = 0.25, 8, 1e-11
		wide1, wide2 := remainders(step)
		narrow1, narrow2 := remainders(step / shrink)
		for _, order := range []struct {
			of           string
			wide, narrow float64
			seen         *int
		}{{"loss", wide1, narrow1, &first}, {"gradient", wide2, narrow2, &second}} {
			if order.narrow < noise {
				continue
			}
			*order.seen++
			if power := math.Log(order.wide/order.narrow) / math.Log(shrink); power < 1.8 {
				t.Errorf("case %d: the remainder of the %s falls with power %.2f of the step", seed, order.of, power)
			}
		}
	}
	if first < enough.Least(8) || second < enough.Least(6) {
		t.Errorf("only %d and %d remainders were larger than rounding", first, second)
	}
}

// The blind and the reduced solve agree to the sum of their bounds, their factors
// have the minimum's loss, and the total error of the gradient is what was asked for.
func TestClipSolversAgree(t *testing.T) {
	ran, informative := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := clipCases().Draw(t, "paired")
		ran++
		reduced, err := Minimise(CLIP, p, Options{})
		if err != nil {
			t.Fatal("no reduced solve")
		}
		blind, err := Minimise(CLIP, p, Options{Method: Blind, Seed: 3})
		if err != nil {
			t.Fatal("no blind solve")
		}
		const asked = 1e-10
		for _, c := range []Candidate{reduced, blind} {
			if c.Free.GradientNorm+c.RuleError > asked {
				t.Fatal("the gradient's total error is larger than asked for")
			}
		}
		var diff mat.Dense
		one, two := reduced.Free.Form.Matrix(p), blind.Free.Form.Matrix(p)
		diff.Sub(one, two)
		if off := whitenedSize(&diff, p.Left, p.Right); !(off <= reduced.Free.DistanceBound+blind.Free.DistanceBound) {
			t.Fatal("the two minimisers differ by more than their bounds")
		}
		gap := (math.Pow(reduced.Free.GradientNorm, 2) + math.Pow(blind.Free.GradientNorm, 2)) / 2 // a quarter by 2-strong convexity
		if math.Abs(reduced.Free.Loss-blind.Free.Loss) > gap+reduced.Free.LossError+blind.Free.LossError {
			t.Fatal("the two minima have different losses")
		}
		if reduced.Free.Rank == 0 {
			return
		}
		informative++
		var product mat.Dense
		product.Mul(reduced.Free.Left.Columns, reduced.Free.Right.Columns.T())
		product.Sub(&product, one)
		if off := whitenedSize(&product, p.Left, p.Right); off > reduced.Free.DistanceBound+1e-12*whitenedSize(one, p.Left, p.Right) {
			t.Fatal("A_V A_Tᵀ is not M")
		}
		value, bound, err := Evaluate(CLIP, p, reduced.Free.Left.Columns, reduced.Free.Right.Columns)
		if err != nil || math.Abs(value-reduced.Free.Loss) > bound+reduced.Free.LossError {
			t.Fatal("the factors do not have the minimum's loss")
		}
	})
	if informative < ran/2 {
		t.Errorf("only %d of %d cases were informative", informative, ran)
	}
}

func readDocument(t testing.TB, text string) gmm.Document {
	t.Helper()
	d, err := gmm.Read("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
