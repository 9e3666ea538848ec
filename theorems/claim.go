package theorems

import (
	"fmt"
	"io"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/internal/words"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/network"
	"contrastcheck/oracle/proof"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Stance is what the authors of the theory say of a claim. The zero value is Ours.
type Stance int

const (
	// Ours marks a statement of this project: a tool of the proofs, or a
	// corrected theorem.
	Ours Stance = iota
	// Asserted marks what the authors assert.
	Asserted
	// Open marks what the authors leave open.
	Open
	// Denied marks what the authors say is false.
	Denied
)

// String returns "ours", "asserted", "open" or "denied".
func (s Stance) String() string { return [...]string{"ours", "asserted", "open", "denied"}[s] }

// Claim is a statement that random cases can bear out or refute.
type Claim struct {
	// ID is stable: commands, files and reports use it.
	ID string
	// Statement is the claim in one sentence, Source where it comes from.
	Statement, Source string
	// Hypotheses are what the claim assumes, and Drawn what random cases of it are, in words.
	Hypotheses, Drawn string
	// Stance is what the authors say of it.
	Stance Stance
	// Recorded is the known truth, Holds or Refuted, which verification must
	// reproduce.
	Recorded oracle.Verdict
	// Measure names what Outcome.Value is, for tables.
	Measure string
	// Subject says of which mixtures of a user the claim is asked.
	Subject Subject
	// Settles is what the claim, as a theorem, says of equality for InfoNCE with dot scores and infinitely many negatives wherever its subject's hypotheses are met:
	// Holds or Refuted. The zero value is nothing.
	Settles oracle.Verdict
	// Draw draws a case that meets the claim's hypotheses.
	Draw *rapid.Generator[Case]
	// Check gives a verdict on one case. It is deterministic.
	Check func(Case) Outcome
	// Prove gives a rigorous certificate of the verdict on a case, and an error where it
	// finds none; nil for a claim of which there are no proofs.
	Prove func(Case) (proof.Certificate, error)
	// Hunt says how to search for counterexamples; nil for a claim for which no search
	// is known. A claim of the registry that has neither a Hunt nor says that it is Unsearchable is searched by what its check measures.
	Hunt *Hunt
	// Unsearchable says, in one sentence without a full stop, why no search is known; "" where there is one.
	Unsearchable string

	equal func(Case) []losses.Loss // whose equality the claim is about; nil for other claims
}

// Case is what a claim is checked on. Fields that a claim does not use are zero.
type Case struct {
	Pairs gmm.Pairs
	// A and Other are representations, d×r; of two modalities those of the left and of the right one.
	A, Other *mat.Dense
	// Transform is an invertible change of coordinates, d×d; or Predictor an invertible linear predictor, r×r.
	Transform, Predictor [][]*big.Rat
	// Columns is the number r of columns of a representation to be found.
	Columns int
	// Nets are encoders with a hidden layer: one, or two towers.
	Nets []network.Net
	// Temperature is τ > 0, of cosines; nil stands for 1.
	Temperature *big.Rat
	// Weight and Rate are λ > 0 and t > 0, of alignment and uniformity.
	Weight, Rate *big.Rat
	// Seed determines random starts and samples.
	Seed uint64

	asked  bool    // of a mixture that is given, and not drawn
	memory *memory // of decisions, where several claims are asked of one mixture; nil keeps none
}

// GoString writes the case in exact numbers, one line.
func (c Case) GoString() string {
	s := "Case{" + c.Pairs.GoString()
	for _, a := range []struct {
		name string
		m    *mat.Dense
	}{{"A", c.A}, {"other A", c.Other}} {
		if a.m != nil {
			s += fmt.Sprintf(", %s %v", a.name, mat.Formatted(a.m, mat.FormatPython()))
		}
	}
	if c.Transform != nil {
		s += fmt.Sprintf(", T %v", c.Transform)
	}
	if c.Predictor != nil {
		s += fmt.Sprintf(", W %v", c.Predictor)
	}
	if c.Columns > 0 {
		s += fmt.Sprintf(", r = %d", c.Columns)
	}
	if c.Temperature != nil {
		s += fmt.Sprintf(", τ = %s", c.Temperature.RatString())
	}
	if c.Weight != nil {
		s += fmt.Sprintf(", λ = %s, t = %s", c.Weight.RatString(), c.Rate.RatString())
	}
	for _, f := range c.Nets {
		s += fmt.Sprintf(", %#v", f)
	}
	return fmt.Sprintf("%s, seed %d}", s, c.Seed)
}

// encoders are the representations of the case, of both sides where there are two.
func (c Case) encoders() oracle.Encoders {
	if c.Pairs.Modalities() == 2 {
		return oracle.Encoders{Left: c.A, Right: c.Other}
	}
	return oracle.Encoders{Left: c.A}
}

// others are other ones: of two modalities with the columns of one side in reverse, so that their product points elsewhere.
func (c Case) others() oracle.Encoders {
	if c.Pairs.Modalities() == 1 {
		return oracle.Encoders{Left: c.Other}
	}
	d, r := c.Other.Dims()
	turned := mat.NewDense(d, r, nil)
	for j := range r {
		turned.SetCol(j, mat.Col(nil, r-1-j, c.Other))
	}
	if r == 1 {
		turned.Scale(-1, turned)
	}
	return oracle.Encoders{Left: c.A, Right: turned}
}

// Document is the case's mixture as a file, with its representations if it has them.
func (c Case) Document() gmm.Document {
	d := gmm.Document{Pairs: c.Pairs, A: c.A}
	if c.Pairs.Modalities() == 2 {
		d.ARight = c.Other
	}
	return d
}

// Outcome is the verdict on one case.
type Outcome struct {
	Verdict oracle.Verdict
	Grade   oracle.Grade
	// Value is the claim's Measure on this case: a margin, defect, angle, or z-score.
	Value float64
	// Bound is the part of Value that is the bound of errors, for the claim containment;
	// 0 for others.
	Bound float64
	// Detail says in one line how the verdict came about, in digits that do not
	// depend on the machine.
	Detail string
	// Certificate is the proof, of the grade oracle.Proved; nil for other grades.
	Certificate *proof.Certificate
}

// String is one line: the verdict with its grade, and how it came about.
func (o Outcome) String() string {
	if o.Verdict == oracle.Undecided {
		return fmt.Sprintf("%v: %s", o.Verdict, o.Detail)
	}
	return fmt.Sprintf("%v (%v): %s", o.Verdict, o.Grade, o.Detail)
}

// Write writes the case that the outcome is of as a mixture file, with the certificate if
// there is one.
func (o Outcome) Write(w io.Writer, on Case) error {
	if o.Certificate != nil {
		return o.Certificate.Write(w)
	}
	return gmm.Write(w, on.Document())
}

// undecided is the outcome where something could not be computed.
func undecided(err error) Outcome { return Outcome{Detail: words.WithoutPackages(err.Error())} }

// fromInequality is the outcome of an inequality that the claim asserts; its
// value is the amount by which it holds, relative to the size of its terms.
func fromInequality(i oracle.Inequality, grade oracle.Grade) Outcome {
	return Outcome{Verdict: i.Verdict(), Grade: grade, Value: i.Slack(),
		Detail: fmt.Sprintf("%.6g ≥ %.6g is known to ±%.2g", i.Left, i.Right, i.Error)}
}
