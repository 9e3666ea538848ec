package box

import "contrastcheck/oracle/interval"

// node is what the softmax is at one node, given a component.
type node struct {
	weight number     // h_1 φ(t_1) … h_q φ(t_q)
	factor []number   // K: e^{σ_k·t}
	along  [][]number // K: slopes of σ_k·t
	logit  [][]number // K: slopes of the logits beside the first one
	p      []number   // K: the fixed numbers of p_k
	span   []number   // K: p_k over the piece
	dp     [][]number // K: slopes of p_k
	spare  []number
	raw    []number // K: e_k
	gap    []number // slopes of one difference of logits
	odds   []number // K: 1/p_k over the piece
	far    []bool   // K
}

func newNode(k, symbols int) *node {
	rows := func() [][]number {
		out := make([][]number, k)
		for i := range out {
			out[i] = make([]number, symbols)
		}
		return out
	}
	return &node{factor: make([]number, k), along: rows(), logit: rows(), p: make([]number, k), span: make([]number, k), dp: rows(),
		spare: make([]number, symbols), raw: make([]number, k), gap: make([]number, symbols),
		odds: make([]number, k), far: make([]bool, k)}
}

// addTo adds the node's weight times a value and its slopes.
func (n *node) addTo(s *partial, mid number, slopes []number) {
	s.mid = s.mid.Add(n.weight.Mul(mid))
	for v, x := range slopes {
		s.slopes[v] = s.slopes[v].Add(n.weight.Mul(x))
	}
}

// prepare computes what does not depend on the component.
func (x softmax) prepare(n *node, r rule, tables [][][]number, place []int) {
	n.weight = interval.Exactly(1)
	for k := range n.factor {
		n.factor[k] = interval.Exactly(1)
		clear(n.along[k])
	}
	for a, at := range place {
		axis := r.axes[a]
		n.weight = n.weight.Mul(axis.density[at])
		t := interval.Exactly(float64(at-axis.half) * axis.step)
		for k := range n.factor {
			n.factor[k] = n.factor[k].Mul(tables[a][k][at])
			for v, s := range x.sigma[k][a].slopes {
				n.along[k][v] = n.along[k][v].Add(s.Mul(t))
			}
		}
	}
}

// given computes the softmax given component j. With e_k for the exponentials and Δ_ki for the change of ℓ_k − ℓ_i from its fixed number, |Δ_ki| ≤ d,
//
//	p_i − p_i₀ = −p_i p_i₀ Σ_k [e_k/e_i − (e_k/e_i)₀] = −p_i Σ_k p_k₀ ψ(Δ_ki) Δ_ki,   ψ(Δ) = (e^Δ − 1)/Δ,
//
// ψ being increasing.
func (x softmax) given(n *node, j int) {
	total := number{}
	for k := range n.p {
		n.p[k] = x.start[j][k].Mul(n.factor[k])
		total = total.Add(n.p[k])
		copy(n.logit[k], n.along[k])
		for v, s := range x.moves[j][k] {
			n.logit[k][v] = n.logit[k][v].Add(s)
		}
	}
	for k := range n.p {
		n.raw[k], n.p[k] = n.p[k], n.p[k].Quo(total)
	}
	for i := range n.p {
		n.odds[i], n.far[i] = interval.Exactly(1), false
		clear(n.dp[i])
		for k := range i {
			n.pair(i, k)
		}
	}
	last := x.symbols - 1
	for i := range n.p {
		if n.far[i] {
			clear(n.dp[i])
			n.span[i], n.dp[i][last] = unit, interval.Symmetric(1)
			continue
		}
		n.span[i] = interval.Exactly(1).Quo(n.odds[i])
		for v, s := range n.dp[i] {
			n.dp[i][v] = n.span[i].Mul(s)
		}
	}
}

// pair adds what two components do to one another's 1/p and slopes, without the factor p. Where their logits are not known to change by less than far, p_i is a number in [0, 1] that changes
// by 1 at most, with the last symbol.
func (n *node) pair(i, k int) {
	var d float64
	for v := range n.gap {
		n.gap[v] = n.logit[k][v].Sub(n.logit[i][v])
		d = interval.Exactly(d).Add(interval.Exactly(n.gap[v].Magnitude())).Hi
	}
	if !(d <= far) {
		n.far[i], n.far[k] = true, true
		return
	}
	growth, psi := exponential(d)
	ratio := n.raw[k].Quo(n.raw[i])
	n.odds[i] = n.odds[i].Add(ratio.Mul(growth))
	n.odds[k] = n.odds[k].Add(interval.Exactly(1).Quo(ratio).Mul(growth))
	mine, other := n.p[k].Mul(psi), n.p[i].Mul(psi)
	for v, g := range n.gap {
		n.dp[i][v] = n.dp[i][v].Sub(mine.Mul(g))
		n.dp[k][v] = n.dp[k][v].Add(other.Mul(g))
	}
}

// far is the largest change of a difference of logits at which exponential is used.
const far = 2

// exponential encloses e^Δ and ψ(Δ) = (e^Δ − 1)/Δ = Σ_n Δⁿ/(n+1)! for |Δ| ≤ d ≤ far: ψ within [ψ(−d), ψ(d)], of which
//
//	ψ(d)  ≤ Σ_{n<6} dⁿ/(n+1)! + d⁶/7!·1/(1 − d/8),   ψ(−d) ≥ Σ_{n<6} (−d)ⁿ/(n+1)!
//
// as the rest is at most a geometric series, and alternates with falling terms after a negative one.
func exponential(d float64) (growth, psi number) {
	const terms, factorial7, eight = 6, 5040, 8
	one, x := interval.Exactly(1), interval.Exactly(d)
	upper, lower := one, one
	for n := terms; n > 1; n-- { // 1 + d/2 (1 + d/3 (1 + … d/6))
		share := x.Quo(interval.Exactly(float64(n)))
		upper = one.Add(share.Mul(upper))
		lower = one.Sub(share.Mul(lower))
	}
	x3 := x.Mul(x).Mul(x)
	upper = upper.Add(x3.Mul(x3).Quo(interval.Exactly(factorial7)).Quo(one.Sub(x.Quo(interval.Exactly(eight)))))
	high := one.Add(x.Mul(upper)).Hi
	return number{Lo: one.Quo(interval.Exactly(high)).Lo, Hi: high}, number{Lo: lower.Lo, Hi: upper.Hi}
}
