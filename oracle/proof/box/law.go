package box

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
)

// frame is what a box's mixtures have in common: the dimension s of their Fisher subspace, and s columns that span Σ S_F in all of them.
type frame struct {
	dimension int
	basis     []int // the columns: means, or, of a centred box, differences from the first mean
	// direct says that S_F is the whole space, so that matrices are M itself. Otherwise they are N, M = Σ⁻¹WNWᵀΣ⁻¹, W having those columns.
	direct bool
	gram   [][]*big.Rat // of all means as they are given, in the metric Σ⁻¹, where no number of them varies; else nil
}

// newFrame refuses boxes in which the dimension of S_F may change, with ErrHypotheses.
func newFrame(b Box) (frame, error) {
	p, err := Box{Pairs: b.Pairs, Sides: b.Sides}.At(b.middle()) // as they are
	if err != nil {
		return frame{}, fmt.Errorf("%w: %w", ErrHypotheses, err)
	}
	means := p.Left.Exact().Means
	columns := means
	if b.Centred {
		columns = nil
		for _, row := range means {
			difference := make([]*big.Rat, len(row))
			for i, x := range row {
				difference[i] = new(big.Rat).Sub(x, means[0][i])
			}
			columns = append(columns, difference)
		}
	}
	rows := make([][]*big.Rat, len(means[0]))
	for i := range rows {
		for _, column := range columns {
			rows[i] = append(rows[i], column[i])
		}
	}
	f := frame{basis: gmm.IndependentColumns(rows)}
	f.dimension = len(f.basis)
	f.direct = f.dimension == len(rows)
	most := min(len(columns), len(rows))
	if b.Centred {
		most = min(len(columns)-1, len(rows))
	}
	if b.varies(ofMean) && f.dimension < most {
		return frame{}, fmt.Errorf("%w: the means of its middle span %d dimensions, and of others in it %d may do", ErrHypotheses, f.dimension, f.dimension+1)
	}
	var moved []int
	for i, side := range b.Sides {
		if ofMean(side.Path) {
			moved = append(moved, i)
		}
	}
	err = b.vertices(moved, func(p gmm.Pairs, at string, err error) error {
		if err == nil && p.Left.FisherDimension() != f.dimension {
			err = fmt.Errorf("%w: S_F has %d dimensions in its middle, and %d where %s", ErrHypotheses, f.dimension, p.Left.FisherDimension(), at)
		}
		return err
	})
	if err != nil {
		return frame{}, err
	}
	if f.dimension == 0 {
		return frame{}, fmt.Errorf("%w: S_F = {0}, and there is nothing to prove", ErrHypotheses)
	}
	if !b.varies(ofMean) && !b.varies(ofCovariance) {
		f.gram = p.Left.ExactGram()
	}
	return f, nil
}

// law is the mixtures of a piece in coordinates of the subspace: N(b_k, g) in s dimensions with weights w_k, as jets.
type law struct {
	weights   []jet
	delta     jet
	b         matrix // K×s
	g         matrix // s×s
	symbols   int
	budget    *budget
	different matrix // s×s: what has to be invertible for S_F to have s dimensions, where means vary; else nil
}

