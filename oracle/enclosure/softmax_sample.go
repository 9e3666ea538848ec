package enclosure

import (
	"math"
	"math/rand/v2"
	"slices"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/rare"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// sample averages p_k under each component, p[j][k], and t_i p_k over all components
// of the given weights, tp[j][i][k], alike for all j, over the points ±t of one
// scrambling. As Σ_k p_k = 1 and ±t cancel, Σ_k t_i p_k averages to 0 exactly, so that
// averages over all components serve where their contrasts are summed.
//
// With e_k(t) = exp(slope_kᵀt) and b_jk = exp(offset_jk), both divided by their largest,
// p_jk = b_jk e_k / Σ_l b_jl e_l: matrix products do all of it.
//
// What visits change in them is added, averaged about their own centres.
func (s softmax) sample(weights []float64, points int, source rand.Source, visits []rare.Visit) (p *mat.Dense, tp []*mat.Dense) {
	k, q := len(s.offset), max(1, len(s.ranges))
	t := mat.NewDense(points, q, nil)
	normal, _ := distmv.NewNormal(make([]float64, q), mat.NewSymDense(q, dense.Identity(q).RawMatrix().Data), nil)
	samplemv.Halton{Kind: samplemv.Owen, Q: normal, Src: source}.Sample(t)
	sums := s.newSums(weights)
	const rows = 256
	for first := 0; first < points; first += rows {
		part := t.Slice(first, min(points, first+rows), 0, q).(*mat.Dense)
		sums.add(part, 1)
		sums.add(part, -1)
	}
	p, all := sums.averages(2 * points)
	if len(s.ranges) > 0 {
		var second mat.Dense // the same of −t
		second.Mul(t.T(), t)
		second.Scale(1/float64(points), &second)
		quadraticPart{s, weights}.correct(p, all, &second)
	}
	for _, visit := range visits {
		visit.Add(t, p, all)
	}
	tp = make([]*mat.Dense, k)
	for j := range tp {
		tp[j] = all
	}
	return p, tp
}

// sampleSums sums a softmax over points.
type sampleSums struct {
	s       softmax
	weights []float64
	slopes  *mat.Dense // q×K
	base    *mat.Dense // K×K, b
	p       *mat.Dense // K×K, Σ e_k / Σ_l b_jl e_l
	tp      *mat.Dense // q×K, Σ t_i Σ_j w_j p_jk
	extreme *mat.Dense // K×K, Σ p_jk where the products leave float64's range
}

func (s softmax) newSums(weights []float64) *sampleSums {
	k, q := len(s.offset), max(1, len(s.ranges))
	sums := &sampleSums{s: s, weights: weights, slopes: mat.NewDense(q, k, nil), base: mat.NewDense(k, k, nil),
		p: mat.NewDense(k, k, nil), tp: mat.NewDense(q, k, nil), extreme: mat.NewDense(k, k, nil)}
	for i, row := range s.slope {
		sums.slopes.SetRow(i, row)
	}
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

// add takes up the points sign·t, n×q.
func (s *sampleSums) add(t *mat.Dense, sign float64) {
	var e, z, sum mat.Dense
	e.Mul(t, s.slopes)
	n, _ := e.Dims()
	e.Scale(sign, &e)
	for i := range n {
		exponentials(e.RawRowView(i))
	}
	z.Mul(&e, s.base.T())
	for i := range n {
		for j, x := range z.RawRowView(i) {
			z.Set(i, j, 1/x)
			if !(x >= leastSum) {
				z.Set(i, j, 0)
				s.addExtreme(j, t.RawRowView(i), sign)
			}
		}
	}
	sum.Mul(z.T(), &e)
	s.p.Add(s.p, &sum)
	var mean, moments mat.Dense // Σ_j w_j p_jk, n×K
	z.Apply(func(_, j int, x float64) float64 { return s.weights[j] * x }, &z)
	mean.Mul(&z, s.base)
	mean.MulElem(&mean, &e)
	moments.Mul(t.T(), &mean)
	moments.Scale(sign, &moments)
	s.tp.Add(s.tp, &moments)
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
