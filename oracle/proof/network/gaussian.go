package network

// tilted returns, for y ∼ N(m, 1),
//
//	G(t, m)  = E e^{ty} 1{y > 0}   = e^{tm + t²/2} Φ(m + t)
//	∂G/∂t    = E y e^{ty} 1{y > 0} = e^{tm + t²/2} [(m + t)Φ(m + t) + φ(m + t)].
func tilted[T any](n numbers[T], t, m T) (total, first T) {
	shifted := n.Add(m, t)
	density, below := n.Normal(shifted)
	factor := n.Exp(n.Mul(t, n.Add(m, half(n, t))))
	return n.Mul(factor, below), n.Mul(factor, n.Add(n.Mul(shifted, below), density))
}

// knot is φ(t − m) and the mass beyond t, Φ(m − t), of N(m, 1); of t = ∞, both 0.
type knot[T any] struct{ density, beyond T }

func knotAt[T any](n numbers[T], t, m T) knot[T] {
	density, beyond := n.Normal(n.Sub(m, t))
	return knot[T]{density, beyond}
}

// between returns E 1{y ∈ cell} and E y 1{y ∈ cell} for y ∼ N(m, 1) and a cell between two knots: I₀, and mI₀ + φ(a − m) − φ(b − m).
func between[T any](n numbers[T], m T, a, b knot[T]) (mass, first T) {
	mass = n.Sub(a.beyond, b.beyond)
	return mass, n.Add(n.Mul(m, mass), n.Sub(a.density, b.density))
}

// halves returns E_k = (E x₁₊, E x₁₋) given each component: m Φ(m) + φ(m), and that of −m.
func (p placed[T]) halves(n numbers[T]) (right, left []T) {
	for _, m := range p.means {
		zero := n.FromInt(0)
		_, above := tilted(n, zero, m)
		_, below := tilted(n, zero, n.Neg(m))
		right, left = append(right, above), append(left, below)
	}
	return right, left
}
