package own

import (
	"math"
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"

	"gonum.org/v1/gonum/mat"
)

// Guess is an N = LLᵀ near the best one, and finds a better one: L has as many columns as N's rank, and of full rank N itself is what moves.
type Guess struct {
	N, L rational.Matrix
}

// Guesses are made of about the best N, s×s, s ≤ 2: of full rank, and of rank 1 where that is less than s, the likelier first.
func (l Law) Guesses(n *mat.Dense) []Guess {
	s := l.dimension()
	form := rational.New(s, s)
	for i := range s {
		for j := range s {
			form[i][j].SetFloat64((n.At(i, j) + n.At(j, i)) / 2)
		}
	}
	full := Guess{N: form}
	if s == 1 {
		return []Guess{full}
	}
	// In coordinates in which the metric is I.
	var chol mat.Cholesky
	var eigen mat.EigenSym
	var lower mat.TriDense
	var half, whole, vectors, factor mat.Dense
	if !chol.Factorize(scaled(1, l.Metric)) {
		return []Guess{full}
	}
	chol.LTo(&lower)
	half.Mul(lower.T(), floats(form))
	whole.Mul(&half, &lower)
	if !eigen.Factorize(mat.NewSymDense(s, []float64{whole.At(0, 0), whole.At(0, 1), whole.At(0, 1), whole.At(1, 1)}), true) {
		return []Guess{full}
	}
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	if factor.Solve(lower.T(), vectors.Slice(0, s, s-1, s)) != nil {
		return []Guess{full}
	}
	singular := Guess{L: rational.New(s, 1)}
	for i := range s {
		singular.L[i][0].SetFloat64(math.Sqrt(math.Max(0, values[s-1])) * factor.At(i, 0))
	}
	const clear, tiny = 1e-3, 1e-6 // of what a candidate is known to
	switch ratio := values[0] / values[s-1]; {
	case ratio > clear:
		return []Guess{full}
	case ratio > tiny:
		return []Guess{full, singular}
	}
	return []Guess{singular, full}
}

// Rounded returns the guess with numbers of about so many bits below the size that they count with in whitened units.
func (l Law) Rounded(g Guess, bits int) Guess {
	if g.L != nil {
		factor := rational.New(len(g.L), 1)
		for i, row := range g.L {
			factor[i][0] = dyadic(row[0], bits+l.order(i))
		}
		return Guess{N: factor.Times(factor.Transposed()), L: factor}
	}
	form := rational.New(len(g.N), len(g.N))
	for i := range form {
		for j := range i + 1 {
			form[i][j] = dyadic(g.N[i][j], bits+l.order(i)+l.order(j))
			form[j][i] = form[i][j]
		}
	}
	return Guess{N: form}
}

// order is ⌈log₂ √G_ii⌉: an entry of L counts with √G_ii.
func (l Law) order(i int) int {
	return (l.Metric[i][i].Num().BitLen() - l.Metric[i][i].Denom().BitLen() + 1) / 2
}

// dyadic returns the multiple of 2^−bits next to x, or below it.
func dyadic(x *big.Rat, bits int) *big.Rat {
	unit := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(max(bits, -bits))))
	if bits < 0 {
		unit.Inv(unit)
	}
	scaled := new(big.Rat).Mul(x, unit)
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom())
	return new(big.Rat).Quo(new(big.Rat).SetInt(floor), unit)
}

