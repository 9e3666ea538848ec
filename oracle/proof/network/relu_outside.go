package network

import (
	"math/big"

	"contrastcheck/oracle/line"
)

// ReLUNet is a network with one output and at most four ReLU neurons without biases, f(x) = a x₁₊ + b x₁₋ + c x₂₊ + e x₂₋.
type ReLUNet struct{ Right, Left, Up, Down *big.Rat } // a, b, c, e

// weights are a, b, c, e.
func (r ReLUNet) weights() []*big.Rat { return []*big.Rat{r.Right, r.Left, r.Up, r.Down} }

// Width is the number of neurons that are not idle.
func (r ReLUNet) Width() int {
	width := 0
	for _, w := range r.weights() {
		if w.Sign() != 0 {
			width++
		}
	}
	return width
}

// Majorant is the grid of the upper bound of a net's loss: steps of |x₁| up to Along of them, and of |x₂| up to Across.
type Majorant struct {
	Step          *big.Rat
	Along, Across int
}

// reluNet is a ReLUNet in an arithmetic.
type reluNet[T any] struct {
	right, left T
	noise       []side[T] // of x₂
}

// side is what a net does on one or both sides of x₂ = 0.
type side[T any] struct {
	slope T
	times int64 // of such sides
	still bool  // slope is 0
}

func reluNetIn[T any](n numbers[T], r ReLUNet) reluNet[T] {
	net := reluNet[T]{right: n.FromRat(r.Right), left: n.FromRat(r.Left)}
	of := func(w *big.Rat, times int64) side[T] { return side[T]{n.FromRat(w), times, w.Sign() == 0} }
	if r.Up.Cmp(r.Down) == 0 {
		net.noise = []side[T]{of(r.Up, 2)}
	} else {
		net.noise = []side[T]{of(r.Up, 1), of(r.Down, 1)}
	}
	return net
}

// grid is what a majorant knows before it knows the net: the knots, with the weights that linear interpolation between them gives to each, of
// x₁ > 0, of −x₁ > 0 and of x₂ > 0; and p and q beyond, E 1 and E x² on the far sides of the grid.
type grid[T any] struct {
	along, across              []T // knots
	right, left, up            []T // their weights
	aside, asideSquare         T   // beyond in x₁
	above, aboveSquare, square T   // beyond in x₂; E x₁²
	most                       T   // max m_k²
}

// newGrid lays the grid of a majorant. Between knots A and B the interpolation of g integrates to g(A)(BI₀ − I₁)/(B − A) + g(B)(I₁ − AI₀)/(B − A).
func newGrid[T any](n numbers[T], p placed[T], l line.Mixture, m Majorant) grid[T] {
	at := func(i int) T { return n.FromRat(new(big.Rat).Mul(big.NewRat(int64(i), 1), m.Step)) }
	g := grid[T]{along: list(m.Along+1, at), across: list(m.Across+1, at)}
	step := n.FromRat(m.Step)
	hats := func(knots, weights, means []T) []T {
		out := list(len(knots), func(int) T { return n.FromInt(0) })
		for k, mean := range means {
			a := knotAt(n, knots[0], mean)
			for i := range len(knots) - 1 {
				b := knotAt(n, knots[i+1], mean)
				mass, first := between(n, mean, a, b)
				lower := n.Quo(n.Sub(n.Mul(knots[i+1], mass), first), step)
				upper := n.Quo(n.Sub(first, n.Mul(knots[i], mass)), step)
				out[i] = n.Add(out[i], n.Mul(weights[k], lower))
				out[i+1] = n.Add(out[i+1], n.Mul(weights[k], upper))
				a = b
			}
		}
		return out
	}
	opposite := list(len(p.means), func(k int) T { return n.Neg(p.means[k]) })
	g.right, g.left = hats(g.along, p.weights, p.means), hats(g.along, p.weights, opposite)
	g.up = hats(g.across, []T{n.FromInt(1)}, []T{n.FromInt(0)})
	// E[1, y²; y > R] for y ∼ N(m, 1) is p = Φ(m − R) and (m² + 1)p + (R + m)φ(R − m).
	tail := func(r, mean T) (mass, second T) {
		k := knotAt(n, r, mean)
		one := n.FromInt(1)
		return k.beyond, n.Add(n.Mul(n.Add(n.Sqr(mean), one), k.beyond), n.Mul(n.Add(r, mean), k.density))
	}
	both := func(r, mean T) (mass, second T) {
		mass, second = tail(r, mean)
		m0, m2 := tail(r, n.Neg(mean))
		return n.Add(mass, m0), n.Add(second, m2)
	}
	g.aside, g.asideSquare, g.square = n.FromInt(0), n.FromInt(0), n.FromInt(1)
	farthest := new(big.Rat)
	for k, w := range p.weights {
		mass, second := both(g.along[m.Along], p.means[k])
		g.aside, g.asideSquare = n.Add(g.aside, n.Mul(w, mass)), n.Add(g.asideSquare, n.Mul(w, second))
		g.square = n.Add(g.square, n.Mul(w, n.Sqr(p.means[k])))
		if l.Squares[k].Cmp(farthest) > 0 {
			farthest = l.Squares[k]
		}
	}
	g.most = n.FromRat(farthest)
	g.above, g.aboveSquare = both(g.across[m.Across], n.FromInt(0))
	return g
}

