package box

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"contrastcheck/oracle/interval"

	"gonum.org/v1/gonum/mat"
)

// derivativeStep is the part of a side, and of the size of N, over which slopes are as good as derivatives.
const derivativeStep = 1.0 / (1 << 20)

// newton moves near to the minimiser in the middle of a piece, and returns what whitens there, and the gradient with its slopes along the sides and along the entries of N.
// The slopes along these are those of l.unit, the third result.
func (s *searcher) newton(piece Box, near *mat.SymDense) (whitening, matrix, float64, error) {
	tiny := piece
	tiny.Sides = append([]Side{}, piece.Sides...)
	step := new(big.Rat).SetFloat64(derivativeStep)
	for i, side := range piece.Sides {
		mid, half := middle(side), halfWidth(side)
		half.Mul(half, step)
		tiny.Sides[i].Low, tiny.Sides[i].High = new(big.Rat).Sub(mid, half), new(big.Rat).Add(mid, half)
	}
	places := entries(s.frame.dimension)
	l := newLaw(tiny, s.frame, len(places)+1, s.budget)
	w, err := l.whitening()
	if err != nil {
		return w, nil, 0, err
	}
	const most = 100 // steps
	size := math.Inf(1)
	before := mat.NewSymDense(s.frame.dimension, nil)
	share := 1.0
	var found matrix
	for range most {
		gradient, err := l.gradient(l.around(near, len(piece.Sides)), max(coarse, s.proof.Accuracy))
		if err != nil && s.budget.left < 0 {
			return w, nil, 0, err
		}
		now := math.Inf(1)
		if err == nil {
			now = w.size(gradient)
		}
		if !(now < size) { // too far, or as good as it gets
			if found != nil && share < 1.0/(1<<20) {
				break
			}
			share /= 2
		} else {
			size, found, share = now, gradient, 1
			before.CopySym(near)
		}
		if found == nil {
			return w, nil, 0, fmt.Errorf("%w: no minimiser was found", ErrOpen)
		}
		slopes := found.slopes(places)
		residual := mat.NewVecDense(len(places), nil)
		for i, place := range places {
			residual.SetVec(i, found[place[0]][place[1]].mid.Middle())
		}
		var move mat.VecDense
		n := len(piece.Sides)
		var condition mat.Condition
		if err := move.SolveVec(slopes.Slice(0, len(places), n, n+len(places)), residual); err != nil && !errors.As(err, &condition) {
			return w, nil, 0, fmt.Errorf("%w: no minimiser was found", ErrOpen)
		}
		for i, place := range places {
			near.SetSym(place[0], place[1], before.At(place[0], place[1])-share*move.AtVec(i)*l.unit(before))
		}
		const close = 1e-6 // of which a whole step leaves the square
		if size < close && share == 1 {
			return w, found, l.unit(before), nil
		}
	}
	near.CopySym(before)
	return w, found, l.unit(near), nil
}

// unit is how far the entries of N go with their symbols.
func (l law) unit(near *mat.SymDense) float64 {
	largest := 0.0
	for a := range len(l.g) {
		largest = max(largest, 1/l.g[a][a].mid.Middle())
	}
	return derivativeStep * max(largest, mat.Max(near), -mat.Min(near))
}

// around is N with a symbol for each entry, after those of the sides.
func (l law) around(near *mat.SymDense, sides int) matrix {
	s := len(l.g)
	n := newMatrix(s, s)
	for i, place := range entries(s) {
		slopes := make([]number, l.symbols)
		slopes[sides+i] = interval.Exactly(l.unit(near))
		x := affine(interval.Exactly(near.At(place[0], place[1])), slopes)
		n[place[0]][place[1]], n[place[1]][place[0]] = x, x
	}
	return n
}

// size is about the whitened length of the gradient in the middle.
func (w whitening) size(gradient matrix) float64 {
	s := len(gradient)
	middle := mat.NewDense(s, s, nil)
	for a, row := range gradient {
		for b, x := range row {
			middle.Set(a, b, x.mid.Middle())
		}
	}
	var inner mat.Dense
	inner.Mul(w.j, middle)
	inner.Mul(&inner, w.j.T())
	return mat.Norm(&inner, 2)
}

// slopes are the middles of the slopes of the independent entries.
func (m matrix) slopes(places [][2]int) *mat.Dense {
	out := mat.NewDense(len(places), len(m[0][0].slopes), nil)
	for i, place := range places {
		for v, x := range m[place[0]][place[1]].slopes {
			out.Set(i, v, x.Middle())
		}
	}
	return out
}
