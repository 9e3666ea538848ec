package figures

import (
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Every figure is as wide as a column of text.
const width = vg.Length(640) // points, which a page shows as pixels

// The palette of M. Okabe and K. Ito, "Color universal design" (2008), without those
// too pale on white or too dark on black.
var palette = []color.Color{
	color.RGBA{0x00, 0x72, 0xB2, 255}, // blue
	color.RGBA{0xD5, 0x5E, 0x00, 255}, // vermilion
	color.RGBA{0x00, 0x9E, 0x73, 255}, // bluish green
	color.RGBA{0xCC, 0x79, 0xA7, 255}, // reddish purple
	color.RGBA{0xE6, 0x9F, 0x00, 255}, // orange
	color.RGBA{0x56, 0xB4, 0xE9, 255}, // sky blue
}

// glyphs tell series apart without colour.
var glyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.PyramidGlyph{}, draw.BoxGlyph{}, draw.PlusGlyph{}, draw.RingGlyph{}, draw.CrossGlyph{},
}

// dashes tell lines apart without colour.
var dashes = [][]vg.Length{nil, {6, 3}, {2, 2}, {8, 3, 2, 3}}

// pale is a colour with an opacity.
func pale(c color.Color, opacity float64) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(255 * opacity)}
}

const smallText, normalText = 11, 12 // points

func sans(size vg.Length) text.Style {
	return text.Style{Color: color.Black, Handler: typesetter,
		Font: font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, size)}
}

// newPlot returns an empty plot in the common style.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = 6
	p.Title.TextStyle.Font, p.Title.TextStyle.Handler = sans(normalText).Font, typesetter
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font, axis.Tick.Label.Font = sans(normalText).Font, sans(smallText).Font
		axis.Label.TextStyle.Handler = typesetter
		axis.Label.Padding, axis.Padding = 4, 3
		axis.Tick.Marker = fewTicks{}
	}
	return p
}

// addLine draws a line through points.
func addLine(p *plot.Plot, style draw.LineStyle, points plotter.XYs) {
	line, err := plotter.NewLine(points)
	must(err)
	line.LineStyle = style
	p.Add(line)
}

// addGlyphs marks points.
func addGlyphs(p *plot.Plot, style draw.GlyphStyle, points plotter.XYs) {
	marks, err := plotter.NewScatter(points)
	must(err)
	marks.GlyphStyle = style
	p.Add(marks)
}

// inTwoColumns draws plots in rows of two, aligned, on tiles of which it sets the numbers; a single one has the whole width.
func inTwoColumns(c draw.Canvas, tiles draw.Tiles, plots []*plot.Plot) {
	columns := min(2, len(plots))
	rows := slices.Collect(slices.Chunk(plots, columns))
	if last := len(rows) - 1; len(rows[last]) < columns {
		rows[last] = []*plot.Plot{rows[last][0], nil}
	}
	tiles.Cols, tiles.Rows = columns, len(rows)
	for i, line := range plot.Align(rows, tiles, c) {
		for j, at := range line {
			if rows[i][j] != nil {
				rows[i][j].Draw(at)
			}
		}
	}
}

// fewTicks labels at most seven ticks, with a true minus sign.
type fewTicks struct{}

// Ticks implements plot.Ticker.
func (fewTicks) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i, t := range ticks {
		if t.Label != "" {
			ticks[i].Label = number(t.Value)
		}
	}
	return ticks
}

// number is a tick's label, as in −3·10⁻⁵.
func number(x float64) string { return Typeset(strconv.FormatFloat(x, 'g', 4, 64)) }

// Typeset writes a formatted number as people do: -3e-05 as −3·10⁻⁵.
func Typeset(text string) string {
	mantissa, exponent, scientific := strings.Cut(text, "e")
	mantissa = strings.Replace(mantissa, "-", "−", 1)
	if !scientific {
		return mantissa
	}
	power, err := strconv.Atoi(exponent)
	must(err)
	return mantissa + "·10" + superscript(power)
}

// decades ticks an axis of decimal logarithms at whole numbers and labels at most eight of
// them as powers of ten. (plot.LogScale misplaces the room for an axis label.)
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	first, last := int(math.Ceil(low-1e-9)), int(math.Floor(high+1e-9))
	step := max(1, (last-first+7)/8)
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		t := plot.Tick{Value: float64(e)}
		if (e-first)%step == 0 {
			t.Label = "10" + superscript(e)
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// signedDecades ticks a signed logarithmic axis: 0, and powers of ten on either side.
type signedDecades struct{}

// Ticks implements plot.Ticker.
func (signedDecades) Ticks(low, high float64) []plot.Tick {
	ticks := []plot.Tick{{Value: 0, Label: "0"}}
	first := int(math.Round(math.Log10(linear)))
	for e := first; float64(e-first+1) <= math.Max(high, -low); e++ {
		at := float64(e - first + 1)
		if at <= high {
			ticks = append(ticks, plot.Tick{Value: at, Label: "10" + superscript(e)})
		}
		if -at >= low {
			ticks = append(ticks, plot.Tick{Value: -at, Label: "−10" + superscript(e)})
		}
	}
	return ticks
}

var raised = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

func superscript(n int) string { return raised.Replace(strconv.Itoa(n)) }

// hair is the style of guide lines.
var hair = draw.LineStyle{Color: pale(color.Gray{128}, 0.7), Width: 1}

// swatch is an entry of a key: a filled rectangle, a line or a glyph.
type swatch struct {
	fill  color.Color
	line  draw.LineStyle
	glyph draw.GlyphStyle
}

// Thumbnail implements plot.Thumbnailer.
func (s swatch) Thumbnail(c *draw.Canvas) {
	if s.fill != nil {
		c.FillPolygon(s.fill, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
	}
	if s.line.Width > 0 {
		c.StrokeLine2(s.line, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
	}
	if s.glyph.Shape != nil {
		c.DrawGlyphNoClip(s.glyph, c.Center())
	}
}

// entry is a line of a key.
type entry struct {
	name string
	swatch
}

const keyHeight = 22 // points of a row of a key

// drawKey writes the entries of a key from the left along the top of a canvas, in as many
// rows as they need, and returns what remains below.
func drawKey(c draw.Canvas, entries []entry) draw.Canvas {
	style := sans(smallText)
	style.YAlign = draw.YCenter
	const thumb, gap, between = 18, 6, 20
	x, y := c.Min.X, c.Max.Y-keyHeight/2
	for _, e := range entries {
		length := thumb + gap + style.Width(e.name)
		if x > c.Min.X && x+length > c.Max.X {
			x, y = c.Min.X, y-keyHeight
		}
		e.Thumbnail(&draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - 5}, Max: vg.Point{X: x + thumb, Y: y + 5}}})
		c.FillText(style, vg.Point{X: x + thumb + gap, Y: y}, e.name)
		x += length + between
	}
	return draw.Crop(c, 0, 0, 0, -(c.Max.Y - y + keyHeight/2))
}
