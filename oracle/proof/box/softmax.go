package box

import (
	"contrastcheck/oracle/interval"
)

// softmax is p_k(x) ∝ w_k exp(xᵀNb_k), x in s dimensions, as jets: given component j, the logit of k beside that of the first component is
//
//	log(w_k/w_0) + b_jᵀN(b_k − b_0) + Σ_i σ_ki t_i,   t ∼ N(0, I_q).
type softmax struct {
	symbols int
	start   [][]number   // K×K: e to the logit at t = 0, given j, of the fixed numbers of the jets
	moves   [][][]number // K×K: slopes of the logit at t = 0; nil of a constant
	sigma   matrix       // K×q
}

// newSoftmax has q = s, σ_k = RᵀN(b_k − b_0) with g = RRᵀ, if there are enough components; otherwise q = K−1 and σσᵀ is the covariance of the contrasts.
func newSoftmax(c *interval.Context, l law, n matrix) softmax {
	k, s := len(l.b), len(l.g)
	contrasts := make(matrix, k)
	for i, row := range l.b {
		contrasts[i] = minusRows(row, l.b[0])
	}
	images := contrasts.times(n) // N(b_k − b_0), as rows
	x := softmax{symbols: l.symbols, start: make([][]number, k), moves: make([][][]number, k)}
	if s <= k-1 {
		x.sigma = images.times(l.g.cholesky())
	} else {
		x.sigma = newMatrix(k, k-1)
		if k > 1 {
			r := images[1:].times(l.g).times(images[1:].transposed()).cholesky()
			copy(x.sigma[1:], r)
		}
	}
	bias := l.b.times(images.transposed())
	logs := make([][]number, k)
	for i, w := range l.weights {
		logs[i] = w.logSlopes()
	}
	for j := range k {
		x.start[j], x.moves[j] = make([]number, k), make([][]number, k)
		x.start[j][0] = interval.Exactly(1)
		for i := 1; i < k; i++ {
			odds := l.weights[i].mid.Quo(l.weights[0].mid)
			x.start[j][i] = odds.Mul(c.Exp(c.FromDouble(bias[j][i].mid)).Double())
			x.moves[j][i] = difference(sum(bias[j][i].slopes, logs[i]), logs[0])
		}
	}
	return x
}

// sum adds slopes, of which nil are 0.
func sum(x, y []number) []number {
	switch {
	case x == nil:
		return y
	case y == nil:
		return x
	}
	out := make([]number, len(x))
	for i := range x {
		out[i] = x[i].Add(y[i])
	}
	return out
}

func difference(x, y []number) []number {
	if y == nil {
		return x
	}
	negative := make([]number, len(y))
	for i := range y {
		negative[i] = y[i].Neg()
	}
	return sum(x, negative)
}

// ranges encloses max_k σ_ki − min_k σ_ki over the piece: they are no wider than its upper end.
func (x softmax) ranges() []number {
	out := make([]number, len(x.sigma[0]))
	for i := range out {
		for k := range x.sigma {
			for l := range k {
				out[i].Hi = max(out[i].Hi, x.sigma[k][i].minus(x.sigma[l][i]).all.Magnitude())
			}
		}
	}
	return out
}

// moments are E_j p_k, K rows of K, and E_x p_k p_l = Σ_j w_j E_j p_k p_l, of which k < l are set.
type moments struct {
	shares   matrix
	products matrix
}

// moments sums the rule over the piece. The slopes of a sum are sums of slopes; what the rule errs by counts as one more symbol, the last, of which the slope is [−error, error].
func (x softmax) moments(c *interval.Context, r rule, l law) moments {
	k, q := len(x.start), len(r.axes)
	tables := make([][][]number, q) // axis, component, node
	for a, axis := range r.axes {
		tables[a] = make([][]number, k)
		for i := range k {
			tables[a][i] = powers(c, x.sigma[i][a].mid.Mul(interval.Exactly(axis.step)), axis.half)
		}
	}
	sums := make([]*nodeSums, k)
	for j := range sums {
		sums[j] = newNodeSums(k, x.symbols)
	}
	n := newNode(k, x.symbols)
	place := make([]int, q)
	for {
		x.prepare(n, r, tables, place)
		for j := range k {
			x.given(n, j)
			sums[j].add(n)
		}
		if !advance(place, r.axes) {
			break
		}
	}
	out := moments{shares: newMatrix(k, k), products: newMatrix(k, k)}
	for j, s := range sums {
		for i := range k {
			out.shares[j][i] = s.shares[i].jet(r.error)
			for m := i + 1; m < k; m++ {
				given := s.products[i][m].jet(r.error)
				out.products[i][m] = out.products[i][m].plus(l.weights[j].times(given))
			}
		}
	}
	return out
}

// advance goes to the next node; false after the last.
func advance(place []int, axes []axis) bool {
	for a := range place {
		if place[a]++; place[a] <= 2*axes[a].half {
			return true
		}
		place[a] = 0
	}
	return false
}

// partial is a sum over nodes so far.
type partial struct {
	mid    number
	slopes []number
}

var unit = number{Lo: 0, Hi: 1}

// jet is the sum, with the rule's error as the last symbol.
func (p partial) jet(err float64) jet {
	slopes := append([]number{}, p.slopes...)
	last := len(slopes) - 1
	slopes[last] = slopes[last].Add(interval.Symmetric(err))
	return jet{mid: p.mid, slopes: slopes}.within(unit) // an average of numbers in [0, 1]
}

type nodeSums struct {
	shares   []partial
	products [][]partial
}

func newNodeSums(k, symbols int) *nodeSums {
	s := &nodeSums{shares: newPartials(k, symbols)}
	for range k {
		s.products = append(s.products, newPartials(k, symbols))
	}
	return s
}

func newPartials(k, symbols int) []partial {
	out := make([]partial, k)
	for i := range out {
		out[i].slopes = make([]number, symbols)
	}
	return out
}

// add adds the node's weight times its values and slopes.
func (s *nodeSums) add(n *node) {
	for i := range s.shares {
		n.addTo(&s.shares[i], n.p[i], n.dp[i])
		for m := i + 1; m < len(s.shares); m++ {
			for v := range n.spare { // p_i p_m: p_i(p_m − p_m₀) + (p_i − p_i₀)p_m₀
				n.spare[v] = n.span[i].Mul(n.dp[m][v]).Add(n.dp[i][v].Mul(n.p[m]))
			}
			n.addTo(&s.products[i][m], n.p[i].Mul(n.p[m]), n.spare)
		}
	}
}
