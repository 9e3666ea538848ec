package oracle

import (
	"cmp"
	"math"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Effect is what a representation x ↦ Aᵀx keeps of what separates the components of a mixture. Its numbers describe A as it was found; of own covariances
// they are those beside their weighted mean Σ̄. OnlyTheMean is about the minimiser A*.
type Effect struct {
	// Rank is that of A, and Dimension that of S_F. Differences is the dimension of the centred Fisher subspace S_c, the span of
	// Σ̄⁻¹(μ_k − μ_l): Dimension, or one less where the mean is a direction of its own.
	Rank, Dimension, Differences int
	// Discriminant is tr[Σ̄⁻¹B], B = Σ w_k(μ_k − μ̄)(μ_k − μ̄)ᵀ, and Kept is tr[(AᵀΣ̄A)⁻¹AᵀBA] of it.
	Discriminant, Kept float64
	// OnlyTheMean is true where it is certain that A* loses something of S_F, and that every direction Σ_k c_k μ_k, Σ c_k = 0, in which the components differ keeps
	// at least 95 % of its Mahalanobis length, and so every pair of its distance. Pairs alone would not tell: those far apart along one direction keep their distances
	// where another one is lost. It is false where nothing is lost, where something is not certain, and in two modalities.
	OnlyTheMean bool
	// Grade is that of OnlyTheMean, if it is true.
	Grade Grade
	// Pairs has each pair of components, the one first that keeps the least part of its Mahalanobis distance, of equal ones the one that is nearest.
	Pairs []PairEffect

	least float64 // the part of their lengths that all directions of the differences keep in what was found, at most, where that decides OnlyTheMean
}

// PairEffect is what becomes of the difference δ = μ_k − μ_l of two components.
type PairEffect struct {
	// First < Second are the components, counted from 0.
	First, Second int
	// Mahalanobis is √(δᵀΣ̄⁻¹δ), and Kept what remains of it after the projection, √(δᵀA(AᵀΣ̄A)⁻¹Aᵀδ). In standard deviations; either is known to ±Error.
	Mahalanobis, Kept, Error float64
	// Separation is the Euclidean one in the embedding, ‖v‖²/√(vᵀAᵀΣ̄Av) for v = Aᵀδ: the length of v over the standard deviation of a
	// component along v. The nearer of two means is the wrong one for Φ(−Separation/2) of all points. It is 0 for v = 0.
	Separation float64
}

// Share is the part of the Mahalanobis distance that is kept: 1 of equal means.
func (p PairEffect) Share() float64 {
	if p.Mahalanobis == 0 {
		return 1
	}
	return p.Kept / p.Mahalanobis
}

// Share is the part of the discriminant that is kept; NaN where all means are equal.
func (e Effect) Share() float64 { return e.Kept / e.Discriminant }

// whole is the part of its Mahalanobis length that a difference keeps at least if nothing but the mean is lost.
const whole = 0.95

// Effects is Limit(1).Effects.
func Effects(l Loss, p gmm.Pairs, c Candidates, rank int, f Findings) []Effect {
	return Limit(1).Effects(l, p, c, rank, f)
}

// Effects tells of each side what the representation keeps whose columns are the leading directions of M̂, rank of them at most, M̂ being the candidate for the minimiser
// over M ⪰ 0. Findings are those that Judge has of the candidates. Where M̂ cannot be seen, Discriminant and Kept are NaN, and there are no pairs.
//
// In whitened coordinates M̂ = U diag(λ) Vᵀ, and A has the columns √λ_i u_i. A difference y keeps ‖Uᵀy‖ of ‖y‖, tr[Σ̄⁻¹B] is
// Σ_{k<l} w_k w_l ‖y_k − y_l‖², and v = diag(√λ)Uᵀy has the variance Σ λ_i v_i²/‖v‖².
func (limit Limit) Effects(l Loss, p gmm.Pairs, c Candidates, rank int, f Findings) []Effect {
	out := make([]Effect, len(f.Sides))
	for i, m := range sides(p) {
		out[i] = Effect{Dimension: f.Sides[i].Dimension, Differences: m.DifferenceDimension(), Discriminant: math.NaN(), Kept: math.NaN()}
	}
	at := represented(l, p, c, f.seen, enclosure.NewBudget(float64(limit)))
	if at == nil || l.affine && f.Existence == Refuted { // there is no A*
		for i := range out {
			out[i].nothing(p.Components())
		}
		return out
	}
	left, sizes, right, dropped := at.leading(rank)
	out[0].weigh(at.left, left, sizes)
	if p.Modalities() == 2 {
		out[1].weigh(at.right, right, sizes)
	} else if f.Equality() == Refuted {
		at.judgeOnlyTheMean(&out[0], p.Left, left, sizes, dropped, c.ClaimedConstrained)
	}
	return out
}

// represented sees M̂, by what was seen in the same frames if it was; where M̂ is no matrix beside 0, the matrix 0 in the frames of the Fisher subspaces.
// nil if it cannot be seen.
func represented(l Loss, p gmm.Pairs, c Candidates, seen *point, work *enclosure.Budget) *point {
	form := c.constrained()
	if seen != nil && form.N != nil && finite(form.N) && seen.frames == [2]gmm.Frame{form.Left, form.Right} {
		return seen.of(form, work)
	}
	if form.N == nil {
		w, err := p.WhitenFisher()
		if err != nil || w.Left.Means == nil || w.Right.Means == nil {
			return nil
		}
		rows, _ := w.Left.Means.Dims()
		columns, _ := w.Right.Means.Dims()
		form = gmm.Form{Left: w.Left.Frame, Right: w.Right.Frame, N: mat.NewDense(rows, columns, nil)}
		if p.Modalities() == 1 {
			form.Right = form.Left
		}
	}
	at, err := see(l, p, form, work)
	if err != nil {
		return nil
	}
	return at
}

// leading returns the directions of M̂ = U diag(λ) Vᵀ by descending λ, rank of them or as many as are more than rounding, nil for none, and the
// norm of the rest.
func (at *point) leading(rank int) (left *mat.Dense, sizes []float64, right *mat.Dense, dropped float64) {
	rows, columns := at.m.Dims()
	var values []float64
	if at.left == at.right {
		values, left = dense.Eigen(at.m)
		slices.Reverse(values)
		left = reversed(left)
		right = left
	} else {
		left, values, right = dense.SVD(at.m)
	}
	threshold := 64 * float64(max(rows, columns)) * dense.Roundoff * values[0]
	n := 0
	for n < min(rank, len(values)) && values[n] > threshold {
		n++
	}
	for _, x := range values[n:] {
		dropped = math.Hypot(dropped, x)
	}
	if n == 0 {
		return nil, nil, nil, dropped
	}
	return dense.Columns(left, 0, n), values[:n], dense.Columns(right, 0, n), dropped
}

// reversed has the columns in the other order.
func reversed(a *mat.Dense) *mat.Dense {
	rows, columns := a.Dims()
	out := mat.NewDense(rows, columns, nil)
	for j := range columns {
		out.SetCol(j, mat.Col(nil, columns-1-j, a))
	}
	return out
}

// weigh measures every pair, and the discriminant by them.
func (e *Effect) weigh(v *whitened.Mixture, directions *mat.Dense, sizes []float64) {
	e.Rank, e.Discriminant, e.Kept = len(sizes), 0, 0
	centred := v.Centred()
	dim, components := centred.Dims()
	off, longest := v.MeansOff(), slices.Max(dense.ColumnNorms(v.Means))
	kept := mat.NewDense(max(1, len(sizes)), components, nil) // Uᵀy
	if directions != nil {
		kept.Mul(directions.T(), centred)
	}
	for l := range components {
		for k := range l {
			pair := PairEffect{First: k, Second: l, Error: off[k] + off[l] + float64(8*(dim+components+2))*dense.Roundoff*longest}
			var whole, inside, square, variance float64
			for i := range dim {
				y := centred.At(i, k) - centred.At(i, l)
				whole += y * y
			}
			for i, size := range sizes {
				y := kept.At(i, k) - kept.At(i, l)
				inside += y * y
				square += size * y * y
				variance += size * size * y * y
			}
			pair.Mahalanobis, pair.Kept = math.Sqrt(whole), math.Sqrt(min(inside, whole))
			if variance > 0 {
				pair.Separation = square / math.Sqrt(variance)
			}
			e.Discriminant += v.Weights[k] * v.Weights[l] * whole
			e.Kept += v.Weights[k] * v.Weights[l] * min(inside, whole)
			e.Pairs = append(e.Pairs, pair)
		}
	}
	slices.SortStableFunc(e.Pairs, func(a, b PairEffect) int {
		return cmp.Or(cmp.Compare(nineDigits(a.Share()), nineDigits(b.Share())), cmp.Compare(nineDigits(a.Kept), nineDigits(b.Kept)),
			cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
	})
}

// nothing fills in what there is where all means are exactly 0.
func (e *Effect) nothing(components int) {
	if e.Dimension > 0 {
		return
	}
	e.Discriminant, e.Kept = 0, 0
	for l := range components {
		for k := range l {
			e.Pairs = append(e.Pairs, PairEffect{First: k, Second: l})
		}
	}
}

// nineDigits rounds x ≥ 0, so that rounding does not tell which of two equal pairs comes first.
func nineDigits(x float64) float64 {
	if x == 0 {
		return 0
	}
	digits := math.Pow(10, 8-math.Floor(math.Log10(x)))
	return math.Round(x*digits) / digits
}
