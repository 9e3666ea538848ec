package rare

import "math"

// hidden bounds what the points of a visit may miss, though they are about the design
// point: where p_k is nearly exponential there, weighed points all count alike, their
// standard error says nothing, and a fall of p_k further out is missed. Weighed, log p_k has the
// gradient Σ_l (p_l(t*) − p_l(t)) slope_l: it changes only where another p_l rises. With y = t − t* the part
// p_k p_l of what is sampled has a variance of its own about the maximum of
//
//	2 log p_k + 2 log p_l − 2t*ᵀy − |y|²/2,
//
// and is seen where that lies within reach of y = 0, which 2|slope_l − Σ p slope| bounds. Otherwise
// it changes the average by ρ_jk E_j[p_k p_l |x|] at most. Where l is kept, p_l is that
// among the kept alone, which is larger and enters by their mean, too.
//
// It is not seen either where too few points count for it. Where r_k itself has too few, all of it may be missed.
func (p part) hidden(v Visit) float64 {
	var sum float64
	counts := p.pilot.around(v)
	for g, k := range v.group {
		if !(counts[g][len(counts[g])-1] >= fewest) {
			sum += p.effect(k, choice{v.softmax, k})
		}
		for l := range v.softmax.offset {
			other := choice{v.softmax, l}
			switch {
			case !absent(v.kept, l):
				other.seen = v.kept
			case absent(v.softmax, l):
				continue
			}
			own := choice{v.softmax, k}
			corner := search{chances{[]choice{own, other}, 2}, v.point, scaled(2, v.point), p.left}
			if !p.seesCorner(corner, counts[g][l]) {
				sum += p.effect(k, own, other)
			}
		}
	}
	return sum
}

// seesCorner tells whether points about the start of a search see what it searches, which has so
// many points where its square, relative to that at the start, averages to count per point.
func (p part) seesCorner(corner search, count float64) bool {
	at, gradient := corner.value(corner.chances, corner.start)
	// By strong concavity the maximum is at most e^{|∇|²/2} times what is at the start.
	if size := dot(gradient, gradient); math.Sqrt(size) <= p.reach && count >= fewest*math.Exp(size/2) {
		return true
	}
	t, off := corner.designPoint()
	away := distance(t, corner.start)
	peak, _ := corner.value(corner.chances, t)
	return away+off <= p.reach && count >= fewest*math.Exp(peak-at+away*away/2)
}
