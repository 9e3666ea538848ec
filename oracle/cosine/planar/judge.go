package planar

import (
	"errors"
	"math"

	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
)

// Findings are what is known of containment.
type Findings struct {
	Verdict oracle.Verdict   // Refuted or Undecided
	Noisy   Noisy            // the matrix outside S_F
	Outside cosine.Enclosure // its loss
	Shape   Shape            // the best found inside
	Found   float64          // its loss
	AtLeast float64          // a lower bound of the loss of all matrices inside S_F, where containment is refuted; else −Inf
	Cells   int              // of shapes, that it took
}

// Gain is a lower bound of how much lower the loss outside is, where containment is refuted.
func (f Findings) Gain() float64 { return f.AtLeast - f.Outside.Upper() }

const (
	mostCells = 8000
	sharp     = 1e-3  // of the gain: errors of values
	share     = 0.9   // of the gain that is to be shown
	least     = 1e-12 // error of values
	// mostRounds are refinements, and shapes that turn out lower than what was found.
	mostRounds = 30
)

// Judge compares the loss outside with those of all shapes. Where the search has found nothing that is lower than inside, by more than errors, it ends there. The errors are ErrNodes and ErrCells.
func (m Mixture) Judge(temperature float64, n Noisy) (Findings, error) {
	f := Findings{Noisy: n, AtLeast: math.Inf(-1)}
	const first = 1e-7
	var err error
	if f.Shape, err = m.Inside(temperature); err != nil {
		return f, err
	}
	k := 1 / temperature
	small := first
	for range mostRounds {
		inside, err := m.at(f.Shape, newBessel(k, small/16), k, small)
		if err != nil {
			return f, err
		}
		f.Found = inside.value
		if f.Outside, err = m.Outside(n, temperature, small); err != nil {
			return f, err
		}
		gain := inside.value - f.Outside.Value
		if gain+inside.error+f.Outside.Error <= 0 {
			return f, nil
		}
		if finer := math.Max(least, sharp*gain); inside.error+f.Outside.Error > gain/100 && small > 2*finer {
			small = math.Max(finer, small/1000)
			continue
		}
		gain = inside.value - inside.error - f.Outside.Upper()
		if !(gain > 0) {
			return f, nil
		}
		target := f.Outside.Upper() + share*gain
		cells, at, err := m.cover(k, target, sharp*gain, mostCells)
		f.Cells += cells
		switch {
		case errors.Is(err, errAbove) && at.Ratio > 0 && at != f.Shape:
			f.Shape = at // lower than what was found; again
			continue
		case errors.Is(err, errAbove):
			return f, nil
		case err != nil:
			return f, err
		}
		f.AtLeast, f.Verdict = target, oracle.Refuted
		return f, nil
	}
	return f, nil
}
