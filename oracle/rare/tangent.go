package rare

import "math"

// tangent is the bound p_k(t) ≤ e^{height + slopeᵀt} by the tangent of log p_k, or of the
// logarithm of a product of such, at a point.
type tangent struct {
	height float64
	slope  []float64
	steep  float64 // |slope|
}

// flat is the bound p_k ≤ 1.
func flat(q int) tangent { return tangent{slope: make([]float64, q)} }

// tangentAt is the tangent of the logarithm at t.
func (c chances) tangentAt(t []float64) tangent {
	value, g, size := c.logarithm(t)
	operations := 8.0
	for _, x := range c.of {
		operations += float64(len(t) + len(x.offset) + 8)
	}
	rounding := 8 * operations * unitRoundoff * (size + length(g)*length(t))
	return tangent{value - dot(g, t) + rounding, g, length(g)}
}

// unitRoundoff is 2^-53.
const unitRoundoff = 0x1p-53

// bounds are upper bounds of averages under one component.
type bounds struct {
	mass float64 // E p_k
	// moment bounds ‖E[x p_k bᵀ]‖_d for every b(t) with |b|_* ≤ 1; see Plan.Bound.
	moment float64
}

// place is where a component's points are, in the norm |v|_* = |W^−¼v| of a view.
type place struct {
	mean  []float64   // m, W^−¼μ_j
	along [][]float64 // m×q, W^−¼R
	noise float64     // max W^−¼
}

// bound bounds averages with a product of chances in the place of p_k, by the best pair of
// tangents tried: at points about the design point t.
func (c chances) bound(t []float64, at place) bounds {
	first, second := c.tangents(t)
	best := bounds{math.Inf(1), math.Inf(1)}
	for _, a := range first {
		if a.steep == 0 {
			continue
		}
		for _, b := range second {
			x := at.between(a, b)
			best.mass, best.moment = lesser(best.mass, x.mass), lesser(best.moment, x.moment)
		}
	}
	best.mass = min(1, best.mass)
	return best
}

func lesser(a, b float64) float64 {
	if b < a { // not where b is NaN, as where a tangent overflows
		return b
	}
	return a
}

// tangents returns those to try on this side of the design point and beyond it.
func (c chances) tangents(t []float64) (first, second []tangent) {
	second = []tangent{flat(len(t))}
	size := length(t)
	if size == 0 {
		return []tangent{c.tangentAt(t)}, second
	}
	least, most := math.Inf(1), math.Inf(-1)
	for _, x := range c.of {
		for l := range x.offset {
			if !absent(x.seen, l) {
				along := dot(x.slope[l], t) / size
				least, most = min(least, along), max(most, along)
			}
		}
	}
	width := 1.0
	if most > least {
		width = 1 / (most - least)
	}
	try := func(factor float64, beyond bool) {
		a := c.tangentAt(scaled(factor, t))
		first = append(first, a)
		if beyond {
			second = append(second, a)
		}
	}
	for _, z := range []float64{0, .3, .7, 1.2, 1.8, 2.5, 3.5, 5, 8} {
		try(1+z*width/size, true)
		if z > 0 {
			try(1-z*width/size, false)
		}
	}
	for _, factor := range []float64{.25, .5, .75, 1.25, 1.5} {
		try(factor, factor > 1)
	}
	return first, second
}

// between bounds averages with min(e^{a}, e^{b}): by a up to where they meet along a's
// slope, and by b beyond. With n the direction of a's slope, u = nᵀt, a tangent (α, g) on
// an interval I of u gives Z = e^{α + |g|²/2}, u ∼ N(gᵀn, 1), and
//
//	E p_k ≤ Σ P,   P = Z P(u ∈ I),
//	‖E[x p_k bᵀ]‖_d ≤ Σ (|y|_* + noise) P + |Rn|_* E,   E = Z E[|u|; I],   y = μ_j + R(g − (gᵀn)n),
//
// as what of x is orthogonal to n and left of y has covariance at most I.
func (at place) between(a, b tangent) bounds {
	n := scaled(1/a.steep, a.slope)
	reach := 0.0
	for _, row := range at.along {
		reach = math.Hypot(reach, dot(row, n))
	}
	along := dot(b.slope, n)
	if !(a.steep > along) {
		return bounds{math.Inf(1), math.Inf(1)}
	}
	meet := (b.height - a.height) / (a.steep - along)
	mass, moment := below(a.height+a.steep*a.steep/2, a.steep, meet)
	out := bounds{mass, (length(at.mean)+at.noise)*mass + reach*moment}
	mass, moment = below(b.height+b.steep*b.steep/2, -along, -meet)
	across := scaled(1, b.slope)
	addScaled(across, -along, n)
	var y float64
	for i, row := range at.along {
		y = math.Hypot(y, at.mean[i]+dot(row, across))
	}
	out.mass += mass
	out.moment += (y+at.noise)*mass + reach*moment
	rounded := math.Exp(16 * unitRoundoff * (math.Abs(a.height) + a.steep*a.steep + math.Abs(b.height) + b.steep*b.steep)) // of the exponents
	return bounds{rounded * out.mass, rounded * out.moment}
}
