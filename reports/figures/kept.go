package figures

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// KeptCell is what a loss keeps of a mixture, in directions.
type KeptCell struct {
	// Kept of Of directions; Lost is certain, and what is neither is undecided.
	Kept, Lost, Of int
	// Theorem says that all is kept by theorem, whatever was computed.
	Theorem bool
}

// verdict is that on keeping all.
func (c KeptCell) verdict() string {
	switch {
	case c.Lost > 0:
		return "refuted"
	case c.Theorem || c.Kept == c.Of:
		return "holds"
	}
	return "undecided"
}

func (c KeptCell) text() string {
	switch {
	case c.Of == 0:
		return ""
	case c.verdict() == "undecided":
		return "?"
	}
	return fmt.Sprintf("%d of %d", c.Of-c.Lost, c.Of)
}

// KeptByLosses draws a table of colours: a row a loss, a column a mixture. Every row has a cell a column.
func KeptByLosses(id, title, caption string, losses, mixtures []string, cells [][]KeptCell) Figure {
	f := Figure{ID: id, Title: title, Caption: caption}
	var words []string
	for i, name := range losses {
		var row []string
		for j, c := range cells[i] {
			if c.Of > 0 {
				row = append(row, fmt.Sprintf("%s %s", mixtures[j], strings.Replace(c.text(), "?", "undecided", 1)))
			}
		}
		words = append(words, name+": "+strings.Join(row, ", ")+".")
	}
	f.Alt = "Table of the directions that losses keep of mixtures. " + strings.Join(words, " ")
	const left, top, row = 190, 54, 24
	f.drawn(width, vg.Length(top+row*len(losses)+8), func(c draw.Canvas) {
		style := sans(smallText)
		style.YAlign = draw.YCenter
		column := (c.Max.X - c.Min.X - left) / vg.Length(len(mixtures))
		heading := style
		heading.XAlign = draw.XCenter
		for j, name := range mixtures {
			x := c.Min.X + left + (vg.Length(j)+0.5)*column
			for k, line := range wrapped(heading, name, column-6) {
				c.FillText(heading, vg.Point{X: x, Y: c.Max.Y - 13 - vg.Length(14*k)}, line)
			}
		}
		rule := draw.LineStyle{Color: color.Black, Width: 0.8}
		for _, y := range []vg.Length{c.Max.Y - 0.5, c.Max.Y - top + 3, c.Min.Y + 3} {
			c.StrokeLine2(rule, c.Min.X, y, c.Max.X, y)
		}
		for i, name := range losses {
			y := c.Max.Y - top - (vg.Length(i)+0.5)*row
			c.FillText(style, vg.Point{X: c.Min.X + 4, Y: y}, name)
			for j, cell := range cells[i] {
				cell.draw(c, vg.Rectangle{Min: vg.Point{X: c.Min.X + left + vg.Length(j)*column + 1, Y: y - row/2 + 1},
					Max: vg.Point{X: c.Min.X + left + vg.Length(j+1)*column - 1, Y: y + row/2 - 1}})
			}
		}
	})
	return f
}

// draw fills a cell in the colour of its verdict and writes what is kept; a star says by theorem.
func (cell KeptCell) draw(c draw.Canvas, at vg.Rectangle) {
	if cell.Of == 0 {
		return
	}
	verdict := cell.verdict()
	i := slices.IndexFunc(verdictColours, func(v verdictColour) bool { return v.verdict == verdict })
	c.FillPolygon(verdictColours[i].colour, []vg.Point{at.Min, {X: at.Max.X, Y: at.Min.Y}, at.Max, {X: at.Min.X, Y: at.Max.Y}})
	style := sans(smallText)
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	style.Color = color.Gray{1} // black would turn light in the dark; on all three colours it is read more easily than white
	words := cell.text()
	if cell.Theorem {
		words += " *"
	}
	c.FillText(style, vg.Point{X: (at.Min.X + at.Max.X) / 2, Y: (at.Min.Y + at.Max.Y) / 2}, words)
}

// wrapped breaks words into lines of a width.
func wrapped(style text.Style, words string, width vg.Length) (lines []string) {
	for _, word := range strings.Fields(words) {
		if last := len(lines) - 1; last >= 0 && style.Width(lines[last]+" "+word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
