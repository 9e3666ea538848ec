package reports

import (
	"context"
	"errors"
	"math/big"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/reports/cosines"
	"contrastcheck/reports/figures"
	"contrastcheck/theorems"

	"gonum.org/v1/plot/plotter"
)

// picture is a figure, or several, that a claim's section shows.
type picture struct {
	// steps is the number of times that draw reports progress.
	steps func(Effort) int
	draw  func(context.Context, picturing) ([]figures.Figure, error)
}

// picturing is what a picture is drawn from.
type picturing struct {
	Options
	result   theorems.Result
	progress func()
}

// pictures are those of claims, by their ids.
var pictures = map[string]picture{
	"containment": {func(Effort) int { return 0 }, containmentDefects},
	"equality": mapped("two-points", frontier.Axis{Parameter: frontier.Separation, Low: big.NewRat(1, 10), High: big.NewRat(4, 1)}, figures.Map{
		YLabel: "separation, multiples of the base's",
		Figure: figures.Figure{ID: "frontier-separation", Title: "Where equality holds: δ and separation",
			Caption: "Two components of weights 1 : 3 with means (2, 0) and (0, 1), not centred, moved towards their mean or away from it; a separation of 1 is the base, whose means are √5 standard deviations apart."},
	}),
	"equality-centred": mapped("rare-outlier", frontier.Axis{Parameter: frontier.Weight, Low: big.NewRat(1, 2000), High: big.NewRat(1, 100)}, figures.Map{
		YLabel: "weight of the lightest component (no unit)",
		Figure: figures.Figure{ID: "frontier-weight", Title: "Where equality holds: δ and the smallest weight",
			Caption: "Three components with means (0, 0), (8, 3) and (15, 10), centred; the first two keep the ratio of their weights, 989 : 10."},
	}),
	"cosine-containment": {func(e Effort) int { return cosines.Curves * e.Grid }, cosinePictures},
	"equality-biased":    {func(e Effort) int { return 2 * e.Curve }, eigenvalueCurves},
	"negatives-monotone": {func(e Effort) int { return len(ofNegatives) * (e.Doublings + 1) }, negativesCurves},
	"distance-equality":  {func(e Effort) int { return min(len(ofLosses), e.Mixtures) }, keptByLosses},
}

// containmentDefects draws what blind solves found outside S_F.
func containmentDefects(_ context.Context, p picturing) ([]figures.Figure, error) {
	var all []figures.Measured
	for _, o := range p.result.Outcomes {
		if o.Verdict != oracle.Undecided && Number(o.Value).Known() {
			all = append(all, figures.Measured{Outside: o.Value - o.Bound, Bound: o.Bound, Group: o.Grade.String()})
		}
	}
	if all == nil {
		return nil, nil
	}
	return []figures.Figure{figures.DefectAgainstBound(all)}, nil
}

// mapped judges equality on a grid of δ and another axis.
func mapped(family string, axis frontier.Axis, m figures.Map) picture {
	return picture{func(e Effort) int { return e.Grid * e.Grid }, func(ctx context.Context, p picturing) ([]figures.Figure, error) {
		base, err := frontier.FamilyNamed(family)
		if err != nil {
			return nil, err
		}
		axis, m := axis, m
		axis.Count, m.XLabel = p.Effort.Grid, "δ, probability that a pair shares its component (no unit)"
		f, err := p.trace(ctx, base, along(big.NewRat(1, 40), p.Effort.Grid), axis)
		if err != nil {
			return nil, err
		}
		for _, point := range f.Points {
			x, _ := point.At[0].Float64()
			y, _ := point.At[1].Float64()
			m.Cells = append(m.Cells, figures.Cell{X: x, Y: y, Verdict: point.Verdict.String()})
		}
		return []figures.Figure{figures.FrontierMap(m)}, nil
	}}
}

// cosinePictures draws the loss along noise, the angles of classes, and the noise at temperatures.
func cosinePictures(ctx context.Context, p picturing) (all []figures.Figure, err error) {
	for _, draw := range []func() (figures.Figure, error){
		func() (figures.Figure, error) { return cosines.LossAlongNoise(2 * p.Effort.Curve) }, cosines.Angles,
		func() (figures.Figure, error) { return cosines.NoiseAlongTemperature(p.Effort.Grid, p.progress) },
	} {
		f, err := draw()
		if err = errors.Join(err, ctx.Err()); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// eigenvalueCurves follows λ_min along δ for two counterexamples of three components.
func eigenvalueCurves(ctx context.Context, p picturing) ([]figures.Figure, error) {
	rare, err := frontier.FamilyNamed("rare-outlier")
	if err != nil {
		return nil, err
	}
	milder := theorems.Stored("equality-biased")[0]
	var curves []figures.Curve
	for _, base := range []struct {
		name  string
		pairs gmm.Pairs
	}{{milder.Case.Pairs.Name(), milder.Case.Pairs}, {"rare outlier, weights 989 : 10 : 1", rare}} {
		f, err := p.trace(ctx, base.pairs, along(new(big.Rat), p.Effort.Curve))
		if err != nil {
			return nil, err
		}
		curve := figures.Curve{Name: base.name}
		for _, point := range f.Points {
			if delta, _ := point.At[0].Float64(); Number(point.Margin).Known() {
				curve.Points = append(curve.Points, plotter.XY{X: delta, Y: point.Margin})
			}
		}
		curves = append(curves, curve)
	}
	return []figures.Figure{figures.EigenvalueAlongDelta(curves)}, nil
}

// along is an axis of δ up to 1.
func along(low *big.Rat, count int) frontier.Axis {
	return frontier.Axis{Parameter: frontier.Delta, Low: low, High: big.NewRat(1, 1), Count: count}
}

func (p picturing) trace(ctx context.Context, base gmm.Pairs, axes ...frontier.Axis) (frontier.Map, error) {
	grid, err := frontier.NewGrid(base, axes...)
	if err != nil {
		return frontier.Map{}, err
	}
	return frontier.Sweep(ctx, grid, frontier.Options{Workers: p.Workers, Progress: p.progress})
}
