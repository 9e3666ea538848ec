package enclosure

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// ErrGrid says that the trapezoidal rule would need too many nodes, or
// exponents that overflow.
var ErrGrid = errors.New("oracle: the expectations need too many points to be bounded")

// grid is a tensor trapezoidal rule for ∫ g(t) φ(t) dt over R^q, φ the standard
// normal density: t_i = n h_i with |n| ≤ half_i.
type grid struct {
	step []float64
	half []int
	// bound of the error of Σ_j w_j ∫ |…|_* for the vector-valued integrands of
	// LogPartition; see planGrid.
	bound float64
}

// nodes returns the number of nodes.
func (g grid) nodes() float64 {
	n := 1.0
	for _, half := range g.half {
		n *= float64(2*half + 1)
	}
	return n
}

func (g grid) String() string {
	if len(g.step) == 0 {
		return "exact"
	}
	parts := make([]string, len(g.step))
	for i := range g.step {
		parts[i] = fmt.Sprintf("%d (h = %.3g)", 2*g.half[i]+1, g.step[i])
	}
	return "trapezoidal " + strings.Join(parts, " × ")
}

// integrand is what planGrid needs to know of g_j(t) = (μ_j + Rt) v_j(t)ᵀ,
// v_j = Σ_{k≠j} p_k(t) (ν_k − ν_j), under component j of weight w_j.
type integrand struct {
	weight []float64 // w_j
	length []float64 // |μ_j|_*
	reach  []float64 // max_k |ν_k − ν_j|_*
	ranges []float64 // D_i, the range of the logits' slopes along direction i
}

// planGrid chooses the coarsest rule found whose error bound is at most
// tolerance, within the limit of nodes, or ErrGrid.
//
// In t_i, the other coordinates real, g_j is analytic for |Im t_i| < π/D_i, and
// for |Im t_i| ≤ a ≤ π/(2D_i) the phases of the K exponentials lie within a
// right angle, so Σ_k|p_k| ≤ √2. With |φ(t + ib)| = φ(t)e^{b²/2} and
// |μ_j + R(t + ib e_i)|_* ≤ |μ_j|_* + |t| + a,
//
//	N_i = Σ_j w_j √2 reach_j (|μ_j|_* + √q + a) e^{a²/2}
//
// bounds ∫|g| along every line of the strip, and the step h_i errs by at most
// 2N_i/(e^{2πa/h_i} − 1) (Trefethen and Weideman, SIAM Review 56 (2014), theorem
// 5.1). Leaving out |t_i| > T errs by at most
//
//	Σ_j w_j reach_j [(|μ_j|_* + √q) P(|t| > T) + 2φ(T)],
//
// as φ and tφ decrease there. Coordinates are replaced one after the other, the
// earlier summed, the later integrated; a sum over the grid instead of an
// integral multiplies mass and second moment by at most 1 + aliasing(h).
func planGrid(in integrand, tolerance float64, limit float64) (grid, error) {
	q := len(in.ranges)
	g := grid{step: make([]float64, q), half: make([]int, q)}
	share := tolerance / float64(2*max(q, 1))
	for i := range q {
		h, strip := in.chooseStep(i, share)
		t, tail := in.chooseTail(h, share)
		g.step[i] = h
		g.half[i] = int(math.Ceil(t / h))
		g.bound += strip + tail
	}
	if !(g.nodes() <= limit) {
		return grid{}, fmt.Errorf("%w: %.2g points in %d directions", ErrGrid, g.nodes(), q)
	}
	return g, nil
}

// widestStep keeps aliasing small enough for the bounds above; nearly constant
// integrands would allow wider ones.
const widestStep = 1.4

// chooseStep halves the step gently until the strip bound meets its share.
func (in integrand) chooseStep(i int, share float64) (h, bound float64) {
	const gently = 0.93
	for h = widestStep; ; h *= gently {
		a := 2 * math.Pi / h
		if d := in.ranges[i]; d > 0 {
			a = min(a, math.Pi/(2*d))
		}
		q := float64(len(in.ranges))
		var n float64
		for j, w := range in.weight {
			n += w * math.Sqrt2 * in.reach[j] * (in.length[j] + math.Sqrt(q*in.inflation()) + a)
		}
		n *= in.inflation()
		bound = 2 * n * math.Exp(a*a/2) / math.Expm1(2*math.Pi*a/h)
		if bound <= share || h < narrowestStep {
			return h, bound
		}
	}
}

// narrowestStep ends the search; planGrid then refuses the cost.
const narrowestStep = 1e-6

