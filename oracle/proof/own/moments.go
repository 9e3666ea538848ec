package own

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// moments are E_j p_k, E_j[t p_k] and E_j[ttᵀ p_k].
type moments struct {
	zeroth interval.Interval
	first  []interval.Interval
	second [][]interval.Interval
}

// Place is a law at an M = VNVᵀ, N ⪰ 0, with enclosed integrals.
type Place struct {
	Law
	context *interval.Context
	form    rational.Matrix
	moments [][]moments // j, k
}

// At encloses the integrals at N, with errors of about accuracy, by rules of at most most nodes: Nodes is the error of one that needs more. Others are
// the context's.
func (l Law) At(c *interval.Context, n rational.Matrix, accuracy, most float64) (Place, error) {
	return l.at(c, n, accuracy, most, rule.bound)
}

// near is At without the bound of the rules' errors: for what is to be proved later.
func (l Law) near(c *interval.Context, n rational.Matrix, accuracy, most float64) (Place, error) {
	return l.at(c, n, accuracy, most, func(r rule, _ bounds) (interval.Interval, error) { return r.error, nil })
}

func (l Law) at(c *interval.Context, n rational.Matrix, accuracy, most float64, bound func(rule, bounds) (interval.Interval, error)) (Place, error) {
	p := Place{Law: l, context: c, form: n}
	for j := range l.Weights {
		x := l.softmax(c, n, j)
		b := x.bounds()
		r, err := x.newRule(b, accuracy, most)
		if err != nil {
			return Place{}, err
		}
		if r.error, err = bound(r, b); err != nil {
			return Place{}, err
		}
		p.moments = append(p.moments, x.integrate(r))
	}
	return p, c.Err()
}

// integrate returns the moments of every component k.
func (x softmax) integrate(r rule) []moments {
	c, components, s := x.context, len(x.constant), len(x.start)
	sums := x.nest(r, nil)
	out := make([]moments, components)
	for k := range out {
		// in ξ, and then in t = b + ℓ√D ξ.
		about := func(degrees ...int) interval.Interval {
			var powers [2]int
			for _, i := range degrees {
				powers[i]++
			}
			return c.AddError(sums[powers][k], r.error)
		}
		zeroth := about()
		first, second := make([]interval.Interval, s), make([][]interval.Interval, s)
		shift := make([]interval.Interval, s)
		for a := range s {
			sum := c.NewSum()
			for i := range s {
				sum.AddMul(x.along[a][i], about(i))
			}
			shift[a] = sum.Interval()
			first[a] = c.Add(shift[a], c.Mul(c.FromRat(x.start[a]), zeroth))
		}
		for a := range s {
			second[a] = make([]interval.Interval, s)
			for b := range s {
				sum := c.NewSum()
				for i := range s {
					for l := range s {
						sum.AddMul(c.Mul(x.along[a][i], x.along[b][l]), about(i, l))
					}
				}
				sum.AddMul(c.FromRat(x.start[a]), first[b])
				sum.AddMul(shift[a], c.FromRat(x.start[b]))
				second[a][b] = sum.Interval()
			}
		}
		out[k] = moments{zeroth, first, second}
	}
	return out
}

// nest sums ξ^m p_k over the coordinates after those that are given, for all m of a degree of at most 2 in these: m[i] is the degree of ξ_i. Nested, so
// that rounding grows with the nodes of a coordinate only.
func (x softmax) nest(r rule, given []interval.Interval) map[[2]int][]interval.Interval {
	c, depth := x.context, len(given)
	a, innermost := r.axes[depth], depth == len(r.axes)-1
	var line [][]interval.Interval
	if innermost {
		line = x.line(a, given)
	}
	sums := map[[2]int][]*interval.Sum{}
	for n, node := range a.nodes {
		var inner map[[2]int][]interval.Interval
		if innermost {
			inner = map[[2]int][]interval.Interval{{}: line[n]}
		} else {
			inner = x.nest(r, append(given[:depth:depth], node))
		}
		weight := a.weight[n]
		for degree := range 3 {
			for powers, values := range inner {
				if powers[0]+powers[1]+degree > 2 {
					continue
				}
				powers[depth] = degree
				into, found := sums[powers]
				if !found {
					for range values {
						into = append(into, c.NewSum())
					}
					sums[powers] = into
				}
				for k, v := range values {
					into[k].AddMul(weight, v)
				}
			}
			weight = c.Mul(weight, node)
		}
	}
	out := map[[2]int][]interval.Interval{}
	for powers, row := range sums {
		for _, sum := range row {
			out[powers] = append(out[powers], sum.Interval())
		}
	}
	return out
}

// Slope encloses uᵀ∇f(M)v = −uᵀT_δv + ½(I(u, v) + I(v, u)).
func (p Place) Slope(u, v Direction) interval.Interval {
	c := p.context
	both := c.Add(p.half(u, v), p.half(v, u))
	return c.Sub(c.Ldexp(both, -1), c.FromRat(p.pairMoment(u, v)))
}

// Gamma encloses γ = Vᵀ∇f(M)V, s×s: the derivatives along N.
func (p Place) Gamma() (gamma [][]interval.Interval) {
	s := p.dimension()
	for a := range s {
		row := make([]interval.Interval, s)
		for b := range s {
			if b < a {
				row[b] = gamma[b][a]
				continue
			}
			row[b] = p.Slope(p.Inside(rational.Unit(s, a)), p.Inside(rational.Unit(s, b)))
		}
		gamma = append(gamma, row)
	}
	return gamma
}

// half encloses I(u, v) = E_x[uᵀx Σ_k p_k (vᵀμ_k + vᵀΣ_kMx)] = Σ_jk w_j E_j[(c_j + e_jᵀt) p_k (vᵀμ_k + (NVᵀΣ_kv)ᵀt)], where
//
//	E_j[uᵀx | t] = c_j + e_jᵀt,   e_j = G_j⁻¹VᵀΣ_ju,   c_j = uᵀμ_j − e_jᵀb_j.
func (p Place) half(u, v Direction) interval.Interval {
	c, total := p.context, p.context.NewSum()
	for j, w := range p.Weights {
		along := rational.Inverse(p.Spreads[j]).Apply(u.Cross[j])
		constant := new(big.Rat).Sub(u.Mean[j], rational.Dot(along, p.Means[j]))
		sum := c.NewSum()
		for k, m := range p.moments[j] {
			across := p.form.Apply(v.Cross[k])
			add := func(x, y *big.Rat, moment interval.Interval) {
				sum.AddMul(c.FromRat(new(big.Rat).Mul(x, y)), moment)
			}
			add(constant, v.Mean[k], m.zeroth)
			for a := range along {
				add(constant, across[a], m.first[a])
				add(along[a], v.Mean[k], m.first[a])
				for b := range across {
					add(along[a], across[b], m.second[a][b])
				}
			}
		}
		total.AddMul(c.FromRat(w), sum.Interval())
	}
	return total.Interval()
}
