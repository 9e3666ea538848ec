package enclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/enclosure/halton"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/rare/curved"

	"gonum.org/v1/gonum/mat"
)

// curvedPart is what one component contributes to a gradient: weight times what assemble makes of averages over its softmax.
type curvedPart struct {
	weight   float64
	softmax  *quadraticLogits
	bound    quadraticBound
	assemble func(sums quadraticSums) *mat.Dense
}

// sampleCurved estimates fixed + Σ parts by random points of N(0, I) that all components share. What they may miss is bounded by package curved; off is what is wrong otherwise.
func sampleCurved(parts []curvedPart, fixed *mat.Dense, off float64, points int, seed uint64, work *Budget) Sampling {
	if len(parts) == 0 { // no softmax at M = 0
		return Sampling{Replicate: unknown(fixed), Off: off}
	}
	k, q := len(parts), parts[0].softmax.directions()
	each := float64(replicates * k * k * (1 + q) * (2 + q))
	open := 0
	for j, part := range parts {
		bound, own := part.softmax.curved().Hidden(part.bound.growth(), replicates*points, stream(seed+uint64(j), points, planning))
		off += math.Abs(part.weight) * bound
		open += own
	}
	out := Sampling{
		Replicate: func(points int, source rand.Source) *mat.Dense {
			t := mat.NewDense(q, points, nil)
			halton.Normal(t, source)
			m := newMonomials(t)
			whole := mat.DenseCopyOf(fixed)
			for _, part := range parts {
				own := part.assemble(part.softmax.sampled(m))
				own.Scale(part.weight, own)
				whole.Add(whole, own)
			}
			return dense.Symmetric(whole)
		},
		Off:  off,
		Each: each,
		Most: int(min(work.times(mostPoints), work.times(float64(mostCoordinates/((1+q)*(2+q)))), work.sampling()/each)),
	}
	if open > 0 {
		out.Seen = fmt.Sprintf(", of %d choices what may be hidden bounded", open)
	}
	return out
}

func (s *quadraticLogits) directions() int { return len(s.linear[0]) }

func (s *quadraticLogits) curved() curved.Softmax {
	return curved.Softmax{Constant: s.constant, Linear: s.linear, Quadratic: s.quadratic}
}

func (b quadraticBound) growth() curved.Growth {
	return curved.Growth{C: b.c, X0: b.x0, X1: b.x1, Y0: b.y0, Y1: b.y1}
}

// monomials of points: 1 and the products t_a t_b, a ≤ b, which −t shares, and t, which change their signs.
type monomialsOf struct {
	even, odd *mat.Dense // (1+q(q+1)/2)×n, q×n
	pairs     [][2]int
	second    *mat.Dense // q×q, the average of ttᵀ
}

func newMonomials(t *mat.Dense) *monomialsOf {
	q, n := t.Dims()
	m := &monomialsOf{odd: t, even: mat.NewDense(1+q*(q+1)/2, n, nil), second: new(mat.Dense)}
	ones := m.even.RawRowView(0)
	for c := range ones {
		ones[c] = 1
	}
	for a := range q {
		for b := a; b < q; b++ {
			m.pairs = append(m.pairs, [2]int{a, b})
			row, x, y := m.even.RawRowView(len(m.pairs)), t.RawRowView(a), t.RawRowView(b)
			for c := range row {
				row[c] = x[c] * y[c]
			}
		}
	}
	m.second.Mul(t, t.T())
	m.second.Scale(1/float64(n), m.second)
	return m
}

