package reports

import (
	"bytes"
	_ "embed"
	"io"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"contrastcheck/reports/figures"
)

var (
	//go:embed templates/report.md.tmpl
	markdownText string
	//go:embed templates/own.md.tmpl
	ownMarkdownText string
)

var markdown = sync.OnceValue(func() *template.Template {
	all := template.Must(template.New("report.md").Funcs(common).Funcs(template.FuncMap{
		"md":      escapeMarkdown,
		"typeset": func(text string) string { return typeset(escapeMarkdown(text)) },
		"file":    figureFile,
		"math":    joinLaTeX,
	}).Parse(markdownText))
	template.Must(all.New(ownName).Parse(ownMarkdownText))
	return all
})

// common are the functions of both templates.
var common = map[string]any{
	"upper":         strings.ToUpper,
	"glossary":      glossary,
	"ownGlossary":   ownGlossary,
	"three":         Number.three,
	"mark":          func(verdict string) string { return map[string]string{"holds": "✓", "refuted": "✗"}[verdict] },
	"counted":       counted,
	"atlasHeadings": AtlasHeadings,
	"claimColumns":  func() []string { return claimColumns },
	"rest":          func(all []Counterexample) []Counterexample { return all[1:] },
}

// Markdown writes the report for GitHub, with figures as files beside it.
func (r Results) Markdown() []byte { return executed(markdown(), r) }

// Markdown writes the report for GitHub, with figures as files beside it.
func (o Own) Markdown() []byte { return executed(markdown().Lookup(ownName), o) }

// executed is what a template, which must fit the type, makes of a report.
func executed(t interface{ Execute(io.Writer, any) error }, report any) []byte {
	var b bytes.Buffer
	if err := t.Execute(&b, report); err != nil {
		panic("reports: " + err.Error())
	}
	return b.Bytes()
}

// escapeMarkdown makes text mean itself, in a table too.
func escapeMarkdown(text string) string { return markdownSpecial.Replace(text) }

var markdownSpecial = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "|", `\|`, "\n", " ")

// figureFile is where a report keeps a figure as a file.
func figureFile(f figures.Figure) string { return "figures/" + f.ID + ".svg" }

func joinLaTeX(all []Equation) string {
	var parts []string
	for _, e := range all {
		parts = append(parts, e.LaTeX)
	}
	return strings.Join(parts, ` \qquad `)
}

// indexed is a symbol of one letter with an index, as in S_F or λ_min, in HTML or
// Markdown; names such as class_0 are none.
var indexed = regexp.MustCompile(`(^|[^a-z0-9_])([A-Za-zμλΣ∇][\x{0302}\x{0304}]?)\\?_(δ|[A-Z]\b|(?:min|max|in|pos|neg|[uvkijlc])\b)`)

// claimColumns are the headings of a table of claims.
var claimColumns = []string{"claim", "statement", "found", "recorded", "cases", "undecided", "worst", "grade"}

// typeset lowers the indices of symbols in text that is escaped already, as HTML
// and GitHub show them: S_F becomes S<sub>F</sub>.
func typeset(escaped string) string {
	return ofGreek.ReplaceAllString(indexed.ReplaceAllString(escaped, "$1$2<sub>$3</sub>"), "$1<sub>$2</sub>")
}

// ofGreek are the indices of Greek letters, which may stand between others, as in QΣ_kP.
var ofGreek = regexp.MustCompile(`([μλΣ][\x{0302}\x{0304}]?)\\?_([a-z])`)

// marked is a letter under a bar or a hat.
var marked = regexp.MustCompile(`(\pL)([\x{0302}\x{0304}])`)

// accented draws bars and hats over letters in HTML, where fonts lose them: Σ without its bar is another matrix. The marks stay in the text, unseen, for who copies it
// or listens.
func accented(text string) string {
	return marked.ReplaceAllStringFunc(text, func(found string) string {
		letter, mark, class := marked.FindStringSubmatch(found)[1], marked.FindStringSubmatch(found)[2], "bar"
		if mark == "\u0302" {
			class = "hat"
		}
		if strings.ContainsAny(letter, "acemnorsuvwxzμπ") {
			class += " small"
		}
		return `<span class="` + class + `">` + letter + `<span class="mark">` + mark + `</span></span>`
	})
}
