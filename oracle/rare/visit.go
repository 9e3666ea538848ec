package rare

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Visit samples what a group of components that are out of the softmax under
// component j change in its averages, by points about their design point. With p the
// softmax over the kept and all visited components, pᴬ that over the kept ones,
//
//	Σ_k p_k ν_k = Σ_{l∈A} pᴬ_l ν_l + Σ_groups Σ_{k∈group} p_k (ν_k − Σ_l pᴬ_l ν_l):
//
// the components themselves are a partition of unity, so that each group has points of its
// own, t = t* + Qz with Q orthogonal, its first column along t*, and z ∼ N(0, I), weighed by
// e^{−t*ᵀt + |t*|²/2}. Weighed so, p_k is at most its value at the design point: no point can
// count for more.
type Visit struct {
	weight   float64 // w_j
	j        int
	group    []int
	kept     seen // the softmax over A
	softmax  seen // that over A and V
	point    []float64
	distance float64 // |t*|
	mirror   []float64
	sign     float64
}

// together is how far apart design points may be to share their points: those of copies coincide,
// and a shift by ½ costs a factor e^{1/4} in variance.
const together = 0.5

// visits groups the visited components, those whose design points are close.
func (p part) visits(kept, visited []bool) []Visit {
	present := make([]bool, len(visited))
	for k := range present {
		present[k] = kept[k] || visited[k]
	}
	softmax, rest := p.seen().over(present), p.seen().over(kept)
	var out []Visit
	for k, is := range visited {
		if !is {
			continue
		}
		point, _ := p.about(chances{[]choice{{softmax, k}}, 1}).designPoint()
		near := slices.IndexFunc(out, func(v Visit) bool { return distance(v.point, point) <= together })
		if near >= 0 {
			out[near].group = append(out[near].group, k)
			continue
		}
		mirror, sign := turnTo(point)
		out = append(out, Visit{weight: p.Weight[p.j], j: p.j, group: []int{k}, kept: rest, softmax: softmax,
			point: point, distance: length(point), mirror: mirror, sign: sign})
	}
	return out
}

// turnTo returns the unit vector v and the sign σ for which σ(I − 2vvᵀ) takes the first
// coordinate vector to the direction of t, without cancellation.
func turnTo(t []float64) (mirror []float64, sign float64) {
	mirror = make([]float64, len(t))
	mirror[0], sign = 1, -1
	size := length(t)
	if size == 0 {
		return mirror, sign
	}
	if t[0] < 0 {
		sign = 1
	}
	addScaled(mirror, -sign/size, t)
	return scaled(1/length(mirror), mirror), sign
}

// Add adds to the averages E_j p_k, p[j][k], and Σ_j w_j E_j t_i p_k, tp[i][k], what the
// group changes in them, averaged over the points ±z, n×q.
func (v Visit) Add(z, p, tp *mat.Dense) {
	n, q := z.Dims()
	t, shares, others := make([]float64, q), make([]float64, len(v.softmax.offset)), make([]float64, len(v.softmax.offset))
	own := p.RawRowView(v.j)
	take := func(k int, x float64) {
		own[k] += x
		for i, at := range t {
			tp.Set(i, k, tp.At(i, k)+v.weight*x*at)
		}
	}
	for i := range n {
		row := z.RawRowView(i)
		for _, sign := range []float64{1, -1} {
			across := 2 * dot(v.mirror, row)
			for c, x := range row {
				t[c] = v.point[c] + sign*v.sign*(x-across*v.mirror[c])
			}
			v.softmax.shares(shares, t)
			// t*ᵀt − |t*|²/2 = |t*|z₁ + |t*|²/2
			density := math.Exp(-v.distance*(sign*row[0]+v.distance/2)) / float64(2*n)
			var group float64
			for _, k := range v.group {
				group += density * shares[k]
			}
			if group == 0 {
				continue
			}
			for _, k := range v.group {
				take(k, density*shares[k])
			}
			v.kept.shares(others, t) // not from shares, where they may have vanished
			for l, x := range others {
				if x > 0 {
					take(l, -group*x)
				}
			}
		}
	}
}
