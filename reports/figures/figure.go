package figures

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is a drawing and its words.
type Figure struct {
	// ID names the figure within a page: a letter, then letters, digits, hyphens.
	ID string `json:"id"`
	// Title is a short heading; Caption tells how to read the figure; Alt is the text
	// alternative, which says what there is to see.
	Title   string `json:"title"`
	Caption string `json:"caption"`
	Alt     string `json:"alt"`
	// SVG is an <svg> element. Its lines and letters are in currentColor, so that a page
	// in the dark can turn them light.
	SVG string `json:"-"`

	width, height vg.Length
	paint         func(draw.Canvas)
}

// Standalone is the SVG as a file of its own, which is light or dark as its reader prefers.
func (f Figure) Standalone() string {
	const style = `<style>svg{color:#1f2328;background:#ffffff}@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}}</style>`
	opening, rest, _ := strings.Cut(f.SVG, ">")
	return opening + ">" + style + rest + "\n"
}

// fontFamily stands for Liberation Sans, by whose metrics text is placed.
const fontFamily = `font-family:'Liberation Sans',Arial,Helvetica,sans-serif;font-size:`

var (
	preamble = regexp.MustCompile(`(?s)^.*?<svg[^>]*>`)
	fonts    = regexp.MustCompile(`font-family:[^;]*;font-variant:[^;]*;font-weight:[^;]*;font-style:[^;]*;font-size:`)
)

// drawn gives the figure its drawing, of a width and height in points.
func (f *Figure) drawn(width, height vg.Length, paint func(draw.Canvas)) {
	f.width, f.height, f.paint = width, height, paint
	canvas := vgsvg.New(width, height)
	paint(draw.New(canvas))
	var text bytes.Buffer
	if _, err := canvas.WriteTo(&text); err != nil {
		panic("figures: " + err.Error()) // a buffer takes everything
	}
	opening := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" width="%g" height="%g" viewBox="0 0 %g %g" fill="currentColor">`,
		escape(f.Alt), width.Points(), height.Points(), width.Points(), height.Points())
	svg := preamble.ReplaceAllLiteralString(text.String(), opening)
	svg = fonts.ReplaceAllLiteralString(svg, fontFamily)
	svg = strings.ReplaceAll(svg, "stroke:#000000", "stroke:currentColor")
	f.SVG = strings.TrimSpace(svg)
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}

// slug turns a name into a part of an ID.
func slug(name string) string {
	return strings.Trim(unfit.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

var unfit = regexp.MustCompile(`[^a-z0-9]+`)
