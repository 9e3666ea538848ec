package rare

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
func (p part) hidden(v Visit) float64 {
	var sum float64
	for _, k := range v.group {
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
			if !corner.within(p.reach) {
				sum += p.effect(k, own, other)
			}
		}
	}
	return sum
}
