package network

import "math/big"

// ReLUNet is a network with one output and four ReLU neurons without biases, f(x) = a x₁₊ + b x₁₋ + c |x₂|.
type ReLUNet struct{ Right, Left, Noise *big.Rat } // a, b, c

// Width is the number of neurons that are not idle.
func (r ReLUNet) Width() int {
	width := 0
	for _, w := range []*big.Rat{r.Right, r.Left, r.Noise, r.Noise} { // |x₂| = x₂₊ + x₂₋
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
type reluNet[T any] struct{ right, left, noise T }

func reluNetIn[T any](n numbers[T], r ReLUNet) reluNet[T] {
	return reluNet[T]{n.FromRat(r.Right), n.FromRat(r.Left), n.FromRat(r.Noise)}
}

// grid is what a majorant knows before it knows the net: the knots, with the weights that linear interpolation between them gives to each, of
// x₁ > 0, of −x₁ > 0 and of |x₂|; and p and q beyond, E 1 and E x² on the far sides of the grid.
type grid[T any] struct {
	along, across              []T // knots
	right, left, up            []T // their weights
	aside, asideSquare         T   // beyond in x₁
	above, aboveSquare, square T   // beyond in x₂; E x₁²
	most                       T   // max m_k²
}

// newGrid lays the grid of a majorant. Between knots A and B the interpolation of g integrates to g(A)(BI₀ − I₁)/(B − A) + g(B)(I₁ − AI₀)/(B − A).
func newGrid[T any](n numbers[T], p placed[T], l Line, m Majorant) grid[T] {
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
	g.up = hats(g.across, []T{n.FromInt(2)}, []T{n.FromInt(0)})
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
		if l.squares[k].Cmp(farthest) > 0 {
			farthest = l.squares[k]
		}
	}
	g.most = n.FromRat(farthest)
	g.above, g.aboveSquare = both(g.across[m.Across], n.FromInt(0))
	return g
}

// reluOutside bounds the loss of a net from above,
//
//	L = −(δ Σ_k w_k e_k² + (1−δ) ē²) + E Λ(f(x)),   e_k = E[f | k],   Λ(s) = log E_y e^{s f(y)}
//	  = log Σ_k w_k [G(sa, m_k) + G(sb, −m_k)] + log 2e^{s²c²/2}Φ(sc).
//
// Λ is convex and f linear on each cell of the grid in (|x₁|, |x₂|), so that Λ(f) is at most its bilinear interpolation. Beyond the
// grid, with ℓ² = a² + b² + c²: each G is at most e^{m²/2 + s² max(a², b²)}, so Λ(s) ≤ log 4 + ½ max m_k² + ℓ²s², and s² = f(x)² ≤ ℓ²‖x‖².
func reluOutside[T any](n numbers[T], p placed[T], g grid[T], net reluNet[T]) T {
	right, left := p.halves(n)
	mean := n.Mul(net.noise, n.Sqrt(n.Quo(n.FromInt(2), n.Pi()))) // of c|x₂|
	means := list(len(right), func(k int) T {
		return n.Add(mean, n.Add(n.Mul(net.right, right[k]), n.Mul(net.left, left[k])))
	})
	majorant := n.FromInt(0)
	for j, v := range g.across {
		lifted := n.Mul(net.noise, v)
		for i, t := range g.along {
			of := n.Add(n.Mul(g.right[i], p.logPartition(n, net, n.Add(lifted, n.Mul(net.right, t)))),
				n.Mul(g.left[i], p.logPartition(n, net, n.Add(lifted, n.Mul(net.left, t)))))
			majorant = n.Add(majorant, n.Mul(g.up[j], of))
		}
	}
	slope := n.Add(n.Add(n.Sqr(net.right), n.Sqr(net.left)), n.Sqr(net.noise)) // ℓ²
	constant := n.Add(n.Log(n.FromInt(4)), half(n, g.most))
	aside := n.Add(n.Mul(constant, g.aside), n.Mul(n.Sqr(slope), n.Add(g.asideSquare, g.aside)))
	above := n.Add(n.Mul(constant, g.above), n.Mul(n.Sqr(slope), n.Add(g.aboveSquare, n.Mul(g.square, g.above))))
	return n.Sub(n.Add(majorant, n.Add(aside, above)), p.pairing(n, means, means))
}

// logPartition is Λ(s) = log E_y e^{s f(y)}.
func (p placed[T]) logPartition(n numbers[T], net reluNet[T], s T) T {
	right, left, noise := n.Mul(s, net.right), n.Mul(s, net.left), n.Mul(s, net.noise)
	first := p.expect(n, func(k int) T {
		above, _ := tilted(n, right, p.means[k])
		below, _ := tilted(n, left, n.Neg(p.means[k]))
		return n.Add(above, below)
	})
	second, _ := tilted(n, noise, n.FromInt(0))
	return n.Add(n.Log(first), n.Log(n.Mul(n.FromInt(2), second)))
}
