package rare

import "slices"

// hidden bounds what the points of a visit may miss, though they are about the design
// point: where p_k is nearly exponential there, weighed points all count alike, their
// standard error says nothing, and a fall of p_k further out is missed. Weighed, log p_k has the
// gradient Σ_l (p_l(t*) − p_l(t)) slope_l: it changes only where another p_l rises. With y = t − t* the part
// p_k p_l of what is sampled has a variance of its own about the maximum of
//
//	2 log p_k + 2 log p_l − 2t*ᵀy − |y|²/2,
//
// and is seen where that lies within reach of y = 0, which 2|slope_l − Σ p slope| bounds. Otherwise
// it changes the average by ρ_jk w_j E_j[p_k p_l |x|] at most. Where l is kept, p_l is that
// among the kept alone, which is larger and enters by their mean, too.
func (s Softmax) hidden(v Visit, reach float64) float64 {
	var sum float64
	for _, k := range v.group {
		for l := range v.softmax.offset {
			corner := chances{[]choice{{v.softmax, k}, {v.softmax, l}}, 2}
			switch {
			case !absent(v.kept, l):
				corner.of[1].seen = v.kept
			case absent(v.softmax, l):
				continue
			}
			if s.sees(v, corner, reach) {
				continue
			}
			corner.power = 1
			sum += v.weight * slices.Max(s.Between[k]) * s.moment(v.j, corner)
		}
	}
	return sum
}

// sees tells whether points about the design point of a visit, that reach so far, see a
// product of chances.
func (s Softmax) sees(v Visit, c chances, reach float64) bool {
	tilt := scaled(2, v.point)
	_, gradient, _ := c.logarithm(v.point)
	if distance(gradient, tilt) <= reach {
		return true
	}
	t, off := c.designPoint(v.point, tilt)
	return distance(t, v.point)+off <= reach
}
