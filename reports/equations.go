package reports

import (
	"fmt"
	"html"
	"math/big"
	"strconv"
	"strings"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Equation typesets a part of a mixture: in LaTeX, and in MathML, which browsers show
// without scripts.
type Equation struct {
	LaTeX  string `json:"latex"`
	MathML string `json:"-"`
}

// Mixtures of more components or dimensions are not typeset.
const mostTypesetComponents, mostTypesetDimension = 6, 4

// equationsOf typesets the mixture of a document; nothing if it is large.
func equationsOf(d gmm.Document) []Equation {
	left, right := d.Pairs.Left.Exact(), d.Pairs.Right.Exact()
	if d.Pairs.Modalities() == 1 {
		return equations(left.Weights, "", left, d.Pairs.ExactDelta())
	}
	out := append(equations(left.Weights, "V", left, nil), equations(nil, "T", right, nil)...)
	if d.A != nil {
		out = append(out, representation("V", d.A), representation("T", d.ARight))
	}
	return out
}

// equations typesets weights as a ratio, means, one covariance or one for each component,
// and δ, of a modality if it has a name.
func equations(weights []*big.Rat, modality string, e gmm.Exact, delta *big.Rat) []Equation {
	if len(e.Means) > mostTypesetComponents || len(e.Means[0]) > mostTypesetDimension {
		return nil
	}
	var out []Equation
	if weights != nil {
		var ratio []term
		for _, w := range gmm.SmallestWhole(weights) {
			ratio = append(ratio, term{w.String(), "<mn>" + w.String() + "</mn>"})
		}
		out = append(out, equation(operator("w"), operator("∝"), joined(term{" : ", "<mo>:</mo>"}, ratio)))
	}
	for k, m := range e.Means {
		out = append(out, equation(symbol("μ", fmt.Sprint(k+1), modality), relation(m), vector(m)))
	}
	covariances := e.Covariances
	if e.Covariance != nil {
		covariances = [][][]*big.Rat{e.Covariance}
	}
	for k, c := range covariances {
		index := ""
		if len(covariances) > 1 {
			index = fmt.Sprint(k + 1)
		}
		name := symbol("Σ", index, modality)
		if gmm.IsIdentity(c) {
			out = append(out, equation(name, operator("="), operator("I")))
			continue
		}
		out = append(out, equation(name, relation(c...), matrix(c)))
	}
	if delta != nil {
		out = append(out, equation(operator("δ"), relation([]*big.Rat{delta}), number(delta)))
	}
	return out
}

// representation typesets that of a modality.
func representation(modality string, a *mat.Dense) Equation {
	rows, columns := a.Dims()
	exact := make([][]*big.Rat, rows)
	for i := range rows {
		for j := range columns {
			exact[i] = append(exact[i], new(big.Rat).SetFloat64(a.At(i, j)))
		}
	}
	return equation(symbol("A", "", modality), relation(exact...), matrix(exact))
}

// term is a piece of an equation in both languages.
type term struct{ latex, mathML string }

// joined writes terms one after the other, with what stands between them.
func joined(between term, terms []term) (t term) {
	for i, next := range terms {
		if i > 0 {
			t = term{t.latex + between.latex, t.mathML + between.mathML}
		}
		t = term{t.latex + next.latex, t.mathML + next.mathML}
	}
	return t
}

func equation(terms ...term) Equation {
	t := joined(term{" ", ""}, terms)
	return Equation{t.latex, "<math>" + t.mathML + "</math>"}
}

var commands = map[string]string{"∝": `\propto`, "≈": `\approx`, "δ": `\delta`, "μ": `\mu`, "Σ": `\Sigma`}

func latexOf(name string) string {
	if command, ok := commands[name]; ok {
		return command
	}
	return name
}

// operator is an operator or a symbol of one letter.
func operator(name string) term {
	tag := "mo"
	if strings.Contains("wIδ", name) {
		tag = "mi"
	}
	return term{latexOf(name), fmt.Sprintf("<%s>%s</%[1]s>", tag, html.EscapeString(name))}
}

// symbol is a letter with a lower and an upper index, either of which may be empty.
func symbol(name, lower, upper string) term {
	t := term{latexOf(name), "<mi>" + name + "</mi>"}
	if lower != "" {
		t.latex += "_{" + lower + "}"
	}
	if upper != "" {
		t.latex += "^{" + upper + "}"
	}
	switch {
	case lower != "" && upper != "":
		t.mathML = fmt.Sprintf("<msubsup>%s<mn>%s</mn><mi>%s</mi></msubsup>", t.mathML, lower, upper)
	case lower != "":
		t.mathML = fmt.Sprintf("<msub>%s<mn>%s</mn></msub>", t.mathML, lower)
	case upper != "":
		t.mathML = fmt.Sprintf("<msup>%s<mi>%s</mi></msup>", t.mathML, upper)
	}
	return t
}

// longestExact is the number of characters up to which numbers are written exactly.
const longestExact = 8

// written is a number in decimals or as a fraction, and whether it had to be rounded: to four
// digits.
func written(x *big.Rat) (text string, rounded bool) {
	text = gmm.FormatNumber(x)
	if len(text) <= longestExact {
		return text, false
	}
	value, _ := x.Float64()
	return strconv.FormatFloat(value, 'g', 4, 64), true
}

// relation is = where all numbers are written exactly, else ≈.
func relation(rows ...[]*big.Rat) term {
	for _, row := range rows {
		for _, x := range row {
			if _, rounded := written(x); rounded {
				return operator("≈")
			}
		}
	}
	return operator("=")
}

func number(x *big.Rat) term {
	text, _ := written(x)
	sign, mathSign := "", ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		text, sign, mathSign = rest, "-", "<mo>−</mo>"
	}
	if above, below, fraction := strings.Cut(text, "/"); fraction {
		return term{fmt.Sprintf(`%s\tfrac{%s}{%s}`, sign, above, below),
			fmt.Sprintf("<mrow>%s<mfrac><mn>%s</mn><mn>%s</mn></mfrac></mrow>", mathSign, above, below)}
	}
	if mantissa, exponent, scientific := strings.Cut(text, "e"); scientific {
		power := must(strconv.Atoi(exponent))
		return term{fmt.Sprintf(`%s%s \cdot 10^{%d}`, sign, mantissa, power),
			fmt.Sprintf("<mrow>%s<mn>%s</mn><mo>·</mo><msup><mn>10</mn><mn>%d</mn></msup></mrow>", mathSign, mantissa, power)}
	}
	return term{sign + text, fmt.Sprintf("<mrow>%s<mn>%s</mn></mrow>", mathSign, text)}
}

func numbers(row []*big.Rat) []term {
	var out []term
	for _, x := range row {
		out = append(out, number(x))
	}
	return out
}

// vector is a column, written as a transposed row.
func vector(entries []*big.Rat) term {
	t := joined(term{`,\ `, "<mo>,</mo>"}, numbers(entries))
	return term{"(" + t.latex + `)^{\top}`, "<msup><mrow><mo>(</mo>" + t.mathML + "<mo>)</mo></mrow><mo>⊤</mo></msup>"}
}

// matrix leaves the parentheses to the page's style: without a font of formulas browsers do not stretch them.
func matrix(rows [][]*big.Rat) term {
	var lines []term
	for _, row := range rows {
		lines = append(lines, joined(term{" & ", "</mtd><mtd>"}, numbers(row)))
	}
	t := joined(term{` \cr `, "</mtd></mtr><mtr><mtd>"}, lines)
	return term{`\begin{pmatrix}` + t.latex + `\end{pmatrix}`, `<mtable class="matrix"><mtr><mtd>` + t.mathML + "</mtd></mtr></mtable>"}
}
