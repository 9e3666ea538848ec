package typeset

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
)

// Mixtures of more numbers, or longer ones, are not written out.
const (
	mostComponents, mostDimension = 12, 6
	longestNumber                 = 16
)

// Mixture introduces the mixture F with its δ, in exact numbers; a large one by its size. Pairs are of one modality.
func Mixture(p gmm.Pairs) string {
	e, k, d := p.Left.Exact(), p.Components(), p.Left.Dimension()
	covariance := `\Sigma`
	if e.Covariance == nil {
		covariance = `\Sigma_k`
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Let $F = \\sum_{k=1}^{%d} w_k N(\\mu_k, %s)$ in $\\mathbf R^{%d}$", k, covariance, d)
	if !short(p) {
		fmt.Fprintf(&b, " be the mixture of the file above, whose numbers are taken exactly, and $\\delta = %s$.\n", Number(p.ExactDelta()))
		return b.String()
	}
	fmt.Fprintf(&b, " with %s,\nmeans ", weights(e.Weights))
	means := make([]string, k)
	for i, m := range e.Means {
		means[i] = fmt.Sprintf("$\\mu_{%d} = %s$", i+1, vector(m))
	}
	b.WriteString(strings.Join(means, ", ") + ",\n")
	switch {
	case e.Covariance == nil:
		b.WriteString("covariances\n\\[ ")
		all := make([]string, k)
		for i, c := range e.Covariances {
			all[i] = fmt.Sprintf(`\Sigma_{%d} = %s`, i+1, matrixOrIdentity(c))
		}
		b.WriteString(lines(all, d) + ", \\]\n")
	case gmm.IsIdentity(e.Covariance):
		b.WriteString("$\\Sigma = I$ ")
	default:
		fmt.Fprintf(&b, "covariance\n\\[ \\Sigma = %s, \\]\n", matrix(e.Covariance))
	}
	fmt.Fprintf(&b, "and $\\delta = %s$.\n", Number(p.ExactDelta()))
	return b.String()
}

// short tells that the mixture's numbers fit a page.
func short(p gmm.Pairs) bool {
	e := p.Left.Exact()
	if len(e.Means) > mostComponents || p.Left.Dimension() > mostDimension {
		return false
	}
	rows := slices.Concat(append(slices.Clone(e.Covariances), e.Covariance, e.Means)...)
	for _, row := range rows {
		for _, x := range row {
			if len(gmm.FormatNumber(x)) > longestNumber {
				return false
			}
		}
	}
	for _, w := range gmm.SmallestWhole(e.Weights) {
		if len(w.String()) > longestNumber {
			return false
		}
	}
	return true
}

// weights are all the same, or in a proportion of whole numbers.
func weights(all []*big.Rat) string {
	whole, sum, same := gmm.SmallestWhole(all), new(big.Int), true
	texts := make([]string, len(whole))
	for i, w := range whole {
		texts[i] = w.String()
		sum.Add(sum, w)
		same = same && w.Cmp(whole[0]) == 0
	}
	if same {
		return fmt.Sprintf("equal weights $w_k = \\tfrac{1}{%d}$", len(all))
	}
	return fmt.Sprintf("weights $w = \\tfrac{1}{%v}(%s)$", sum, strings.Join(texts, `,\ `))
}

func matrixOrIdentity(rows [][]*big.Rat) string {
	if gmm.IsIdentity(rows) {
		return "I"
	}
	return matrix(rows)
}

// lines sets formulas of this many columns beside and below each other.
func lines(all []string, columns int) string {
	beside := max(1, 7/columns)
	if len(all) <= beside {
		return strings.Join(all, `,\quad `)
	}
	var rows []string
	for chunk := range slices.Chunk(all, beside) {
		rows = append(rows, "& "+strings.Join(chunk, `,\quad `))
	}
	return `\begin{aligned} ` + strings.Join(rows, `, \\ `) + ` \end{aligned}`
}