// chooseTail lengthens T until the tail bound meets its share.
func (in integrand) chooseTail(h, share float64) (t, bound float64) {
	const longest = 12 // P(|t| > 12) is below 1e-32
	q := float64(len(in.ranges))
	for t = 2; ; t += h {
		mass := math.Erfc(t / math.Sqrt2)
		first := 2 * math.Exp(-t*t/2) / math.Sqrt(2*math.Pi)
		bound = 0
		for j, w := range in.weight {
			bound += w * in.reach[j] * ((in.length[j]+math.Sqrt(q*in.inflation()))*mass + first)
		}
		bound *= in.inflation()
		if bound <= share || t > longest {
			return t, bound
		}
	}
}

// inflation bounds the product over coordinates of 1 + aliasing(h) at h = widestStep.
func (in integrand) inflation() float64 {
	return math.Pow(1+aliasing(widestStep), float64(len(in.ranges)))
}

// aliasing bounds |Σ_n h φ(nh) − 1| and |Σ_n h (nh)² φ(nh) − 1|, by Poisson's
// formula 2 Σ_{n≥1} max(1, ω² − 1) e^{−ω²/2}, ω = 2πn/h.
func aliasing(h float64) float64 {
	var sum float64
	for n := 1; n <= 3; n++ {
		omega := 2 * math.Pi * float64(n) / h
		sum += 2 * max(1, omega*omega) * math.Exp(-omega*omega/2)
	}
	return sum
}

// tabulation holds what the nodes of a grid have in common for every component: one
// row a node and coordinate.
type tabulation struct {
	grid
	k       int
	factors [][]float64 // q tables of rows exp(slope_k t), K long
	density [][]float64 // q tables of h φ(t)
}

// tabulate tables the exponentials of slopes, q×K. It fails where products of
// them would leave float64's range.
func (g grid) tabulate(slope [][]float64, k int) (*tabulation, error) {
	t := &tabulation{grid: g, k: k}
	exponent := 0.0
	for i, row := range slope {
		exponent += max(slices.Max(row), -slices.Min(row)) * g.step[i] * float64(g.half[i])
	}
	const safeExponent = 300
	if !(exponent < safeExponent) {
		return nil, fmt.Errorf("%w: logits of size %.3g", ErrGrid, exponent)
	}
	for i, row := range slope {
		nodes := 2*g.half[i] + 1
		factors, density := make([]float64, 0, nodes*k), make([]float64, nodes)
		for n := range nodes {
			x := g.node(i, n)
			density[n] = g.step[i] * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
			for _, s := range row {
				factors = append(factors, math.Exp(s*x))
			}
		}
		t.factors, t.density = append(t.factors, factors), append(t.density, density)
	}
	return t, nil
}

// node is the n-th node along coordinate i, counted from 0.
func (g grid) node(i, n int) float64 { return float64(n-g.half[i]) * g.step[i] }

// softmaxSums integrates the softmax p_k(t) ∝ exp(offset_k + slope_kᵀt) against
// φ by the grid: p[k] ≈ E p_k and tp[i*K+k] ≈ E t_i p_k.
//
// Sums are nested, one level a coordinate, so that their rounding grows with
// the number of nodes a coordinate only.
func (t *tabulation) softmaxSums(offset []float64) (p, tp []float64, err error) {
	k, q := t.k, len(t.step)
	largest := slices.Max(offset)
	if math.IsInf(largest, 0) || math.IsNaN(largest) {
		return nil, nil, fmt.Errorf("%w: logits that are not finite", ErrGrid)
	}
	// sums[depth] is p and then the t_i p of the coordinates from depth on.
	sums := make([][]float64, q+1)
	exps := make([][]float64, q+1)
	for depth := range sums {
		sums[depth] = make([]float64, (1+q-depth)*k)
		exps[depth] = make([]float64, k)
	}
	for j, o := range offset {
		exps[0][j] = math.Exp(o - largest)
	}
	t.descend(0, exps, sums)
	return sums[0][:k], sums[0][k:], nil
}

// descend integrates over the coordinates from depth on.
func (t *tabulation) descend(depth int, exps, sums [][]float64) {
	k, own := t.k, sums[depth]
	if depth == len(t.step) {
		normalise(exps[depth], own)
		return
	}
	clear(own)
	below, child := exps[depth+1], sums[depth+1]
	for n, w := range t.density[depth] {
		factors := t.factors[depth][n*k:][:k]
		for j, e := range exps[depth] {
			below[j] = e * factors[j]
		}
		t.descend(depth+1, exps, sums)
		wt := w * t.node(depth, n)
		for j, x := range child[:k] {
			own[j] += w * x
			own[k+j] += wt * x
		}
		for j, x := range child[k:] {
			own[2*k+j] += w * x
		}
	}
}

func normalise(e, p []float64) {
	var sum float64
	for _, x := range e {
		sum += x
	}
	for j, x := range e {
		p[j] = x / sum
	}
}
