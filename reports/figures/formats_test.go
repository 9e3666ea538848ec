package figures

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
)

// A figure is written in every format, twice the same; a PNG has twice the dots of a page.
func TestFiguresAreWrittenInEveryFormat(t *testing.T) {
	heads := map[string]string{".png": "\x89PNG", ".svg": "<svg ", ".pdf": "%PDF-"}
	for _, f := range examples() {
		if f.ID != "line" && f.ID != "critical-map" { // the others are drawn by the same means
			continue
		}
		for _, ending := range Endings() {
			var first, second bytes.Buffer
			if err := errors.Join(f.Write(&first, ending), f.Write(&second, ending)); err != nil {
				t.Fatal(f.ID, err)
			}
			if !strings.HasPrefix(first.String(), heads[ending]) || !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Errorf("%s%s: begins with %.10q; the same twice: %t", f.ID, ending, first.String(), bytes.Equal(first.Bytes(), second.Bytes()))
			}
			if dated := strings.Contains(first.String(), "/CreationDate (D:19700101"); dated != (ending == ".pdf") {
				t.Errorf("%s%s says when it was made", f.ID, ending)
			}
			if ending != ".png" {
				continue
			}
			picture, err := png.Decode(&first)
			if err != nil {
				t.Fatal(f.ID, err)
			}
			if size := picture.Bounds().Size(); size.X != int(f.width.Points()*192/72+0.5) {
				t.Errorf("%s: %d dots wide", f.ID, size.X)
			}
			if _, _, _, a := picture.At(0, 0).RGBA(); a != 0xffff {
				t.Errorf("%s: the ground shines through", f.ID)
			}
		}
	}
	if err := examples()[0].Write(new(bytes.Buffer), ".gif"); !errors.Is(err, ErrFormat) {
		t.Errorf(".gif: %v", err)
	}
}

// Letters are outlines, whatever their alphabet: each between its base line and its height, and one after the other.
func TestLettersAreOutlined(t *testing.T) {
	var drawn recorder.Canvas
	style := sans(normalText)
	face := plot.DefaultTextHandler.Cache().Lookup(style.Font, style.Font.Size)
	left := vg.Length(10)
	for _, letter := range []string{"l", "δ", "⁻", "λ"} {
		drawn.Reset()
		outlined{&drawn}.FillString(face, vg.Point{X: left, Y: 20}, letter)
		if len(drawn.Actions) != 1 {
			t.Fatalf("%s is drawn in %d actions", letter, len(drawn.Actions))
		}
		fill, ok := drawn.Actions[0].(*recorder.Fill)
		if !ok || len(fill.Path) < 4 {
			t.Fatalf("%s is drawn by %v", letter, drawn.Actions[0])
		}
		right := left + style.Width(letter)
		for _, step := range fill.Path {
			if p := step.Pos; step.Type != vg.CloseComp && (p.X < left-1 || p.X > right+1 || p.Y < 20-4 || p.Y > 20+normalText) {
				t.Errorf("%s has a corner at %v, expected between %v and %v", letter, p, left, right)
			}
		}
	}
	drawn.Reset()
	outlined{&drawn}.FillString(face, vg.Point{}, "ll")
	both := drawn.Actions[0].(*recorder.Fill).Path
	drawn.Reset()
	outlined{&drawn}.FillString(face, vg.Point{}, "l")
	one := drawn.Actions[0].(*recorder.Fill).Path
	if apart, width := both[len(one)].Pos.X-one[0].Pos.X, style.Width("l"); apart < width*0.9 || apart > width*1.1 {
		t.Errorf("letters are %v apart, expected %v", apart, width)
	}
}
