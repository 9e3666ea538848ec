package cli

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/reports/figures"
)

// frontierFigure draws what was found: a map of two axes, the last from left to right, or the margin along one.
func frontierFigure(f traced) figures.Figure {
	axes := f.Grid.Axes
	across := axes[len(axes)-1]
	figure := figures.Figure{ID: "frontier", Title: titled(f.Grid)}
	if len(axes) == 1 {
		line := figures.Line{Figure: figure, XLabel: axisLabel(across), YLabel: marginLabel(f.Grid), Logarithmic: logarithmic(across)}
		for i, p := range f.Points {
			if p.Reached {
				margin, _ := p.Deciding()
				line.Points = append(line.Points, figures.Judged{X: position(across, across.Value(i)), Y: margin, Verdict: p.Verdict.String()})
			}
		}
		for _, b := range f.brackets {
			line.Critical = append(line.Critical, position(across, middle(b)))
		}
		return figures.VerdictsAlong(line)
	}
	up := axes[0]
	drawn := figures.Map{Figure: figure, XLabel: axisLabel(across), YLabel: axisLabel(up), Axes: figures.Scales{X: logarithmic(across), Y: logarithmic(up)},
		Other: f.Grid.Asked != nil || f.Grid.Temperature != nil}
	for i := range across.Count {
		for j := range up.Count {
			verdict := "unreached"
			if p := f.Points[j*across.Count+i]; p.Reached {
				verdict = p.Verdict.String()
			}
			drawn.Cells = append(drawn.Cells, figures.Cell{X: position(across, across.Value(i)), Y: position(up, up.Value(j)), Verdict: verdict})
		}
	}
	for _, b := range f.brackets {
		drawn.Critical = append(drawn.Critical, figures.Mark{X: position(across, middle(b)), Y: position(up, b.Row[0])})
	}
	return figures.FrontierMap(drawn)
}

// titled is a figure's title.
func titled(g frontier.Grid) string {
	return fmt.Sprintf("Where %s holds: %s", subject(g), printable(g.Base.Name()))
}

// logarithmic tells whether an axis is drawn by its logarithm.
func logarithmic(a frontier.Axis) bool { return a.Parameter == frontier.Negatives }

// position is where a value lies along an axis of a drawing.
func position(a frontier.Axis, x *big.Rat) float64 {
	value, _ := x.Float64()
	if logarithmic(a) {
		return math.Log10(value)
	}
	return value
}

// middle is that of a bracket.
func middle(b frontier.Bracket) *big.Rat {
	last := len(b.Low.At) - 1
	sum := new(big.Rat).Add(b.Low.At[last], b.High.At[last])
	return sum.Mul(sum, big.NewRat(1, 2))
}

// axisLabel says what varies along an axis.
func axisLabel(a frontier.Axis) string {
	switch a.Parameter {
	case frontier.Delta:
		return "δ, probability that a pair shares its component (no unit)"
	case frontier.Separation:
		return "separation, multiples of the base's"
	case frontier.Weight:
		return "weight of the lightest component (no unit)"
	case frontier.Negatives:
		return "negatives a positive"
	case frontier.Temperature:
		return "temperature τ (no unit)"
	}
	if path, err := gmm.ParsePath(string(a.Parameter)); err == nil {
		return path.String()
	}
	return string(a.Parameter)
}

// marginLabel says what margins are.
func marginLabel(g frontier.Grid) string {
	switch {
	case g.Asked != nil:
		return g.Asked.Measure
	case g.Temperature != nil:
		return "Δ of L(A₀) + Δε² (no unit)"
	}
	return "λ_min(M_u on " + g.Loss.Subspace() + "), whitened (no unit)"
}
