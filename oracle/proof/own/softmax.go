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

// at encloses p at ξ.
func (x softmax) at(xi []interval.Interval) []interval.Interval {
	c := x.context
	p := make([]interval.Interval, len(x.constant))
	sum := c.FromInt(0)
	for k := range p {
		logit := x.constant[k]
		for a, along := range xi {
			slope := x.linear[k][a]
			for b, across := range xi {
				slope = c.Add(slope, c.Ldexp(c.Mul(x.bend[k][a][b], across), -1))
			}
			logit = c.Add(logit, c.Mul(slope, along))
		}
		p[k] = c.Exp(logit)
		sum = c.Add(sum, p[k])
	}
	for k := range p {
		p[k] = c.Quo(p[k], sum)
	}
	return p
}
