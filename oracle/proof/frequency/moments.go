package frequency

import (
	"math/big"

	"contrastcheck/oracle/interval"
)

// moments bound the half sum, for θ = a and θ = −a, of Σ_labels weight · E[(|x||v| + 1) e^{θt}] (first) and of E[(|x|²|v|² + 1) e^{θt}] (second), in
// whitened lengths, by the inequality of Cauchy and Schwarz; and those that are asked for separately.
type moments struct{ first, second interval.Interval }

// moments encloses those bounds for a real a with τa² tr A² < 1.
func (p *Place) moments(c *interval.Context, a *big.Rat) (moments, error) {
	square := new(big.Rat).Mul(a, a)
	z := new(big.Rat).Mul(square, big.NewRat(-p.Spread, 1))
	if new(big.Rat).Mul(z, p.determinant[1]).Cmp(big.NewRat(-1, 1)) <= 0 {
		return moments{}, ErrRule
	}
	t := p.at(c, c.FromRat(z))
	first, second := c.NewSum(), c.NewSum()
	for _, theta := range []*big.Rat{a, new(big.Rat).Neg(a)} {
		for i, label := range p.Labels {
			exponent := c.Ldexp(c.Mul(c.FromRat(square), c.Add(c.Mul(c.FromInt(p.Spread), t.squareX[label.X]), t.squareV[label.V])), -1)
			exponent = c.Add(exponent, c.Mul(c.FromRat(theta), c.Add(t.pull[i], c.FromRat(p.bias))))
			mass := c.Mul(c.Mul(c.FromRat(label.Weight), t.mass), c.Exp(exponent))
			x := p.powers(c, t.x[label.X], t.av[label.V], c.FromRat(theta), t.trace, 1)
			v := p.powers(c, t.v[label.V], t.ax[label.X], c.FromRat(new(big.Rat).Mul(theta, big.NewRat(p.Spread, 1))), t.trace, p.Spread)
			first.AddMul(mass, c.Add(c.Sqrt(c.Mul(x.second, v.second)), c.FromInt(1)))
			second.AddMul(mass, c.Add(c.Sqrt(c.Mul(x.fourth, v.fourth)), c.FromInt(1)))
		}
	}
	return moments{c.Ldexp(first.Interval(), -1), c.Ldexp(second.Interval(), -1)}, c.Err()
}

// powers are bounds of E|y|² and E|y|⁴.
type powers struct{ second, fourth interval.Interval }

// powers are those of y ∼ N(m, rD), m = u + θw: E|y|² = |m|² + r tr D, and E|y|⁴ = (E|y|²)² + 2r² tr D² + 4r mᵀDm with tr D² ≤ (tr D)² and
// D ⪯ tr D.
func (p *Place) powers(c *interval.Context, u, w []interval.Interval, theta, trace interval.Interval, spread int64) powers {
	mean := make([]interval.Interval, len(u))
	for i := range u {
		mean[i] = c.Add(u[i], c.Mul(theta, w[i]))
	}
	length := c.Abs(p.form(c, mean))
	noise := c.Mul(c.FromInt(spread), trace)
	second := c.Add(length, noise)
	fourth := c.Add(c.Sqr(second), c.Ldexp(c.Mul(noise, c.Add(noise, c.Ldexp(length, 1))), 1))
	return powers{second, fourth}
}

// form encloses uᵀgu.
func (l Law) form(c *interval.Context, u []interval.Interval) interval.Interval {
	sum := c.NewSum()
	for i, row := range l.Gram {
		for j, g := range row {
			sum.AddMul(c.FromRat(g), c.Mul(u[i], u[j]))
		}
	}
	return sum.Interval()
}

// Third bounds |D³[V, V, V]| of Σ_labels weight · E log(1 + e^t) over V, and β where it is free, with |V|² + β² = 1, everywhere: the third derivative of log(1 + e^t) is
// at most 1/(6√3) in size, |xᵀVv + β|² ≤ |x|²|v|² + 1, where the 1 is β's, and E y^{3/2} ≤ (E y²)^{3/4}.
func (l Law) Third(c *interval.Context) interval.Interval {
	s := int64(len(l.Gram))
	fourth := func(mean []*big.Rat, spread int64) (second, fourth *big.Rat) {
		length, noise := l.Gram.Form(mean, mean), big.NewRat(s*spread, 1)
		second = new(big.Rat).Add(length, noise)
		fourth = new(big.Rat).Mul(second, second)
		fourth.Add(fourth, new(big.Rat).Mul(big.NewRat(2*spread, 1), noise)) // 2 tr(τI)²
		fourth.Add(fourth, length.Mul(length, big.NewRat(4*spread, 1)))
		return second, fourth
	}
	sum := c.NewSum()
	for _, label := range l.Labels {
		x2, x4 := fourth(l.X[label.X], 1)
		v2, v4 := fourth(l.V[label.V], l.Spread)
		square := x4.Mul(x4, v4)
		if l.Free { // (y + 1)² = y² + 2y + 1
			square.Add(square, x2.Mul(x2, v2.Mul(v2, big.NewRat(2, 1))))
			square.Add(square, big.NewRat(1, 1))
		}
		root := c.Sqrt(c.FromRat(square))
		sum.AddMul(c.FromRat(label.Weight), c.Mul(root, c.Sqrt(root)))
	}
	return c.Quo(sum.Interval(), c.Mul(c.FromInt(6), c.Sqrt(c.FromInt(3))))
}
