package gmm

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// Written is a matrix as it is printed, with what printing costs.
type Written struct {
	// Entries are the rows.
	Entries [][]Decimal
	// Error bounds, in whitened Frobenius norm, the distance of the printed matrix from the exact one that
	// it stands for; of a representation A, that of the printed AAᵀ.
	Error float64
}

// Decimal is a number as it is printed.
type Decimal struct {
	Value float64 // the number, or the float64 nearest to it
	Text  string  // its digits, where they are more than float64 holds; else empty
}

// Written returns M of a form in original coordinates, d_L×d_R: in float64 where that is within needed > 0 of M in
// whitened coordinates, or in as many digits as that takes. Rounding M to float64 can cost far more than its last
// digits are worth where the covariance is nearly singular. The error is larger than needed only for
// very long numbers and many dimensions, and says so. It panics if the form does not belong to pairs of p's shape.
func (f Form) Written(p Pairs, needed float64) Written {
	return f.product(p).written(f.Matrix(p), needed)
}

// WrittenFactors is Written for representations A_L, d_L×r, and A_R, d_R×r, with A_L A_Rᵀ = M: coefficients B of the
// frames' columns, with A = FB, and A in float64. Both errors are that of the printed product.
func (f Form) WrittenFactors(p Pairs, left, leftCoefficients, right, rightCoefficients *mat.Dense, needed float64) (l, r Written) {
	return f.product(p).writtenFactors(left, leftCoefficients, right, rightCoefficients, needed)
}

func (f Form) product(p Pairs) product {
	return product{side{p.Left, f.Left}, side{p.Right, f.Right}, f.N}
}

// product is M = F_L N F_Rᵀ; a nil n is M = 0.
type product struct {
	left, right side
	n           *mat.Dense
}

// side is a frame of a mixture.
type side struct {
	*Mixture
	frame Frame
}

// Up to this size d_L·d_R·max(d_L, d_R) the rounding of float64 is measured in wide numbers; beyond, it is bounded beforehand, and
// measured up to mostMeasured where the bound is too large.
const (
	alwaysMeasured = 1 << 14
	mostMeasured   = 1 << 18
)

// cost is what measuring takes, in operations on wide numbers.
func (x product) cost() int {
	return x.left.Dimension() * x.right.Dimension() * max(x.left.Dimension(), x.right.Dimension())
}

// better is the part of what is needed that more digits leave of their rounding.
const better = 0x1p-4

func (x product) written(m mat.Matrix, needed float64) Written {
	plain := Written{Entries: decimals(m)}
	if x.n == nil {
		return plain
	}
	if plain.Error = x.rounding(m); x.cost() > mostMeasured || x.cost() > alwaysMeasured && plain.Error <= needed {
		return plain
	}
	exact := x.exactly(needed * better)
	if plain.Error = min(plain.Error, exact.distance(plain.Entries)); plain.Error <= needed {
		return plain
	}
	return finer(plain, needed, exact.off, func(digits int) Written {
		w := Written{Entries: digitsOf(exact.m, digits)}
		w.Error = exact.distance(w.Entries)
		return w
	})
}

func (x product) writtenFactors(left, leftCoefficients, right, rightCoefficients *mat.Dense, needed float64) (a, b Written) {
	a, b = Written{Entries: decimals(left)}, Written{Entries: decimals(right)}
	if x.n == nil || left.IsEmpty() || right.IsEmpty() {
		return a, b
	}
	a.Error = x.roundingOfFactors(left, right)
	if x.cost() <= mostMeasured && (x.cost() <= alwaysMeasured || a.Error > needed) {
		exact := x.exactly(needed * better)
		a.Error = min(a.Error, exact.distanceOfFactors(a.Entries, b.Entries))
		if !(a.Error <= needed) {
			columns := exact.left.times(leftCoefficients)
			others := exact.right.times(rightCoefficients)
			least := a.Error
			a = finer(a, needed, exact.off, func(digits int) Written {
				w, second := Written{Entries: digitsOf(columns, digits)}, digitsOf(others, digits)
				if w.Error = exact.distanceOfFactors(w.Entries, second); w.Error < least {
					least, b.Entries = w.Error, second
				}
				return w
			})
		}
	}
	b.Error = a.Error
	return a, b
}

// finer adds digits until the error is a small part of what is needed, or all but that of the exact matrix itself. More
// digits can be worse than fewer: entries that differ by less than their last digit are rounded alike.
func finer(plain Written, needed, own float64, with func(digits int) Written) Written {
	const fewest, more, most = 20, 5, 160
	best := plain
	for digits := fewest; digits <= most && !(best.Error <= max(needed*better, 2*own)); digits += more {
		if next := with(digits); next.Error < best.Error {
			best = next
		}
	}
	return best
}

