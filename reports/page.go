package reports

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"contrastcheck/reports/figures"
)

var (
	//go:embed templates/index.html.tmpl
	pageText string
	//go:embed templates/style.css
	pageStyle string
)

var page = template.Must(template.New("index.html").Funcs(template.FuncMap{
	// Drawings and equations are this program's own; their texts are escaped where they are made.
	"svg":      func(f figures.Figure) template.HTML { return template.HTML(f.SVG) },
	"mathml":   func(e Equation) template.HTML { return template.HTML(e.MathML) },
	"style":    func() template.CSS { return template.CSS(pageStyle) },
	"typeset":  func(text string) template.HTML { return template.HTML(typeset(template.HTMLEscapeString(text))) },
	"upper":    strings.ToUpper,
	"mark":     func(verdict string) string { return map[string]string{"holds": "✓", "refuted": "✗"}[verdict] },
	"glossary": Glossary,
	"class":    func(verdict string) string { return strings.ReplaceAll(verdict, " ", "-") },
	"counted":  counted,
	"rest":     func(all []Counterexample) []Counterexample { return all[1:] },
}).Parse(pageText))

// Page writes the report as one HTML page that needs nothing beside it.
func (r Results) Page() []byte {
	var b bytes.Buffer
	if err := page.Execute(&b, r); err != nil {
		panic("reports: " + err.Error()) // the template fits the type
	}
	return b.Bytes()
}
