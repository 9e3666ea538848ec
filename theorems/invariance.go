package theorems

import (
	"fmt"
	"math"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// invariance: a linear change of coordinates (whitening among them), a rotation
// A → AR, another order of the components, splitting one in two equal ones, and
// one more dimension without information leave the loss, and the verdict on
// equality, alone.
//
// Hypotheses: any mixture, δ and A. Checked by comparing losses, and margins of
// equality, within their errors; contradicting verdicts refute. The suite finds
// that it holds.
var invariance = Claim{
	ID:         "invariance",
	Statement:  "Changes of coordinates, rotation of A, relabelling, splitting a component and adding dimensions leave loss and verdict alone",
	Source:     "the loss depends on the weights and on UᵀΣ⁻¹U alone",
	Hypotheses: "Any mixture, δ and representation A",
	Drawn:      "Mixtures of 2 or 3 components in 1 to 3 dimensions, an invertible change of coordinates, A of 1 to 3 columns",
	Stance:     Ours, Recorded: oracle.Holds, Measure: "difference",
	Subject:      Subject{Hypotheses: Hypotheses{Delta: DeltaWhole}, Complete: transformed},
	Unsearchable: byRounding,
	Draw: rapid.Custom(func(t *rapid.T) Case {
		c := represented(pairsOf(generators.SharedCovarianceOf(2, 3, 1, 3), generators.Delta())).Draw(t, "case")
		c.Transform = generators.Transformation(c.Pairs.Left.Dimension()).Draw(t, "T")
		return c
	}),
	Check: checkInvariance,
}

// variant is the same problem in another guise.
type variant struct {
	name    string
	mixture *gmm.Mixture
	a       *mat.Dense
}

func checkInvariance(c Case) Outcome {
	variants, err := variantsOf(c)
	if err != nil {
		return undecided(err)
	}
	loss, lossError, err := solver.Evaluate(solver.InfoNCE, c.Pairs, c.A, nil)
	if err != nil {
		return undecided(err)
	}
	verdict, err := decide(losses.InfoNCE, c.Pairs, losses.Options{})
	if err != nil {
		return undecided(err)
	}
	worst := 0.0
	for _, v := range variants {
		p := pairs(v.mixture, c.Pairs.ExactDelta())
		other, otherError, err := solver.Evaluate(solver.InfoNCE, p, v.a, nil)
		if err != nil {
			return undecided(err)
		}
		// The transformed representation is rounded.
		const rounding = 1e-13
		size := 1 + math.Pow(oracle.WhitenedNorm(c.Pairs.Left, gramOf(c.A)), 2)
		off := math.Abs(loss - other)
		worst = math.Max(worst, off)
		if off > lossError+otherError+rounding*size {
			return Outcome{Verdict: oracle.Refuted, Value: off, Detail: fmt.Sprintf("%s moves the loss by %.2g", v.name, off)}
		}
		again, err := decide(losses.InfoNCE, p, losses.Options{})
		if err != nil {
			return undecided(err)
		}
		if math.IsInf(verdict.Findings.Evidence.Epsilon+again.Findings.Evidence.Epsilon, 1) {
			return Outcome{Detail: v.name + ": a margin without a bound cannot be compared"}
		}
		if detail := contradiction(verdict.Findings, again.Findings); detail != "" {
			return Outcome{Verdict: oracle.Refuted, Value: off, Detail: v.name + ": " + detail}
		}
	}
	return Outcome{Verdict: oracle.Holds, Grade: oracle.Estimated, Value: worst, Detail: "losses and verdicts agree"}
}

// contradiction says how two findings about one problem disagree, or "".
func contradiction(a, b oracle.Findings) string {
	if a.Equality() != b.Equality() && a.Equality() != oracle.Undecided && b.Equality() != oracle.Undecided {
		return fmt.Sprintf("equality %v, then %v", a.Equality(), b.Equality())
	}
	if len(a.Spectrum) != len(b.Spectrum) {
		return fmt.Sprintf("dim S_F = %d, then %d", len(a.Spectrum), len(b.Spectrum))
	}
	if len(a.Spectrum) > 0 {
		if off := math.Abs(a.Margin() - b.Margin()); off > a.Evidence.Epsilon+b.Evidence.Epsilon {
			return fmt.Sprintf("margin %.6g, then %.6g", a.Margin(), b.Margin())
		}
	}
	return ""
}

func variantsOf(c Case) ([]variant, error) {
	m := c.Pairs.Left
	d, k := m.Dimension(), m.Components()
	transformed, err := m.Transform(c.Transform)
	if err != nil {
		return nil, err
	}
	// A ↦ T⁻ᵀA, so that (T⁻ᵀA)ᵀTx = Aᵀx.
	t := mat.NewDense(d, d, nil)
	for i, row := range c.Transform {
		for j, x := range row {
			value, _ := x.Float64()
			t.Set(i, j, value)
		}
	}
	var moved mat.Dense
	if err := moved.Solve(t.T(), c.A); err != nil {
		return nil, err
	}
	order := make([]int, k)
	for i := range order {
		order[i] = (i + 1) % k
	}
	_, r := c.A.Dims()
	taller := mat.NewDense(d+1, r, nil)
	taller.Slice(0, d, 0, r).(*mat.Dense).Copy(c.A)
	return []variant{
		{"a change of coordinates", transformed, &moved},
		{"a rotation of A", m, rotated(c.A)},
		{"another order of the components", m.Permute(order), c.A},
		{"splitting a component", m.Split(0), c.A},
		{"one more dimension", m.Embed(), taller},
	}, nil
}

// rotated turns the first and last columns of A by the angle of a 3-4-5 triangle.
func rotated(a *mat.Dense) *mat.Dense {
	d, r := a.Dims()
	out := mat.DenseCopyOf(a)
	if r == 1 {
		out.Scale(-1, out)
		return out
	}
	for i := range d {
		x, y := a.At(i, 0), a.At(i, r-1)
		out.Set(i, 0, 0.6*x-0.8*y)
		out.Set(i, r-1, 0.8*x+0.6*y)
	}
	return out
}
