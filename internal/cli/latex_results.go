package cli

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/typeset"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"
)

// observation is the environment of what is no theorem.
const observation = "observation"

// latex writes each counterexample: as a proposition where it is proved, else as an observation of its grade.
func (h hunted) latex(b *bytes.Buffer) error {
	if len(h.Found) == 0 {
		return nil
	}
	b.WriteString(typeset.Preamble(typeset.Environment, observation))
	for _, f := range h.Found {
		c := f.found.Outcome.Certificate
		if c == nil && f.found.Case.Pairs.Modalities() == 2 {
			return errNotTypeset
		}
		b.WriteString(typeset.Comment("Run:\n  " + f.run))
		if c != nil {
			t, err := proofs.Check(*c, proof.Limit(1))
			if err != nil {
				return err
			}
			b.WriteString(typeset.Theorem(*c, t))
			continue
		}
		observed(b, f.found.Case.Pairs, fmt.Sprintf("It refutes the claim ``%s'': %s (%s).\n", typeset.Prose(h.claim.Statement), typeset.Prose(f.Detail), f.Grade))
	}
	return nil
}

// observed writes an observation about a mixture.
func observed(b *bytes.Buffer, p gmm.Pairs, what string) {
	fmt.Fprintf(b, "\\begin{%s}\\sloppy\n%s%s\\end{%[1]s}\n", observation, typeset.Mixture(p), what)
}

// latex writes what was decided as an observation, with M and the bound of its error.
func (s solution) latex(b *bytes.Buffer) error {
	if s.Given.Modalities() == 2 {
		return errNotTypeset
	}
	b.WriteString(typeset.Preamble(observation))
	s.observe(b)
	if s.Centred != nil {
		s.reading().observe(b)
	}
	return nil
}

func (s solution) observe(b *bytes.Buffer) {
	set := s.Of.Settings
	flags := chosen{set.Loss, set.Score, set.Map, set.Negatives, set.Bias, set.Temperature, set.Margin}
	b.WriteString(typeset.Comment("Run:\n  " + piped(gmm.Document{Pairs: s.Given}, append([]string{"solve", "-"}, flags.flags()...)...)))
	var what strings.Builder
	fmt.Fprintf(&what, "Of the %s, in float64 and with all errors as the grade \\emph{%s} says~\\cite{%s}:\n\\begin{itemize}\n", typeset.Prose(s.Of.Title), s.Certificate.Grade, typeset.Key)
	item := func(format string, values ...any) { fmt.Fprintf(&what, "\\item "+format+"\n", values...) }
	subspace := s.Of.Subspace()
	item(`$\mathrm{Col}(A^*) \subseteq %s$, of dimension %d: \emph{%s}; %s.`, subspace, s.FisherDimension[0], s.Containment.Verdict, typeset.Prose(s.Findings.ContainmentReason(0)))
	if s.Equality != nil && s.Inside == nil {
		item(`$\mathrm{Col}(A^*) = %s$: \emph{%s}; %s.`, subspace, s.Equality.Verdict, typeset.Prose(s.Findings.EqualityReason(0)))
	}
	if u := s.Unconstrained; u != nil {
		item(`$M_u$, the minimiser over all symmetric matrices, has the whitened eigenvalues $%s$ on $%s$%s.`, allInEight(u.Eigenvalues), subspace, known(u.DistanceBound, "and is known to"))
	}
	if !s.Minimiser.None {
		item(`$M^* = A^*A^{*\top}$, of rank %d%s, has the loss $%s$%s`, s.Minimiser.Rank, known(s.Minimiser.DistanceBound, "and known to"), inEight(float64(s.Minimiser.Loss)), displayed(s.Minimiser.M))
	}
	what.WriteString("\\end{itemize}\n")
	observed(b, s.Given, what.String())
}

// known says how well a matrix is known, if it is.
func known(bound number, words string) string {
	if !bound.Finite() {
		return ""
	}
	return fmt.Sprintf(" %s $\\pm %s$ in the whitened Frobenius norm", words, inEight(roundedUp(float64(bound))))
}

// roundedUp is a bound in three digits.
func roundedUp(x float64) float64 {
	if x <= 0 {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-2)
	return math.Ceil(x/unit) * unit
}

// displayed shows a matrix that fits a line, after a sentence.
func displayed(m matrix) string {
	const most = 6
	if len(m) > most {
		return "."
	}
	rows := make([]string, len(m))
	for i, row := range m {
		texts := make([]string, len(row))
		for j, x := range row {
			if texts[j] = typeset.Decimal(x.Text); x.Text == "" {
				texts[j] = inEight(x.Value)
			}
		}
		rows[i] = strings.Join(texts, " & ")
	}
	return ":\n\\[ M^* \\approx \\begin{pmatrix} " + strings.Join(rows, ` \\ `) + " \\end{pmatrix}. \\]"
}

// inEight is a number in eight digits.
func inEight(x float64) string {
	const digits = 8
	return typeset.Decimal(strconv.FormatFloat(x, 'g', digits, 64))
}

func allInEight(xs []float64) string {
	texts := make([]string, len(xs))
	for i, x := range xs {
		texts[i] = inEight(x)
	}
	return strings.Join(texts, `,\allowbreak\ `)
}

// latex writes a table of the claims that are about the mixture.
func (c checked) latex(b *bytes.Buffer) error {
	b.WriteString(typeset.Preamble())
	fmt.Fprint(b, "\\begin{tabular}{llll}\nclaim & verdict & grade & value \\\\\n\\hline\n")
	for _, claim := range c.claims {
		if claim.Verdict == notApplicable {
			continue
		}
		value := ""
		if claim.Value != nil {
			value = fmt.Sprintf("%s $%s$", typeset.Prose(claim.Measure), typeset.Decimal(strconv.FormatFloat(float64(*claim.Value), 'g', 3, 64)))
		}
		fmt.Fprintf(b, "\\texttt{%s} & %s & %s & %s \\\\\n", typeset.Prose(claim.Claim), claim.Verdict, claim.Grade, value)
	}
	b.WriteString("\\end{tabular}\n")
	return nil
}