// sampled averages p_k, t p_k and ttᵀp_k over ±t. As points are scattered at random, of I and of what ttᵀ averages to beside it, times what does not depend on them, the average is right in the mean: so is taken out of the averages
// what the parts of degree 2 of p_k, t p_k and ttᵀp_k make of that, by the derivatives of p at t = 0, damped as of quadraticPart.
func (s *quadraticLogits) sampled(m *monomialsOf) quadraticSums {
	q, k := s.directions(), len(s.constant)
	_, points := m.odd.Dims()
	evenForms, oddForms := mat.NewDense(k, 1+len(m.pairs), nil), mat.NewDense(k, q, nil)
	for c := range k {
		row := evenForms.RawRowView(c)
		row[0] = s.constant[c]
		for i, ab := range m.pairs {
			if row[1+i] = s.quadratic[c].At(ab[0], ab[1]); ab[0] == ab[1] {
				row[1+i] /= 2
			}
		}
		oddForms.SetRow(c, s.linear[c])
	}
	evenSums, oddSums := mat.NewDense(k, 1+len(m.pairs), nil), mat.NewDense(k, q, nil)
	const width = 512 // points whose numbers stay near the processor
	var here, turned, part mat.Dense
	for first := 0; first < points; first += width {
		end := min(points, first+width)
		even, odd := m.even.Slice(0, 1+len(m.pairs), first, end), m.odd.Slice(0, q, first, end)
		here.Reset()
		turned.Reset()
		here.Mul(evenForms, even)
		turned.Mul(oddForms, odd)
		bothSides(&here, &turned)
		part.Reset()
		part.Mul(&here, even.T())
		evenSums.Add(evenSums, &part)
		part.Reset()
		part.Mul(&turned, odd.T())
		oddSums.Add(oddSums, &part)
	}
	evenSums.Scale(1/float64(2*points), evenSums)
	oddSums.Scale(1/float64(2*points), oddSums)
	out := quadraticSums{q, make([]float64, k*(1+q+q*q))}
	for c := range k {
		own := out.values[c*(1+q+q*q):]
		own[0] = evenSums.At(c, 0)
		copy(own[1:], oddSums.RawRowView(c))
		for i, ab := range m.pairs {
			x := evenSums.At(c, 1+i)
			own[1+q+ab[0]*q+ab[1]], own[1+q+ab[1]*q+ab[0]] = x, x
		}
	}
	s.correct(out, m.second)
	return out
}

// bothSides takes the parts of logits that ±t share and those that change their signs, K×n, to the sums and the differences of p at t and −t.
func bothSides(even, odd *mat.Dense) {
	k, n := even.Dims()
	p, mirrored := make([]float64, k), make([]float64, k)
	for c := range n {
		for i := range k {
			a, b := even.At(i, c), odd.At(i, c)
			p[i], mirrored[i] = a+b, a-b
		}
		normalise(exponentials(p), p)
		normalise(exponentials(mirrored), mirrored)
		for i := range k {
			even.Set(i, c, p[i]+mirrored[i])
			odd.Set(i, c, p[i]-mirrored[i])
		}
	}
}

// correct takes out what second moments, q×q, that are not I make.
func (s *quadraticLogits) correct(sums quadraticSums, second *mat.Dense) {
	q, k := s.directions(), len(s.constant)
	off := mat.DenseCopyOf(second)
	for i := range q {
		off.Set(i, i, off.At(i, i)-1)
	}
	p := make([]float64, k)
	normalise(exponentials(slices.Clone(s.constant)), p)
	mean, curvature := make([]float64, q), mat.NewDense(q, q, nil) // of the slopes and Q
	for l, x := range p {
		var part mat.Dense
		part.Scale(x, s.quadratic[l])
		curvature.Add(curvature, &part)
		dense.AddScaled(mean, x, s.linear[l])
	}
	away := make([][]float64, k) // slopes less their mean
	images := make([]*mat.VecDense, k)
	bends := make([]float64, k) // of log p_k beside what all share, on S − I
	var variance, shared float64
	for l, x := range p {
		away[l] = slices.Clone(s.linear[l])
		dense.AddScaled(away[l], -1, mean)
		d := mat.NewVecDense(q, away[l])
		images[l] = new(mat.VecDense)
		images[l].MulVec(off, d)
		var apart mat.Dense
		apart.Sub(s.quadratic[l], curvature)
		bends[l] = mat.Dot(d, images[l]) + dense.Inner(&apart, off)
		shared += x * mat.Dot(d, images[l])
		variance += x * mat.Dot(d, d)
	}
	damped := 1 / math.Sqrt(1+math.Pi/2*variance)
	for l, x := range p {
		own := sums.values[l*(1+q+q*q):]
		own[0] -= math.Pow(damped, 3) * x * (bends[l] - shared) / 2
		for i := range q {
			own[1+i] -= damped * x * images[l].AtVec(i)
			for c := range q {
				own[1+q+i*q+c] -= x * off.At(i, c)
			}
		}
	}
}
