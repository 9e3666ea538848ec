package oracle

import (
	"fmt"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// SampledDifference estimates L(A) − L(B) of two pairs of representations from the definition of the loss, with the same anchors and the same negatives for both, so that what they
// have in common cancels. A loss with a bias is taken at the one given. It needs no theory of the pairs: any law will do, of one modality or two. It panics for
// losses of a logarithm of a mean over all pairs, and where matrices do not fit.
func SampledDifference(l Loss, p gmm.Pairs, a, b Encoders, bias float64, anchors, negatives int, rng *rand.Rand) (Estimate, error) {
	if l.inLog != nil {
		panic(fmt.Sprintf("oracle: the loss %s is no mean over pairs", l.Name))
	}
	draw := l.sampled
	if l.biased != nil {
		draw = l.biased(bias)
	}
	s, err := p.NewSampler(rng)
	if err != nil {
		return Estimate{}, err
	}
	points := func(draw func(component int) []float64) [][]float64 {
		out := make([][]float64, negatives)
		for i := range out {
			out[i] = draw(s.Component())
		}
		return out
	}
	var sums tally
	for range anchors {
		x, y, _, _ := s.Pair()
		right := points(s.Right)
		left := right
		if p.Modalities() == 2 {
			left = points(s.Left)
		}
		one, biasOne, shareOne := l.drawOf(draw, a, x, y, left, right)
		two, biasTwo, shareTwo := l.drawOf(draw, b, x, y, left, right)
		sums.add(one-two, biasOne-biasTwo, max(shareOne, shareTwo), 1)
	}
	return sums.estimate(), nil
}

// drawOf is one draw of a loss at representations.
func (l Loss) drawOf(draw draw, e Encoders, x, y []float64, left, right [][]float64) (value, bias, share float64) {
	if e.Right == nil {
		e.Right = e.Left
	}
	seenX, seenY := seenThrough(e.Left, x), seenThrough(e.Right, y)
	against := func(a *mat.Dense, seen []float64, points [][]float64) func() []float64 {
		return func() []float64 {
			scores := make([]float64, len(points))
			for i, point := range points {
				scores[i] = l.score(seen, seenThrough(a, point))
			}
			return scores
		}
	}
	return draw(l.score(seenX, seenY), against(e.Right, seenX, right), against(e.Left, seenY, left))
}
