package box

import (
	"contrastcheck/oracle/interval"
)

// precision is that of the few exponentials that are not computed in float64.
const precision = 64

// gradient encloses the gradient of the loss at N, s×s, over the piece. In coordinates of the subspace, with means b_k, covariance g, C = Σ w_k b_k b_kᵀ and V = E_x Cov_{k∼p(x)}(b_k) = Σ_{k<l} E[p_k p_l](b_k − b_l)(b_k − b_l)ᵀ,
//
//	∇f(N) = −T + sym(gN(g + C + V) + Σ_j w_j b_j m_jᵀ),   m_j = E_j Σ_k p_k b_k,   sym(X) = ½(X + Xᵀ),
//
// as E_j[(x − b_j)p_k] = gE_j∇p_k = gN E_j p_k(b_k − Σ_l p_l b_l), by an integration by parts.
//
// The last symbol of the law is left for the error of the integrals.
func (l law) gradient(n matrix, accuracy uint) (matrix, error) {
	c := interval.NewContext(precision)
	x := newSoftmax(c, l, n)
	r, err := newRule(c, x.ranges(), accuracy)
	if err != nil {
		return nil, err
	}
	if err := l.budget.spend(r.nodes() * float64(len(l.b)*len(l.b)*len(l.b)*l.symbols)); err != nil {
		return nil, err
	}
	m := x.moments(c, r, l)
	if err := c.Err(); err != nil {
		return nil, err
	}
	scatter, anchored, spread := l.zeros(), l.zeros(), l.zeros()
	for j, b := range l.b {
		scatter.addOuter(l.weights[j], b, b)
		average := append([]jet{}, l.b[0]...)
		for k := 1; k < len(l.b); k++ {
			for a, d := range minusRows(l.b[k], l.b[0]) {
				average[a] = average[a].plus(m.shares[j][k].times(d))
			}
		}
		anchored.addOuter(l.weights[j], b, average)
		for k := range j {
			d := minusRows(l.b[k], b)
			spread.addOuter(m.products[k][j], d, d)
		}
	}
	inner := l.g.times(n).times(l.g.plus(scatter).plus(spread)).plus(anchored)
	gradient := inner.symmetrised()
	// T = δC + (1 − δ)μ̄μ̄ᵀ
	mean := l.mean(l.b)
	gradient.subtractOuter(constant(interval.Exactly(1)).minus(l.delta), mean, mean)
	for a, row := range scatter {
		for b, x := range row {
			gradient[a][b] = gradient[a][b].minus(l.delta.times(x))
		}
	}
	return gradient, nil
}

func (l law) zeros() matrix { return newMatrix(len(l.g), len(l.g)) }

func (m matrix) subtractOuter(t jet, x, y []jet) { m.addOuter(t.neg(), x, y) }