// newLaw has the parameters of the piece as the first symbols, and as many more as are asked for.
func newLaw(piece Box, f frame, more int, left *budget) law {
	l := law{symbols: len(piece.Sides) + more, budget: left}
	vary := make([]jet, len(piece.Sides))
	for i, s := range piece.Sides {
		slopes := make([]number, l.symbols)
		slopes[i] = interval.DoubleOf(halfWidth(s))
		vary[i] = affine(interval.DoubleOf(middle(s)), slopes)
	}
	exact := piece.Pairs.Left.Exact()
	l.delta = constant(interval.DoubleOf(piece.Pairs.ExactDelta()))
	covariance, means := exactly(exact.Covariance), exactly(exact.Means)
	for i, s := range piece.Sides {
		if s.Path.IsDelta() {
			l.delta = vary[i]
		}
		if k, c, ok := s.Path.Mean(); ok {
			means[k][c] = vary[i]
		}
		if r, c, ok := s.Path.Covariance(); ok {
			covariance[r][c], covariance[c][r] = vary[i], vary[i]
		}
	}
	l.weigh(piece)
	columns := make(matrix, 0, f.dimension) // as rows
	for _, k := range f.basis {
		column := means[k]
		if piece.Centred {
			column = minusRows(column, means[0])
		}
		columns = append(columns, column)
	}
	if piece.varies(ofMean) && f.direct {
		l.different = columns
	}
	if f.direct {
		l.g, l.b = covariance, l.centred(means, piece.Centred)
		return l
	}
	gram := exactly(f.gram)
	if f.gram == nil {
		gram = inverseGram(covariance, means)
	}
	seen := newMatrix(len(means), f.dimension) // WᵀΣ⁻¹μ_k
	for k, row := range gram {
		for a, i := range f.basis {
			seen[k][a] = row[i]
			if piece.Centred {
				seen[k][a] = row[i].minus(row[0])
			}
		}
	}
	l.b = l.centred(seen, piece.Centred)
	for _, i := range f.basis {
		row := seen[i]
		if piece.Centred {
			row = minusRows(row, seen[0])
		}
		l.g = append(l.g, row)
	}
	return l
}

// weigh sets the weights: those that are sides, and the others, which share the rest of 1 in their proportions, all affine in the parameters with exact numbers.
func (l *law) weigh(piece Box) {
	given := piece.Pairs.Left.Exact().Weights
	named := map[int]int{}
	rest, others := big.NewRat(1, 1), new(big.Rat)
	for i, s := range piece.Sides {
		if k, ok := s.Path.Weight(); ok {
			named[k] = i
			rest.Sub(rest, middle(s))
		}
	}
	for k, w := range given {
		if _, ok := named[k]; !ok {
			others.Add(others, w)
		}
	}
	for k, w := range given {
		if i, ok := named[k]; ok {
			slopes := make([]number, l.symbols)
			slopes[i] = interval.DoubleOf(halfWidth(piece.Sides[i]))
			l.weights = append(l.weights, affine(interval.DoubleOf(middle(piece.Sides[i])), slopes))
			continue
		}
		share := new(big.Rat).Quo(w, others)
		mid := interval.DoubleOf(new(big.Rat).Mul(share, rest))
		if len(named) == 0 {
			l.weights = append(l.weights, constant(mid))
			continue
		}
		slopes := make([]number, l.symbols)
		for _, i := range named {
			slopes[i] = interval.DoubleOf(new(big.Rat).Mul(share, halfWidth(piece.Sides[i]))).Neg()
		}
		l.weights = append(l.weights, affine(mid, slopes))
	}
}

// centred subtracts the mean, if asked to.
func (l law) centred(points matrix, centred bool) matrix {
	if !centred {
		return points
	}
	mean := l.mean(points)
	out := make(matrix, len(points))
	for k, row := range points {
		out[k] = minusRows(row, mean)
	}
	return out
}

// mean is Σ w_k x_k.
func (l law) mean(points matrix) []jet {
	mean := make([]jet, len(points[0]))
	for k, row := range points {
		for a, x := range row {
			mean[a] = mean[a].plus(l.weights[k].times(x))
		}
	}
	return mean
}

// exactly is the jets of constant rows.
func exactly(rows [][]*big.Rat) matrix {
	out := make(matrix, len(rows))
	for i, row := range rows {
		for _, x := range row {
			out[i] = append(out[i], constant(interval.DoubleOf(x)))
		}
	}
	return out
}

// inverseGram is UᵀΣ⁻¹U = (R⁻¹U)ᵀ(R⁻¹U), Σ = RRᵀ, for the rows of Uᵀ.
func inverseGram(covariance, rows matrix) matrix {
	r := covariance.cholesky()
	solved := make(matrix, len(rows))
	for k, row := range rows {
		for i, x := range row {
			for j := range i {
				x = x.minus(r[i][j].times(solved[k][j]))
			}
			solved[k] = append(solved[k], x.over(r[i][i]))
		}
	}
	return solved.times(solved.transposed())
}
