package term

import (
	"contrastcheck/solver/internal/dense"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// tangentFrame is what bounds by tangents need of one side of a loss: W^{−¼}μ_j and
// W^{−¼}R with W the diagonal of the anchors' I + C, and the lengths of the partners in
// their own metric.
type tangentFrame struct {
	anchors    *mat.Dense // m×K
	directions *mat.Dense // m×q
	partners   *mat.Dense // n×K
	widest     float64    // λ = max_i w_i^{−¼}
	own        float64    // h
}

func (a *logPartition) tangentFrame(directions *mat.Dense) *tangentFrame {
	scaled := func(x *mat.Dense, second []float64) *mat.Dense {
		out := mat.DenseCopyOf(x)
		out.Apply(func(i, _ int, x float64) float64 { return x / math.Sqrt(math.Sqrt(second[i])) }, out)
		return out
	}
	return &tangentFrame{anchors: scaled(a.Left.Means, a.Left.Second), directions: scaled(directions, a.Left.Second), partners: scaled(a.centred, a.Right.Second),
		widest: 1 / math.Sqrt(math.Sqrt(floats.Min(a.Left.Second))), own: a.own}
}

// missed bounds ‖E_j[p_k (A_k − A)]‖_d for the means A of A_l, l ∈ kept: with ρ the reach of k, |A_k − A_l| ≤ ρ(|x − 2h y_k| + hρ).
func (f *tangentFrame) missed(k int, kept []int, of rareBound) float64 {
	reach := f.reach(k, kept)
	return reach * (of.moment + f.own*reach*of.mass)
}

// anchor is W^{−¼}(μ_j − 2h y_k): what x is counted from where bounds are for k.
func (f *tangentFrame) anchor(j, k int) []float64 {
	out := mat.Col(nil, j, f.anchors)
	if f.own != 0 {
		floats.AddScaled(out, -2*f.own, mat.Col(nil, k, f.partners))
	}
	return out
}

// reach is ρ_jk = max_{l∈kept} |R^{−¼}(y_k − y_l)|.
func (f *tangentFrame) reach(k int, kept []int) float64 {
	var widest float64
	y := mat.Col(nil, k, f.partners)
	for _, l := range kept {
		off := mat.Col(nil, l, f.partners)
		floats.Sub(off, y)
		widest = max(widest, floats.Norm(off, 2))
	}
	return widest
}

// rareBound bounds what a component k that is seldom seen from j adds.
type rareBound struct {
	mass   float64 // E_j p_k
	moment float64 // a with ‖sym E_j[(x − 2h y_k) p_k bᵀ]‖_d ≤ a·sup|b|
	linear float64 // E_j |vᵀt| p_k for every unit vector v
}

// tangent is p_k(t) ≤ e^{α + gᵀt}, from a point where it touches.
type tangent struct {
	alpha  float64
	g      []float64 // q
	image  []float64 // m, W^{−¼}R g
	length float64   // |g|
}

// boundless bounds nothing.
var boundless = rareBound{mass: 1, moment: math.Inf(1), linear: math.Inf(1)}

// rareBound bounds the averages of p_k, or another rarity in the view v, under component j a priori, from no sample.
// log p_k is concave, so each of its tangents is a bound, p_k ≤ min(1, e^{α + gᵀt}).
// Of two of them, with n = g_0/|g_0|, the first serves for u = nᵀt ≤ u_1 and the second,
// or p_k ≤ 1, beyond. On such a half-line the weight e^{α + gᵀt} turns t ∼ N(0, I)
// into Z·N(g, I), Z = e^{α + |g|²/2}, so that with u ∼ N(nᵀg, 1) there
//
//	P = Z Pr(u ∈ half),   E = Z E[|u|; half],
//
// E_j p_k ≤ Σ P. Further x = μ_j + Rt + z is y + Rn·u + (what is normal and independent of
// u), y = μ_j + R(g − (nᵀg)n). For ‖V‖_F = 1 and |b|_* ≤ ρ, ⟨V, W^{−¼}E_j[x p_k bᵀ]W^{−¼}⟩ ≤ ρ E_j[p_k |VᵀW^{−¼}x|],
// and VᵀW^{−¼}(the normal part) has a mean length of at most λ‖V‖_F, so that
//
//	‖sym E_j[x p_k bᵀ]‖_d ≤ ‖W^{−¼}E_j[x p_k bᵀ]W^{−¼}‖_F ≤ ρ a,   a = Σ (|W^{−¼}y| + λ) P + |W^{−¼}Rn| E.
//
// Of x − 2h y_k the same is true with μ_j − 2h y_k for μ_j. The best of some hundred pairs of tangents about the design point is taken; any
// pair is valid, so nothing rests on how well the design point is known.
func (f *tangentFrame) rareBound(j int, r rarity, v *view, d designPoint) rareBound {
	tangents := f.tangents(r, v, d)
	anchor := f.anchor(j, r[0].k)
	best := boundless
	one := tangent{g: make([]float64, len(d.t)), image: make([]float64, len(anchor))}
	for i, first := range tangents {
		if first.length == 0 {
			continue
		}
		for n, second := range append(tangents[:len(tangents):len(tangents)], one) {
			if n == i {
				continue
			}
			if b := f.pair(anchor, first, second); b.moment < best.moment {
				best = b
			}
		}
	}
	if floats.Norm(d.t, 2) == 0 || math.IsInf(best.moment, 1) { // p_k ≤ 1
		best = rareBound{mass: 1, moment: floats.Norm(anchor, 2) + mat.Norm(f.directions, 2) + f.widest, linear: 1}
	}
	return best
}

// tangents returns those at the design point and about it, along it.
func (f *tangentFrame) tangents(r rarity, v *view, d designPoint) []tangent {
	var out []tangent
	length := floats.Norm(d.t, 2)
	if length == 0 {
		return nil
	}
	least, most := math.Inf(1), math.Inf(-1)
	for _, i := range v.members {
		s := dense.Dot(v.slopes[i], d.t) / length
		least, most = min(least, s), max(most, s)
	}
	at := func(scale float64) {
		t, g := make([]float64, len(d.t)), make([]float64, len(d.t))
		floats.AddScaled(t, scale, d.t)
		log := r.logAt(t, g)
		var image mat.VecDense
		image.MulVec(f.directions, mat.NewVecDense(len(g), g))
		out = append(out, tangent{log - dense.Dot(g, t), g, image.RawVector().Data, floats.Norm(g, 2)})
	}
	at(1)
	for _, z := range []float64{0.3, 0.7, 1.2, 1.8, 2.5, 3.5, 5, 8} {
		if most > least {
			at(1 + z/(most-least)/length)
			at(1 - z/(most-least)/length)
		}
	}
	for _, scale := range []float64{0.25, 0.5, 0.75, 1.25, 1.5} {
		at(scale)
	}
	return out
}

// pair is the bound by the first tangent up to where they meet along its slope, and
// by the second beyond; infinite where they do not meet in that order.
func (f *tangentFrame) pair(anchor []float64, first, second tangent) rareBound {
	along := dense.Dot(second.g, first.g) / first.length
	if !(along < first.length) {
		return boundless
	}
	meet := (second.alpha - first.alpha) / (first.length - along)
	if math.IsNaN(meet) || math.IsInf(meet, 0) {
		return boundless
	}
	size := math.Sqrt(dense.Dot(first.image, first.image)) / first.length // |W^{−¼}Rn|
	var out rareBound
	for i, piece := range []tangent{first, second} {
		centre := []float64{first.length, along}[i]
		x := meet - centre // how far the half-line reaches beyond the middle
		if i == 1 {
			x = -x
		}
		log := piece.alpha + piece.length*piece.length/2 + logNormal(x)
		p := math.Exp(log)
		e := p * (math.Abs(meet) + overshoot(x))
		if i == 0 && meet > 0 && x > -5 { // |u| = u_1 − (u_1 − u) + 2 max(0, −u)
			e = p*(meet-overshoot(x)) + 2*math.Exp(piece.alpha+piece.length*piece.length/2+logNormal(-centre))*overshoot(-centre)
		}
		var square float64
		for a, y := range anchor {
			y += piece.image[a] - centre*first.image[a]/first.length
			square += y * y
		}
		across := math.Sqrt(max(0, piece.length*piece.length-centre*centre))
		out.mass += p
		out.linear += (across+1)*p + e
		out.moment += (math.Sqrt(square)+f.widest)*p + size*e
	}
	if math.IsNaN(out.moment) {
		return boundless
	}
	return out
}

// logNormal returns log Φ(x) for the distribution function Φ of N(0, 1), from above.
func logNormal(x float64) float64 {
	if x > -10 {
		return math.Log(math.Erfc(-x/math.Sqrt2) / 2)
	}
	s := 1 / (x * x)
	return -x*x/2 - math.Log(-x) - math.Log(2*math.Pi)/2 + math.Log1p(-s+3*s*s) // two terms of Mills's series exceed it
}

// overshoot is E[x − u | u ≤ x] for u ∼ N(0, 1), and below −5 a bound of it.
func overshoot(x float64) float64 {
	if x < -5 {
		return -1 / x
	}
	const normal = 0.3989422804014327 // 1/√(2π)
	return x + normal*math.Exp(-x*x/2)/(math.Erfc(-x/math.Sqrt2)/2)
}
