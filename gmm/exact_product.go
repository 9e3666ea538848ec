package gmm

import (
	"math"
	"math/big"
	"strconv"

	"contrastcheck/gmm/dd"
	"contrastcheck/gmm/wide"

	"gonum.org/v1/gonum/mat"
)

// exactProduct is a product in wide numbers.
type exactProduct struct {
	left, right wideSide
	m           [][]*big.Float // F_L N F_Rᵀ
	// off bounds the whitened norm of what m is off by, but for the rounding of wide numbers, which is
	// below slack times anything that m is made of.
	off float64
}

// slack bounds, in squares, the rounding of thousands of operations on wide numbers relative to the size of what they
// are made of, with room to spare for frames whose columns are 10^40 times as long as each other.
const slack = 0x1p-400

// wideSide is F in wide numbers, d×s, and Σ.
type wideSide struct {
	columns    [][]*big.Float
	covariance [][]*big.Float
	off        float64 // bounds ‖Lᵀ δF‖_F, Σ = LLᵀ
	length     float64 // bounds ‖LᵀF‖_F
}

// exactly computes the product so that it is off by no more than needed, if rationals can be afforded where
// double-double solutions Σ⁻¹U would leave more.
func (x product) exactly(needed float64) exactProduct {
	out := x.through(x.left.widened(), x.right.widened())
	if out.off <= needed {
		return out
	}
	left, right := out.left, out.right
	if s, ok := x.left.solved(); ok {
		left = s
	}
	if s, ok := x.right.solved(); ok {
		right = s
	}
	return x.through(left, right)
}

func (x product) through(left, right wideSide) exactProduct {
	out := exactProduct{left: left, right: right}
	half := left.times(x.n)
	out.m = wide.Table(len(half), len(right.columns))
	for i, row := range half {
		for j, other := range right.columns {
			out.m[i][j] = wide.Dot(row, other)
		}
	}
	size := roundingMargin * mat.Norm(x.n, 2)
	out.off = size * (left.off*right.length + left.length*right.off + left.off*right.off)
	return out
}

// times returns F B in wide numbers.
func (s wideSide) times(b mat.Matrix) [][]*big.Float {
	rows, columns := b.Dims()
	out := wide.Table(len(s.columns), columns)
	column := make([]*big.Float, rows)
	for c := range columns {
		for i := range column {
			column[i] = wide.Of(b.At(i, c))
		}
		for i, row := range s.columns {
			out[i][c] = wide.Dot(row, column)
		}
	}
	return out
}

// widened is a side by double-double solutions x_k of Σx_k = μ_k: F = Σ⁻¹UC misses what they give by Σ⁻¹RC,
// R = U − ΣX, and ‖LᵀΣ⁻¹RC‖ ≤ ‖RC‖/√λ_min(Σ). A full frame is exact.
func (s side) widened() wideSide {
	out := wideSide{covariance: wide.Rows(s.rational)}
	if !s.frame.Fisher {
		for i := range s.Dimension() {
			row := mat.Row(nil, i, s.frame.Basis)
			out.columns = append(out.columns, nil)
			for _, v := range row {
				out.columns[i] = append(out.columns[i], wide.Of(v))
			}
		}
		return out.measured()
	}
	x := wide.Table(s.Components(), s.Dimension())
	for k, row := range s.Gram().Precision {
		for i, v := range row {
			x[k][i].Add(wide.Of(v.Hi), wide.Of(v.Lo))
		}
	}
	out.columns = combine(x, s.frame.Basis)
	residual := wide.Rows(s.exact.Means)
	for k, row := range residual {
		for i, v := range row {
			v.Sub(v, wide.Dot(out.covariance[i], x[k]))
		}
	}
	var square float64
	for _, row := range combine(residual, s.frame.Basis) {
		square += math.Pow(wide.Upper(wide.Norm(row)), 2)
	}
	out.off = roundingMargin * math.Sqrt(square/s.definite.leastVariance)
	return out.measured()
}

// solved is a side by rational solutions; false where they can't be afforded, or are not needed.
func (s side) solved() (wideSide, bool) {
	if !s.frame.Fisher {
		return wideSide{}, false
	}
	x, exact := s.ExactPrecision()
	if !exact {
		return wideSide{}, false
	}
	return wideSide{columns: combine(wide.Rows(x), s.frame.Basis), covariance: wide.Rows(s.rational)}.measured(), true
}

// combine returns XᵀC, d×s, of K rows X.
func combine(x [][]*big.Float, c *mat.Dense) [][]*big.Float {
	k, s := c.Dims()
	out := wide.Table(len(x[0]), s)
	product := wide.Zero()
	for i, row := range out {
		for a, sum := range row {
			for j := range k {
				if entry := c.At(j, a); entry != 0 {
					sum.Add(sum, product.Mul(x[j][i], wide.Of(entry)))
				}
			}
		}
	}
	return out
}

// measured adds ‖LᵀF‖² = Σ_a F_aᵀΣF_a.
func (s wideSide) measured() wideSide {
	sum := wide.Zero()
	for i, row := range s.covariance {
		for a := range s.columns[0] {
			product := wide.Zero()
			image := wide.Zero()
			for j, v := range row {
				image.Add(image, product.Mul(v, s.columns[j][a]))
			}
			sum.Add(sum, product.Mul(image, s.columns[i][a]))
		}
	}
	value := math.Max(0, wide.Upper(sum))
	s.length = roundingMargin*math.Sqrt(value) + s.off
	return s
}

