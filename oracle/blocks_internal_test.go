package oracle

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// flatBlocks draws three means in the plane, the second coordinates multiplied by 2^−n, with the best matrix that steps find.
func flatBlocks(t *testing.T, rng *rand.Rand, n uint) (*blocks, float64) {
	t.Helper()
	small := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), n))
	e := gmm.Exact{Covariance: [][]*big.Rat{{big.NewRat(1, 1), new(big.Rat)}, {new(big.Rat), big.NewRat(1, 1)}}}
	for range 3 {
		e.Weights = append(e.Weights, big.NewRat(1+rng.Int64N(9), 1))
		e.Means = append(e.Means, []*big.Rat{big.NewRat(rng.Int64N(17)-8, 4), new(big.Rat).Mul(big.NewRat(rng.Int64N(33)-16, 4), small)})
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		t.Fatal(err)
	}
	if m.FisherDimension() != 2 {
		return nil, 0
	}
	view, err := whitened.SeeGraded(m)
	if err != nil {
		t.Fatal(err)
	}
	b := &blocks{view: view, short: make([]bool, 2), m: mat.NewDense(2, 2, nil)}
	if !b.split() {
		return nil, 0
	}
	delta := 0.25 + 0.75*rng.Float64()
	for range 200 {
		b.evaluate(t, delta)
		if b.small() {
			return b, delta
		}
		b.step()
	}
	return nil, 0
}

func (b *blocks) evaluate(t *testing.T, delta float64) {
	t.Helper()
	g, err := enclosure.GradedInfoNCE(b.view, b.m, delta, 1e-13, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.g = g
	b.measure()
}

// The bounds of all blocks hold for matrices that are off by a known V: off anywhere, and off in the long block with the gradient of the others made 0, so that nothing
// but the coupling of the blocks tells how far these are.
func TestBlocksBoundDistances(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	judged, coupled := 0, 0
	var sharpest float64
	for range 150 {
		n := 10 + uint(rng.IntN(40))
		best, delta := flatBlocks(t, rng, n)
		if best == nil {
			continue
		}
		off := blocks{view: best.view, short: best.short, eta: best.eta, m: mat.DenseCopyOf(best.m)}
		size := math.Pow(10, -2-6*rng.Float64())
		onlyLong := rng.IntN(2) == 0
		for i := range 2 {
			for j := range i + 1 {
				x := size * rng.NormFloat64()
				for _, at := range []int{i, j} {
					if best.short[at] {
						x *= best.eta
					}
				}
				if onlyLong && (best.short[i] || best.short[j]) {
					continue
				}
				off.m.Set(i, j, off.m.At(i, j)+x)
				off.m.Set(j, i, off.m.At(i, j))
			}
		}
		off.evaluate(t, delta)
		if onlyLong {
			for range 60 {
				was := mat.DenseCopyOf(off.m)
				off.step()
				for i := range 2 {
					if !off.short[i] {
						off.m.Set(i, i, was.At(i, i))
					}
				}
				off.evaluate(t, delta)
			}
		}
		if math.IsInf(off.r1, 1) {
			continue
		}
		judged++
		var all, across, within, scaled float64
		for i := range 2 {
			for j := range 2 {
				v := best.m.At(i, j) - off.m.At(i, j)
				all = math.Hypot(all, v)
				if off.short[i] || off.short[j] {
					across = math.Hypot(across, v)
				}
				if off.short[i] && off.short[j] {
					within = math.Hypot(within, v)
				}
				for _, at := range []int{i, j} {
					if off.short[at] {
						v /= off.eta
					}
				}
				scaled = math.Hypot(scaled, v)
			}
		}
		if all > off.r+best.r || across > off.r1+best.r1 || within > off.r2+best.r2 || scaled > off.bound+best.bound {
			t.Errorf("2^-%d: V has the sizes %g, %g, %g, scaled %g; bounded by %g, %g, %g, scaled %g", n, all, across, within, scaled, off.r, off.r1, off.r2, off.bound)
		}
		if across > 100*best.r1 && within > 100*best.r2 && onlyLong {
			coupled++ // what the bound of the best matrix would not hide
		}
		sharpest = max(sharpest, across/off.r1)
		if off.r1 > 1e4*off.eta*off.r || off.r2 > 1e6*off.eta*off.eta*off.r {
			t.Errorf("2^-%d: bounds %g, %g and %g do not shrink as %g does", n, off.r, off.r1, off.r2, off.eta)
		}
	}
	t.Logf("%d judged, %d coupled, across at most %.2g of its bound", judged, coupled, sharpest)
	if judged < 50 || coupled < 10 {
		t.Errorf("%d judged, %d coupled", judged, coupled)
	}
}
