package typeset

import (
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/gmm"
)

// Number is x exactly: a decimal or a fraction.
func Number(x *big.Rat) string {
	text, sign := gmm.FormatNumber(x), ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		text, sign = rest, "-"
	}
	if above, below, fraction := strings.Cut(text, "/"); fraction {
		return fmt.Sprintf(`%s\tfrac{%s}{%s}`, sign, above, below)
	}
	return sign + Decimal(text)
}

// Decimal is a decimal number with or without an exponent, as fmt writes it.
func Decimal(text string) string {
	mantissa, exponent, scientific := strings.Cut(text, "e")
	if !scientific {
		return text
	}
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	return fmt.Sprintf(`%s\cdot 10^{%s%s}`, mantissa, sign, strings.TrimLeft(exponent, "+-0"))
}

// above is x > 0 in so many significant digits, rounded up, as a number and as text; below is rounded down.
func above(x *big.Rat, digits int) (*big.Rat, string) { return rounded(x, digits, true) }

func below(x *big.Rat, digits int) (*big.Rat, string) { return rounded(x, digits, false) }

func rounded(x *big.Rat, digits int, up bool) (*big.Rat, string) {
	if x.Sign() <= 0 {
		return new(big.Rat), "0"
	}
	exponent := 0 // of the last digit; the length of numbers in bits says where to begin
	power := func() *big.Rat {
		p := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exponent, -exponent))), nil))
		if exponent < 0 {
			p.Inv(p)
		}
		return p
	}
	const log2of10 = 3.3219280948873623
	exponent = int(float64(x.Num().BitLen()-x.Denom().BitLen())/log2of10) - digits - 1
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	for ; ; exponent++ {
		scaled := new(big.Rat).Quo(x, power())
		whole, rest := new(big.Int).QuoRem(scaled.Num(), scaled.Denom(), new(big.Int))
		if up && rest.Sign() > 0 {
			whole.Add(whole, big.NewInt(1))
		}
		if whole.Cmp(most) < 0 {
			return new(big.Rat).Mul(new(big.Rat).SetInt(whole), power()), scientific(whole.String(), exponent)
		}
	}
}

// scientific is the number of these digits with this exponent of the last.
func scientific(digits string, exponent int) string {
	exponent += len(digits) - 1
	mantissa := digits[:1]
	if rest := strings.TrimRight(digits[1:], "0"); rest != "" {
		mantissa += "." + rest
	}
	if exponent == 0 {
		return mantissa
	}
	return fmt.Sprintf(`%s\cdot 10^{%d}`, mantissa, exponent)
}

// vector is a column, written as a transposed row.
func vector(entries []*big.Rat) string {
	texts := make([]string, len(entries))
	for i, x := range entries {
		texts[i] = Number(x)
	}
	return "(" + strings.Join(texts, `,\allowbreak\ `) + `)^\top`
}

// matrix is one of exact numbers.
func matrix(rows [][]*big.Rat) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		texts := make([]string, len(row))
		for j, x := range row {
			texts[j] = Number(x)
		}
		lines[i] = strings.Join(texts, " & ")
	}
	return `\begin{pmatrix} ` + strings.Join(lines, ` \\ `) + ` \end{pmatrix}`
}

// Most that fits a line: digits of a matrix's row or of a vector.
const widest = 54

// scaled takes a common factor out of numbers: whole ones, and the factor's text, empty for 1. ok is false where that does not make them short.
func scaled(rows [][]*big.Rat) (whole [][]*big.Rat, factor string, ok bool) {
	common := big.NewInt(1)
	for _, row := range rows {
		for _, x := range row {
			gcd := new(big.Int).GCD(nil, nil, common, x.Denom())
			common.Mul(common, new(big.Int).Quo(x.Denom(), gcd))
		}
	}
	width := 0
	for _, row := range rows {
		line := 0
		whole = append(whole, nil)
		for _, x := range row {
			n := new(big.Rat).Mul(x, new(big.Rat).SetInt(common))
			line += len(n.Num().String()) + 2
			whole[len(whole)-1] = append(whole[len(whole)-1], n)
		}
		width = max(width, line)
	}
	switch twos := common.BitLen() - 1; {
	case common.IsInt64() && common.Int64() == 1:
	case common.TrailingZeroBits() == uint(twos):
		factor = fmt.Sprintf("2^{-%d}", twos)
	default:
		factor = fmt.Sprintf(`\tfrac{1}{%v}`, common)
	}
	return whole, factor, width+len(factor) <= widest
}

// dyadicMatrix displays a matrix N of rational numbers by its name: as one, or entry by entry where that is too wide.
func dyadicMatrix(name string, rows [][]*big.Rat) string {
	whole, factor, ok := scaled(rows)
	if ok {
		return fmt.Sprintf("\\[ %s = %s%s. \\]\n", name, factor, matrix(whole))
	}
	var entries []string
	for i, row := range whole {
		for j := i; j < len(row); j++ { // symmetric
			entry := times(factor) + breakable(row[j].Num())
			if strings.HasPrefix(factor, `\tfrac`) {
				entry = breakable(rows[i][j].Num()) + `/\allowbreak ` + breakable(rows[i][j].Denom())
			}
			entries = append(entries, fmt.Sprintf("$%s_{%d,%d} = %s$", name, i+1, j+1, entry))
		}
	}
	return "\n\n{\\raggedright\\noindent " + strings.Join(entries, ", ") + " (symmetric).\\par}\n\n\\noindent "
}

// dyadicVector is a column of rational numbers, within a line.
func dyadicVector(entries []*big.Rat) string {
	whole, factor, _ := scaled([][]*big.Rat{entries})
	texts := make([]string, len(entries))
	for i, x := range whole[0] {
		texts[i] = breakable(x.Num())
	}
	return factor + "(" + strings.Join(texts, `,\allowbreak\ `) + `)^\top`
}

func times(factor string) string {
	if factor == "" {
		return ""
	}
	return factor + `\cdot `
}

// breakable is a whole number in which a line may end.
func breakable(x *big.Int) string {
	text := x.String()
	const piece = 20
	if len(text) <= 2*piece {
		return text
	}
	var parts []string
	for ; len(text) > piece; text = text[piece:] {
		parts = append(parts, text[:piece])
	}
	return strings.Join(append(parts, text), `\allowbreak `)
}
