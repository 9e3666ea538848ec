package enclosure

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/enclosure/halton"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/rare"

	"gonum.org/v1/gonum/mat"
)

// sample averages p_k under each component, p[j][k], and t_i p_k over all components
// of the given weights, tp[j][i][k], alike for all j, over the points ±t of one
// scrambling. As Σ_k p_k = 1 and ±t cancel, Σ_k t_i p_k averages to 0 exactly, so that
// averages over all components serve where their contrasts are summed.
//
// What visits change in them is added, averaged about their own centres.
func (s softmax) sample(weights []float64, points int, source rand.Source, visits []rare.Visit) (p *mat.Dense, tp []*mat.Dense) {
	k, q := len(s.offset), max(1, len(s.ranges))
	t := mat.NewDense(q, points, nil)
	halton.Normal(t, source)
	sums := s.newSums(weights)
	for first, width := 0, len(sums.low); first < points; first += width {
		sums.add(t.Slice(0, q, first, min(points, first+width)).(*mat.Dense))
	}
	p, all := sums.averages(2 * points)
	if len(s.ranges) > 0 {
		var second mat.Dense // the same of −t
		second.Mul(t, t.T())
		second.Scale(1/float64(points), &second)
		quadraticPart{s, weights}.correct(p, all, &second)
	}
	if len(visits) > 0 {
		about := mat.DenseCopyOf(t.T())
		for _, visit := range visits {
			visit.Add(about, p, all)
		}
	}
	tp = make([]*mat.Dense, k)
	for j := range tp {
		tp[j] = all
	}
	return p, tp
}

// sampleSums sums a softmax over points. With e_k(t) = exp(slope_kᵀt) and b_jk = exp(offset_jk), both divided by their largest,
//
//	p_jk = b_jk e_k / Σ_l b_jl e_l,
//
// so that sums of products of rows, of a number for each of some points, do all of it.
type sampleSums struct {
	s       softmax
	weights []float64
	base    *mat.Dense // K×K, b
	p       *mat.Dense // K×K, Σ e_k / Σ_l b_jl e_l
	tp      *mat.Dense // q×K, Σ t_i Σ_j w_j p_jk
	extreme *mat.Dense // K×K, Σ p_jk where the products leave float64's range

	// memory for one part of the points
	e, opposite *mat.Dense // K×n, e_k(t) and e_k(−t)
	z           *mat.Dense // K×n, 1/Σ_l b_jl e_l
	sum         []float64  // n
	low, high   []float64  // n, the smallest and the largest logit
}

func (s softmax) newSums(weights []float64) *sampleSums {
	k, q := len(s.offset), max(1, len(s.ranges))
	const numbers, least, most = 4096, 64, 256
	width := min(max(numbers/k, least), most) // what a part's numbers take stays near the processor
	matrix := func(rows, columns int) *mat.Dense { return mat.NewDense(rows, columns, nil) }
	sums := &sampleSums{s: s, weights: weights, base: matrix(k, k), p: matrix(k, k), tp: matrix(q, k), extreme: matrix(k, k),
		e: matrix(k, width), opposite: matrix(k, width), z: matrix(k, width),
		sum: make([]float64, width), low: make([]float64, width), high: make([]float64, width)}
	for j, row := range s.offset {
		sums.base.SetRow(j, exponentials(slices.Clone(row)))
	}
	return sums
}

// exponentials replaces x_k by exp(x_k − max x).
func exponentials(x []float64) []float64 {
	largest := slices.Max(x)
	for i := range x {
		x[i] = math.Exp(x[i] - largest)
	}
	return x
}

// add takes up the points t and −t, q×n.
func (s *sampleSums) add(t *mat.Dense) {
	s.exponentials(t)
	s.take(t, s.e, 1)
	s.take(t, s.opposite, -1)
}

// exponentials computes e_k at the points t and −t, where the logits are the opposite ones: e^{low − x} = e^{low − high}/e^{x − high}, unless
// that leaves float64's range.
func (s *sampleSums) exponentials(t *mat.Dense) {
	_, n := t.Dims()
	low, high := s.low[:n], s.high[:n]
	for k := range s.weights {
		logits := s.e.RawRowView(k)[:n]
		clear(logits)
		for i, row := range s.s.slope {
			dense.AddScaled(logits, row[k], t.RawRowView(i))
		}
		if k == 0 {
			copy(low, logits)
			copy(high, logits)
			continue
		}
		for c, x := range logits {
			low[c], high[c] = min(low[c], x), max(high[c], x)
		}
	}
	const widest = 600.0
	spread := s.sum[:n]
	for c := range spread {
		spread[c] = math.Exp(max(low[c]-high[c], -widest))
	}
	for k := range s.weights {
		e, opposite := s.e.RawRowView(k)[:n], s.opposite.RawRowView(k)[:n]
		for c, x := range e {
			e[c] = math.Exp(x - high[c])
			if high[c]-low[c] < widest {
				opposite[c] = spread[c] / e[c]
			} else {
				opposite[c] = math.Exp(low[c] - x)
			}
		}
	}
}

// take adds what points sign·t, q×n, make, given their e.
func (s *sampleSums) take(t, exponentials *mat.Dense, sign float64) {
	_, n := t.Dims()
	for j := range s.weights {
		z := s.z.RawRowView(j)[:n]
		clear(z)
		for l, b := range s.base.RawRowView(j) {
			dense.AddScaled(z, b, exponentials.RawRowView(l)[:n])
		}
		for c, x := range z {
			z[c] = 1 / x
			if !(x >= leastSum) {
				z[c] = 0
				s.addExtreme(j, mat.Col(nil, c, t), sign)
			}
		}
		p := s.p.RawRowView(j)
		for k := range p {
			p[k] += dense.Dot(z, exponentials.RawRowView(k)[:n])
		}
	}
	for k := range s.weights {
		mean := s.sum[:n] // Σ_j w_j p_jk
		clear(mean)
		for j, w := range s.weights {
			dense.AddScaled(mean, w*s.base.At(j, k), s.z.RawRowView(j)[:n])
		}
		for c, e := range exponentials.RawRowView(k)[:n] {
			mean[c] *= e
		}
		for i := range s.s.slope {
			into := s.tp.RawRowView(i)
			into[k] += sign * dense.Dot(t.RawRowView(i), mean)
		}
	}
}

// leastSum is the Σ_l b_jl e_l below which products that underflowed may count.
const leastSum = 1e-280

// addExtreme takes up one point for one component, by its own largest logit.
func (s *sampleSums) addExtreme(j int, t []float64, sign float64) {
	logits := slices.Clone(s.s.offset[j])
	for i, row := range s.s.slope {
		for k, slope := range row {
			logits[k] += sign * slope * t[i]
		}
	}
	normalise(exponentials(logits), logits)
	for k, x := range logits {
		s.extreme.Set(j, k, s.extreme.At(j, k)+x)
		for i := range t {
			s.tp.Set(i, k, s.tp.At(i, k)+s.weights[j]*sign*t[i]*x)
		}
	}
}

// averages returns E_j p_k and Σ_j w_j E_j t_i p_k over so many points.
func (s *sampleSums) averages(points int) (p, tp *mat.Dense) {
	p, tp = new(mat.Dense), new(mat.Dense)
	p.MulElem(s.base, s.p)
	p.Add(p, s.extreme)
	p.Scale(1/float64(points), p)
	tp.Scale(1/float64(points), s.tp)
	return p, tp
}
