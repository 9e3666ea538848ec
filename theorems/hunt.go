package theorems

import (
	"fmt"
	"math"
	"math/big"
	"sync"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/solver"

	"pgregory.net/rapid"
)

// Hunt is what a search for counterexamples to a claim needs to know of it.
type Hunt struct {
	// Score ranks cases cheaply: positive where a case refutes the claim, as far as
	// the solver sees, and NaN where it can't tell. Check has the last word. It
	// must be safe to call from several goroutines.
	Score func(Case) float64
	// Hypotheses are what every counterexample must meet.
	Hypotheses Hypotheses
	// Draw draws cases of k components in d dimensions at δ, from which the search
	// starts. Nil stands for the claim's own Draw, whatever of it fits the limits.
	Draw func(k, d int, delta *big.Rat) *rapid.Generator[Case]
	// Ascent is how the search goes on from what it has drawn.
	Ascent Ascent
	// MostDimension is the largest dimension that Score and Check take on. Zero means any.
	MostDimension int
	// Components and Dimension are the ranges searched unless asked otherwise. Zero
	// means all that a search takes on.
	Components, Dimension Range
}

// Ascent is how a search goes on from what it has drawn: by lifting and by score of claims about centred mixtures. The zero value is NoAscent.
type Ascent int

const (
	// NoAscent is drawing on.
	NoAscent Ascent = iota
	// ByLifting ascends solver.Lift: the claim is equality for InfoNCE, which fails above base mixtures whose
	// lifting scores more than 0, where random draws seldom reach.
	ByLifting
	// ByScore ascends Score itself, which should not tend to 0 where a direction of the means becomes small.
	ByScore
	// ByWalking ascends Score by random steps of exact numbers, of mixtures of any kind.
	ByWalking
)

// Range is a range of whole numbers, both ends included.
type Range struct{ Least, Most int }

// Contains tells whether n lies in the range.
func (r Range) Contains(n int) bool { return r.Least <= n && n <= r.Most }

// Hypotheses are the conditions of a claim about single mixtures. The zero value
// is none.
type Hypotheses struct {
	// Centred says μ̄ = 0, Distinct that the means are not all equal.
	Centred, Distinct bool
	// Delta is what δ must be.
	Delta DeltaRange
}

// DeltaRange says which δ a claim is about. The zero value is AnyDelta.
type DeltaRange int

const (
	// AnyDelta is 0 < δ ≤ 1.
	AnyDelta DeltaRange = iota
	// DeltaOne is δ = 1.
	DeltaOne
	// DeltaBiased is 0 < δ < 1.
	DeltaBiased
	// DeltaWhole is 0 ≤ δ ≤ 1.
	DeltaWhole
)

// String writes the condition.
func (r DeltaRange) String() string {
	return [...]string{"0 < δ ≤ 1", "δ = 1", "0 < δ < 1", "0 ≤ δ ≤ 1"}[r]
}

// Admits tells whether δ meets the condition.
func (r DeltaRange) Admits(delta *big.Rat) bool {
	one := delta.Cmp(big.NewRat(1, 1))
	switch r {
	case DeltaOne:
		return one == 0
	case DeltaBiased:
		return delta.Sign() > 0 && one < 0
	case DeltaWhole:
		return delta.Sign() >= 0 && one <= 0
	}
	return delta.Sign() > 0 && one <= 0
}

// Simplest is the simplest δ of the range: 1, or ½ where 1 is not in it.
func (r DeltaRange) Simplest() *big.Rat {
	if r == DeltaBiased {
		return big.NewRat(1, 2)
	}
	return big.NewRat(1, 1)
}

// Check returns an error that says which hypothesis the case does not meet.
func (h Hypotheses) Check(c Case) error {
	m, delta := c.Pairs.Left, c.Pairs.ExactDelta
	switch {
	case h.Distinct && m.Coincident():
		return fmt.Errorf("theorems: expected means that are not all equal, found equal ones")
	case !h.Delta.Admits(delta()):
		return fmt.Errorf("theorems: expected %v, found δ = %s", h.Delta, gmm.FormatNumber(delta()))
	}
	for _, x := range m.Exact().Mean() {
		if h.Centred && x.Sign() != 0 {
			return fmt.Errorf("theorems: expected a centred mixture, found the mean coordinate %s", gmm.FormatNumber(x))
		}
	}
	return nil
}

// loseDirection scores equality for InfoNCE: minus the solver's λ_min(M_u|S_F).
func loseDirection(c Case) float64 { return -margin(losses.InfoNCE, c.Pairs) }

// losing scores equality for a loss, whatever the scale of the direction that is lost: −λ_min(M_u) beside that of the spectral loss, which is
// always positive and of the same order where a direction of the means becomes small.
func losing(l losses.Loss, p gmm.Pairs) float64 {
	p, err := l.Sees(p)
	if err != nil {
		return math.NaN()
	}
	return -margin(l, p) / margin(losses.Spectral, p)
}

// margin is the solver's λ_min(M_u) on the subspace of a loss; NaN where it can't tell.
func margin(l losses.Loss, p gmm.Pairs) float64 {
	p, err := l.Sees(p)
	if err != nil {
		return math.NaN()
	}
	ws := workspaces.Get().(*solver.Workspace)
	defer workspaces.Put(ws)
	return ws.Margin(l.Solver, p)
}

// workspaces spares scores their memory.
var workspaces = sync.Pool{New: func() any { return new(solver.Workspace) }}

// rawHunt is the search for counterexamples to equality of any mean, at δ = 1.
func rawHunt() *Hunt {
	return &Hunt{
		Score:      loseDirection,
		Hypotheses: Hypotheses{Distinct: true, Delta: DeltaOne},
		Draw:       drawShared,
		Components: Range{2, 4}, Dimension: Range{2, 3},
	}
}

// centredHunt is the search for centred counterexamples to equality, from mixtures
// with rare outliers.
func centredHunt(delta DeltaRange) *Hunt {
	return &Hunt{
		Score:      loseDirection,
		Hypotheses: Hypotheses{Centred: true, Distinct: true, Delta: delta},
		Draw: func(k, d int, delta *big.Rat) *rapid.Generator[Case] {
			return plain(pairsOf(generators.RareOutliersOf(k, d), rapid.Just(delta)))
		},
		Ascent:     ByLifting,
		Components: Range{3, 4}, Dimension: Range{2, 2},
	}
}
