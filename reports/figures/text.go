package figures

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// formula is a text.Handler that lowers the index of a symbol, as in S_F or λ_min, and draws bars and hats over letters: fonts place combining marks badly,
// and Σ without its bar is another matrix.
type formula struct{ text.Plain }

var typesetter = formula{text.Plain{Fonts: plot.DefaultTextHandler.Cache()}}

// Shape of indices and accents, in parts of the size of the letters.
const indexSize, indexDrop, capitalHeight, smallHeight, accentGap, accentRise = 0.75, 0.18, 0.72, 0.53, 0.08, 0.14

const macron, circumflex = '\u0304', '\u0302'

// run is a part of a text that is set alike.
type run struct {
	text   string
	index  bool
	accent rune // over its only letter; 0 for none
}

// indexed matches a symbol of one letter, which may have an accent, with an index, as in S_F, λ_min or M̂_u; names such as class_0 are none.
var indexed = regexp.MustCompile(`(^|[^\pL0-9_])(\pL[\x{0302}\x{0304}]?)_(min|max|pos|neg|in|\pL)($|[^A-Za-z0-9_])`)

// runs takes a text apart.
func runs(line string) (all []run) {
	for line != "" {
		at := indexed.FindStringSubmatchIndex(line)
		if at == nil {
			return append(all, accented(line)...)
		}
		all = append(all, accented(line[:at[5]])...)
		all = append(all, run{text: line[at[6]:at[7]], index: true})
		line = line[at[7]:]
	}
	return all
}

// accented makes each letter with an accent a run of its own.
func accented(line string) (all []run) {
	start := 0
	for i, mark := range line {
		if mark != macron && mark != circumflex || i == 0 {
			continue
		}
		_, size := utf8.DecodeLastRuneInString(line[:i])
		if letter := i - size; letter > start {
			all = append(all, run{text: line[start:letter]})
		}
		all = append(all, run{text: line[i-size : i], accent: mark})
		start = i + utf8.RuneLen(mark)
	}
	if start < len(line) {
		all = append(all, run{text: line[start:]})
	}
	return all
}

// face is the font of a run.
func (f formula) face(r run, base font.Font) font.Face {
	if r.index {
		return f.Fonts.Lookup(base, base.Size*indexSize)
	}
	return f.Fonts.Lookup(base, base.Size)
}

func (f formula) width(all []run, base font.Font) (total vg.Length) {
	for _, r := range all {
		face := f.face(r, base)
		total += face.Width(r.text)
	}
	return total
}

// Box implements text.Handler.
func (f formula) Box(line string, base font.Font) (width, height, depth vg.Length) {
	_, height, depth = f.Plain.Box(line, base)
	return f.width(runs(line), base), height, depth
}

// Draw implements text.Handler, as text.Plain does.
func (f formula) Draw(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	txt = strings.TrimRight(txt, "\n")
	if txt == "" {
		return
	}
	face := f.Fonts.Lookup(style.Font, style.Font.Size)
	c.SetColor(style.Color)
	if style.Rotation != 0 {
		c.Push()
		defer c.Pop()
		c.Rotate(style.Rotation)
	}
	sin64, cos64 := math.Sincos(style.Rotation)
	sin, cos := vg.Length(sin64), vg.Length(cos64)
	at.X, at.Y = at.Y*sin+at.X*cos, at.Y*cos-at.X*sin
	at.Y += style.Height(txt)*vg.Length(style.YAlign) - face.Extents().Ascent
	lines := f.Lines(txt)
	for i, line := range lines {
		all := runs(line)
		from := at.Add(vg.Point{X: vg.Length(style.XAlign) * f.width(all, style.Font), Y: vg.Length(len(lines)-i) * style.Font.Size})
		for _, r := range all {
			from.X += f.set(c, r, style.Font, from)
		}
	}
}

// set draws a run on a base line and returns its width.
func (f formula) set(c vg.Canvas, r run, base font.Font, at vg.Point) vg.Length {
	face := f.face(r, base)
	width := face.Width(r.text)
	if r.index {
		at.Y -= indexDrop * base.Size
	}
	// SVG drops blanks at the beginning of a text.
	words := strings.TrimLeft(r.text, " ")
	c.FillString(face, at.Add(vg.Point{X: face.Width(r.text[:len(r.text)-len(words)])}), words)
	if r.accent == 0 {
		return width
	}
	height := vg.Length(capitalHeight)
	if strings.ContainsAny(r.text, "acemnorsuvwxzμπ") {
		height = smallHeight
	}
	low := at.Y + (height+accentGap)*base.Size
	var path vg.Path
	path.Move(vg.Point{X: at.X + 0.1*width, Y: low})
	if r.accent == circumflex {
		path.Line(vg.Point{X: at.X + width/2, Y: low + accentRise*base.Size})
	}
	path.Line(vg.Point{X: at.X + 0.9*width, Y: low})
	const stroke = 0.07
	c.SetLineWidth(stroke * base.Size)
	c.SetLineDash(nil, 0)
	c.Stroke(path)
	return width
}
