package oracle

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// evaluation is the gradient of the InfoNCE loss at a symmetric matrix of a
// view, with a bound of its error:
//
//	∇f(M) = ½(MW + WM) + (1−δ)B + sym Σ_j w_j E_j[ x Σ_{k≠j} p_k(x) (μ_k − μ_j)ᵀ ]
//
// which is the definition −T_δ + M + ½(MC + CM) + ½(H + Hᵀ) with
// p_j = 1 − Σ_{k≠j} p_k inserted. Both are in the norm
// ‖G‖²_d = Σ_ij 2G_ij²/(w_i + w_j), in which ‖M − M_u‖_F ≤ ‖∇f(M)‖_d.
type evaluation struct {
	gradient *mat.Dense
	norm     float64
	err      float64
	rule     string
}

// softmax is p_k(x) ∝ exp(offset_jk + slope_kᵀt) under component j, where
// x = μ_j + Rt + z and z leaves p alone.
type softmax struct {
	directions *mat.Dense  // m×q, R; nil if q = 0
	slope      [][]float64 // q×K
	offset     [][]float64 // K×K
	ranges     []float64   // q
	dropped    float64     // Σ of the singular values left out
}

// softmaxAt finds the directions in which M(μ_k − μ̄) differ, leaving out those
// in which they differ by less than flat and all beyond K − 1, which rounding made.
func (v *view) softmaxAt(m *mat.Dense, flat float64) softmax {
	return v.softmaxOver(v, m, flat)
}

// softmaxOver is softmaxAt for points of v that choose among the components of
// another view, whose dimension is the number of columns of m.
func (v *view) softmaxOver(partners *view, m *mat.Dense, flat float64) softmax {
	dim, k := v.means.Dims()
	centred := partners.centred()
	var pulled, offsets mat.Dense
	pulled.Mul(m, centred)
	offsets.Mul(v.means.T(), &pulled)
	s := softmax{offset: make([][]float64, k)}
	for j := range k {
		s.offset[j] = make([]float64, k)
		for i := range k {
			s.offset[j][i] = v.logWeights[i] + offsets.At(j, i)
		}
	}
	var svd mat.SVD
	if !svd.Factorize(&pulled, mat.SVDThin) {
		panic("oracle: the singular values did not converge")
	}
	var left, right mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	values := svd.Values(nil)
	q := 0
	for ; q < min(len(values), k-1) && values[q] > flat; q++ {
		row := make([]float64, k)
		low, high := math.Inf(1), math.Inf(-1)
		for j := range k {
			row[j] = values[q] * right.At(j, q)
			low, high = min(low, row[j]), max(high, row[j])
		}
		// Only differences of slopes matter; centred ones keep exponents small.
		for j := range row {
			row[j] -= (low + high) / 2
		}
		s.slope = append(s.slope, row)
		s.ranges = append(s.ranges, high-low)
	}
	for _, value := range values[q:] {
		s.dropped += value
	}
	if q > 0 {
		s.directions = mat.DenseCopyOf(left.Slice(0, dim, 0, q))
	}
	return s
}

// centred returns the means less μ̄, m×K.
func (v *view) centred() *mat.Dense {
	m, k := v.means.Dims()
	out := mat.NewDense(m, k, nil)
	for i := range m {
		var mean float64
		for j := range k {
			mean += v.weights[j] * v.means.At(i, j)
		}
		for j := range k {
			out.Set(i, j, v.means.At(i, j)-mean)
		}
	}
	return out
}

// lengths returns |μ_j|_* and reach_j = max_k |μ_k − μ_j|_*, where |v|_* = |W^{−¼}v|,
// so that ‖sym a bᵀ‖_d ≤ |a|_*|b|_*.
func (v *view) lengths() (length, reach []float64) {
	m, k := v.means.Dims()
	length, reach = make([]float64, k), make([]float64, k)
	for j := range k {
		for i := range k {
			var own, between float64
			for c := range m {
				x := v.means.At(c, j)
				d := v.means.At(c, i) - x
				own += x * x / math.Sqrt(v.w[c])
				between += d * d / math.Sqrt(v.w[c])
			}
			length[j] = math.Sqrt(own)
			reach[j] = max(reach[j], math.Sqrt(between))
		}
	}
	return length, reach
}

