package solver

import (
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// softmaxMoments are the expectations of a softmax that a loss, its gradient
// and its Hessian need, from each component j:
//
//	p[j][k]      = E_j p_k
//	tp[j][i][k]  = E_j t_i p_k
//	cov[j][a][b] = E_j η_a η_b (diag p − p pᵀ), η = (1, t), packed K×K
type softmaxMoments struct {
	p   *mat.Dense     // K×K
	tp  []*mat.Dense   // K times q×K
	cov [][]*mat.Dense // K times (1+q)(2+q)/2 times K×K, index packed(a, b), a ≤ b
}

// packed is the index of the pair a ≤ b in row-major order of the lower triangle.
func packed(a, b int) int {
	if a > b {
		a, b = b, a
	}
	return b*(b+1)/2 + a
}

// integrate evaluates the moments by the rule, whose directions are those of c.
func (c *contrasts) integrate(rule quadrature.Rule) (*softmaxMoments, error) {
	lines, err := c.lines(rule)
	if err != nil {
		return nil, err
	}
	k, q := lines.k, lines.q
	m := &softmaxMoments{p: mat.NewDense(k, k, nil)}
	length := k + k*(k+1)/2 // p_k, then p_k p_l for k ≤ l
	monomials := packed(q, q) + 1
	sums := make([]float64, monomials*length)
	var inner [3][]float64
	for i := range inner {
		inner[i] = make([]float64, length)
	}
	values := make([]float64, length)
	for j := range k {
		clear(sums)
		lines.each(j, func(weight float64, t, e []float64) {
			for i := range inner {
				clear(inner[i])
			}
			nodes := lines.last.Nodes
			for node, x := range nodes {
				lines.softmax(node, e, values[:k])
				index := k
				for a := range k {
					for b := range a + 1 {
						values[index] = values[a] * values[b]
						index++
					}
				}
				w := lines.last.Weights[node]
				for i, value := range values {
					v := w * value
					inner[0][i] += v
					v *= x
					inner[1][i] += v
					inner[2][i] += v * x
				}
			}
			fold(sums, weight, t, inner, q)
		})
		m.store(j, sums, length, k, q)
	}
	return m, nil
}

// fold adds one line's sums over the last direction into the sums of all
// monomials η_a η_b.
func fold(sums []float64, weight float64, t []float64, inner [3][]float64, q int) {
	length := len(inner[0])
	add := func(a, b int, factor float64, from []float64) {
		into := sums[packed(a, b)*length:][:length]
		for i, v := range from {
			into[i] += weight * factor * v
		}
	}
	eta := func(a int) float64 {
		if a == 0 {
			return 1
		}
		return t[a-1]
	}
	for b := range q {
		for a := range b + 1 {
			add(a, b, eta(a)*eta(b), inner[0])
		}
	}
	for a := range q {
		add(a, q, eta(a), inner[1])
	}
	add(q, q, 1, inner[2])
}

func (m *softmaxMoments) store(j int, sums []float64, length, k, q int) {
	tp := mat.NewDense(q, k, nil)
	cov := make([]*mat.Dense, packed(q, q)+1)
	for b := range q + 1 {
		for a := range b + 1 {
			from := sums[packed(a, b)*length:][:length]
			c := mat.NewDense(k, k, nil)
			index := k
			for x := range k {
				for y := range x + 1 {
					c.Set(x, y, -from[index])
					c.Set(y, x, -from[index])
					index++
				}
				c.Set(x, x, from[x]+c.At(x, x))
			}
			cov[packed(a, b)] = c
			switch {
			case b == 0:
				m.p.SetRow(j, from[:k])
			case a == 0:
				tp.SetRow(b-1, from[:k])
			}
		}
	}
	m.tp = append(m.tp, tp)
	m.cov = append(m.cov, cov)
}
