package network

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/line"
)

// How far the grids go, in standard deviations beyond the farthest mean: what lies beyond weighs e^(−reach²/2).
const (
	tiltsReach = 4
	gridReach  = 8
	noiseReach = 9
)

// steps are those of grids and tilts, coarse ones first.
var steps = []*big.Rat{big.NewRat(1, 2), big.NewRat(1, 4)}

// clear is a gap that rounding errors of float64 do not make: thousands of summands of size 1.
const clear = 1e-10

// searchReLU looks for a ReLU net whose loss is below a bound of all that see S_F alone, in floating point.
func searchReLU(l line.Mixture, width int, limit float64) (Refutation, error) {
	if width < 3 {
		return Refutation{}, fmt.Errorf("%w: no ReLU network of fewer than 3 neurons is looked for", ErrUndecided)
	}
	n := doubles{}
	p := along(l, n)
	var at []float64
	var shape func([]*big.Rat) ReLUNet
	var value float64
	for _, step := range steps {
		length, _ := step.Float64()
		farthest := l.Farthest()
		m := Majorant{Step: step, Along: int(math.Ceil((farthest + gridReach) / length)), Across: int(noiseReach / length)}
		tilts := Tilts{Step: step, Cells: int(math.Ceil((farthest+tiltsReach)/length)) + 1}
		if err := affordable(l, m, tilts, limit); err != nil {
			return Refutation{}, err
		}
		g := newGrid(n, p, l, m)
		at, shape, value = descendNet(at, shape, width, func(net reluNet[float64]) float64 { return reluOutside(n, p, g, net) })
		for _, search := range []func(placed[float64], Tilts) ([][2][2]*big.Rat, float64){searchTwoTowers, searchOneTower} {
			matrices, bound := search(p, tilts)
			if !(bound-value >= clear) {
				continue
			}
			tilts.Matrices = matrices
			found := shape(simplest(at, bound-value, func(x []*big.Rat) float64 {
				return bound - reluOutside(n, p, g, reluNetIn(n, shape(x)))
			}))
			r := Refutation{Activation: ReLU, ReLU: &found, Majorant: &m, Tilts: &tilts}
			if r.acceptable() == nil {
				return r, nil
			}
		}
	}
	return Refutation{}, ErrUndecided
}

// shapes are the nets that are looked for, in three numbers: of four neurons c = e; of three one is idle.
func shapes(width int) []func([]*big.Rat) ReLUNet {
	even := func(x []*big.Rat) ReLUNet { return ReLUNet{x[0], x[1], x[2], x[2]} }
	if width >= mostNeurons {
		return []func([]*big.Rat) ReLUNet{even}
	}
	return []func([]*big.Rat) ReLUNet{
		func(x []*big.Rat) ReLUNet { return ReLUNet{new(big.Rat), x[1], x[2], x[2]} },
		func(x []*big.Rat) ReLUNet { return ReLUNet{x[0], new(big.Rat), x[2], x[2]} },
		func(x []*big.Rat) ReLUNet { return ReLUNet{x[0], x[1], x[2], new(big.Rat)} },
	}
}

// descendNet minimises over nets of at most so many neurons; where a net and its shape are given, from there.
func descendNet(from []float64, shape func([]*big.Rat) ReLUNet, width int, f func(reluNet[float64]) float64) ([]float64, func([]*big.Rat) ReLUNet, float64) {
	starts, among := [][]float64{from}, []func([]*big.Rat) ReLUNet{shape}
	if from == nil {
		starts, among = netStarts(), shapes(width)
	}
	best, value := from, math.Inf(1)
	for _, of := range among {
		at, found := descend(starts, func(x []float64) float64 {
			exact := list(len(x), func(i int) *big.Rat { return dyadic(x[i], 60) })
			return f(reluNetIn(doubles{}, of(exact)))
		})
		if found < value {
			best, shape, value = at, of, found
		}
	}
	return best, shape, value
}

// netStarts are nets to begin with: of either sign on either side, of sizes that go with the spread of the means.
func netStarts() (starts [][]float64) {
	for _, size := range []float64{0.2, 0.6} {
		for _, right := range []float64{-1, 0.1, 1} {
			for _, left := range []float64{-1, 0.1, 1} {
				starts = append(starts, []float64{size * right, size * left, size / 2})
			}
		}
	}
	return starts
}

// affordable refuses work of more than the limit.
func affordable(l line.Mixture, m Majorant, t Tilts, limit float64) error {
	return gmm.Limit(limit).Allows("", fmt.Sprintf("bounds of ReLU networks with means up to %.3g standard deviations from 0", l.Farthest()), reluCost(l, m, t))
}

// reluCost estimates the cost of a check: of each component a normal distribution function at every node of the majorant and, twice, in every cell.
func reluCost(l line.Mixture, m Majorant, t Tilts) gmm.Cost {
	const each = 250e-6 // seconds, of a normal distribution function and an exponential
	k := float64(len(l.Weights))
	nodes := 2 * (float64(m.Along) + 1) * (float64(m.Across) + 1)
	const perNode = 2000 // bytes
	return gmm.Cost{Seconds: each * (nodes*(2*k+1) + 6*k*float64(t.Cells*max(1, len(t.Matrices)))), Bytes: perNode * (float64(m.Along) + float64(t.Cells)) * k}
}
