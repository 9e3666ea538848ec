package network

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// rule is a composite Gauss–Legendre rule: its order, the nodes on a panel; how many standard deviations it reaches from the nearest mean; and the width
// of a panel, in standard deviations and in the scale of an activation, which is 1.
type rule struct {
	order        int
	reach, width float64
}

// coarse and fine are the two rules that an error is estimated from. Their panels end at different places.
var coarse, fine = rule{5, 5.5, 2}, rule{7, 6.5, 1.75}

// negligible is the probability below which a node is left out: 10⁵ of them weigh less than what the reach leaves out.
const negligible = 1e-13

// node is a point of preactivations with its probability given each component.
type node struct {
	t     []float64
	given []float64 // K
}

// clear is the part of its trace below which an eigenvalue of a covariance of two preactivations is rounding.
const clear = 1e-11

// nodes integrates over t ∼ N(mean_k, covariance) of h ≤ 2 coordinates, given each k. Panels end at 0 of every coordinate if σ has a kink there. Means must differ in
// the range of the covariance only.
func (r rule) nodes(means [][]float64, covariance *mat.SymDense, kinked bool) []node {
	var eigen mat.EigenSym
	eigen.Factorize(covariance, true)
	values, h := eigen.Values(nil), covariance.SymmetricDim()
	var out []node
	switch trace := mat.Trace(covariance); {
	case trace <= clear*(1+norm(means[0])):
		ones := make([]float64, len(means))
		for k := range ones {
			ones[k] = 1
		}
		return []node{{means[0], ones}}
	case h == 1 || values[0] <= clear*trace:
		var vectors mat.Dense
		eigen.VectorsTo(&vectors)
		out = r.line(means, mat.Col(nil, h-1, &vectors), math.Sqrt(values[h-1]), kinked)
	default:
		out = r.plane(means, covariance, kinked)
	}
	return normalised(out)
}

// line is the rule for t = mean_0 + τe.
func (r rule) line(means [][]float64, e []float64, sd float64, kinked bool) (out []node) {
	centres := make([]float64, len(means))
	var kinks []float64
	for j := range e {
		for k := range means {
			centres[k] += (means[k][j] - means[0][j]) * e[j]
		}
		if kinked && math.Abs(e[j]) > clear {
			kinks = append(kinks, -means[0][j]/e[j])
		}
	}
	r.each(centres, sd, kinks, nil, func(at float64, given []float64) {
		t := slices.Clone(means[0])
		for j := range t {
			t[j] += at * e[j]
		}
		out = append(out, node{t, given})
	})
	return out
}

// plane is the rule for the coordinate that varies more, and then for the other given it and k: t₂ = mean + slope (t₁ − mean) + noise, |slope| ≤ 1. Where that line crosses a kink at t₂ = 0,
// the average over t₂ turns within the deviation of the noise over |slope|: panels there are as narrow, however near to parallel two neurons are.
func (r rule) plane(means [][]float64, c *mat.SymDense, kinked bool) (out []node) {
	i, j := 0, 1
	if c.At(1, 1) > c.At(0, 0) {
		i, j = 1, 0
	}
	slope := c.At(0, 1) / c.At(i, i)
	first, second := math.Sqrt(c.At(i, i)), math.Sqrt(c.At(j, j)-slope*c.At(0, 1))
	var kinks []float64
	var turns []turn
	if kinked {
		kinks = []float64{0}
		for _, m := range means {
			if slope != 0 {
				turns = append(turns, turn{m[i] - m[j]/slope, second / math.Abs(slope)})
			}
		}
	}
	centres := func(f func(mean []float64) float64) (x []float64) {
		for _, m := range means {
			x = append(x, f(m))
		}
		return x
	}
	r.each(centres(func(m []float64) float64 { return m[i] }), first, kinks, turns, func(t1 float64, before []float64) {
		r.each(centres(func(m []float64) float64 { return m[j] + slope*(t1-m[i]) }), second, kinks, nil, func(t2 float64, given []float64) {
			total := 0.0
			for k := range given {
				given[k] *= before[k]
				total += given[k]
			}
			if total > negligible {
				t := make([]float64, 2)
				t[i], t[j] = t1, t2
				out = append(out, node{t, given})
			}
		})
	})
	return out
}

// turn is a place around which an integrand turns within a width.
type turn struct{ at, width float64 }

// each calls f with the nodes of N(centre_k, sd²) and their weights given k. Panels end at kinks, and are as narrow as turns where these are.
func (r rule) each(centres []float64, sd float64, kinks []float64, turns []turn, f func(at float64, given []float64)) {
	low, high := slices.Min(centres)-r.reach*sd, slices.Max(centres)+r.reach*sd
	cuts := append([]float64{low, high}, kinks...)
	for _, t := range turns {
		cuts = append(cuts, t.at-r.reach*t.width, t.at+r.reach*t.width)
	}
	cuts = slices.DeleteFunc(cuts, func(x float64) bool { return x < low || x > high })
	slices.Sort(cuts)
	x, w := legendre(r.order)
	for i := range len(cuts) - 1 {
		scale, middle := min(sd, 1), (cuts[i]+cuts[i+1])/2
		for _, t := range turns {
			if math.Abs(middle-t.at) < r.reach*t.width {
				scale = min(scale, t.width)
			}
		}
		panels := math.Ceil((cuts[i+1] - cuts[i]) / (r.width * scale))
		width := (cuts[i+1] - cuts[i]) / panels
		for n := range int(panels) {
			for q := range x {
				at, total := cuts[i]+(float64(n)+x[q])*width, 0.0
				given := make([]float64, len(centres))
				for k, c := range centres {
					given[k] = w[q] * width / sd * density((at-c)/sd)
					total += given[k]
				}
				if total > negligible {
					f(at, given)
				}
			}
		}
	}
}

// legendre has the nodes and weights of the two rules on [0, 1].
func legendre(n int) (x, w []float64) { return rules[n][0], rules[n][1] }

var rules = map[int][2][]float64{coarse.order: onUnit(coarse.order), fine.order: onUnit(fine.order)}

func onUnit(n int) (rule [2][]float64) {
	rule[0], rule[1] = make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(rule[0], rule[1], 0, 1)
	return rule
}

// normalised makes the probabilities given each component sum to 1.
func normalised(nodes []node) []node {
	sum := make([]float64, len(nodes[0].given))
	for _, n := range nodes {
		for k, p := range n.given {
			sum[k] += p
		}
	}
	for _, n := range nodes {
		for k := range n.given {
			n.given[k] /= sum[k]
		}
	}
	return nodes
}
