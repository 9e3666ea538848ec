package box

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Prove divides a box until every piece is proved, and returns what Check accepts. Its errors are those of Check; where the sign changes, or the budget is spent, ErrOpen says where.
func Prove(b Box, limit float64) (Proof, Bounds, error) {
	if err := b.check(); err != nil {
		return Proof{}, Bounds{}, err
	}
	left, err := newBudget(b, limit)
	if err != nil {
		return Proof{}, Bounds{}, err
	}
	f, err := newFrame(b)
	if err != nil {
		return Proof{}, Bounds{}, err
	}
	if apart, _ := b.Facts(); !apart && !b.varies(ofMean) {
		return Proof{}, Bounds{}, fmt.Errorf("%w: all means are equal, so that M_u = 0 in all of it", ErrOpen)
	}
	s := searcher{frame: f, budget: left}
	s.found = Bounds{Dimension: f.dimension, Margin: math.Inf(1)}
	s.proof.Accuracy = coarse
	w, err := newLaw(b, f, 1, s.budget).whitening()
	if err != nil {
		return Proof{}, Bounds{}, fmt.Errorf("%w, in %s", err, b.short())
	}
	begin := w.beginning()
	if err := s.probe(b, begin); err != nil {
		return Proof{}, Bounds{}, err
	}
	if err := s.tree(b, begin, 0); err != nil {
		return Proof{}, Bounds{}, err
	}
	return s.proof, s.found, nil
}

// beginning is a small multiple of g⁻¹, where contrasts are not 0.
func (w whitening) beginning() *mat.SymDense {
	const small = 1.0 / (1 << 6)
	var start mat.SymDense
	start.SymOuterK(small, w.j.T())
	return &start
}

// coarse is the accuracy with which the search begins.
const coarse = 24

type searcher struct {
	proof  Proof
	frame  frame
	budget *budget
	found  Bounds
}

