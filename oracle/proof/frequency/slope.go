package frequency

import (
	"math/big"

	"contrastcheck/oracle/interval"
)

// weighed is a law weighed by e^{iωt}, at one frequency.
type weighed struct {
	tilt
	omega          interval.Interval
	decayX, decayV []interval.Interval   // exp(−½ω²τ αᵀgA²Dα) and exp(−½ω² βᵀgA²Dβ)
	crossed        [][]interval.Interval // ωτAD among points: the imaginary part of the covariance of x and v
}

func (p *Place) weighed(c *interval.Context, omega *big.Rat) weighed {
	square := new(big.Rat).Mul(omega, omega)
	w := weighed{tilt: p.at(c, c.FromRat(new(big.Rat).Mul(square, big.NewRat(p.Spread, 1)))), omega: c.FromRat(omega)}
	decay := func(spread int64, forms []interval.Interval) (factors []interval.Interval) {
		rate := c.FromRat(new(big.Rat).Mul(square, big.NewRat(-spread, 2)))
		for _, form := range forms {
			factors = append(factors, c.Exp(c.Mul(rate, form)))
		}
		return factors
	}
	w.decayX, w.decayV = decay(p.Spread, w.squareX), decay(1, w.squareV)
	spread := c.Mul(w.omega, c.FromInt(p.Spread))
	for _, row := range w.cross {
		var scaled []interval.Interval
		for _, entry := range row {
			scaled = append(scaled, c.Mul(spread, entry))
		}
		w.crossed = append(w.crossed, scaled)
	}
	return w
}

// mass encloses weight · E e^{iω(t + b₀)} of a label.
func (p *Place) mass(c *interval.Context, w weighed, i int) number {
	label := p.Labels[i]
	size := c.Mul(c.Mul(c.FromRat(label.Weight), w.tilt.mass), c.Mul(w.decayX[label.X], w.decayV[label.V]))
	sin, cos := c.SinCos(c.Mul(w.omega, c.Add(w.pull[i], c.FromRat(p.bias))))
	return number{c.Mul(size, cos), c.Mul(size, sin)}
}

// means encloses those of x and v under a label.
func (p *Place) means(c *interval.Context, w weighed, i int) (x, v []number) {
	label, s := p.Labels[i], len(p.Gram)
	spread := c.Mul(w.omega, c.FromInt(p.Spread))
	for a := range s {
		x = append(x, number{w.x[label.X][a], c.Mul(w.omega, w.av[label.V][a])})
		v = append(v, number{w.v[label.V][a], c.Mul(spread, w.ax[label.X][a])})
	}
	return x, v
}

// Slope is the integral of Im E[x vᵀ e^{iω(t+b₀)}]/sinh πω, in the basis W and as it is, not its symmetric part, and of Im E[e^{iω(t+b₀)}]/sinh πω. Off
// bounds what both lack, in whitened length.
type Slope struct {
	Matrix [][]interval.Interval
	Bias   interval.Interval
	Off    interval.Interval
}

// Work is what a slope in s dimensions takes, as measured, in units of about 10 µs.
func Work(s int, labels, nodes float64) float64 {
	const each = 16
	return each * float64(s) * labels * nodes
}

// Slope encloses the sums of a rule that leaves about accuracy. allow is asked for the work that it takes, and refuses with an error. Other
// errors are ErrRule and the context's.
func (p *Place) Slope(c *interval.Context, accuracy float64, allow func(work float64) error) (Slope, error) {
	r, err := p.plan(accuracy)
	if err != nil {
		return Slope{}, err
	}
	s := len(p.Gram)
	if err := allow(Work(s, float64(len(p.Labels)), float64(r.nodes))); err != nil {
		return Slope{}, err
	}
	sums, along := make([][]*interval.Sum, s), c.NewSum()
	for a := range sums {
		for range s {
			sums[a] = append(sums[a], c.NewSum())
		}
	}
	for k := range r.nodes {
		omega, weight := r.node(c, k)
		w := p.weighed(c, omega)
		for i := range p.Labels {
			mass := p.mass(c, w, i)
			mass = scaled(c, weight, mass)
			along.Add(mass.im)
			x, v := p.means(c, w, i)
			for a := range s {
				moved := times(c, mass, x[a])
				for b := range s {
					sums[a][b].AddMul(moved.re, v[b].im)
					sums[a][b].AddMul(moved.im, v[b].re)
					sums[a][b].AddMul(mass.re, w.crossed[a][b])
				}
			}
		}
		if err := c.Err(); err != nil {
			return Slope{}, err
		}
	}
	slope := Slope{Bias: along.Interval(), Off: r.slope}
	for _, row := range sums {
		var entries []interval.Interval
		for _, sum := range row {
			entries = append(entries, sum.Interval())
		}
		slope.Matrix = append(slope.Matrix, entries)
	}
	return slope, c.Err()
}