// reluOutside bounds the loss of a net from above,
//
//	L = −(δ Σ_k w_k e_k² + (1−δ) ē²) + E Λ(f(x)),   e_k = E[f | k],   Λ(s) = log E_y e^{s f(y)}
//	  = log Σ_k w_k [G(sa, m_k) + G(sb, −m_k)] + log [G(sc, 0) + G(se, 0)].
//
// Λ is convex and f linear on each cell of the grid in (|x₁|, |x₂|), in each quadrant, so that Λ(f) is at most its bilinear interpolation. Beyond the
// grid, with ℓ² = a² + b² + c² + e²: G(t, m) ≤ e^{tm + t²/2} ≤ e^{m²/2 + t²}, and G(t, 0) ≤ e^{t²/2}, so Λ(s) ≤ log 4 + ½ max m_k² + ℓ²s², and s² = f(x)² ≤ ℓ²‖x‖².
func reluOutside[T any](n numbers[T], p placed[T], g grid[T], net reluNet[T]) T {
	right, left := p.halves(n)
	unit, _ := n.Normal(n.FromInt(0)) // E x₂₊ = φ(0)
	mean := sum(n, len(net.noise), func(i int) T {
		return n.Mul(n.FromInt(net.noise[i].times), n.Mul(unit, net.noise[i].slope))
	})
	means := list(len(right), func(k int) T {
		return n.Add(mean, n.Add(n.Mul(net.right, right[k]), n.Mul(net.left, left[k])))
	})
	majorant := n.FromInt(0)
	for _, s := range net.noise {
		across, weights := g.across, g.up
		if s.still {
			across, weights = across[:1], []T{sum(n, len(g.up), func(j int) T { return g.up[j] })}
		}
		for j, v := range across {
			lifted := n.Mul(s.slope, v)
			weight := n.Mul(n.FromInt(s.times), weights[j])
			for i, t := range g.along {
				of := n.Add(n.Mul(g.right[i], p.logPartition(n, net, n.Add(lifted, n.Mul(net.right, t)))),
					n.Mul(g.left[i], p.logPartition(n, net, n.Add(lifted, n.Mul(net.left, t)))))
				majorant = n.Add(majorant, n.Mul(weight, of))
			}
		}
	}
	slope := n.Add(n.Sqr(net.right), n.Sqr(net.left)) // ℓ²
	for _, s := range net.noise {
		slope = n.Add(slope, n.Mul(n.FromInt(s.times), n.Sqr(s.slope)))
	}
	constant := n.Add(n.Log(n.FromInt(4)), half(n, g.most))
	aside := n.Add(n.Mul(constant, g.aside), n.Mul(n.Sqr(slope), n.Add(g.asideSquare, g.aside)))
	above := n.Add(n.Mul(constant, g.above), n.Mul(n.Sqr(slope), n.Add(g.aboveSquare, n.Mul(g.square, g.above))))
	return n.Sub(n.Add(majorant, n.Add(aside, above)), p.pairing(n, means, means))
}

// logPartition is Λ(s) = log E_y e^{s f(y)}.
func (p placed[T]) logPartition(n numbers[T], net reluNet[T], s T) T {
	right, left := n.Mul(s, net.right), n.Mul(s, net.left)
	first := p.expect(n, func(k int) T {
		above, _ := tilted(n, right, p.means[k])
		below, _ := tilted(n, left, n.Neg(p.means[k]))
		return n.Add(above, below)
	})
	second := sum(n, len(net.noise), func(i int) T {
		one, _ := tilted(n, n.Mul(s, net.noise[i].slope), n.FromInt(0))
		return n.Mul(n.FromInt(net.noise[i].times), one)
	})
	return n.Add(n.Log(first), n.Log(second))
}
