package reports

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"contrastcheck/frontier"
	"contrastcheck/reports/figures"
)

// size is the number of values along each axis of a map.
type size int

func (n size) points() int { return int(n * n) }

// grid is the finest map: a coarse one, as every mixture has its own, and may be a dear one.
func (o OwnOptions) grid() size { return min(size(o.Effort.Grid), finest) }

// finest and coarsest are the largest map and the least that shows anything.
const finest, coarsest size = 24, 8

// sweep judges equality of a reading at other δ and weights of its lightest component, on the finest grid that the limit allows; the context's error is the only one.
func (s Subject) sweep(ctx context.Context, reading string, d decided, o OwnOptions) (OwnMap, error) {
	m := OwnMap{Points: []OwnPoint{}}
	leave := func(why string) (OwnMap, error) {
		o.Progress(o.grid().points())
		m.LeftOut = why
		return m, nil
	}
	if t := s.Loss.Theorem; t.Certain && t.Biased && d.pairs.Shared() && d.pairs.Modalities() == 1 {
		return leave(fmt.Sprintf("By theorem, the %s keeps everything at every δ > 0 and all weights (%s).", s.Loss.Title, t.Source))
	}
	if d.pairs.Components() == 1 {
		return leave("A single component has no weight that could be another one.")
	}
	if d.pairs.Left.Coincident() {
		return leave("All means are equal: there is nothing to keep at any δ, whatever the weights.")
	}
	if err := d.pairs.WantSingle(); err != nil {
		return leave("Maps are of mixtures of one modality with one covariance.")
	}
	n := o.grid()
	grid, err := s.around(d, n)
	for err == nil && n > coarsest && o.Limit.Allows("", "", grid.Cost(d.Decision)) != nil {
		n = max(n/2, coarsest)
		grid, err = s.around(d, n)
	}
	if err != nil {
		return leave("There is no map: " + plainly(err) + ".")
	}
	if err := o.Limit.Allows("", fmt.Sprintf("a map of %d points", grid.Size()), grid.Cost(d.Decision)); err != nil {
		return leave(tooLong(err))
	}
	f, err := frontier.Sweep(ctx, grid, frontier.Options{Workers: o.Workers, Limit: float64(o.Limit), Progress: func() { o.Progress(1) }})
	if err != nil {
		return OwnMap{LeftOut: endedEarly, Points: []OwnPoint{}}, err
	}
	o.Progress(o.grid().points() - grid.Size())
	m.Lightest = s.class(d.pairs.Left.Lightest())
	m.draw(reading, s, d, f)
	return m, nil
}

// around is a grid of δ and the lightest weight about those of the mixture: from an eighth of the weight to four times it, or to equal weights.
func (s Subject) around(d decided, n size) (frontier.Grid, error) {
	left := d.pairs.Left
	weight := left.Exact().Weights[left.Lightest()]
	low, high := new(big.Rat).Mul(weight, big.NewRat(1, 8)), new(big.Rat).Mul(weight, big.NewRat(4, 1))
	if equal := big.NewRat(1, int64(left.Components())); high.Cmp(equal) > 0 {
		high = equal
	}
	grid, err := frontier.NewGrid(d.pairs, along(big.NewRat(1, 20), int(n)), frontier.Axis{Parameter: frontier.Weight, Low: low, High: high, Count: int(n)})
	if err != nil {
		return grid, err
	}
	return grid.Of(s.Loss)
}

// draw fills in the map.
func (m *OwnMap) draw(reading string, s Subject, d decided, f frontier.Map) {
	drawn := figures.Map{XLabel: "δ, probability that a pair shares its class (no unit)", YLabel: "weight of " + m.Lightest + " (no unit)"}
	for _, point := range f.Points {
		x, _ := point.At[0].Float64()
		y, _ := point.At[1].Float64()
		verdict := point.Verdict.String()
		m.Points = append(m.Points, OwnPoint{Number(x), Number(y), verdict, Number(point.Margin)})
		drawn.Cells = append(drawn.Cells, figures.Cell{X: x, Y: y, Verdict: verdict})
		switch verdict {
		case "holds":
			m.Holds++
		case "refuted":
			m.Refuted++
		default:
			m.Undecided++
		}
	}
	weight := d.pairs.Weights()[d.pairs.Left.Lightest()]
	drawn.Mark = &figures.Mark{X: d.pairs.Delta(), Y: weight, Name: "this mixture"}
	drawn.Figure = figures.Figure{ID: "frontier-" + reading, Title: "Where equality would hold, " + titles[reading],
		Caption: fmt.Sprintf("If %s, %s, had another weight, the others sharing the rest as they do, and pairs shared their class with another probability. The dot is this mixture, δ = %.4g and weight %.4g.",
			m.Lightest, lightest(d.pairs.Left.Exact().Weights), d.pairs.Delta(), weight)}
	figure := figures.FrontierMap(drawn)
	m.Figure = &figure
}

// lightest says whether there is one lightest class.
func lightest(weights []*big.Rat) string {
	least := slices.MinFunc(weights, (*big.Rat).Cmp)
	for i, first := 0, true; i < len(weights); i++ {
		switch {
		case weights[i].Cmp(least) != 0:
		case first:
			first = false
		default:
			return "one of the lightest classes"
		}
	}
	return "the lightest class"
}

// titles are what people call readings.
var titles = map[string]string{"given": "as it is given", "raw": "as it is", "centred": "centred"}
