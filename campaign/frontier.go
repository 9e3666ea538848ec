package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

// Mapping is a map of verdicts on a grid: what frontier.Sweep takes, in words that can be sent.
type Mapping struct {
	// Question is what the grid is about: frontier.Equality for a loss, frontier.CosineStable, or another claim.
	Question
	Grid frontier.Grid
}

// NewFrontier is the request of frontier.Sweep, with the options that change the result.
func NewFrontier(m Mapping, o frontier.Options) Request {
	return newRequest(KindFrontier, gridOf(m, o))
}

// Sweep is frontier.Sweep with a Runner, which has the workers.
func Sweep(ctx context.Context, run Runner, m Mapping, o frontier.Options) (frontier.Map, error) {
	s := newSweeping(gridOf(m, o), m.Grid, o)
	f := frontier.NewMap(m.Grid)
	err := run(ctx, NewFrontier(m, o), func(n int, text []byte) error {
		points, err := s.read(n, text)
		for i, p := range points {
			at := i + s.first(n)
			p.At = f.Points[at].At
			f.Points[at] = p
			if o.Progress != nil {
				o.Progress()
			}
		}
		return err
	})
	return f, err
}

// sweeping is a sweep made ready.
type sweeping struct {
	frontier.Grid
	options frontier.Options
	size    int    // runs a shard
	of      string // the request
}

func newSweeping(asked grid, g frontier.Grid, o frontier.Options) sweeping {
	return sweeping{g, o, runsAShard(asked.Claim, g), digest(asked)}
}

func openFrontier(parameters json.RawMessage) (Job, error) {
	var asked grid
	if err := decode(parameters, &asked); err != nil {
		return nil, err
	}
	m, err := asked.mapping()
	if err != nil {
		return nil, err
	}
	return newSweeping(asked, m.Grid, asked.options()), nil
}

// Shards is their number.
func (s sweeping) Shards() int { return (s.Runs() + s.size - 1) / s.size }

// runs are those of shard n, without the last.
func (s sweeping) runs(n int) (first, beyond int) { return n * s.size, min((n+1)*s.size, s.Runs()) }

// first is the first point of a shard.
func (s sweeping) first(n int) int {
	run, _ := s.runs(n)
	at, _ := s.Grid.Run(run)
	return at
}

// points is how many points a shard has.
func (s sweeping) points(n int) int {
	_, beyond := s.runs(n)
	_, end := s.Grid.Run(beyond - 1)
	return end - s.first(n)
}

// Run judges the points of a shard.
func (s sweeping) Run(ctx context.Context, n int) ([]byte, error) {
	first, beyond := s.runs(n)
	out := judged{Of: s.of, First: s.first(n), Points: []point{}}
	for run := first; run < beyond; run++ {
		points, err := s.Follow(ctx, run, s.options)
		out.Points = append(out.Points, each(points, newPoint)...)
		if err != nil {
			return encode(out), err
		}
	}
	return encode(out), nil
}

// Check judges anew each run along which it is claimed that something is refuted, as far as that.
func (s sweeping) Check(ctx context.Context, n int, text []byte) error {
	said, err := s.read(n, text)
	if err != nil {
		return err
	}
	if expected := s.points(n); len(said) != expected {
		return &False{n, fmt.Sprintf("%d points", expected), fmt.Sprint(len(said))}
	}
	for run, beyond := s.runs(n); run < beyond; run++ {
		first, end := s.Grid.Run(run)
		along := said[first-s.first(n) : end-s.first(n)]
		for len(along) > 0 && along[len(along)-1].Verdict != oracle.Refuted {
			along = along[:len(along)-1]
		}
		if len(along) == 0 {
			continue
		}
		known, err := s.FollowTo(ctx, run, len(along), s.options)
		if err != nil {
			return err
		}
		for i, p := range known {
			if a, b := encode(newPoint(p)), encode(newPoint(along[i])); !bytes.Equal(a, b) {
				return &False{n, string(a), string(b)}
			}
		}
	}
	return nil
}

// judged are the points of a shard, the first by its number.
type judged struct {
	Of     string  `json:"of"`
	First  int     `json:"first"`
	Points []point `json:"points"`
}

// point is a frontier.Point without its place.
type point struct {
	Verdict  int             `json:"verdict"`
	Margin   gmm.Float       `json:"margin"`
	Evidence oracle.Evidence `json:"evidence"`
	Steps    int             `json:"steps"`
}

func newPoint(p frontier.Point) point {
	return point{int(p.Verdict), gmm.Float(p.Margin), p.Evidence, p.Steps}
}

func (p point) frontier() (frontier.Point, error) {
	out := frontier.Point{Reached: true, Verdict: oracle.Verdict(p.Verdict), Margin: float64(p.Margin), Evidence: p.Evidence, Steps: p.Steps}
	if out.Verdict < oracle.Undecided || out.Verdict > oracle.Refuted || p.Evidence.Grade < oracle.Estimated || p.Evidence.Grade > oracle.Proved {
		return out, fmt.Errorf("expected a verdict and a grade, found %d and %d", p.Verdict, p.Evidence.Grade)
	}
	out.Evidence.Rule = oneLine(p.Evidence.Rule)
	return out, nil
}

// read is what is said of a shard, an ErrFalse where it is not of that shard.
func (s sweeping) read(n int, text []byte) (points []frontier.Point, err error) {
	said, err := read[judged](n, text)
	if err != nil {
		return nil, err
	}
	if first, most := s.first(n), s.points(n); said.Of != s.of || said.First != first || len(said.Points) > most {
		return nil, &False{n, fmt.Sprintf("at most %d points from %d of %s", most, first, s.of), fmt.Sprintf("%d from %d of %.40q", len(said.Points), said.First, said.Of)}
	}
	for _, p := range said.Points {
		q, err := p.frontier()
		if err != nil {
			return nil, &False{n, "judged points", err.Error()}
		}
		points = append(points, q)
	}
	return points, nil
}
