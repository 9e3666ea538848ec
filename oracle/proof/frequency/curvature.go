package frequency

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// Form encloses D²[V, V] = Σ_labels weight · E[σ′(t + b₀)(xᵀVv + β)²] as a form in symmetric V, and in β where the bias is free: its lower triangle, in the entries
// i ≤ k of gVg, rows first, and β. Beside |V|² + β², whitened, it lacks at most off. Its errors are those of Slope.
type Form struct {
	Rows [][]interval.Interval
	off  *big.Rat
}

// Form encloses the form.
func (p *Place) Form(c *interval.Context, accuracy float64, allow func(work float64) error) (Form, error) {
	r, err := p.plan(accuracy)
	if err != nil {
		return Form{}, err
	}
	const more = 2 // units for each of s⁴ means
	labels, nodes, s := float64(len(p.Labels)), float64(r.nodes), float64(len(p.Gram))
	if err := allow(Work(len(p.Gram), labels, nodes) + more*s*s*s*s*labels*nodes); err != nil {
		return Form{}, err
	}
	basis := symmetricBasis(len(p.Gram))
	n := len(basis)
	if p.Free {
		n++
	}
	sums := make([][]*interval.Sum, n)
	for i := range sums {
		for range i + 1 {
			sums[i] = append(sums[i], c.NewSum())
		}
	}
	for k := range r.nodes {
		omega, weight := r.node(c, k)
		w := p.weighed(c, omega)
		factor := c.Mul(weight, w.omega)
		for i := range p.Labels {
			mass := scaled(c, factor, p.mass(c, w, i))
			four := p.fourth(c, w, i)
			for row, u := range basis {
				for column, v := range basis[:row+1] {
					sums[row][column].Add(real(c, mass, four.square(c, u, v)))
				}
				if p.Free {
					sums[n-1][row].Add(real(c, mass, four.single(c, u)))
				}
			}
			if p.Free {
				sums[n-1][n-1].Add(mass.re)
			}
		}
		if err := c.Err(); err != nil {
			return Form{}, err
		}
	}
	form := Form{Rows: make([][]interval.Interval, n)}
	for i, row := range sums {
		for _, sum := range row {
			form.Rows[i] = append(form.Rows[i], sum.Interval())
		}
	}
	form.off, _ = r.curvature.Upper().Rat(nil)
	return form, c.Err()
}

// real encloses Re xy.
func real(c *interval.Context, x, y number) interval.Interval {
	return c.Sub(c.Mul(x.re, y.re), c.Mul(x.im, y.im))
}

// pairs lists the (i, k) with an entry 1 of a symmetric matrix of the basis.
type pairs [][2]int

// symmetricBasis has E_ii and E_ik + E_ki, i < k. V in it stands for gVg: xᵀVv is then the sum of x_i v_k in the basis W.
func symmetricBasis(s int) (basis []pairs) {
	for i := range s {
		for k := i; k < s; k++ {
			if i == k {
				basis = append(basis, pairs{{i, i}})
			} else {
				basis = append(basis, pairs{{i, k}, {k, i}})
			}
		}
	}
	return basis
}

// fourths are the moments of a label that means of products of four factors are made of.
type fourths struct {
	x, v    []number
	xx, vv  [][]interval.Interval // real covariances
	xv      [][]interval.Interval // the imaginary part of that of x and v, which has no real one
	product [][]number            // E x_i v_k
}

func (p *Place) fourth(c *interval.Context, w weighed, i int) fourths {
	f := fourths{xx: w.spread, xv: w.crossed}
	f.x, f.v = p.means(c, w, i)
	for a, row := range w.spread {
		var scaled []interval.Interval
		var products []number
		for b, entry := range row {
			scaled = append(scaled, c.Mul(c.FromInt(p.Spread), entry))
			product := times(c, f.x[a], f.v[b])
			products = append(products, number{product.re, c.Add(product.im, f.xv[a][b])})
		}
		f.vv, f.product = append(f.vv, scaled), append(f.product, products)
	}
	return f
}

// single encloses E xᵀUv.
func (f fourths) single(c *interval.Context, u pairs) number {
	sum := number{c.FromInt(0), c.FromInt(0)}
	for _, at := range u {
		sum = plus(c, sum, f.product[at[0]][at[1]])
	}
	return sum
}

// square encloses E (xᵀUv)(xᵀVv).
func (f fourths) square(c *interval.Context, u, v pairs) number {
	sum := number{c.FromInt(0), c.FromInt(0)}
	for _, at := range u {
		for _, and := range v {
			sum = plus(c, sum, f.mean(c, at[0], at[1], and[0], and[1]))
		}
	}
	return sum
}

