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
	sharp     = 1e-3  // of the gain: errors of values in the cover
	fair      = 1e-3  // of the gain: errors of the two that are compared
	share     = 0.9   // of the gain that is to be shown
	rough     = 1e-5  // errors to begin with
	least     = 1e-12 // and to end with
	// mostShapes are those inside that may turn out lower than what was found.
	mostShapes = 20
)

// Judge compares the loss outside with those of all shapes. Where the search has found nothing that is lower than inside, by more than errors, it ends there. The errors are ErrNodes and ErrCells.
func (m Mixture) Judge(temperature float64, n Noisy) (Findings, error) {
	f := Findings{Noisy: n, AtLeast: math.Inf(-1)}
	var err error
	if f.Shape, err = m.Inside(temperature); err != nil {
		return f, err
	}
	k := 1 / temperature
	for range mostShapes {
		inside, err := m.compared(&f, temperature)
		if err != nil {
			return f, err
		}
		gain := inside.Lower() - f.Outside.Upper()
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

// compared encloses the loss at the shape inside, and sets it and that outside: by finer and finer rules until errors are small beside the gain, there is none, or rules have too many nodes.
func (m Mixture) compared(f *Findings, temperature float64) (inside cosine.Enclosure, err error) {
	k := 1 / temperature
	for small := rough; ; {
		l, failure := m.at(f.Shape, newBessel(k, small/16), k, small)
		outside := cosine.Enclosure{}
		if failure == nil {
			outside, failure = m.Outside(f.Noisy, temperature, small)
		}
		if failure != nil && small < rough { // what is known will do, or not
			return inside, nil
		}
		if failure != nil {
			return inside, failure
		}
		inside, f.Found, f.Outside = cosine.Enclosure{Value: l.value, Error: l.error}, l.value, outside
		gain := inside.Value - outside.Value
		missed := inside.Error + outside.Error
		if gain+missed <= 0 || missed <= fair*gain || small <= least {
			return inside, nil
		}
		small = math.Max(least, small*math.Min(1./8, math.Max(1./1000, fair*gain/missed/2)))
	}
}
