package box

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// Piece is a node of the tree of bisections that divides a box: a cut through the middle of a side, or a leaf with what proves it.
type Piece struct {
	// Cut is the side, from 0, that is halved: the tree of the lower half follows, and then that of the upper. Leaf of a leaf.
	Cut int
	// Minimiser is N̂ in the middle of the piece, s×s, and Moves what it changes by from there to the upper end of each side.
	Minimiser rational.Matrix
	Moves     []rational.Matrix
	// Witness is v, s long, with vᵀN_uv < 0 for every mixture of the piece, of a refutation; else nil.
	Witness []*big.Rat
}

// Leaf is the Cut of a piece that is not cut.
const Leaf = -1

// minimiser is N̂ as jets of a law's symbols.
func (p Piece) minimiser(symbols int) matrix {
	n := newMatrix(len(p.Minimiser), len(p.Minimiser))
	for a := range n {
		for b := range n[a] {
			slopes := make([]number, symbols)
			for v, move := range p.Moves {
				slopes[v] = interval.DoubleOf(move[a][b])
			}
			n[a][b] = affine(interval.DoubleOf(p.Minimiser[a][b]), slopes)
		}
	}
	return n
}

// finding is what is proved of a piece.
type finding struct {
	verdict oracle.Verdict
	margin  float64   // a lower bound of |λ_min(M_u)|, whitened; 0 where nothing is proved
	epsilon float64   // an upper bound of ‖M̂ − M_u‖
	shares  []float64 // of the sides in ε, about
	rest    float64   // of the integrals' errors in ε, about
}

// prove encloses all that the proof of a piece consists of. Its error is ErrOpen where an enclosure has no bounds.
func (p Piece) prove(piece Box, f frame, accuracy uint, left *budget) (finding, error) {
	l := newLaw(piece, f, 1, left)
	if err := l.spans(); err != nil {
		return finding{}, err
	}
	w, err := l.whitening()
	if err != nil {
		return finding{}, err
	}
	n := p.minimiser(l.symbols)
	gradient, err := l.gradient(n, accuracy)
	if err != nil {
		return finding{}, err
	}
	epsilon := w.length(gradient)
	shares, last := w.shares(gradient, l.symbols), l.symbols-1
	out := finding{verdict: oracle.Holds, epsilon: epsilon.Hi, shares: shares[:last], rest: shares[last]}
	if p.Witness == nil {
		out.margin = w.confirmed(n, interval.Exactly(epsilon.Hi))
		return out, nil
	}
	out.verdict = oracle.Refuted
	v := make([]number, len(p.Witness))
	for i, x := range p.Witness {
		v[i] = interval.DoubleOf(x)
	}
	out.margin = w.refuted(n, v, interval.Exactly(epsilon.Hi))
	return out, nil
}

// spans refuses a piece of which the columns that span S_F in its middle may depend on one another elsewhere: they do not where A times them is within less than 1 of the identity, A being about
// the inverse in the middle.
func (l law) spans() error {
	if l.different == nil {
		return nil
	}
	s := len(l.different)
	middle := mat.NewDense(s, s, nil)
	for a, row := range l.different {
		for b, x := range row {
			middle.Set(a, b, x.mid.Middle())
		}
	}
	var inverse mat.Dense
	err := inverse.Inverse(middle)
	var condition mat.Condition
	if err != nil && !errors.As(err, &condition) || !(distanceFromIdentity(exactFloats(&inverse).times(l.different)) < 1) {
		return fmt.Errorf("%w: the Fisher subspace may lose a dimension", ErrOpen)
	}
	return nil
}
