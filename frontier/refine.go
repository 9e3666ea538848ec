package frontier

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/internal/workers"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"

	"gonum.org/v1/gonum/mat"
)

// Bracket is an interval of the last axis at the ends of which the verdicts are opposite, so that a critical value lies in between: one at which the margin is 0, as it is continuous in the numbers of a
// mixture, or jumps with the dimension of S_F, as where a mean comes to lie in the span of the others. Of an axis of negatives its ends are whole numbers.
type Bracket struct {
	// Row has the values of the other axes.
	Row []*big.Rat
	// Low and High are judged points, the one Holds and the other Refuted; one is Undecided only where a proof contradicts what was found, and the Reason says so.
	Low, High End
	// Reason says why the interval is wider than was asked for, or an end not proved; "" where neither is so.
	Reason string
}

// End is a judged point with the proof of its verdict, which the checker of certificates has accepted; nil where there is none.
type End struct {
	Point
	Certificate *proof.Certificate
	// Bound is what is proved of λ_min, rounded towards 0: it is at least this number where equality holds, at most where it is refuted; "" where nothing is proved, or
	// exactly, without a margin.
	Bound string
}

// Proved tells whether the verdicts at both ends are proved.
func (b Bracket) Proved() bool { return b.Low.Certificate != nil && b.High.Certificate != nil }

// Width is the length of the interval beside the larger of its ends in size, 0 where both are 0.
func (b Bracket) Width() float64 {
	low, high := b.ends()
	larger := new(big.Rat).Abs(low)
	if size := new(big.Rat).Abs(high); size.Cmp(larger) > 0 {
		larger = size
	}
	if larger.Sign() == 0 {
		return 0
	}
	width, _ := larger.Quo(new(big.Rat).Sub(high, low), larger).Float64()
	return width
}

// ends are the values of the last axis.
func (b Bracket) ends() (low, high *big.Rat) {
	return b.Low.At[len(b.Low.At)-1], b.High.At[len(b.High.At)-1]
}

// Errors of Refine.
var (
	// ErrNoChange says that no verdict on a map is the opposite of another in its row.
	ErrNoChange = errors.New("frontier: no change of sign to refine")
	// ErrWidth says that a relative width is of no use.
	ErrWidth = errors.New("frontier: not a usable relative width")
)

// leastWidth is about where proofs end next to a margin of 0.
var leastWidth = big.NewRat(1, 1_000_000_000_000_000)

// Narrow is a relative width, from 1e-15, below 1. The zero value is a thousandth.
type Narrow struct{ width *big.Rat }

func (n Narrow) rational() *big.Rat {
	if n.width == nil {
		return big.NewRat(1, 1000)
	}
	return n.width
}

// NewNarrow refuses with ErrWidth.
func NewNarrow(width *big.Rat) (Narrow, error) {
	if width.Cmp(leastWidth) < 0 || width.Cmp(big.NewRat(1, 1)) >= 0 {
		return Narrow{}, fmt.Errorf("%w: expected a number from 1e-15, below 1, found %s", ErrWidth, gmm.FormatNumber(width))
	}
	return Narrow{width}, nil
}

// Refine brackets each change between opposite verdicts along the last axis of a map, to a relative width: beside the larger end or, where that is next to 0, beside the width times
// the length of the axis. Points between are judged as Sweep judges them, from the minimum next to them, or by a proof where that leaves them undecided; ends have few digits. Both
// ends are proved where there are proofs about the grid's loss. Points that stay undecided, between which the critical value is, are left between the ends.
//
// It returns the brackets in the order of the rows, ErrNoChange where there are none, and the error of ctx, with those that were found until then, as narrow as they were, where that ends.
func Refine(ctx context.Context, f Map, to Narrow, o Options) ([]Bracket, error) {
	all := f.changes()
	if len(all) == 0 {
		return nil, fmt.Errorf("%w along %s: expected a row in which the verdict is both holds and refuted", ErrNoChange, f.Grid.last().Parameter)
	}
	found := make([]*Bracket, len(all))
	err := workers.Run(ctx, o.Workers, len(all), func(n int, keep func(func()) bool) {
		r := refinement{grid: f.Grid, to: to.rational(), limit: o.limit()}
		b, whole := r.bracket(all[n], func(b Bracket) bool {
			b.Reason = "the work ended before it was narrower"
			return keep(func() { found[n] = &b })
		})
		if !whole {
			return
		}
		keep(func() {
			found[n] = &b
			if o.Progress != nil {
				o.Progress()
			}
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