// Newton returns the guess after one step of Newton's method on the midpoints of enclosures, for γL = 0, or γ = 0 of full rank, γ = Vᵀ∇fV. Derivatives are by differences at a
// lower accuracy of 2^−48, so that a step gains about 30 bits. Errors are those of At; a step that float64 cannot take is none.
func (l Law) Newton(g Guess, precision, accuracy uint, most float64) (Guess, error) {
	residual := func(g Guess, accuracy uint) ([]*big.Float, error) {
		p, err := l.near(interval.NewContext(precision), l.Rounded(g, 2*int(precision)).N, math.Ldexp(1, -int(accuracy)), most)
		if err != nil {
			return nil, err
		}
		return p.residual(g), p.context.Err()
	}
	here, err := residual(g, accuracy)
	if err != nil {
		return g, err
	}
	const enough = 48
	rough, base := min(accuracy, enough), here
	if rough < accuracy {
		if base, err = residual(g, rough); err != nil {
			return g, err
		}
	}
	unknowns := l.unknowns(g)
	size := len(unknowns)
	slopes, right := mat.NewDense(size, size, nil), mat.NewVecDense(size, nil)
	for column, place := range unknowns {
		bits := int(rough)/3 + l.order(place[0])
		if g.L == nil {
			bits += l.order(place[1])
		}
		there, err := residual(g.moved(place, new(big.Rat).SetFloat64(math.Ldexp(1, -bits))), rough)
		if err != nil {
			return g, err
		}
		for row := range there {
			change, _ := new(big.Float).Sub(there[row], base[row]).Float64()
			slopes.Set(row, column, math.Ldexp(change, bits))
		}
		value, _ := here[column].Float64()
		right.SetVec(column, -value)
	}
	var move mat.VecDense
	if err := move.SolveVec(slopes, right); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return g, nil
		}
	}
	for i, place := range unknowns {
		step := new(big.Rat)
		if step.SetFloat64(move.AtVec(i)) == nil {
			return g, nil
		}
		g = g.moved(place, step)
	}
	return g, nil
}

// unknowns lists the places of the independent entries of N, or of L.
func (l Law) unknowns(g Guess) (places [][2]int) {
	for i := range l.dimension() {
		if g.L != nil {
			places = append(places, [2]int{i, 0})
			continue
		}
		for j := i; j < l.dimension(); j++ {
			places = append(places, [2]int{i, j})
		}
	}
	return places
}

// moved returns the guess with a step added to one unknown.
func (g Guess) moved(place [2]int, step *big.Rat) Guess {
	one := big.NewRat(1, 1)
	if g.L != nil {
		factor := rational.New(len(g.L), 1)
		for i, row := range g.L {
			factor[i][0].Set(row[0])
		}
		factor[place[0]][0].Add(factor[place[0]][0], step)
		return Guess{L: factor}
	}
	shift := rational.New(len(g.N), len(g.N))
	shift[place[0]][place[1]], shift[place[1]][place[0]] = step, step
	return Guess{N: g.N.Plus(one, shift)}
}

// residual returns about the entries of γ, or of γL.
func (p Place) residual(g Guess) (out []*big.Float) {
	c, gamma := p.context, p.Gamma()
	for _, place := range p.unknowns(g) {
		if g.L == nil {
			out = append(out, middle(gamma[place[0]][place[1]]))
			continue
		}
		sum := c.NewSum()
		for b, entry := range gamma[place[0]] {
			sum.AddMul(entry, c.FromRat(g.L[b][0]))
		}
		out = append(out, middle(sum.Interval()))
	}
	return out
}

func middle(x interval.Interval) *big.Float {
	sum := new(big.Float).Add(x.Lower(), x.Upper())
	return sum.Quo(sum, big.NewFloat(2))
}

// Dual returns a Z ⪰ 0 with ZN = 0 near γ: ζzzᵀ, z ⟂ L; 0 of a form of full rank.
func (p Place) Dual(g Guess, bits int) rational.Matrix {
	s := p.dimension()
	if g.L == nil || s == 1 {
		return rational.New(s, s)
	}
	z := []*big.Rat{new(big.Rat).Neg(g.L[1][0]), g.L[0][0]}
	square := rational.Dot(z, z)
	if square.Sign() == 0 {
		return rational.New(s, s)
	}
	height, _ := middle(p.Slope(p.Inside(z), p.Inside(z))).Rat(nil)
	if height == nil || height.Sign() <= 0 {
		return rational.New(s, s)
	}
	zeta := height.Quo(height, new(big.Rat).Mul(square, square))
	short, _ := new(big.Float).SetPrec(uint(bits)).SetRat(zeta).Rat(nil)
	return rational.Outer(z, z).Scaled(short)
}
