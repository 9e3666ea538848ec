package own

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// softmax is p as component j sees it: with t = b_j + ℓ√D ξ, ℓDℓᵀ = G_j and ξ ∼ N(0, I_s), the logits are
//
//	α_k + β_kᵀξ + ½ξᵀQ_kξ + what all k have in common.
//
// α_j = 0, and so are β_j and Q_j.
type softmax struct {
	context  *interval.Context
	constant []interval.Interval     // α_k
	linear   [][]interval.Interval   // β_k
	bend     [][][]interval.Interval // Q_k
	start    []*big.Rat              // b_j
	along    [][]interval.Interval   // ℓ√D, s×s
}

func (l Law) softmax(c *interval.Context, n rational.Matrix, j int) softmax {
	s := l.dimension()
	factors, _ := rational.Factorise(l.Spreads[j])
	root := make([]interval.Interval, s)
	for i, d := range factors.Diagonal {
		root[i] = c.Sqrt(c.FromRat(d))
	}
	x := softmax{context: c, start: l.Means[j]}
	for a := range s {
		row := make([]interval.Interval, s)
		for i := range s {
			row[i] = c.Mul(c.FromRat(factors.Lower[a][i]), root[i])
		}
		x.along = append(x.along, row)
	}
	image := n.Apply(l.Means[j])     // Nb_j
	turned := n.Times(factors.Lower) // Nℓ
	half, minus := big.NewRat(1, 2), big.NewRat(-1, 1)
	for k, spread := range l.Spreads {
		// tᵀNb_k + ½tᵀNG_kNt less the same of j, at t = b_j + ℓη.
		change := spread.Plus(minus, l.Spreads[j])
		step := rational.Difference(l.Means[k], l.Means[j])
		pull := change.Apply(image)
		constant := rational.Dot(image, step)
		constant.Add(constant, new(big.Rat).Mul(half, rational.Dot(image, pull)))
		odds := c.Log(c.FromRat(new(big.Rat).Quo(l.Weights[k], l.Weights[j])))
		x.constant = append(x.constant, c.Add(odds, c.FromRat(constant)))
		slope := turned.Transposed().Apply(rational.Sum(step, pull))
		curve := turned.Transposed().Times(change).Times(turned)
		linear, bend := make([]interval.Interval, s), make([][]interval.Interval, s)
		for a := range s {
			linear[a] = c.Mul(c.FromRat(slope[a]), root[a])
			for b := range s {
				bend[a] = append(bend[a], c.Mul(c.FromRat(curve[a][b]), c.Mul(root[a], root[b])))
			}
		}
		x.linear, x.bend = append(x.linear, linear), append(x.bend, bend)
	}
	return x
}

// spread returns a number that the values of every two components differ by at most.
func spread(c *interval.Context, of func(k int) interval.Interval, components int) interval.Interval {
	hull := of(0)
	for k := 1; k < components; k++ {
		hull = c.Hull(hull, of(k))
	}
	return c.FromFloat(hull.Width())
}

// line encloses p at all nodes of the last axis, the other coordinate given. The logit of k is A + Bξ + ½Cξ² there, and
//
//	e^{A + B(n+1)h + ½C(n+1)²h²} = e^{A + Bnh + ½Cn²h²} r_n,   r_n = e^{Bh + ½Ch²} e^{nCh²},
//
// so that exponentials are products, either way from n = 0.
func (x softmax) line(a axis, given []interval.Interval) [][]interval.Interval {
	c, last := x.context, len(given)
	h := c.FromRat(a.step)
	square := c.Sqr(h)
	p := make([][]interval.Interval, len(a.nodes))
	for n := range p {
		p[n] = make([]interval.Interval, len(x.constant))
	}
	for k, constant := range x.constant {
		slope, bend := x.linear[k][last], x.bend[k]
		for i, xi := range given {
			slope = c.Add(slope, c.Mul(bend[i][last], xi))
			half := c.Ldexp(c.Mul(bend[i][i], xi), -1) // s ≤ 2
			constant = c.Add(constant, c.Mul(c.Add(x.linear[k][i], half), xi))
		}
		curve := c.Mul(bend[last][last], square)
		centre, turn := c.Exp(constant), c.Exp(curve)
		for _, sign := range []int{1, -1} {
			step := c.Mul(slope, h)
			if sign < 0 {
				step = c.Neg(step)
			}
			e, ratio := centre, c.Exp(c.Add(step, c.Ldexp(curve, -1)))
			p[a.half][k] = e
			for n := 1; n <= a.half; n++ {
				e, ratio = c.Mul(e, ratio), c.Mul(ratio, turn)
				p[a.half+sign*n][k] = e
			}
		}
	}
	one := c.FromInt(1)
	for _, row := range p {
		sum := row[0]
		for _, e := range row[1:] {
			sum = c.Add(sum, e)
		}
		share := c.Quo(one, sum)
		for k, e := range row {
			row[k] = c.Mul(e, share)
		}
	}
	return p
}