func decimals(m mat.Matrix) [][]Decimal {
	rows, _ := m.Dims()
	out := make([][]Decimal, rows)
	for i := range out {
		for _, x := range mat.Row(nil, i, m) {
			out[i] = append(out[i], Decimal{Value: x})
		}
	}
	return out
}

// digitsOf writes numbers to so many significant digits.
func digitsOf(m [][]*big.Float, digits int) [][]Decimal {
	out := make([][]Decimal, len(m))
	for i, row := range m {
		for _, x := range row {
			value, _ := x.Float64()
			out[i] = append(out[i], Decimal{value, x.Text('g', digits)})
		}
	}
	return out
}

// rounding bounds beforehand, in whitened norm, the error of m = F N Fᵀ computed in float64 from frames rounded to float64: with
// |δF| ≤ u|F| + 4Kε|Σ⁻¹U||C| beside what Σ⁻¹U is off by, |δF||N||F|ᵀ + |F||N||δF|ᵀ + (s_L + s_R + 7)u|F||N||F|ᵀ, one u for the
// printed decimals.
func (x product) rounding(m mat.Matrix) float64 {
	left, leftOff, leftMissed := x.left.magnitudes()
	right, rightOff, rightMissed := x.right.magnitudes()
	rows, columns := m.Dims()
	s, t := x.n.Dims()
	sizes := new(mat.Dense)
	sizes.Apply(func(_, _ int, v float64) float64 { return math.Abs(v) }, x.n)
	var pulled, pulledOff, first, second, all mat.Dense
	pulled.Mul(sizes, right.T())
	pulledOff.Mul(sizes, rightOff.T())
	first.Mul(leftOff, &pulled)
	second.Mul(left, &pulledOff)
	all.Mul(left, &pulled)
	entries := mat.NewDense(rows, columns, nil)
	operations := float64(s+t+7) * unitRoundoff
	entries.Apply(func(i, j int, _ float64) float64 {
		return roundingMargin * (first.At(i, j) + second.At(i, j) + operations*all.At(i, j))
	}, entries)
	var missed float64
	if leftMissed > 0 || rightMissed > 0 { // of ‖LᵀδF‖‖N‖‖LᵀF‖, which occurs in Fisher frames only
		size := 2 * roundingMargin * mat.Norm(x.n, 2)
		missed = size * (leftMissed*x.right.length() + rightMissed*x.left.length() + leftMissed*rightMissed)
	}
	return x.crudely(entries) + missed
}

// roundingOfFactors bounds beforehand ‖ÂB̂ᵀ − M‖ for printed factors: their product in float64 is compared with M.
func (x product) roundingOfFactors(left, right *mat.Dense) float64 {
	var product, sizes mat.Dense
	m := product3(x.left.frame.Columns(x.left.Mixture), x.n, x.right.frame.Columns(x.right.Mixture).T())
	product.Mul(left, right.T())
	absolute := func(a *mat.Dense) *mat.Dense {
		out := new(mat.Dense)
		out.Apply(func(_, _ int, v float64) float64 { return math.Abs(v) }, a)
		return out
	}
	sizes.Mul(absolute(left), absolute(right).T())
	_, r := left.Dims()
	bound := x.rounding(m)
	product.Apply(func(i, j int, v float64) float64 {
		return math.Abs(v-m.At(i, j)) + float64(r+8)*unitRoundoff*(sizes.At(i, j)+math.Abs(m.At(i, j)))
	}, &product)
	return bound + x.crudely(&product)
}

// crudely bounds the whitened norm of a matrix of entries at most those of e. As Σ ⪯ λ diag Σ with λ the largest
// absolute row sum of the correlations, ‖L_LᵀEL_R‖² = tr EᵀΣ_LEΣ_R ≤ λ_Lλ_R Σ σ_ii τ_jj E_ij².
func (x product) crudely(e *mat.Dense) float64 {
	var sum float64
	rows, columns := e.Dims()
	for i := range rows {
		for j := range columns {
			sum += x.left.sigma[i][i].Hi * x.right.sigma[j][j].Hi * e.At(i, j) * e.At(i, j)
		}
	}
	return roundingMargin * math.Sqrt(x.left.correlation()*x.right.correlation()*sum)
}

// correlation returns the largest absolute row sum of the correlation matrix.
func (s side) correlation() float64 {
	var largest float64
	for i, row := range s.sigma {
		var sum float64
		for j, v := range row {
			sum += math.Abs(v.Hi) / (math.Sqrt(s.sigma[i][i].Hi) * math.Sqrt(s.sigma[j][j].Hi))
		}
		largest = max(largest, sum)
	}
	return roundingMargin * largest
}
