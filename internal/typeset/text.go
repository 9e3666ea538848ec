package typeset

import (
	"fmt"
	"strings"
)

// Key is what texts cite: the key of the entry that contrastcheck cite prints.
const Key = "contrastcheck"

// special are characters that LaTeX prints otherwise than as themselves.
var special = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "_", `\_`, "%", `\%`, "^", `\^{}`, "~", `\~{}`, "|", `\textbar{}`, "<", `\textless{}`, ">", `\textgreater{}`)

// Escaped is a text of ASCII as LaTeX prints it.
func Escaped(text string) string { return special.Replace(text) }

// Preamble is a comment that says what a text needs in the preamble, with the environments that it uses.
func Preamble(environments ...string) string {
	var b strings.Builder
	b.WriteString("% In the preamble: \\usepackage{amsmath, amsthm}")
	for _, e := range environments {
		fmt.Fprintf(&b, " \\newtheorem{%s}{%s}", e, strings.ToUpper(e[:1])+e[1:])
	}
	fmt.Fprintf(&b, "\n%% The entry of \\cite{%s}: contrastcheck cite > contrastcheck.bib\n", Key)
	return b.String()
}

// Comment is a text whose lines LaTeX does not read.
func Comment(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("% " + strings.TrimRight(line, "\r\n") + "\n")
	}
	return b.String()
}

// cite refers to places in the documentation.
func cite(places ...string) string {
	return fmt.Sprintf(`\cite[%s]{%s}`, strings.Join(places, "; "), Key)
}

// section is one of docs/certificates.md, and theorem one or more of docs/theory.md.
func section(title string) string   { return `\emph{Certificates}, ` + "``" + title + "''" }
func theorem(numbers string) string { return `\emph{Theory}, ` + numbers }
