package enclosure

import (
	"math"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Entries is a gradient with bounds of the errors of its entries, and Spread = Σ_j w_j E_j Cov_p(μ, μ), an estimate.
type Entries struct {
	Matrix, Off, Spread *mat.Dense
	Rule                string
}

// GradedInfoNCE returns the gradient of the InfoNCE loss at a symmetric M, s×s, entry by entry, with errors that shrink as the coordinates do. Under component j, where
// x = μ_j + τ and s_k = Mμ_k, Stein's lemma turns the part of x that varies into the softmax's second moments:
//
//	E_j[x_i Σ_k p_k (μ_k − μ_j)_b] = Σ_k (μ_ji E_jp_k + Σ_l E_j[p_kp_l] (s_k − s_l)_i) (μ_k − μ_j)_b.                                  (1)
//
// With a bound π of |E_j Σ_kl β_kγ_l (error of p_kp_l)|, |β|, |γ| ≤ 1, which holds for those of p_k, too, c_i the length of coordinate i and e_i its error, ρ_i and σ_i the ranges of μ_k and s_k along
// it, which are increased by theirs, the errors of (1) are at most
//
//	(c_i + σ_i) π ρ_b                 of the softmax, as |s_k − s_l| splits in two about the middle of its range;
//	(e_i + 2(|M|e)_i) ρ_b             of μ_j and of s, by less than e and (|M|e) each way;
//	(c_i + σ_i) 2e_b                  of the contrasts,
//
// beside rounding. π consists of
//
//	the rule's error, as Σ|p_k| ≤ √2 in the strip of planGrid makes Σ|p_kp_l| ≤ 2 there, less than what it allows with length and reach 1;
//	4 relative errors of a p_k;
//	r, the root mean square of the range of the logits' errors (lemma 2 of LogPartition, twice: p_kp_l moves by p_k's and p_l's parts), from
//	  the directions R of the rule: √2(‖s − R slopes‖_F + ‖slopes‖_F‖RᵀR − I‖_F);
//	  the means: Σ_i e_i (σ_i + 2(|M|c)_i + 2‖M_i‖).
//
// The constant part, WM + (1−δ)B, is off by less than 2(e_ac_b + c_ae_b)(|M|) and 4(1−δ)(e_aρ_b + ρ_ae_b), beside rounding.
func GradedInfoNCE(g *whitened.Graded, m *mat.Dense, delta, tolerance float64, work *Budget) (Entries, error) {
	k := len(g.Weights)
	l := NewLogPartition(g.Mixture, g.Mixture, m, delta, nil)
	s := l.softmax(tolerance / 100)
	rule, err := planGrid(integrand{weight: []float64{1}, length: []float64{1}, reach: []float64{1}, ranges: s.ranges}, tolerance, work.nodes(costliest, k)/float64(8*k*k))
	if err != nil {
		return Entries{}, err
	}
	work.spend(serial * rule.nodes() * float64(2*k*k*k))
	nodes, err := rule.tabulate(s.slope, k)
	if err != nil {
		return Entries{}, err
	}
	n := len(g.W)
	out, spread, pulled := new(mat.Dense), mat.NewDense(n, n, nil), new(mat.Dense)
	out.Mul(g.SecondMoment(), m)
	pulled.Mul(m, g.Centred())
	centred := g.Centred()
	for j, w := range g.Weights {
		dense.AddOuter(out, w*(1-delta), centred, centred, j)
		first, second := nodes.softmaxProducts(s.offset[j])
		for a := range n {
			for c := range k {
				x := g.Means.At(a, j) * first[c]
				var y float64
				for other := range k {
					p := second[c*k+other]
					x += p * (pulled.At(a, c) - pulled.At(a, other))
					y += p * (g.Means.At(a, c) - g.Means.At(a, other))
				}
				for b := range n {
					contrast := g.Means.At(b, c) - g.Means.At(b, j)
					out.Set(a, b, out.At(a, b)+w*x*contrast)
					spread.Set(a, b, spread.At(a, b)+w*y*contrast)
				}
			}
		}
	}
	return Entries{dense.Symmetric(out), l.entryErrors(g, s, rule, pulled), dense.Symmetric(spread), rule.String()}, nil
}

// entryErrors bounds the errors of the entries; pulled has the s_k, less a vector that all have in common.
func (l LogPartition) entryErrors(g *whitened.Graded, s softmax, rule grid, pulled *mat.Dense) *mat.Dense {
	n, k := g.Means.Dims()
	sizes := dense.Absolute(l.m)
	offM, lengthM := times(sizes, g.Errors), times(sizes, g.Lengths)
	contrast, slope := ranges(g.Means), ranges(pulled)
	operations := float64(8*n + 8*k + 32)
	roundoff := operations * dense.Roundoff
	moved := math.Sqrt2 * s.missed(pulled)
	for i, e := range g.Errors {
		contrast[i] += 2 * e
		slope[i] += 2*offM[i] + 4*roundoff*lengthM[i]
		moved += e * (slope[i] + 2*lengthM[i] + 2*mat.Norm(l.m.RowView(i), 2))
	}
	logit := float64(2*n+len(s.ranges)+8) * (1 + l.pullSize() + s.exponent(rule))
	pi := rule.bound + 4*s.relativeError(rule, logit) + moved
	var fixed mat.Dense
	fixed.Mul(g.Magnitude(), sizes)
	offsets := g.Offsets()
	for j, w := range g.Weights {
		dense.AddOuter(&fixed, w*(1-l.delta), offsets, offsets, j)
	}
	out := mat.NewDense(n, n, nil)
	for a := range n {
		for b := range n {
			along := g.Lengths[a] + g.Errors[a] + slope[a]
			off := along*(pi+2*roundoff)*contrast[b] + (g.Errors[a]+2*offM[a])*contrast[b] + along*2*g.Errors[b]
			off += 2*(g.Errors[a]*lengthM[b]+g.Lengths[a]*offM[b]) + 4*(1-l.delta)*(g.Errors[a]*contrast[b]+contrast[a]*g.Errors[b])
			out.Set(a, b, off+2*roundoff*fixed.At(a, b)+2*roundoff*along*contrast[b])
		}
	}
	return dense.Symmetric(out)
}

// missed is ‖s − R slopes‖_F, less what all s_k have in common, and ‖slopes‖_F‖RᵀR − I‖_F, with their rounding.
func (s softmax) missed(pulled *mat.Dense) float64 {
	n, k := pulled.Dims()
	rest := mat.DenseCopyOf(pulled)
	var slopes, defect float64
	if q := len(s.slope); q > 0 {
		for i := range n {
			for c := range k {
				for at := range q {
					rest.Set(i, c, rest.At(i, c)-s.directions.At(i, at)*s.slope[at][c])
				}
			}
		}
		for _, row := range s.slope {
			for _, x := range row {
				slopes = math.Hypot(slopes, x)
			}
		}
		var square mat.Dense
		square.Mul(s.directions.T(), s.directions)
		square.Sub(&square, dense.Identity(q))
		defect = mat.Norm(&square, 2) + float64(4*n*q)*dense.Roundoff
	}
	for i := range n {
		row := rest.RawRowView(i)
		var mean float64
		for _, x := range row {
			mean += x / float64(k)
		}
		for c := range row {
			row[c] -= mean
		}
	}
	return mat.Norm(rest, 2) + float64(4*(n+k))*dense.Roundoff*(mat.Norm(pulled, 2)+slopes) + slopes*defect
}

// times returns Ax of a matrix and a vector.
func times(a *mat.Dense, x []float64) []float64 {
	var out mat.VecDense
	out.MulVec(a, mat.NewVecDense(len(x), x))
	return out.RawVector().Data
}

// ranges returns the range of each row.
func ranges(a *mat.Dense) []float64 {
	rows, _ := a.Dims()
	out := make([]float64, rows)
	for i := range rows {
		row := a.RawRowView(i)
		low, high := row[0], row[0]
		for _, x := range row {
			low, high = min(low, x), max(high, x)
		}
		out[i] = high - low
	}
	return out
}

// softmaxProducts integrates the softmax by the grid: p[k] ≈ E p_k and pp[k*K+l] ≈ E p_kp_l. Sums are nested, as in softmaxSums.
func (t *tabulation) softmaxProducts(offset []float64) (p, pp []float64) {
	k, q := t.k, len(t.step)
	largest := math.Inf(-1)
	for _, o := range offset {
		largest = max(largest, o)
	}
	exps, sums := make([][]float64, q+1), make([][]float64, q+1)
	for depth := range exps {
		exps[depth], sums[depth] = make([]float64, k), make([]float64, k+k*k)
	}
	for c, o := range offset {
		exps[0][c] = math.Exp(o - largest)
	}
	var descend func(depth int)
	descend = func(depth int) {
		own := sums[depth]
		if depth == q {
			normalise(exps[depth], own[:k])
			for a, x := range own[:k] {
				for b, y := range own[:k] {
					own[k+a*k+b] = x * y
				}
			}
			return
		}
		clear(own)
		for n, w := range t.density[depth] {
			factors := t.factors[depth][n*k:][:k]
			for c, e := range exps[depth] {
				exps[depth+1][c] = e * factors[c]
			}
			descend(depth + 1)
			for c, x := range sums[depth+1] {
				own[c] += w * x
			}
		}
	}
	descend(0)
	return sums[0][:k], sums[0][k:]
}