// mean encloses E x_i v_k x_a v_b, by Isserlis' formula about the means:
//
//	E x_i v_k E x_a v_b + xx_ia (v_k v_b + vv_kb) + vv_kb x_i x_a + xv_ib (v_k x_a + xv_ak) + xv_ak x_i v_b.
func (f fourths) mean(c *interval.Context, i, k, a, b int) number {
	sum := times(c, f.product[i][k], f.product[a][b])
	second := times(c, f.v[k], f.v[b])
	second.re = c.Add(second.re, f.vv[k][b])
	sum = plus(c, sum, scaled(c, f.xx[i][a], second))
	sum = plus(c, sum, scaled(c, f.vv[k][b], times(c, f.x[i], f.x[a])))
	mixed := times(c, f.v[k], f.x[a])
	mixed.im = c.Add(mixed.im, f.xv[a][k])
	sum = plus(c, sum, scaled(c, f.xv[i][b], turned(c, mixed)))
	return plus(c, sum, scaled(c, f.xv[a][k], turned(c, times(c, f.x[i], f.v[b]))))
}

// turned is ix.
func turned(c *interval.Context, x number) number { return number{c.Neg(x.im), x.re} }

// Least returns an h ≥ 0 with D²[V, V] ≥ h(|V|² + β²); 0 where that is all that is known. With the midpoints Q of the
// intervals, R the diagonal of the sums of their radii by rows, and G the form |V|² + β², Q − R − (h + off)G is positive definite.
func (l Law) Least(form Form) *big.Rat {
	n := len(form.Rows)
	centre, metric := rational.New(n, n), l.metric(n)
	const bits = 48 // of midpoints: what is left is added to the radius
	for i, row := range form.Rows {
		for j, x := range row {
			if !x.Valid() {
				return new(big.Rat)
			}
			low, _ := x.Lower().Rat(nil)
			high, _ := x.Upper().Rat(nil)
			middle, _ := new(big.Float).SetPrec(bits).SetRat(new(big.Rat).Mul(new(big.Rat).Add(low, high), big.NewRat(1, 2))).Rat(nil)
			radius := larger(new(big.Rat).Sub(high, middle), new(big.Rat).Sub(middle, low))
			if i == j {
				centre[i][i].Add(centre[i][i], middle)
				centre[i][i].Sub(centre[i][i], radius)
				continue
			}
			centre[i][j].Set(middle)
			centre[j][i].Set(middle)
			centre[i][i].Sub(centre[i][i], radius)
			centre[j][j].Sub(centre[j][j], radius)
		}
	}
	centre = centre.Plus(new(big.Rat).Neg(short(form.off, big.ToPositiveInf)), metric)
	high := new(big.Rat)
	for i := range n {
		if quotient := new(big.Rat).Quo(centre[i][i], metric[i][i]); i == 0 || quotient.Cmp(high) < 0 {
			high = quotient
		}
	}
	h := new(big.Rat)
	if high.Sign() <= 0 {
		return h
	}
	const halvings = 40
	for range halvings {
		middle := short(new(big.Rat).Mul(new(big.Rat).Add(h, high), big.NewRat(1, 2)), big.ToZero)
		if rational.Definite(centre.Plus(new(big.Rat).Neg(middle), metric)) {
			h = middle
		} else {
			high = middle
		}
	}
	return h
}

// metric is |V|² + β² of gVg in the basis: tr(g⁻¹V g⁻¹V).
func (l Law) metric(n int) rational.Matrix {
	inverse, basis := rational.Inverse(l.Gram), symmetricBasis(len(l.Gram))
	metric := rational.Identity(n)
	for row, u := range basis {
		for column, v := range basis {
			sum := new(big.Rat)
			for _, at := range u {
				for _, and := range v {
					sum.Add(sum, new(big.Rat).Mul(inverse[at[1]][and[0]], inverse[and[1]][at[0]]))
				}
			}
			metric[row][column] = sum
		}
	}
	return metric
}

func larger(x, y *big.Rat) *big.Rat {
	if x.Cmp(y) > 0 {
		return x
	}
	return y
}

// short rounds x to a number of 24 bits.
func short(x *big.Rat, mode big.RoundingMode) *big.Rat {
	const bits = 24
	r, _ := new(big.Float).SetPrec(bits).SetMode(mode).SetRat(x).Rat(nil)
	return r
}
