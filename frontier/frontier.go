// Package frontier maps where equality holds, fails or is undecided on a grid of mixtures.
package frontier

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// Map says where on a grid equality holds, fails or is undecided.
type Map struct {
	Grid Grid
	// Points has one for each point of the grid, the last axis running fastest.
	Points []Point
}

// Point is what is known at one point of a grid.
type Point struct {
	// At has the value of each axis, exactly.
	At []*big.Rat
	// Reached is false where the work ended before this point; the rest is then of no meaning.
	Reached bool
	// Verdict says whether Col(A*) = S_F, the centred one where the loss sees differences only. Margin is λ_min of the whitened M̂_u on
	// it; NaN if S_F = {0} or nothing was found.
	Verdict  oracle.Verdict
	Margin   float64
	Evidence oracle.Evidence
	// Steps is the number of Newton steps that the solve took.
	Steps int
}

// Deciding is the eigenvalue whose sign was decided and its bound: those of
// W^¼M_uW^¼ where the sharper test was needed.
func (p Point) Deciding() (margin, epsilon float64) {
	if e := p.Evidence; e.Weighted {
		return e.WeightedMargin, e.WeightedEpsilon
	}
	return p.Margin, p.Evidence.Epsilon
}

// String writes where the point lies and what is known there: "1/2, 0.3 (refuted, margin -0.004801 ± 2e-12)".
func (p Point) String() string {
	var at []string
	for _, x := range p.At {
		at = append(at, gmm.FormatNumber(x))
	}
	known := "not reached"
	if p.Reached {
		known = p.Verdict.String()
		if margin, epsilon := p.Deciding(); !math.IsNaN(margin) {
			known += fmt.Sprintf(", margin %.4g", margin)
			if !math.IsNaN(epsilon) { // of a claim, whose verdict has the errors in it
				known += fmt.Sprintf(" ± %.1g", epsilon)
			}
		}
	}
	return fmt.Sprintf("%s (%s)", strings.Join(at, ", "), known)
}

// GoString is String.
func (p Point) GoString() string { return p.String() }

// Options steer a sweep. The zero value asks for the defaults.
type Options struct {
	// Workers is the number of points under way at once. Zero means one.
	Workers int
	// Limit multiplies the work that one point may take, as solver.Options and oracle.Limit say. Zero means 1.
	Limit float64
	// Progress, if not nil, is called after every point, from one goroutine.
	Progress func()
}

func (o Options) limit() float64 { return cmp.Or(o.Limit, 1) }

// Sweep judges equality at each point of a grid: a reduced solve, started at the
// minimum of the point before, and the oracle's certificate, which does not trust it. The result
// does not depend on the number of workers. When ctx ends, so does Sweep, at once: it
// then returns the error of ctx together with what was reached; solves under way go on in the
// background and come to nothing.
func Sweep(ctx context.Context, g Grid, o Options) (Map, error) {
	f := NewMap(g)
	err := workers.Run(ctx, o.Workers, g.Runs(), func(n int, keep func(func()) bool) {
		g.follow(n, o.limit(), func(i int, p Point) bool {
			return keep(func() {
				f.Points[i] = p
				if o.Progress != nil {
					o.Progress()
				}
			})
		})
	})
	if err != nil {
		return f, fmt.Errorf("frontier: the frontier ended early: %w", err)
	}
	return f, nil
}

// longestRun is the number of neighbours that one worker judges, each from the
// minimum of the one before; the first starts from 0.
const longestRun = 16

// NewMap is the map of a grid of which no point has been reached yet.
func NewMap(g Grid) Map {
	f := Map{Grid: g, Points: make([]Point, g.Size())}
	for i := range f.Points {
		f.Points[i] = Point{At: g.values(i), Margin: math.NaN()}
	}
	return f
}

// Runs is how many runs of neighbours the rows of the grid are cut into. What is found along one depends on no other.
func (g Grid) Runs() int {
	return g.Size() / g.last().Count * g.runsARow()
}

func (g Grid) runsARow() int { return (g.last().Count + longestRun - 1) / longestRun }

// Run is the points of run n, from 0, from first to beyond without the latter.
func (g Grid) Run(n int) (first, beyond int) {
	width := g.last().Count
	row := n / g.runsARow() * width
	first = row + n%g.runsARow()*longestRun
	return first, min(first+longestRun, row+width)
}

// Follow judges the points of run n, as Sweep does. When ctx ends, so does Follow, at once, with its error and the points until then.
func (g Grid) Follow(ctx context.Context, n int, o Options) ([]Point, error) {
	return g.FollowTo(ctx, n, longestRun, o)
}

// FollowTo is Follow up to a number of points.
func (g Grid) FollowTo(ctx context.Context, n, most int, o Options) (points []Point, err error) {
	err = workers.Run(ctx, 1, 1, func(_ int, keep func(func()) bool) {
		judged := 0
		g.follow(n, o.limit(), func(_ int, p Point) bool {
			judged++
			return keep(func() { points = append(points, p) }) && judged < most
		})
	})
	return points, err
}

// follow judges a run of neighbours, as long as reached takes them.
func (g Grid) follow(n int, limit float64, reached func(i int, p Point) bool) {
	var memory losses.Workspace
	var start *mat.Dense
	first, beyond := g.Run(n)
	for i := first; i < beyond; i++ {
		p := Point{At: g.values(i), Margin: math.NaN()}
		start = g.judge(&p, &memory, start, limit)
		if !reached(i, p) {
			return
		}
	}
}

// judge fills in one point and returns the minimum there; nil where none was found.
func (g Grid) judge(p *Point, memory *losses.Workspace, start *mat.Dense, limit float64) *mat.Dense {
	p.Reached = true
	undecided := func(err error) *mat.Dense {
		p.Evidence = oracle.Evidence{Epsilon: math.Inf(1), Rule: "none: " + plain(err)}
		return nil
	}
	var other func(*Point) error
	switch {
	case g.Asked != nil:
		other = g.judgeAsked
	case g.Temperature != nil:
		other = g.judgeStable
	}
	if other != nil {
		if err := other(p); err != nil {
			undecided(err)
		}
		return nil
	}
	loss, pairs, err := g.question(p.At)
	if err != nil {
		return undecided(err)
	}
	d, err := memory.Decide(context.Background(), loss, pairs, losses.Options{Start: start, Limit: limit})
	if err != nil {
		return undecided(err)
	}
	p.Verdict, p.Margin, p.Evidence, p.Steps = d.Findings.Equality(), d.Findings.Margin(), d.Findings.Evidence, d.Candidate.Steps
	return d.Candidate.Free.Form.Matrix(d.Pairs)
}

// question is the loss and the pairs at values of the axes.
func (g Grid) question(values []*big.Rat) (losses.Loss, gmm.Pairs, error) {
	loss := g.Loss
	pairs, err := g.At(values)
	if err != nil {
		return loss, pairs, err
	}
	for i, axis := range g.Axes {
		if axis.Parameter == Negatives {
			loss, err = loss.WithNegatives(values[i])
		}
	}
	return loss, pairs, err
}
