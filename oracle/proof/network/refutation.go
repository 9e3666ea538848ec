package network

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/line"
)

// Activation is that of the hidden neurons.
type Activation string

// The activations of which there are proofs.
const (
	Sign Activation = "sign"
	ReLU Activation = "relu"
)

// ErrActivation says that there are no proofs about an activation.
var ErrActivation = errors.New("network: expected the activation sign or relu")

// ErrUndecided says that the bounds do not meet: nothing is proved.
var ErrUndecided = errors.New("network: the bounds do not meet")

// Refutation is what a proof needs besides the mixture: a net that reads noise and, of ReLU, the grid and the tilts of the bounds. None of it is
// believed: whatever it says, Check finds bounds that hold.
type Refutation struct {
	Activation Activation
	Sign       *SignNet  // of Sign; else nil
	ReLU       *ReLUNet  // of ReLU; else nil
	Majorant   *Majorant // of ReLU; else nil
	Tilts      *Tilts    // of ReLU; else nil
}

// Towers is how many towers the nets that see S_F alone may have: 2 or, where the bound is one of a single tower, 1.
func (r Refutation) Towers() int {
	if r.Activation == ReLU && len(r.Tilts.Matrices) == 1 {
		return 1
	}
	return 2
}

// Bounds are two that have been proved: of the net's loss, and of that of every net which sees S_F alone.
type Bounds struct {
	Activation Activation
	line.Values
}

// precision of the interval arithmetic, in bits: 38 digits. The functions of package interval lose few of them, and the formulas here cancel no more than
// absolute errors of some 2^−precision e^½(max |θ|)².
const precision = 128

// Short are the bounds in few decimals, which hold as they stand.
func (b Bounds) Short() (outside, inside string) {
	const few = 7
	return b.Decimals(few)
}

// Check proves the bounds from the definition: ErrShape where the refutation is not one of its activation or its numbers are beyond limits, ErrUndecided where
// they prove nothing, as the bounds do not meet.
func (r Refutation) Check(l line.Mixture) (Bounds, error) {
	if err := r.acceptable(); err != nil {
		return Bounds{}, err
	}
	c := interval.NewContext(precision)
	p := along(l, c)
	b := Bounds{Activation: r.Activation}
	if r.Activation == Sign {
		b.Outside, b.Inside = signOutside(c, p, signNetIn(c, *r.Sign)), signInside(c, p)
	} else {
		var err error
		if b.Inside, err = insideReLU(c, p, *r.Tilts); err != nil && c.Err() == nil {
			return Bounds{}, err
		}
		b.Outside = reluOutside(c, p, newGrid(c, p, l, *r.Majorant), reluNetIn(c, *r.ReLU))
	}
	if err := c.Err(); err != nil {
		return Bounds{}, fmt.Errorf("%w: %w", ErrUndecided, err)
	}
	if b.Gap().Sign() <= 0 {
		outside, inside := b.Short()
		return Bounds{}, fmt.Errorf("%w: the net's loss is at most %s, and that of others at least %s", ErrUndecided, outside, inside)
	}
	return b, nil
}

func matrixIn[T any](n numbers[T], m [2][2]*big.Rat) [2][2]T {
	return [2][2]T{{n.FromRat(m[0][0]), n.FromRat(m[0][1])}, {n.FromRat(m[1][0]), n.FromRat(m[1][1])}}
}

// ErrShape says that a refutation is not one of its activation.
var ErrShape = errors.New("network: not a refutation")

// Limits of a refutation's numbers, so that none costs more than Cost says.
const (
	longestNumber = 512  // bits of a numerator or denominator
	largest       = 1000 // of any of them
	finestStep    = 1024 // of 1/step
	mostCells     = 4096
)

// acceptable checks shapes and limits.
func (r Refutation) acceptable() error {
	of := map[Activation]bool{Sign: r.Sign != nil && r.ReLU == nil && r.Majorant == nil && r.Tilts == nil,
		ReLU: r.Sign == nil && r.ReLU != nil && r.Majorant != nil && r.Tilts != nil}
	if !of[r.Activation] {
		return fmt.Errorf("%w: expected a net and bounds of one activation, sign or relu", ErrShape)
	}
	if r.Activation == ReLU && len(r.Tilts.Matrices) != 1 && len(r.Tilts.Matrices) != twoTowers {
		return fmt.Errorf("%w: expected tilts by 1 or %d matrices, found %d", ErrShape, twoTowers, len(r.Tilts.Matrices))
	}
	for _, x := range r.numbers() {
		if x == nil || x.Num().BitLen() > longestNumber || x.Denom().BitLen() > longestNumber || new(big.Rat).Abs(x).Cmp(big.NewRat(largest, 1)) > 0 {
			return fmt.Errorf("%w: expected numbers of at most %d bits and at most %d in size", ErrShape, longestNumber, largest)
		}
	}
	if r.Activation == Sign {
		if r.Sign.Scale.Sign() <= 0 {
			return fmt.Errorf("%w: expected a positive scale", ErrShape)
		}
		return nil
	}
	for _, step := range []*big.Rat{r.Majorant.Step, r.Tilts.Step} {
		if step.Cmp(big.NewRat(1, finestStep)) < 0 {
			return fmt.Errorf("%w: expected steps of at least 1/%d", ErrShape, finestStep)
		}
	}
	for _, count := range []int{r.Majorant.Along, r.Majorant.Across, r.Tilts.Cells} {
		if count < 1 || count > mostCells {
			return fmt.Errorf("%w: expected 1 to %d cells, found %d", ErrShape, mostCells, count)
		}
	}
	return nil
}

// numbers lists the fractions.
func (r Refutation) numbers() []*big.Rat {
	if r.Activation == Sign {
		return []*big.Rat{r.Sign.Noise, r.Sign.Scale, r.Sign.Second}
	}
	all := append(r.ReLU.weights(), r.Majorant.Step, r.Tilts.Step)
	for _, m := range r.Tilts.Matrices {
		all = append(all, m[0][0], m[0][1], m[1][0], m[1][1])
	}
	return all
}

// Affordable refuses a check that would take more than limit times a minute, with gmm.ErrCost.
func (r Refutation) Affordable(l line.Mixture, limit float64) error {
	if r.Activation != ReLU || r.acceptable() != nil {
		return nil
	}
	return affordable(l, *r.Majorant, *r.Tilts, limit)
}
