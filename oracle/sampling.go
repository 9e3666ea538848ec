package oracle

import (
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Estimate is a sampled value with its standard error and the size of the bias
// that was corrected to first order. Share is the mean share of the largest of
// an anchor's negatives in their sum: where it is not small the tail of exp(xᵀMy)
// was not sampled, and neither error means anything.
type Estimate struct {
	Value, StandardError, Bias, Share float64
}

// Z is how many standard errors, the bias's size and rounding added to each, the
// estimate lies from x.
func (e Estimate) Z(x float64) float64 {
	const rounding = 1e-12
	return (e.Value - x) / (e.StandardError + e.Bias + rounding*(1+math.Abs(x)))
}

// SampledLoss estimates the InfoNCE loss of x ↦ Aᵀx from its definition,
//
//	−E xᵀMx̂ + E_x log E_y exp(xᵀMy),
//
// with anchors draws of (x, x̂) and, for each, its own negatives y. The bias of
// the logarithm of a mean, −½ var/(n mean²), is corrected to first order; what
// is left is of second order in 1/negatives. It panics if A does not have d rows.
func SampledLoss(p gmm.Pairs, a *mat.Dense, anchors, negatives int, rng *rand.Rand) (Estimate, error) {
	if err := p.WantOneModality(); err != nil {
		return Estimate{}, err
	}
	s, err := p.NewSampler(rng)
	if err != nil {
		return Estimate{}, err
	}
	_, r := a.Dims()
	pull := func(x []float64) []float64 { // Mx
		z, out := mat.NewVecDense(r, nil), mat.NewVecDense(len(x), nil)
		z.MulVec(a.T(), mat.NewVecDense(len(x), x))
		out.MulVec(a, z)
		return out.RawVector().Data
	}
	dot := func(x, y []float64) float64 {
		var sum float64
		for i := range x {
			sum += x[i] * y[i]
		}
		return sum
	}
	var sum, squares, bias, share float64
	for range anchors {
		x, positive, _, _ := s.Pair()
		mx := pull(x)
		var mean, square, largest float64
		for range negatives {
			e := math.Exp(dot(mx, s.Left(s.Component())))
			mean += e
			square += e * e
			largest = math.Max(largest, e)
		}
		n := float64(negatives)
		share += largest / mean
		mean /= n
		variance := square/n - mean*mean
		correction := variance / (2 * n * mean * mean)
		bias += correction
		value := math.Log(mean) + correction - dot(mx, positive)
		sum += value
		squares += value * value
	}
	n := float64(anchors)
	mean := sum / n
	return Estimate{mean, math.Sqrt(math.Max(0, squares/n-mean*mean) / (n - 1)), bias / n, share / n}, nil
}

// PairStatistics compares n sampled pairs with the definition of F̂_δ. It returns
// the largest |z| among: the frequency of each component, at either point; the
// frequency of a shared component, δ + (1−δ)Σw²; and the mean of each coordinate
// of either point. It also returns how many numbers it compared.
func PairStatistics(p gmm.Pairs, n int, rng *rand.Rand) (worst float64, compared int, err error) {
	if err := p.WantOneModality(); err != nil {
		return 0, 0, err
	}
	s, err := p.NewSampler(rng)
	if err != nil {
		return 0, 0, err
	}
	k, d := p.Components(), p.Left.Dimension()
	weights, delta := p.Weights(), p.Delta()
	var counts [2][]float64
	var sums [2][]float64
	for i := range 2 {
		counts[i], sums[i] = make([]float64, k), make([]float64, d)
	}
	shared := 0.0
	for range n {
		x, y, first, second := s.Pair()
		counts[0][first]++
		counts[1][second]++
		if first == second {
			shared++
		}
		for i := range d {
			sums[0][i] += x[i]
			sums[1][i] += y[i]
		}
	}
	total := float64(n)
	frequency := func(count, probability float64) {
		compared++
		deviation := math.Sqrt(total * probability * (1 - probability))
		if deviation == 0 {
			if count != total*probability {
				worst = math.Inf(1)
			}
			return
		}
		// A continuity correction of ½ keeps rare components honest.
		worst = math.Max(worst, (math.Abs(count-total*probability)-0.5)/deviation)
	}
	same := delta
	for _, w := range weights {
		same += (1 - delta) * w * w
	}
	frequency(shared, math.Min(1, same))
	means := mat.DenseCopyOf(p.Left.Means().T())
	mean, scatter := gmm.Mean(weights, means), gmm.CentredScatter(weights, means)
	for i := range 2 {
		for c := range k {
			frequency(counts[i][c], weights[c])
		}
		for c := range d {
			compared++
			deviation := math.Sqrt(total * (p.Left.Covariance().At(c, c) + scatter.At(c, c)))
			worst = math.Max(worst, math.Abs(sums[i][c]-total*mean.AtVec(c))/deviation)
		}
	}
	return worst, compared, nil
}
