package explore

import (
	"context"
	"encoding/json"
	"math"
	"math/big"
	"runtime"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/answer"
	"contrastcheck/internal/words"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"

	"gonum.org/v1/gonum/mat"
)

// mapping asks for the verdicts on a grid of mixtures.
type mapping struct {
	Mixture json.RawMessage `json:"mixture"`
	Options options         `json:"options"`
	X       axis            `json:"x"`
	Y       axis            `json:"y"`
}

// axis is Steps values of a number of the mixture, by its place in the file: delta, weights[k], means[k][i] or covariance[i][j], indices from 0.
type axis struct {
	Parameter string `json:"parameter"`
	From      scalar `json:"from"`
	To        scalar `json:"to"`
	Steps     int    `json:"steps"`

	from, to *big.Rat
}

// The most steps along an axis.
const mostSteps = 100

func (a *axis) read(key string) (err error) {
	refused := func(key, expected, found string) error {
		return &gmm.InputError{Key: key, Expected: expected, Found: found, Reason: gmm.ErrShape}
	}
	for _, end := range []struct {
		key  string
		text scalar
		into **big.Rat
	}{{"from", a.From, &a.from}, {"to", a.To, &a.to}} {
		if *end.into, err = gmm.ParseNumber(string(end.text)); err != nil {
			return refused(key+"."+end.key, "a decimal or a fraction"+gmm.Sized(err), string(end.text))
		}
	}
	switch {
	case a.Steps < 2 || a.Steps > mostSteps:
		return refused(key+".steps", "a number from 2 to 100", big.NewInt(int64(a.Steps)).String())
	case a.from.Cmp(a.to) >= 0:
		return refused(key+".to", "a number above from", string(a.To))
	}
	return nil
}

// value is the i-th, exactly.
func (a axis) value(i int) *big.Rat {
	step := new(big.Rat).Sub(a.to, a.from)
	step.Mul(step, big.NewRat(int64(i), int64(a.Steps-1)))
	return step.Add(step, a.from)
}

// cell is what is known at a point: no verdict, and why, where there is no mixture. Where it is not yet known it is null in a row.
type cell struct {
	Verdict string        `json:"verdict"`
	Grade   string        `json:"grade,omitempty"`
	Margin  answer.Number `json:"margin"`
	Reason  string        `json:"reason,omitempty"`
}

// row is a piece of a map: cells that are known now, null where others are.
type row struct {
	Row   int     `json:"row"`
	Cells []*cell `json:"cells"`
}

// mapped ends a map.
type mapped struct {
	Done bool `json:"done"`
}

// chart judges equality on a grid: first on a coarse one, then where neighbours on that have different verdicts, then everywhere. Every cell is decided; none is
// filled in from its neighbours.
func chart(ctx context.Context, body []byte, part func(any)) (any, error) {
	var m mapping
	if err := strictly(body, &m); err != nil {
		return nil, &gmm.InputError{Expected: `an object with the keys "mixture", "options", "x" and "y"`, Found: err.Error(), Reason: gmm.ErrSyntax}
	}
	a, err := readWith(m.Mixture, m.Options)
	if err != nil {
		return nil, err
	}
	if err := a.loss.Admit(a.Pairs); err != nil {
		return nil, err
	}
	g, err := newGrid(a, m)
	if err != nil {
		return nil, err
	}
	for _, wanted := range []func(i, j int) bool{g.coarse, g.contested, func(int, int) bool { return true }} {
		if err := g.decide(ctx, wanted, part); err != nil {
			return nil, err
		}
	}
	return mapped{true}, nil
}

// grid is a map under way.
type grid struct {
	asked
	x, y  axis
	set   [2]setter
	cells [][]*cell // by rows
}