// boundedGradient evaluates the gradient by the trapezoidal rule with an error
// of at most about tolerance; errGrid where that needs more nodes than limit.
func (v *view) boundedGradient(m *mat.Dense, tolerance, limit float64) (evaluation, error) {
	length, reach := v.lengths()
	widest := 0.0
	for _, r := range reach {
		widest = max(widest, r)
	}
	longest := 1.0
	for _, l := range length {
		longest = max(longest, l)
	}
	s := v.softmaxAt(m, tolerance/(100*(1+widest)*(2+longest)))
	k, q := len(v.weights), len(s.ranges)
	limit = v.work.nodes(limit, k)
	in := integrand{weight: v.weights, length: length, reach: reach, ranges: s.ranges}
	g, err := planGrid(in, tolerance, limit/float64(k))
	if err != nil {
		return evaluation{}, err
	}
	v.work.spend(serial * g.nodes() * float64(k*k))
	nodes, err := g.tabulate(s.slope, k)
	if err != nil {
		return evaluation{}, err
	}
	p := mat.NewDense(k, k, nil) // E_j p_k
	tp := make([]*mat.Dense, k)  // E_j t_i p_k, nil if q = 0
	for j := range k {
		pj, tpj, err := nodes.softmaxSums(s.offset[j])
		if err != nil {
			return evaluation{}, err
		}
		p.SetRow(j, pj)
		if q > 0 {
			tp[j] = mat.NewDense(q, k, tpj)
		}
	}
	e := evaluation{gradient: v.assemble(m, s.directions, p, tp), rule: g.String()}
	e.norm = v.dualNorm(e.gradient)
	e.err = g.bound + v.droppedError(s, length, reach) + v.roundingError(m, s, g, length, reach) + v.inputError(m, length, reach)
	return e, nil
}

// assemble builds the gradient from p[j][k] = E_j p_k and tp[j][i][k] = E_j t_i p_k, k ≠ j.
func (v *view) assemble(m, directions, p *mat.Dense, tp []*mat.Dense) *mat.Dense {
	dim, k := v.means.Dims()
	out := mat.NewDense(dim, dim, nil)
	pull := make([]float64, dim) // Σ_{k≠j} E_j p_k (μ_k − μ_j)
	centred := v.centred()
	for j, w := range v.weights {
		clear(pull)
		along := mat.NewDense(dim, dim, nil)
		for i := range k {
			if i == j {
				continue
			}
			for c := range dim {
				pull[c] += p.At(j, i) * (v.means.At(c, i) - v.means.At(c, j))
			}
			if directions == nil {
				continue
			}
			var shift mat.VecDense
			shift.MulVec(directions, tp[j].ColView(i)) // E_j Rt p_k
			for a := range dim {
				for b := range dim {
					along.Set(a, b, along.At(a, b)+shift.AtVec(a)*(v.means.At(b, i)-v.means.At(b, j)))
				}
			}
		}
		for a := range dim {
			for b := range dim {
				out.Set(a, b, out.At(a, b)+w*(v.means.At(a, j)*pull[b]+along.At(a, b)+(1-v.delta)*centred.At(a, j)*centred.At(b, j)))
			}
		}
	}
	symmetric(out)
	for a := range dim {
		for b := range dim {
			out.Set(a, b, out.At(a, b)+m.At(a, b)*(v.w[a]+v.w[b])/2)
		}
	}
	return out
}

// dualNorm is ‖G‖_d.
func (v *view) dualNorm(g *mat.Dense) float64 { return math.Sqrt(v.dualProduct(g, g)) }

// dualProduct is the scalar product of ‖·‖_d.
func (v *view) dualProduct(g, h *mat.Dense) float64 {
	var sum float64
	for i, wi := range v.w {
		for j, wj := range v.w {
			sum += 2 * g.At(i, j) * h.At(i, j) / (wi + wj)
		}
	}
	return sum
}

// droppedError bounds the effect of the directions left out: the softmax moves
// by at most 2σ|t_i| in sum, and E t_i p_k by at most σ, for each singular value σ.
func (v *view) droppedError(s softmax, length, reach []float64) float64 {
	var sum float64
	for j, w := range v.weights {
		sum += w * reach[j] * (2*(length[j]+math.Sqrt(float64(len(s.ranges)))+2) + 1)
	}
	return s.dropped * sum
}

