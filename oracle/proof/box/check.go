package box

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"contrastcheck/oracle"
)

// Proof is what proves a verdict about every mixture of a box.
type Proof struct {
	Verdict oracle.Verdict // Holds or Refuted: whether Col(A*) = S_F
	// Accuracy is the negative binary logarithm of the accuracy of the integrals: a hint.
	Accuracy uint
	// Pieces is the tree of the box's bisections in preorder.
	Pieces []Piece
}

// Bounds is what is proved.
type Bounds struct {
	Dimension int     // of the Fisher subspace, which all mixtures of the box have
	Margin    float64 // a lower bound of |λ_min(M_u)| of all of them, whitened: negative numbers if equality is refuted
	Radius    float64 // an upper bound of ‖M̂ − M_u‖
	Leaves    int     // pieces of the box that are proved one by one
}

// Limits of what a proof may ask of its checker.
const (
	mostAccuracy = 48
	deepest      = 60 // cuts of a piece
	longest      = 1024
)

// Check proves the verdict anew, from the box and the pieces: ErrHypotheses and gmm.InputErrors of a box that is none, ErrPieces where the pieces are not those of a division of it, ErrOpen where
// one of them proves nothing, or not this; the latter with gmm.ErrCost where a larger limit allows it.
func Check(b Box, p Proof, limit float64) (Bounds, error) {
	if err := b.check(); err != nil {
		return Bounds{}, err
	}
	left, err := newBudget(b, limit)
	if err != nil {
		return Bounds{}, err
	}
	f, err := newFrame(b)
	if err != nil {
		return Bounds{}, err
	}
	if p.Accuracy < 1 || p.Accuracy > mostAccuracy {
		return Bounds{}, fmt.Errorf("%w: expected an accuracy of 1 to %d, found %d", ErrPieces, mostAccuracy, p.Accuracy)
	}
	c := checker{proof: p, frame: f, rest: p.Pieces, budget: left, found: Bounds{Dimension: f.dimension, Margin: math.Inf(1)}}
	if err := c.tree(b, 0); err != nil {
		return Bounds{}, err
	}
	if len(c.rest) > 0 {
		return Bounds{}, fmt.Errorf("%w: %d pieces are left over", ErrPieces, len(c.rest))
	}
	return c.found, nil
}

type checker struct {
	proof  Proof
	frame  frame
	rest   []Piece // of the preorder
	budget *budget
	found  Bounds
}

// tree checks the piece, which comes next, and those within it.
func (c *checker) tree(piece Box, depth int) error {
	if len(c.rest) == 0 {
		return fmt.Errorf("%w: one is missing", ErrPieces)
	}
	next := c.rest[0]
	c.rest = c.rest[1:]
	if next.Cut != Leaf {
		if next.Cut < 0 || next.Cut >= len(piece.Sides) || depth == deepest {
			return fmt.Errorf("%w: expected one of %d sides, cut at most %d times, found side %d", ErrPieces, len(piece.Sides), deepest, next.Cut+1)
		}
		for _, half := range piece.halves(next.Cut) {
			if err := c.tree(half, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := next.fits(c.frame.dimension, len(piece.Sides)); err != nil {
		return err
	}
	found, err := next.prove(piece, c.frame, c.proof.Accuracy, c.budget)
	switch {
	case err != nil:
		return fmt.Errorf("%w, in %s", err, piece.short())
	case found.verdict != c.proof.Verdict || !(found.margin > 0):
		return fmt.Errorf("%w: expected one where equality %v, found a margin of %.3g, with ‖M̂ − M_u‖ ≤ %.3g, where it %v, in %s", ErrOpen, c.proof.Verdict, found.margin, found.epsilon, found.verdict, piece.short())
	}
	c.found.Margin, c.found.Radius = min(c.found.Margin, found.margin), max(c.found.Radius, found.epsilon)
	c.found.Leaves++
	return nil
}

// fits checks the shapes of a leaf, and that its numbers are not too long.
func (p Piece) fits(dimension, sides int) error {
	refuse := func(expected string) error { return fmt.Errorf("%w: expected %s", ErrPieces, expected) }
	if len(p.Moves) != sides || p.Witness != nil && len(p.Witness) != dimension {
		return refuse(fmt.Sprintf("%d moves, and a witness of %d numbers if there is one", sides, dimension))
	}
	rows := [][]*big.Rat{p.Witness}
	for _, m := range append(slices.Clone(p.Moves), p.Minimiser) {
		if len(m) != dimension {
			return refuse(fmt.Sprintf("%d×%d matrices", dimension, dimension))
		}
		for a, row := range m {
			if len(row) != dimension {
				return refuse(fmt.Sprintf("%d×%d matrices", dimension, dimension))
			}
			for b := range a {
				if row[b].Cmp(m[b][a]) != 0 {
					return refuse("symmetric matrices")
				}
			}
		}
		rows = append(rows, m...)
	}
	for _, row := range rows {
		for _, x := range row {
			if x.Num().BitLen() > longest || x.Denom().BitLen() > longest {
				return refuse(fmt.Sprintf("numbers of at most %d bits", longest))
			}
		}
	}
	return nil
}
