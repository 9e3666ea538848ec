package frontier

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"

	"gonum.org/v1/gonum/mat"
)

// Errors of Refine.
var (
	// ErrNoChange says that no verdict on a map is the opposite of another in its row.
	ErrNoChange = errors.New("frontier: no change of sign to refine")
	// ErrWidth says that a relative width is of no use.
	ErrWidth = errors.New("frontier: not a usable relative width")
)

// Refine brackets each change between opposite verdicts along the last axis of a map, to a relative width: beside the larger end or, where that is next to 0, beside the width times
// the length of the axis. Points between are judged as Sweep judges them, from the minimum next to them, or by a proof where that leaves them undecided; ends have few digits. Both
// ends are proved where there are proofs about the grid's loss. Points that stay undecided, between which the critical value is, are left between the ends.
//
// It returns the brackets in the order of the rows, ErrNoChange where there are none, and the error of ctx, with those that were found until then, as narrow as they were, where that ends.
func Refine(ctx context.Context, f Map, to Narrow, o Options) ([]Bracket, error) {
	all, err := f.Brackets()
	if err != nil {
		return nil, err
	}
	found := make([]*Bracket, len(all))
	err = workers.Run(ctx, o.Workers, len(all), func(n int, keep func(func()) bool) {
		f.Grid.refine(all[n], to, o, func(b Bracket, whole bool) bool {
			return keep(func() {
				found[n] = &b
				if whole && o.Progress != nil {
					o.Progress()
				}
			})
		})
	})
	var reached []Bracket
	for _, b := range found {
		if b != nil {
			reached = append(reached, *b)
		}
	}
	if err != nil {
		return reached, fmt.Errorf("frontier: the refinement ended early: %w", err)
	}
	return reached, nil
}

// Brackets are those that Refine narrows, as wide as the map has them: ErrNoChange where there are none.
func (f Map) Brackets() ([]Bracket, error) {
	all := f.changes()
	if len(all) == 0 {
		return nil, fmt.Errorf("%w along %s: expected a row in which the verdict is both holds and refuted", ErrNoChange, f.Grid.last().Parameter)
	}
	return all, nil
}

// Narrowed is what Refine makes of one bracket, which depends on it alone. When ctx ends, so does Narrowed, at once, with its error and the bracket as narrow as it was, nil where nothing was gained.
func (g Grid) Narrowed(ctx context.Context, b Bracket, to Narrow, o Options) (narrow *Bracket, err error) {
	err = workers.Run(ctx, 1, 1, func(_ int, keep func(func()) bool) {
		g.refine(b, to, o, func(b Bracket, _ bool) bool { return keep(func() { narrow = &b }) })
	})
	return narrow, err
}

// refine narrows a bracket and hands over what it comes to, at last the whole.
func (g Grid) refine(b Bracket, to Narrow, o Options, reached func(b Bracket, whole bool) bool) {
	r := refinement{grid: g, to: to.rational(), limit: o.limit()}
	b, whole := r.bracket(b, func(b Bracket) bool {
		b.Reason = "the work ended before it was narrower"
		return reached(b, false)
	})
	if whole {
		reached(b, true)
	}
}

// changes are the brackets that a map itself has: of decided points with opposite verdicts, between which none is decided.
func (f Map) changes() (all []Bracket) {
	width := f.Grid.last().Count
	for row := 0; row < len(f.Points); row += width {
		var last *Point
		for i := range f.Points[row : row+width] {
			p := &f.Points[row+i]
			if !p.Reached || p.Verdict == oracle.Undecided {
				continue
			}
			if last != nil && last.Verdict != p.Verdict {
				all = append(all, Bracket{Row: p.At[:len(p.At)-1], Low: End{Point: *last}, High: End{Point: *p}})
			}
			last = p
		}
	}
	return all
}

// Changes is how many brackets Refine returns.
func (f Map) Changes() int { return len(f.changes()) }

func (g Grid) last() Axis { return g.Axes[len(g.Axes)-1] }

// refinement narrows one bracket.
type refinement struct {
	grid   Grid
	to     *big.Rat
	limit  float64
	memory losses.Workspace
	start  *mat.Dense
}

