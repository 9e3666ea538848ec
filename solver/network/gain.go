package network

import (
	"math"

	"contrastcheck/gmm"
)

// Gain is what a little noise does to the best net inside S_c that was found.
type Gain struct {
	Inside Minimum
	// Ratio is the most that smoothing gains beside what noise costs, known to ±Error, an estimate: beyond 1 noise lowers the loss.
	Ratio, Error float64
}

// Noise looks for the best net inside the subspace and says what a little noise does to it.
func Noise(l Kind, p gmm.Pairs, s Shape, o Options) (Gain, error) {
	if err := p.WantSingle(); err != nil {
		return Gain{}, err
	}
	q, err := newProblem(l, p, s, 0)
	if err != nil {
		return Gain{}, err
	}
	if o.Starts == 0 {
		o.Starts = 1
	}
	g := Gain{Inside: q.search(nil, o)}
	q.level, _ = levels(q.signal)
	less, err := q.curvature(g.Inside.θ)
	if err != nil {
		return g, err
	}
	_, q.level = levels(q.signal)
	more, err := q.curvature(g.Inside.θ)
	if err != nil {
		return g, err
	}
	g.Ratio = more.ratio()
	g.Error = math.Abs(g.Ratio - less.ratio())
	return g, nil
}
