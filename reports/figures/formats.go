package figures

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// Endings are those of the files that a figure is written to.
func Endings() []string { return []string{".png", ".svg", ".pdf"} }

// ErrFormat says that there is no way of writing a figure to files of an ending.
var ErrFormat = errors.New("figures: not a format of figures")

// Write writes the figure as files of an ending are: .png at 192 dots an inch and .pdf on white, .svg as Standalone. The same figure makes the same bytes. It refuses other endings with
// ErrFormat.
func (f Figure) Write(w io.Writer, ending string) error {
	const dots = 192 // an inch, twice a screen's
	switch ending {
	case ".svg":
		_, err := io.WriteString(w, f.Standalone())
		return err
	case ".png":
		canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(dots))}
		f.paint(draw.New(canvas))
		_, err := canvas.WriteTo(w)
		return err
	case ".pdf":
		canvas := vgpdf.New(f.width, f.height)
		f.paint(draw.NewCanvas(outlined{canvas}, f.width, f.height))
		_, err := canvas.WriteTo(w)
		return err
	}
	return fmt.Errorf("%w: expected one of %s, found %q", ErrFormat, strings.Join(Endings(), ", "), ending)
}

// A PDF says when it was made: always the same, or no two were.
func init() {
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// outlined is a canvas that fills the outlines of letters: package vgpdf writes text in a code page that has no Greek and no superscripts.
type outlined struct{ vg.Canvas }

// FillString implements vg.Canvas.
func (o outlined) FillString(f font.Face, at vg.Point, text string) {
	const perEm = 1000 // units in which outlines are read
	var buffer sfnt.Buffer
	unit := f.Font.Size / perEm
	var outline vg.Path
	for _, letter := range text {
		glyph, err := f.Face.GlyphIndex(&buffer, letter)
		must(err)
		segments, err := f.Face.LoadGlyph(&buffer, glyph, fixed.I(perEm), nil)
		must(err)
		outline = append(outline, traced(segments, at, unit)...)
		advance, err := f.Face.GlyphAdvance(&buffer, glyph, fixed.I(perEm), 0)
		must(err)
		at.X += vg.Length(float64(advance)/64) * unit
	}
	if len(outline) > 0 {
		o.Fill(outline)
	}
}

// traced is the outline of a glyph whose origin is at a point.
func traced(segments sfnt.Segments, at vg.Point, unit vg.Length) (outline vg.Path) {
	place := func(p fixed.Point26_6) vg.Point { // whose second coordinate points down
		return vg.Point{X: at.X + vg.Length(float64(p.X)/64)*unit, Y: at.Y - vg.Length(float64(p.Y)/64)*unit}
	}
	for i, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				outline.Close()
			}
			outline.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			outline.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			outline.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			outline.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	if len(segments) > 0 {
		outline.Close()
	}
	return outline
}