// distance bounds ‖L_Lᵀ(P − M)L_R‖_F for printed entries P, whether a reader takes them as decimals or as the float64
// values that they stand for.
func (x exactProduct) distance(entries [][]Decimal) float64 {
	return max(x.distanceOf(parsed(entries, Decimal.printed)), x.distanceOf(parsed(entries, Decimal.value)))
}

// distanceOfFactors does for P = ABᵀ.
func (x exactProduct) distanceOfFactors(a, b [][]Decimal) float64 {
	return max(x.distanceOfProduct(parsed(a, Decimal.printed), parsed(b, Decimal.printed)),
		x.distanceOfProduct(parsed(a, Decimal.value), parsed(b, Decimal.value)))
}

func (x exactProduct) distanceOfProduct(left, right [][]*big.Float) float64 {
	p := wide.Table(len(left), len(right))
	for i := range left {
		for j := range right {
			p[i][j] = wide.Dot(left[i], right[j])
		}
	}
	return x.distanceOf(p)
}

// distanceOf computes ‖L_LᵀEL_R‖² = Σ_ij (Σ_LE)_ij (EΣ_R)_ij, and adds what m is off by.
func (x exactProduct) distanceOf(p [][]*big.Float) float64 {
	e := wide.Table(len(p), len(p[0]))
	transposed := wide.Table(len(p[0]), len(p))
	largest := wide.Zero()
	for i, row := range p {
		for j, v := range row {
			e[i][j].Sub(v, x.m[i][j])
			transposed[j][i] = e[i][j]
			for _, term := range []*big.Float{v, x.m[i][j]} {
				largest.Add(largest, wide.Zero().Mul(term, term))
			}
		}
	}
	sum, product := wide.Zero(), wide.Zero()
	for i := range e {
		for j := range transposed {
			sum.Add(sum, product.Mul(wide.Dot(x.left.covariance[i], transposed[j]), wide.Dot(e[i], x.right.covariance[j])))
		}
	}
	largest.Mul(largest, product.Mul(trace(x.left.covariance), trace(x.right.covariance)))
	sum.Add(sum, largest.Mul(largest, wide.Of(slack)))
	return roundingMargin*math.Sqrt(wide.Upper(sum)) + x.off
}

func trace(s [][]*big.Float) *big.Float {
	sum := wide.Zero()
	for i := range s {
		sum.Add(sum, s[i][i])
	}
	return sum
}

// printed is the decimal number itself: of a float64 the shortest that rounds to it, as JSON and fmt write it.
func (x Decimal) printed() *big.Float {
	text := x.Text
	if text == "" {
		text = strconv.FormatFloat(x.Value, 'g', -1, 64)
	}
	v, _ := wide.Zero().SetString(text) // which was a number
	return v
}

// value is what the decimal stands for: the float64, unless it has more digits.
func (x Decimal) value() *big.Float {
	if x.Text == "" {
		return wide.Of(x.Value)
	}
	return x.printed()
}

func parsed(entries [][]Decimal, as func(Decimal) *big.Float) [][]*big.Float {
	out := wide.Table(len(entries), 0)
	for i, row := range entries {
		for _, x := range row {
			out[i] = append(out[i], as(x))
		}
	}
	return out
}

// magnitudes returns |F| as rounded to float64, bounds of what that misses, entry by entry but for the errors of Σ⁻¹U,
// and a bound of what those make of ‖LᵀδF‖_F.
func (s side) magnitudes() (sizes, off *mat.Dense, missed float64) {
	sizes, off = new(mat.Dense), new(mat.Dense)
	sizes.Apply(func(_, _ int, v float64) float64 { return math.Abs(v) }, s.frame.Columns(s.Mixture))
	if !s.frame.Fisher {
		off.Scale(0, sizes)
		return sizes, off, 0
	}
	x := s.Gram().Precision
	k, m := s.frame.Basis.Dims()
	off.Apply(func(i, a int, size float64) float64 {
		var sum float64
		for j := range k {
			sum += math.Abs(x[j][i].Hi * s.frame.Basis.At(j, a))
		}
		return unitRoundoff*size + 4*float64(k)*dd.Epsilon*sum
	}, sizes)
	for j, row := range s.residual(x) {
		var most float64
		for a := range m {
			most += math.Abs(s.frame.Basis.At(j, a))
		}
		rounding := 4 * float64(s.Dimension()+2) * dd.Epsilon * (dd.Norm(s.means[j]) + s.residualRounding(x[j]))
		missed += most * (dd.Norm(row) + rounding)
	}
	return sizes, off, missed / math.Sqrt(s.definite.leastVariance)
}

// length bounds ‖LᵀF‖_F = (tr CᵀGC)^½ of a Fisher frame.
func (s side) length() float64 {
	g := s.Gram()
	trace := g.frameError(s.frame.Basis)
	for a, row := range transposedProducts(s.frame.Basis, g.G) {
		trace += dd.Dot(row, columnOf(s.frame.Basis, a)).Hi
	}
	return roundingMargin * math.Sqrt(trace)
}
