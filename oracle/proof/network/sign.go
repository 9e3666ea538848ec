package network

import "math/big"

// SignNet is a network with one output and two sign neurons without biases,
//
//	f(x) = √s [sign(x₁ + c x₂) + ρ sign(c x₁ − x₂)],
//
// of which the second is idle where ρ = 0.
type SignNet struct {
	Noise  *big.Rat // c, any: how much of the noise the first neuron reads
	Scale  *big.Rat // s > 0
	Second *big.Rat // ρ, any
}

// Width is the number of neurons that are not idle.
func (s SignNet) Width() int {
	if s.Second.Sign() == 0 {
		return 1
	}
	return 2
}

// signNet is a SignNet in an arithmetic.
type signNet[T any] struct{ noise, scale, second T }

func signNetIn[T any](n numbers[T], s SignNet) signNet[T] {
	return signNet[T]{n.FromRat(s.Noise), n.FromRat(s.Scale), n.FromRat(s.Second)}
}

// signInside is −I(Y; Ŷ), Y = sign x₁, below which no score of two functions of Y and Ŷ has a loss:
//
//	I = Σ_{y,ŷ=±1} p(y,ŷ) log[p(y,ŷ)/(p(y)p(ŷ))],   p(y) = Σ_k w_k Φ(y m_k),   p(y,ŷ) = δ Σ_k w_k Φ(y m_k)Φ(ŷ m_k) + (1−δ)p(y)p(ŷ).
func signInside[T any](n numbers[T], p placed[T]) T {
	var given [2][]T // Φ(y m_k), y = 1, −1
	for _, m := range p.means {
		_, right := n.Normal(m)
		_, left := n.Normal(n.Neg(m))
		given[0], given[1] = append(given[0], right), append(given[1], left)
	}
	alone := func(y int) T { return p.expect(n, func(k int) T { return given[y][k] }) }
	return n.Neg(sum(n, 4, func(i int) T {
		y, z := i/2, i%2
		joint := p.pairing(n, given[y], given[z])
		return n.Mul(joint, n.Log(n.Quo(joint, n.Mul(alone(y), alone(z)))))
	}))
}

// signOutside is the loss of a net. Given k the two signs are independent, as the weights (1, c) and (c, −1) are orthogonal, with r_k = Φ(m_k/√(1+c²)) and
// q_k = Φ(c m_k/√(1+c²)) the probabilities of +1, so that f/√s has at most four values v, of probabilities p_v = Σ_k w_k p_{v|k}:
//
//	L = −s (δ Σ_k w_k e_k² + (1−δ) ē²) + Σ_v p_v log Σ_u p_u e^{s v u},   e_k = 2r_k − 1 + ρ(2q_k − 1).
func signOutside[T any](n numbers[T], p placed[T], net signNet[T]) T {
	length := n.Sqrt(n.Add(n.FromInt(1), n.Sqr(net.noise)))
	var first, second [2][]T // the probabilities of +1 and −1, given k
	var means []T            // e_k
	for _, m := range p.means {
		var odds [2][2]T
		for i, z := range []T{n.Quo(m, length), n.Quo(n.Mul(net.noise, m), length)} {
			_, odds[i][0] = n.Normal(z)
			_, odds[i][1] = n.Normal(n.Neg(z))
		}
		for y := range 2 {
			first[y], second[y] = append(first[y], odds[0][y]), append(second[y], odds[1][y])
		}
		means = append(means, n.Add(n.Sub(odds[0][0], odds[0][1]), n.Mul(net.second, n.Sub(odds[1][0], odds[1][1]))))
	}
	const values = 4
	odds := list(values, func(v int) T {
		return p.expect(n, func(k int) T { return n.Mul(first[v/2][k], second[v%2][k]) })
	})
	value := list(values, func(v int) T {
		one, other := n.FromInt(int64(1-2*(v/2))), n.FromInt(int64(1-2*(v%2)))
		return n.Add(one, n.Mul(net.second, other))
	})
	anchored := sum(n, values, func(v int) T {
		partition := sum(n, values, func(u int) T { return n.Mul(odds[u], n.Exp(n.Mul(net.scale, n.Mul(value[v], value[u])))) })
		return n.Mul(odds[v], n.Log(partition))
	})
	return n.Sub(anchored, n.Mul(net.scale, p.pairing(n, means, means)))
}