// tree proves a piece, or cuts it where ε changes most; near is about the minimiser in its middle.
func (s *searcher) tree(piece Box, near *mat.SymDense, depth int) error {
	leaf, smallest, err := s.leaf(piece, near)
	if err != nil {
		return fmt.Errorf("%w, in %s", err, piece.short())
	}
	least := smallest.value
	verdict := oracle.Holds
	if leaf.Witness != nil {
		verdict = oracle.Refuted
	}
	switch {
	case s.proof.Verdict == oracle.Undecided:
		s.proof.Verdict = verdict
		s.proof.Accuracy = uint(min(max(coarse, 8-math.Log2(math.Abs(least))), mostAccuracy))
	case s.proof.Verdict != verdict:
		return fmt.Errorf("%w: λ_min(M_u) is about %.2g in the middle of %s, and of another sign elsewhere", ErrOpen, least, piece.short())
	}
	found, err := leaf.prove(piece, s.frame, s.proof.Accuracy, s.budget)
	if err != nil && (!errors.Is(err, ErrOpen) || s.budget.left < 0) {
		return err
	}
	if err == nil && found.margin > 0 {
		s.proof.Pieces = append(s.proof.Pieces, leaf)
		s.found.Margin, s.found.Radius = min(s.found.Margin, found.margin), max(s.found.Radius, found.epsilon)
		s.found.Leaves++
		return nil
	}
	if depth == mostCuts {
		return fmt.Errorf("%w: λ_min(M_u) is about %.2g in the middle of %s, and may be 0 near it", ErrOpen, least, piece.short())
	}
	if worth := math.Abs(least) / 16; err == nil && found.rest > worth && s.proof.Accuracy < mostAccuracy { // of which the integrals' errors are to be a part
		s.proof.Accuracy = uint(min(float64(s.proof.Accuracy)+math.Ceil(math.Log2(found.rest/worth)), mostAccuracy))
		return s.tree(piece, near, depth)
	}
	cut := depth % len(piece.Sides)
	if err == nil {
		cut = floats.MaxIdx(found.shares)
	}
	s.proof.Pieces = append(s.proof.Pieces, Piece{Cut: cut})
	for i, half := range piece.halves(cut) {
		begin := mat.NewSymDense(s.frame.dimension, nil)
		share := float64(2*i-1) / 2
		for a := range leaf.Minimiser {
			for b := a; b < len(leaf.Minimiser); b++ {
				move, _ := leaf.Moves[cut][a][b].Float64()
				begin.SetSym(a, b, near.At(a, b)+share*move)
			}
		}
		if err := s.tree(half, begin, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// mostCuts is how often Prove halves a piece.
const mostCuts = 40

// leaf finds about the minimiser in the middle of the piece, how it moves, and a witness where its least eigenvalue, which it returns, is negative. It moves near to the minimiser.
func (s *searcher) leaf(piece Box, near *mat.SymDense) (Piece, eigenpair, error) {
	w, derivatives, unit, err := s.newton(piece, near)
	if err != nil {
		return Piece{}, eigenpair{}, err
	}
	n := len(piece.Sides)
	dimension := s.frame.dimension
	places := entries(dimension)
	slopes := derivatives.slopes(places)
	hessian, forces := slopes.Slice(0, len(places), n, n+len(places)), slopes.Slice(0, len(places), 0, n)
	var moves mat.Dense
	var condition mat.Condition
	if err := moves.Solve(hessian, forces); err != nil && !errors.As(err, &condition) {
		return Piece{}, eigenpair{}, fmt.Errorf("%w: the minimiser does not move smoothly", ErrOpen)
	}
	scale := 0.0
	for _, place := range places {
		scale = max(scale, math.Abs(near.At(place[0], place[1])))
	}
	leaf := Piece{Cut: Leaf, Minimiser: rational.New(dimension, dimension)}
	const bits = 44 // of the largest entry
	for _, place := range places {
		x := shortened(near.At(place[0], place[1]), scale, bits)
		leaf.Minimiser[place[0]][place[1]], leaf.Minimiser[place[1]][place[0]] = x, x
	}
	for side := range n {
		move := rational.New(dimension, dimension)
		for i, place := range places {
			x := shortened(-moves.At(i, side)*unit/derivativeStep, scale, bits)
			move[place[0]][place[1]], move[place[1]][place[0]] = x, x
		}
		leaf.Moves = append(leaf.Moves, move)
	}
	least := w.least(near)
	if least.value < 0 {
		longest := floats.Norm(least.vector, math.Inf(1))
		for _, x := range least.vector {
			leaf.Witness = append(leaf.Witness, shortened(x/longest, 1, 24))
		}
	}
	return leaf, least, nil
}

// shortened rounds x to a multiple of 2^−bits times the binary order of scale.
func shortened(x, scale float64, bits int) *big.Rat {
	_, exponent := math.Frexp(scale)
	r := new(big.Rat).SetFloat64(math.Ldexp(math.Round(math.Ldexp(x, bits-exponent)), exponent-bits))
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// entries lists the places of the independent entries of a symmetric matrix.
func entries(s int) (places [][2]int) {
	for a := range s {
		for b := a; b < s; b++ {
			places = append(places, [2]int{a, b})
		}
	}
	return places
}

// eigenpair is about the least eigenvalue of a whitened N, with v of which vᵀNv/vᵀg⁻¹v is that.
type eigenpair struct {
	value  float64
	vector []float64
}

func (w whitening) least(n *mat.SymDense) eigenpair {
	var inner mat.Dense
	inner.Mul(w.root.T(), n)
	inner.Mul(&inner, w.root)
	values, vectors, ok := eigen(&inner)
	if !ok {
		return eigenpair{vector: make([]float64, len(w.root.RawMatrix().Data))}
	}
	var v mat.VecDense
	v.MulVec(w.root, vectors.ColView(0))
	return eigenpair{values[0], v.RawVector().Data}
}
