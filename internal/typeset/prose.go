package typeset

import (
	"regexp"
	"strings"
	"sync"
)

// marks are what texts have besides ASCII, as formulas.
var marks = map[rune]string{
	'²': "^2", '·': `\cdot `, '¹': "^1", '½': `\tfrac12 `, '¼': `\tfrac14 `, 'Σ': `\Sigma `, 'δ': `\delta `, 'κ': `\kappa `, 'λ': `\lambda `, 'μ': `\mu `, 'ρ': `\rho `, 'σ': `\sigma `, 'τ': `\tau `, 'ε': `\varepsilon `,
	'ᵀ': `^\top `, '‖': `\Vert `, '′': "'", '⁺': "^+", '⁻': "^-", '₀': "_0", '₁': "_1", '₂': "_2", '↦': `\mapsto `, '⇒': `\Rightarrow `, '∇': `\nabla `, '−': "-", '∞': `\infty `, '≠': `\neq `, '≤': `\le `, '≥': `\ge `,
	'⊆': `\subseteq `, '⊇': `\supseteq `, '⟨': `\langle `, '⟩': `\rangle `, '±': `\pm `, '°': `^\circ `, '×': `\times `,
}

// accents are combining marks.
var accents = map[rune]string{'\u0302': `\hat`, '\u0304': `\bar`}

// formula is a letter with an index or a star, a number with an exponent, or the minus of another, in plain text.
// It is compiled when it is asked for: a program that sets no prose is without regular expressions.
func formula() *regexp.Regexp {
	formulas.Do(func() {
		formulas.compiled = regexp.MustCompile(`[A-Z](?:_[A-Za-z]\b|\*)|-?[0-9][0-9.]*e[-+]?[0-9]+|-[0-9]`)
	})
	return formulas.compiled
}

var formulas struct {
	sync.Once
	compiled *regexp.Regexp
}

// Prose is a text with symbols as LaTeX prints it. Other letters than Latin ones become question marks.
func Prose(text string) string {
	var b strings.Builder
	for {
		at := formula().FindStringIndex(text)
		if at == nil {
			prose(&b, text)
			return b.String()
		}
		prose(&b, text[:at[0]])
		b.WriteString("$" + Decimal(strings.Replace(text[at[0]:at[1]], "*", "^*", 1)) + "$")
		text = text[at[1]:]
	}
}

// prose writes text without formulas.
func prose(b *strings.Builder, text string) {
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		accent := ""
		if i+1 < len(runes) {
			accent = accents[runes[i+1]]
		}
		mark, known := marks[r]
		switch {
		case accent != "":
			if mark == "" {
				mark = string(r)
			}
			b.WriteString("$" + accent + "{" + mark + "}$")
			i++
		case known:
			b.WriteString("$" + mark + "$")
		case r == '–':
			b.WriteString("--")
		case r == '-':
			b.WriteString("-{}") // no ligature with the next
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case r < 0x7f:
			b.WriteString(Escaped(string(r)))
		default:
			b.WriteByte('?')
		}
	}
}