func newGrid(a asked, m mapping) (*grid, error) {
	g := &grid{asked: a, x: m.X, y: m.Y}
	for n, of := range []struct {
		key string
		*axis
	}{{"x", &g.x}, {"y", &g.y}} {
		if err := of.read(of.key); err != nil {
			return nil, err
		}
		var err error
		if g.set[n], err = a.setter(of.key+".parameter", of.Parameter); err != nil {
			return nil, err
		}
	}
	if g.x.Parameter == g.y.Parameter {
		return nil, &gmm.InputError{Key: "y.parameter", Expected: "another than that of x", Found: g.y.Parameter, Reason: gmm.ErrPath}
	}
	g.cells = make([][]*cell, g.y.Steps)
	for j := range g.cells {
		g.cells[j] = make([]*cell, g.x.Steps)
	}
	return g, nil
}

// stride is that of the coarse grid.
const stride = 4

func on(i, steps int) bool { return i%stride == 0 || i == steps-1 }

// coarse tells whether a cell is of the coarse grid.
func (g *grid) coarse(i, j int) bool { return on(i, g.x.Steps) && on(j, g.y.Steps) }

// contested tells whether the cells of the coarse grid about a cell have different verdicts.
func (g *grid) contested(i, j int) bool {
	low, high := around(i, g.x.Steps)
	below, above := around(j, g.y.Steps)
	first := g.cells[below][low].Verdict
	for _, c := range []*cell{g.cells[below][high], g.cells[above][low], g.cells[above][high]} {
		if c.Verdict != first {
			return true
		}
	}
	return false
}

// around are the places of the coarse grid beside one.
func around(i, steps int) (low, high int) {
	low = i / stride * stride
	return low, min(low+stride, steps-1)
}

// decide decides the cells that are wanted and not yet known, row by row, each from the minimum of the one before in its row.
func (g *grid) decide(ctx context.Context, wanted func(i, j int) bool, part func(any)) error {
	var rows [][]int // columns wanted
	var at []int
	for j := range g.cells {
		var columns []int
		for i, c := range g.cells[j] {
			if c == nil && wanted(i, j) {
				columns = append(columns, i)
			}
		}
		if columns != nil {
			rows, at = append(rows, columns), append(at, j)
		}
	}
	return workers.Run(ctx, runtime.GOMAXPROCS(0), len(rows), func(n int, keep func(func()) bool) {
		found := make([]*cell, g.x.Steps)
		var memory losses.Workspace
		var start *mat.Dense
		for _, i := range rows[n] {
			if ctx.Err() != nil {
				break
			}
			found[i], start = g.judge(i, at[n], &memory, start)
		}
		keep(func() {
			for _, i := range rows[n] {
				g.cells[at[n]][i] = found[i]
			}
			part(row{at[n], found})
		})
	})
}

// judge decides a point, and returns the minimum there; nil where none was found.
func (g *grid) judge(i, j int, memory *losses.Workspace, start *mat.Dense) (*cell, *mat.Dense) {
	unknown := func(err error) (*cell, *mat.Dense) {
		return &cell{Verdict: "undecided", Margin: answer.Number(math.NaN()), Reason: words.Sentence(err)}, nil
	}
	p, err := g.at([]setter{g.set[0], g.set[1]}, []*big.Rat{g.x.value(i), g.y.value(j)})
	if err != nil {
		return unknown(err)
	}
	o := losses.Options{Limit: limit}
	if p.Modalities() == 1 && p.Shared() {
		o.Start = start
	}
	d, err := memory.Decide(context.Background(), g.loss, p, o)
	if err != nil {
		return unknown(err)
	}
	f := d.Findings
	if f.Evidence.Own() { // equality is not judged
		return &cell{Verdict: f.Containment().String(), Grade: f.Evidence.Grade.String(), Margin: answer.Number(math.NaN())}, nil
	}
	return &cell{Verdict: f.Equality().String(), Grade: f.Evidence.Grade.String(), Margin: answer.Number(f.Margin())}, d.Candidate.Free.Form.Matrix(d.Pairs)
}

// parts are the name and the indices of a place in a file.
func parts(place string) (name string, index []string) {
	name, rest, _ := strings.Cut(place, "[")
	if rest == "" {
		return name, nil
	}
	return name, strings.Split(strings.TrimSuffix(rest, "]"), "][")
}
