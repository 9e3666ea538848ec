package network

import "math/big"

// Tilts choose laws q of the other point y, one for each cell of the anchor's x₁, and with them a lower bound of the loss of every network that
// sees x₁ alone: q ∝ F e^{θ·ζ}, ζ(y) = (y₁₊, y₁₋), θ = M̂ᵀe_σ ξ, on the side σ = + or − of 0 and a cell around ξ of |x₁|. Cells are Cells long pieces of Step, the last
// of which goes on for ever.
type Tilts struct {
	Step  *big.Rat
	Cells int
	// Matrices are any M̂: one, near the best M of one tower, or five around the best of two.
	Matrices [][2][2]*big.Rat
}

// twoTowers is how many M̂ bound the loss of two towers: the corners of a simplex.
const twoTowers = 5

// beyond is how far past its beginning the last cell's ξ lies.
var beyond = big.NewRat(1, 10)

// cell is a cell's ends and ξ, in terms of which the tilt is chosen; the last one has no upper end.
type cell struct {
	lower, middle *big.Rat
	last          bool
}

func (t Tilts) cells() []cell {
	at := func(i int) *big.Rat { return new(big.Rat).Mul(big.NewRat(int64(i), 1), t.Step) }
	out := list(t.Cells, func(i int) cell {
		return cell{lower: at(i), middle: new(big.Rat).Mul(big.NewRat(int64(2*i+1), 2), t.Step)}
	})
	end := at(t.Cells - 1)
	out[t.Cells-1] = cell{end, new(big.Rat).Add(end, beyond), true}
	return out
}

// reluInside returns a number and a matrix Γ with L(M) ≥ bound + ⟨M, Γ⟩ for every M.
//
// A ReLU network of any depth without biases is positively homogeneous, so that one that sees x₁ alone is Bζ(x), ζ(x) = (x₁₊, x₁₋), and the loss of two is
// L(M) = −⟨M, T⟩ + E_x log E_y e^{ζ(x)ᵀMζ(y)}, M = BᵀD, T = E ζζ̂ᵀ. Gibbs' inequality, log E_y e^{s} ≥ E_q s − KL(q‖F), with the q of x's cell makes
//
//	bound = −Σ p KL,   Γ = Σ h e_σ moᵀ − T,
//
// sums over the cells, of probability p and integral h of |x₁|, whose q has mean mo of ζ and KL = θ·mo − log S, S = E e^{θ·ζ}.
func reluInside[T any](n numbers[T], p placed[T], matrix [2][2]T, cells []cell) (bound T, gamma [2][2]T) {
	right, left := p.halves(n)
	ends := [2][]T{right, left}
	var sums [2][2]T
	for i := range 2 {
		for j := range 2 {
			sums[i][j] = n.FromInt(0)
		}
	}
	bound = n.FromInt(0)
	for side := range 2 {
		means := p.means
		if side == 1 {
			means = list(len(means), func(k int) T { return n.Neg(p.means[k]) })
		}
		knots := list(len(means), func(k int) knot[T] { return knotAt(n, n.FromInt(0), means[k]) })
		for i, c := range cells {
			next := list(len(means), func(k int) knot[T] {
				if c.last {
					return knot[T]{n.FromInt(0), n.FromInt(0)}
				}
				return knotAt(n, n.FromRat(cells[i+1].lower), means[k])
			})
			mass, first := n.FromInt(0), n.FromInt(0)
			for k, w := range p.weights {
				m0, m1 := between(n, means[k], knots[k], next[k])
				mass, first = n.Add(mass, n.Mul(w, m0)), n.Add(first, n.Mul(w, m1))
			}
			knots = next
			middle := n.FromRat(c.middle)
			tilt := [2]T{n.Mul(matrix[side][0], middle), n.Mul(matrix[side][1], middle)}
			moments, divergence := p.tilt(n, tilt)
			for j := range 2 {
				sums[side][j] = n.Add(sums[side][j], n.Mul(first, moments[j]))
			}
			bound = n.Sub(bound, n.Mul(mass, divergence))
		}
	}
	for i := range 2 {
		for j := range 2 {
			gamma[i][j] = n.Sub(sums[i][j], p.pairing(n, ends[i], ends[j]))
		}
	}
	return bound, gamma
}

// tilt returns the mean of ζ and the divergence from F of the law q ∝ F e^{θ·ζ}.
func (p placed[T]) tilt(n numbers[T], theta [2]T) (moments [2]T, divergence T) {
	total := n.FromInt(0)
	moments = [2]T{total, total}
	for k, w := range p.weights {
		for j, m := range []T{p.means[k], n.Neg(p.means[k])} {
			mass, first := tilted(n, theta[j], m)
			total, moments[j] = n.Add(total, n.Mul(w, mass)), n.Add(moments[j], n.Mul(w, first))
		}
	}
	for j := range 2 {
		moments[j] = n.Quo(moments[j], total)
	}
	along := n.Add(n.Mul(theta[0], moments[0]), n.Mul(theta[1], moments[1]))
	return moments, n.Sub(along, n.Log(total))
}

// oneTower is (Γ + Γᵀ)/2, which bounds the loss of one tower where it is ⪰ 0: there M = BᵀB ⪰ 0 is symmetric.
func oneTower[T any](n numbers[T], gamma [2][2]T) [2][2]T {
	off := half(n, n.Add(gamma[0][1], gamma[1][0]))
	return [2][2]T{{gamma[0][0], off}, {off, gamma[1][1]}}
}

// determinant is that of a 2×2 matrix.
func determinant[T any](n numbers[T], m [2][2]T) T {
	return n.Sub(n.Mul(m[0][0], m[1][1]), n.Mul(m[0][1], m[1][0]))
}
