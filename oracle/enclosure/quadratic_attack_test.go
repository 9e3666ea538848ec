//go:build attack

package enclosure

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// hostile draws a planar mixture with rare, wide, narrow and far components.
func hostile(rng *rand.Rand) (*gmm.Mixture, error) {
	const grid = 1 << 20
	number := func(x float64) *big.Rat { return big.NewRat(int64(math.Round(x*grid)), grid) }
	var e gmm.Exact
	for range 2 + rng.IntN(4) {
		weight, wide := math.Pow(10, -5*rng.Float64()), math.Pow(10, 3*rng.Float64()-1.5)
		far := math.Pow(10, 1.5*rng.Float64()-0.5)
		turn, flat := rng.NormFloat64(), math.Pow(10, -2*rng.Float64())
		c, s := math.Cos(turn), math.Sin(turn)
		e.Weights = append(e.Weights, new(big.Rat).SetFloat64(weight))
		e.Means = append(e.Means, []*big.Rat{number(far * rng.NormFloat64()), number(far * rng.NormFloat64())})
		off := number(wide * (1 - flat) * c * s)
		e.Covariances = append(e.Covariances, [][]*big.Rat{
			{number(wide * (c*c + flat*s*s)), off}, {off, number(wide * (s*s + flat*c*c))}})
	}
	return gmm.NewExact(e)
}

// Of rare, wide, narrow and far components estimates are within their errors, too: where points see too little the bound of what they miss says so.
func TestSampledOwnGradientsUnderAttack(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 0))
	compared, telling, hidden := 0, 0, 0
	worst := 0.0
	for i := range 160 {
		g, err := hostile(rng)
		if err != nil {
			continue
		}
		v, delta := randomOwn(t, g, i)
		m := randomPositive(rng, 2, 1+rng.IntN(2), math.Pow(10, 2*rng.Float64()-2))
		sum := own(v, m, delta).Plain()
		if i%3 == 2 {
			sum = ofDistances(v, m, delta)
		}
		exact, err := sum.Bounded(1e-6*sum.Scale(), NewBudget(0.02))
		if err != nil {
			continue
		}
		looks := 0
		e := sum.Sampled(0, uint64(i), nil, func(Gradient, float64) bool { looks++; return looks > i%3 })
		var off mat.Dense
		off.Sub(e.Matrix, exact.Matrix)
		compared++
		got := mat.Norm(&off, 2)
		worst = math.Max(worst, got/(e.Err+exact.Err))
		if got > e.Err+exact.Err {
			t.Errorf("case %d: the gradient is off by %.3g, its error is said to be %.3g; %s\n%#v", i, got, e.Err, e.Rule, g)
		}
		if e.Err < 0.05*sum.Norm(exact.Matrix) {
			telling++
		}
		if len(e.Rule) > 0 && e.Err > 0 && got > 1e-3*e.Err {
			hidden++
		}
	}
	t.Logf("%d compared, of %d the error tells something, of %d it is less than a thousand times what it bounds; the largest share of an error is %.2g", compared, telling, hidden, worst)
	if compared < 60 || telling < 20 {
		t.Errorf("%d compared, %d telling", compared, telling)
	}
}