// roundingError bounds the rounding of everything after the view.
func (v *view) roundingError(m *mat.Dense, s softmax, g grid, length, reach []float64) float64 {
	dim, k := v.means.Dims()
	levels := 0
	exponent := 1.0
	for i := range g.half {
		levels += 2*g.half[i] + 1
		exponent += s.ranges[i] * g.step[i] * float64(g.half[i])
	}
	largest := 0.0
	for j := range s.offset {
		for _, o := range s.offset[j] {
			largest = max(largest, math.Abs(o))
		}
	}
	// A logit's terms are products of a mean, M and a contrast, summed over m²;
	// an error of the logits moves the softmax by at most twice as much in sum.
	exponent += largest + v.pullSize(m)
	logit := float64(2*dim + len(s.ranges) + 8)
	relative := unitRoundoff * (float64(levels+2*k+8) + 2*logit*exponent)
	operations := float64(2*dim + 4*k + 8)
	var sums float64
	for j, w := range v.weights {
		sums += w * (length[j] + 2*math.Sqrt(float64(len(s.ranges)))) * reach[j] * 2
	}
	weighted := mat.DenseCopyOf(m)
	for i, wi := range v.w {
		for j, wj := range v.w {
			weighted.Set(i, j, m.At(i, j)*(wi+wj)/2)
		}
	}
	return (relative+unitRoundoff*operations)*sums + unitRoundoff*operations*v.dualNorm(weighted)
}

// pullSize bounds Σ|μ_a||M_ab||μ_b − μ̄_b|, the size of the terms of a logit.
func (v *view) pullSize(m *mat.Dense) float64 {
	dim, k := v.means.Dims()
	centred := v.centred()
	var largest float64
	for j := range k {
		for i := range k {
			var sum float64
			for a := range dim {
				var row float64
				for b := range dim {
					row += math.Abs(m.At(a, b) * centred.At(b, i))
				}
				sum += math.Abs(v.means.At(a, j)) * row
			}
			largest = max(largest, sum)
		}
	}
	return largest
}

// inputError bounds the effect of the error of the view's means on the gradient:
// first-order terms, doubled. Mean j is off by |Δ_j| ≤ meanError·|μ_j|, so by
// |Δ_j|_* ≤ light·|Δ_j|, light = min W^{−¼}. Term by term, with M = m and
// slope = max |M(μ_j − μ_i)|:
//
//	of (1−δ)B and MC      light·|Δ_j|·(4|μ_j|_* + light·(|M||μ_j| + |Mμ_j|))
//	of x (μ_k − μ_j)ᵀ     light·(|Δ_j| reach_j + 2(|μ_j|_* + √q) max|Δ|)
//	of the logits         2(|Δ_j| slope + 2(|Mμ_j| + |M|) max|Δ|), times what they weigh
func (v *view) inputError(m *mat.Dense, length, reach []float64) float64 {
	dim, k := v.means.Dims()
	light := math.Pow(slices.Min(v.w), -0.25)
	norm := mat.Norm(m, 2)
	size, off, pulled := make([]float64, k), make([]float64, k), make([]float64, k)
	var slope float64
	var image mat.Dense
	image.Mul(m, v.means)
	for j := range k {
		size[j] = mat.Norm(v.means.ColView(j), 2)
		off[j] = v.meanError * size[j]
		pulled[j] = mat.Norm(image.ColView(j), 2)
		for i := range j {
			var d float64
			for c := range dim {
				d = math.Hypot(d, image.At(c, j)-image.At(c, i))
			}
			slope = max(slope, d)
		}
	}
	most := slices.Max(off)
	q := float64(min(dim, k-1))
	var sum float64
	for j, w := range v.weights {
		logits := 2 * (off[j]*slope + 2*(pulled[j]+norm)*most)
		sum += w * light * off[j] * (4*length[j] + light*(norm*size[j]+pulled[j]))
		sum += w * light * (off[j]*reach[j] + 2*(length[j]+math.Sqrt(q))*most)
		sum += w * 2 * (length[j] + 2*math.Sqrt(q) + 2) * reach[j] * logits
	}
	return 2 * sum
}
