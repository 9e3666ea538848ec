package reports

import (
	_ "embed"
	"html/template"
	"strings"
	"sync"

	"contrastcheck/reports/figures"
)

var (
	//go:embed templates/index.html.tmpl
	pageText string
	//go:embed templates/own.html.tmpl
	ownPageText string
	//go:embed templates/glance.html.tmpl
	glanceText string
	//go:embed templates/style.css
	pageStyle string
)

// parsed reads the templates of a page or a fragment of one.
func parsed(name, text string) *template.Template {
	return template.Must(template.New(name).Funcs(common).Funcs(template.FuncMap{
		// Drawings and equations are this program's own; their texts are escaped where they are made.
		"svg":    func(f figures.Figure) template.HTML { return template.HTML(f.SVG) },
		"mathml": func(e Equation) template.HTML { return template.HTML(e.MathML) },
		"style":  func() template.CSS { return template.CSS(pageStyle) },
		"typeset": func(text string) template.HTML {
			return template.HTML(accented(typeset(template.HTMLEscapeString(text))))
		},
		"mark":  func(verdict string) string { return map[string]string{"holds": "✓", "refuted": "✗"}[verdict] },
		"class": func(verdict string) string { return strings.ReplaceAll(verdict, " ", "-") },
	}).Parse(text))
}

// page is parsed when a report is written, and not by commands that write none.
var page = sync.OnceValue(func() *template.Template {
	all := parsed("index.html", pageText)
	template.Must(all.New(ownName).Parse(ownPageText))
	return all
})

// glance is parsed when a notebook asks for a fragment of a page.
var glance = sync.OnceValue(func() *template.Template { return parsed("glance", glanceText) })

// ownName is that of the templates of a reader's own mixture.
const ownName = "own"

// Page writes the report as one HTML page that needs nothing beside it.
func (r Results) Page() []byte { return executed(page(), r) }

// Page writes the report as one HTML page that needs nothing beside it.
func (o Own) Page() []byte { return executed(page().Lookup(ownName), o) }