// bracket narrows a bracket and proves its ends; not all of it, where reached does not take what was reached.
func (r *refinement) bracket(b Bracket, reached func(Bracket) bool) (Bracket, bool) {
	for !r.narrow(b) {
		middles := r.middles(b)
		if len(middles) == 0 { // neighbours
			break
		}
		if !r.halve(&b, middles) {
			b.Reason = fmt.Sprintf("points between stay undecided, as %v", r.at(b, middles[0]))
			break
		}
		if !reached(b) {
			return b, false
		}
	}
	return r.proved(b), true
}

// halve judges points between the ends, the best first, until one takes the place of an end; false where none does.
func (r *refinement) halve(b *Bracket, middles []*big.Rat) bool {
	for _, x := range middles {
		p := r.at(*b, x)
		switch p.Verdict {
		case b.Low.Verdict:
			b.Low = p
			return true
		case b.High.Verdict:
			b.High = p
			return true
		}
	}
	return false
}

// narrow tells whether the bracket is as narrow as was asked for.
func (r *refinement) narrow(b Bracket) bool {
	low, high := b.ends()
	axis := r.grid.last()
	scale := new(big.Rat).Sub(axis.High, axis.Low)
	scale.Mul(scale, r.to)
	for _, end := range []*big.Rat{low, high} {
		if size := new(big.Rat).Abs(end); size.Cmp(scale) > 0 {
			scale = size
		}
	}
	return new(big.Rat).Sub(high, low).Cmp(scale.Mul(scale, r.to)) <= 0
}

// middles are points between the ends of a bracket: near the middle, and near both quarters where that is undecided. Of negatives they are the whole number in the middle; none between neighbours.
func (r *refinement) middles(b Bracket) (all []*big.Rat) {
	low, high := b.ends()
	if r.grid.last().Parameter == Negatives {
		middle := new(big.Int).Add(low.Num(), high.Num())
		if middle.Rsh(middle, 1); middle.Cmp(low.Num()) > 0 {
			all = append(all, new(big.Rat).SetInt(middle))
		}
		return all
	}
	length := new(big.Rat).Sub(high, low)
	for _, share := range []*big.Rat{big.NewRat(1, 2), big.NewRat(1, 4), big.NewRat(3, 4)} {
		x := new(big.Rat).Mul(share, length)
		all = append(all, short(x.Add(x, low), new(big.Rat).Mul(length, big.NewRat(1, 4))))
	}
	return all
}

// short is the multiple next to x of the largest of 1, 2 and 5 times a power of ten that is not above the step: within half of the step of x.
func short(x, step *big.Rat) *big.Rat {
	unit, ten := big.NewRat(1, 1), big.NewRat(10, 1)
	for unit.Cmp(step) > 0 {
		unit.Quo(unit, ten)
	}
	for next := new(big.Rat).Mul(unit, ten); next.Cmp(step) <= 0; next = new(big.Rat).Mul(unit, ten) {
		unit = next
	}
	for _, times := range []int64{5, 2} {
		if larger := new(big.Rat).Mul(unit, big.NewRat(times, 1)); larger.Cmp(step) <= 0 {
			unit = larger
			break
		}
	}
	half := big.NewRat(1, 2)
	n := new(big.Rat).Quo(x, unit)
	n.Add(n, half)
	floor := new(big.Int).Div(n.Num(), n.Denom()) // Euclid's, which is the floor of a positive denominator
	return new(big.Rat).Mul(new(big.Rat).SetInt(floor), unit)
}

// at judges a point of the bracket's row, by a proof where nothing else decides it.
func (r *refinement) at(b Bracket, x *big.Rat) End {
	e := End{Point: Point{At: append(slices.Clone(b.Row), x)}}
	if start := r.grid.judge(&e.Point, &r.memory, r.start, r.limit); start != nil {
		r.start = start
	}
	if e.Verdict == oracle.Undecided {
		_ = r.grid.prove(&e, r.limit) // where that fails, it stays undecided
	}
	return e
}

// proved is the bracket with proofs of both ends, or the reason why not.
func (r *refinement) proved(b Bracket) Bracket {
	for _, end := range []*End{&b.Low, &b.High} {
		if end.Certificate != nil {
			continue
		}
		err := r.grid.prove(end, r.limit)
		switch {
		case errors.Is(err, errContradiction): // which is never to be passed over
			end.Verdict, end.Margin = oracle.Undecided, math.NaN()
			end.Evidence = oracle.Evidence{Epsilon: math.Inf(1), Rule: "none: " + plain(err)}
			b.Reason = plain(err)
		case err != nil && b.Reason == "":
			b.Reason = plain(err)
		}
	}
	return b
}
