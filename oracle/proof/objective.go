package proof

import (
	"fmt"
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// objective is a convex loss of M, and of what is free besides, beside pairs in Gram coordinates: what finding and checking a proof
// need to know of it. Γ, s×s, stands for its gradient, WΓWᵀ in original coordinates, at M = Σ⁻¹W N WᵀΣ⁻¹.
type objective interface {
	// start is where Newton's method may begin.
	start() point
	// gradient encloses the slope by integrals, if any, with errors of about accuracy. Its errors are ErrNotProved, where that is out of reach
	// or the loss is infinite, and the context's.
	gradient(c *interval.Context, at point, accuracy float64) (slope, error)
	// ball encloses the minimiser over all symmetric matrices. Its error is errOpen where there is none at this effort.
	ball(at point, e effort) (ball, error)
	// least is a ball within those of every effort, at little effort; one that is empty, or an ErrRefused, where no effort is worth it.
	least(at point) (ball, error)
}

// errOpen says that more effort is needed to bound the distance to the minimiser.
var errOpen = fmt.Errorf("%w: the curvature at this accuracy does not bound the distance to the minimiser", ErrNotProved)

// point is N, the bias where one is free, and γ, s numbers, of the vector c = Σ⁻¹Wγ of affine maps; nil where there is none.
type point struct {
	form  rational.Matrix
	bias  *big.Rat
	shift []*big.Rat
}

// slope is Γ, the derivative along the bias, invalid where none is free, and σ, s numbers, of the gradient Wσ along c.
type slope struct {
	form  enclosed
	bias  interval.Interval
	shift []interval.Interval
}

// ball has |vᵀ(M̂ − M_u)v| ≤ radius · yᵀ metric y for every v = Wy, M̂ being its centre and M_u the minimiser over all symmetric matrices.
type ball struct {
	radius *big.Rat
	metric rational.Matrix // s×s, ⪰ 0
}

// origin is M = 0.
func (x coordinates) origin() point { return point{form: rational.New(x.dimension(), x.dimension())} }

// stronglyConvex is the ball of a loss that is 1-strongly convex in the whitened Frobenius norm, in which Γ's, with σ's length, is ε: |M̂ − M_u| ≤ ε.
func (x coordinates) stronglyConvex(o objective, at point, e effort) (ball, error) {
	norm, err := x.gradientNorm(o, at, e)
	if err != nil {
		return ball{}, err
	}
	return ball{shortened24(norm.Upper(), big.ToPositiveInf), x.gram}, nil
}

// leastStronglyConvex is one within those of every effort: a few bits of accuracy show it.
func (x coordinates) leastStronglyConvex(o objective, at point) (ball, error) {
	norm, err := x.gradientNorm(o, at, effort{precision: guard, accuracy: 2})
	if err != nil {
		return ball{}, err
	}
	return ball{shortened24(norm.Lower(), big.ToNegativeInf), x.gram}, nil
}

// gradientNorm encloses the whitened Frobenius norm of Γ and σ.
func (x coordinates) gradientNorm(o objective, at point, e effort) (interval.Interval, error) {
	c := interval.NewContext(e.precision)
	slope, err := o.gradient(c, at, tolerance(e.accuracy))
	if err != nil {
		return interval.Interval{}, err
	}
	norm := slope.norm(c, x.gram)
	return norm, c.Err()
}

// norm encloses the whitened Frobenius norm of Γ and σ together, the bias left out.
func (s slope) norm(c *interval.Context, gram rational.Matrix) interval.Interval {
	norm := s.form.norm(c, gram)
	if s.shift == nil {
		return norm
	}
	return c.Sqrt(c.Add(c.Sqr(norm), squaredLength(c, s.shift, gram)))
}

// squaredLength encloses σᵀgσ, the whitened square of |Wσ|: with g = ℓDℓᵀ, Σ_a D_a (ℓᵀσ)_a².
func squaredLength(c *interval.Context, sigma []interval.Interval, gram rational.Matrix) interval.Interval {
	g, _ := rational.Factorise(gram)
	square := c.FromInt(0)
	for a, d := range g.Diagonal {
		entry := c.NewSum()
		for i, x := range sigma {
			entry.AddMul(c.FromRat(g.Lower[i][a]), x)
		}
		square = c.Add(square, c.Mul(c.FromRat(d), c.Sqr(entry.Interval())))
	}
	return square
}

// enclosed is a matrix of intervals.
type enclosed [][]interval.Interval

// norm encloses the whitened Frobenius norm of a Γ, in a metric g = WᵀΣ⁻¹W: with g = ℓDℓᵀ,
//
//	‖·‖² = tr(gΓgΓ) = Σ_ab D_a D_b (ℓᵀΓℓ)_ab².
func (gamma enclosed) norm(c *interval.Context, gram rational.Matrix) interval.Interval {
	g, _ := rational.Factorise(gram)
	square := c.FromInt(0)
	for a, da := range g.Diagonal {
		for b, db := range g.Diagonal {
			entry := c.NewSum()
			for i := range gamma {
				for j := range gamma {
					entry.AddMul(c.FromRat(new(big.Rat).Mul(g.Lower[i][a], g.Lower[j][b])), gamma[i][j])
				}
			}
			square = c.Add(square, c.Mul(c.FromRat(new(big.Rat).Mul(da, db)), c.Sqr(entry.Interval())))
		}
	}
	return c.Sqrt(square)
}

// congruent encloses JRJᵀ.
func (r enclosed) congruent(c *interval.Context, j rational.Matrix) enclosed {
	sums := newSums(c, len(j), len(j))
	for a := range sums {
		for b := range sums {
			for i, row := range r {
				for k, entry := range row {
					sums[a][b].AddMul(c.FromRat(new(big.Rat).Mul(j[a][i], j[b][k])), entry)
				}
			}
		}
	}
	return enclosures(sums)
}
