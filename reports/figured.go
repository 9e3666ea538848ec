package reports

import (
	"bytes"
	"strings"
)

// WithPDF is the report with its figures as PDF files beside the SVG files.
func WithPDF(r Report) Report { return figured{r} }

type figured struct{ Report }

func (f figured) attachments() []file {
	out := f.Report.attachments()
	for _, drawn := range f.Figures() {
		var text bytes.Buffer
		if err := drawn.Write(&text, ".pdf"); err != nil {
			panic("reports: " + err.Error()) // a buffer takes everything
		}
		out = append(out, file{strings.TrimSuffix(figureFile(drawn), ".svg") + ".pdf", text.Bytes()})
	}
	return out
}

// printed are the PDF files that an earlier report may have left: those of its figures, and its page.
func printed(earlier []file) []file {
	out := []file{{name: PDFName}}
	for _, f := range earlier {
		if stem, drawing := strings.CutSuffix(f.name, ".svg"); drawing {
			out = append(out, file{name: stem + ".pdf"})
		}
	}
	return out
}
