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

// Sampled estimates the loss of a pair of representations, A_L d_L×r and A_R d_R×r, at M = A_L A_Rᵀ from its definition, with
// anchors positive pairs (x, y) and, for each, its own negatives; of one modality A_R may be nil for A_L. The bias of
// the logarithm of a mean, −½ var/(n mean²), is corrected to first order; what
// is left is of second order in 1/negatives. Where the loss is a minimum over a bias, that of as many other pairs is taken, with a few negatives each: it is off by
// 1/√anchors or so, and the loss by the square of that. It refuses pairs that the loss is not judged for, with gmm.ErrOtherModel, and panics
// if the matrices do not have these shapes.
func Sampled(l Loss, p gmm.Pairs, left, right *mat.Dense, anchors, negatives int, rng *rand.Rand) (Estimate, error) {
	if err := l.admits(p); err != nil {
		return Estimate{}, err
	}
	if right == nil {
		right = left
	}
	s, err := p.NewSampler(rng)
	if err != nil {
		return Estimate{}, err
	}
	draw, excess := l.sampled, 0.0
	if l.biased != nil {
		var bias float64
		bias, excess = l.bestBias(s, left, right, anchors)
		draw = l.biased(bias)
	}
	// against returns a function that draws points, sees them through a representation, and scores them beside one seen.
	var drawn [][]float64 // of one modality: what either point is scored beside
	against := func(a *mat.Dense, seen []float64, draw func(component int) []float64) func() []float64 {
		scores := make([]float64, negatives)
		return func() []float64 {
			for i := range scores {
				if i == len(drawn) || p.Modalities() == 2 {
					drawn = append(drawn[:i], seenThrough(a, draw(s.Component())))
				}
				scores[i] = l.score(seen, drawn[i])
			}
			return scores
		}
	}
	var sums tally
	for range anchors {
		first, second, _, _ := s.Pair()
		x, y := seenThrough(left, first), seenThrough(right, second)
		drawn = drawn[:0]
		beside := against(right, x, s.Right)
		value, bias, share := draw(l.score(x, y), beside, against(left, y, s.Left))
		inLog := 1.0
		if l.inLog != nil {
			inLog = l.inLog(beside)
		}
		sums.add(value, bias, share, inLog)
	}
	e := sums.estimate()
	e.Bias += excess
	return e, nil
}

// tally sums draws of a loss E v + log E z.
type tally struct {
	n, value, squares, bias, share   float64
	inLog, logSquares, both, largest float64 // of z, z², vz and the largest z
}

func (t *tally) add(value, bias, share, inLog float64) {
	t.n++
	t.value += value
	t.squares += value * value
	t.bias += bias
	t.share += share
	t.inLog += inLog
	t.logSquares += inLog * inLog
	t.both += value * inLog
	t.largest = math.Max(t.largest, inLog)
}

// estimate varies as v + z/E z does, and the logarithm of a mean of n is biased by −½ var z/(n (E z)²), which is corrected.
func (t *tally) estimate() Estimate {
	mean, inLog := t.value/t.n, t.inLog/t.n
	relative := math.Max(0, t.logSquares/t.n/(inLog*inLog)-1)
	correction := relative / (2 * t.n)
	variance := math.Max(0, t.squares/t.n-mean*mean) + relative + 2*(t.both/t.n/inLog-mean)
	e := Estimate{Value: mean + math.Log(inLog) + correction, StandardError: math.Sqrt(math.Max(0, variance) / (t.n - 1)),
		Bias: t.bias/t.n + correction, Share: t.share / t.n}
	if relative > 0 {
		e.Share = math.Max(e.Share, t.largest/t.inLog)
	}
	return e
}

// seenThrough is Aᵀx.
func seenThrough(a *mat.Dense, x []float64) []float64 {
	var out mat.VecDense
	out.MulVec(a.T(), mat.NewVecDense(len(x), x))
	return out.RawVector().Data
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
