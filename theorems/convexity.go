package theorems

import (
	"fmt"
	"math"

	"contrastcheck/generators"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// convexity: the InfoNCE loss is a 1-strongly convex function f of the symmetric
// matrix M = AAᵀ, Frobenius norm, whitened. Every certificate rests on it.
//
// Hypotheses: any mixture and δ. Checked along random lines: the oracle's
// gradients at both ends satisfy ⟨∇f(M₂) − ∇f(M₁), V⟩ ≥ ‖V‖², V = M₂ − M₁; and at a
// random point the solver's D²f[V] agrees with central differences of its ∇f, for
// a random V of unit size, in the solver's coordinates. The suite finds that it
// holds.
var convexity = Claim{
	ID:         "convexity",
	Statement:  "f is 1-strongly convex in M along random lines, and D²f agrees with differences of ∇f",
	Source:     "log E exp⟨M, xyᵀ⟩ is a log-Laplace transform",
	Hypotheses: "Any mixture and δ",
	Drawn:      "Mixtures with shared covariances, centred ones and symmetric ties; two representations of 1 to 3 columns",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "slack",
	Subject: Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: encodedTwice(2)},
	Draw: rapid.Custom(func(t *rapid.T) Case {
		c := represented(pairsOf(tame(), generators.Delta())).Draw(t, "case")
		c.Other = generators.Representation(c.Pairs.Left.Dimension(), rapid.IntRange(1, 3).Draw(t, "other columns")).Draw(t, "other A")
		const milder = 0.5 // keeps the softmax from being too steep to differentiate by differences
		c.A.Scale(milder, c.A)
		c.Other.Scale(milder, c.Other)
		return c
	}),
	Check: checkConvexity(losses.InfoNCE),
}

// gradientTolerance is the accuracy asked of gradients that are only compared, and coarseTolerance that of a loss of which each digit costs much.
const gradientTolerance, coarseTolerance = 1e-8, 1e-6

func toleranceOf(l losses.Loss) float64 {
	if l.Costly {
		return coarseTolerance
	}
	return gradientTolerance
}

func checkConvexity(l losses.Loss) func(Case) Outcome {
	return func(c Case) Outcome {
		i, err := oracle.Monotonicity(l.Oracle, c.Pairs, c.encoders(), c.others(), toleranceOf(l))
		if err != nil {
			return undecided(err)
		}
		o := fromInequality(i, oracle.Estimated) // as is the second half
		if o.Verdict != oracle.Holds {
			return o
		}
		off, noise, err := differenceOfGradients(l, c)
		if err != nil {
			return undecided(err)
		}
		// A wrong term shows as a tenth or so; the Hessian's own quadrature error, which
		// nothing estimates, as far less than a thousandth.
		const coarse = 1e-2
		agreement := 1e-3
		if l.Costly { // its Hessian, which steers steps only, is coarser
			agreement = 3e-2
		}
		switch {
		case noise > coarse:
			return Outcome{Detail: fmt.Sprintf("differences of ∇f are known to %.1g of their size only", noise)}
		case off > noise+agreement:
			return Outcome{Verdict: oracle.Refuted, Value: off, Detail: fmt.Sprintf("D²f[V] differs from differences of ∇f by %.2g of its size", off)}
		}
		return o
	}
}

// differenceOfGradients returns |D²f(M)[V] − D| relative to |D²f(M)[V]|, where D
// are central differences of ∇f with steps h and h/2, extrapolated. Noise bounds
// their error, on the same scale: the gradient's own over h, and the difference
// between the two steps, which is many times what extrapolation leaves of it.
func differenceOfGradients(l losses.Loss, c Case) (off, noise float64, err error) {
	f, err := solver.NewObjective(l.Solver, c.Pairs)
	if err != nil {
		return 0, 0, err
	}
	m, v := product(c.encoders()), product(c.others())
	size := mat.Norm(v, 2)
	if size == 0 {
		return 0, 0, nil
	}
	v.Scale(1/size, v)
	const accuracy = 1e-13
	at := func(step float64) (solver.Evaluation, error) {
		var moved mat.Dense
		moved.Scale(step, v)
		moved.Add(&moved, m)
		// What is the least value over c is, far from its minimum, as sharp as a step needs it; anew, it begins where it ended.
		const most, enough = 5, 1e-7 // of the gradient, beside h
		for tries := 1; ; tries++ {
			e, err := f.At(&moved, accuracy)
			if err != nil || tries == most {
				return e, err
			}
			if _, off := e.Gradient(); off <= enough {
				return e, nil
			}
		}
	}
	central := func(h float64) (*mat.Dense, error) {
		ahead, err := at(h)
		if err != nil {
			return nil, err
		}
		behind, err := at(-h)
		if err != nil {
			return nil, err
		}
		difference, aheadError := ahead.Gradient()
		back, behindError := behind.Gradient()
		noise = max(noise, (aheadError+behindError)/h)
		difference.Sub(difference, back)
		difference.Scale(1/(2*h), difference)
		return difference, nil
	}
	here, err := at(0) // first, as Newton steps to the least value over c know its curvature then
	if err != nil {
		return 0, 0, err
	}
	want, err := here.Curvature(v)
	if err != nil {
		return 0, 0, err
	}
	const h = 1e-3
	coarse, err := central(h)
	if err != nil {
		return 0, 0, err
	}
	fine, err := central(h / 2)
	if err != nil {
		return 0, 0, err
	}
	var extrapolated, steps mat.Dense
	steps.Sub(fine, coarse)
	extrapolated.Scale(1.0/3, &steps)
	extrapolated.Add(fine, &extrapolated)
	extrapolated.Sub(&extrapolated, want)
	size = math.Max(mat.Norm(want, 2), 1)
	return mat.Norm(&extrapolated, 2) / size, (noise + mat.Norm(&steps, 2)) / size, nil
}

// product is A_L A_Rᵀ.
func product(e oracle.Encoders) *mat.Dense {
	if e.Right == nil {
		return mat.DenseCopyOf(gramOf(e.Left))
	}
	m := new(mat.Dense)
	m.Mul(e.Left, e.Right.T())
	return m
}

// gramOf is AAᵀ.
func gramOf(a *mat.Dense) *mat.SymDense {
	d, _ := a.Dims()
	m := mat.NewSymDense(d, nil)
	m.SymOuterK(1, a)
	return m
}
