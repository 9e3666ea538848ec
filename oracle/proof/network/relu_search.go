package network

import (
	"fmt"
	"math"
	"math/big"

	"contrastcheck/gmm"
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
func searchReLU(l Line, width int, limit float64) (Refutation, error) {
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
		bound, ok := searchTilts(n, p, &tilts)
		if !ok {
			continue
		}
		g := newGrid(n, p, l, m)
		at, shape, value = descendNet(at, shape, width, func(net reluNet[float64]) float64 { return reluOutside(n, p, g, net) })
		if bound-value < clear {
			continue
		}
		net := simplest(at, bound-value, func(x []*big.Rat) float64 {
			return bound - reluOutside(n, p, g, reluNetIn(n, shape(x)))
		})
		found := shape(net)
		r := Refutation{Activation: ReLU, ReLU: &found, Majorant: &m, Tilts: &tilts}
		if r.acceptable() == nil {
			return r, nil
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

// searchTilts finds M̂ with Γ ⪰ 0 and a bound near the least loss, Γ(M̂)M̂ being nearly 0.
func searchTilts(n doubles, p placed[float64], t *Tilts) (bound float64, ok bool) {
	cells := t.cells()
	inside := func(m [2][2]float64) (float64, [2][2]float64) { return reluInside(n, p, m, cells) }
	bound = math.Inf(-1)
	take := func(m [2][2]float64) {
		const bits = 40
		var rounded [2][2]*big.Rat
		for i := range 2 {
			for j := range 2 {
				rounded[i][j] = dyadic(m[i][j], bits)
			}
		}
		value, gamma := inside(matrixIn(n, rounded))
		if gamma[0][0] > 0 && determinant(n, gamma) > minor && value > bound {
			bound, t.Matrix, ok = value, rounded, true
		}
	}
	for _, start := range [][2]float64{{0.4, -0.4}, {0.2, -0.8}, {0.8, -0.2}, {0.5, 0.1}, {0.1, 0.5}, {0.3, 0.3}} {
		for _, size := range []float64{0.3, 1} {
			v := newton([]float64{size * start[0], size * start[1]}, func(v []float64) []float64 {
				_, g := inside(outer(v))
				return []float64{g[0][0]*v[0] + g[0][1]*v[1], g[0][1]*v[0] + g[1][1]*v[1]}
			})
			m := outer(v)
			for _, stretch := range []float64{1e-5, 1e-4} { // Γ grows along M̂
				take([2][2]float64{{m[0][0] * (1 + stretch), m[0][1] * (1 + stretch)}, {m[1][0] * (1 + stretch), m[1][1] * (1 + stretch)}})
			}
			const spread = 1e-5 // Γ = spread I, of an M of rank 2
			full := newton([]float64{m[0][0] + 0.1, m[0][1], m[1][1] + 0.1}, func(x []float64) []float64 {
				_, g := inside([2][2]float64{{x[0], x[1]}, {x[1], x[2]}})
				return []float64{g[0][0] - spread, g[0][1], g[1][1] - spread}
			})
			take([2][2]float64{{full[0], full[1]}, {full[1], full[2]}})
		}
	}
	return bound, ok
}

// minor is the least determinant of Γ that rounding errors of float64 do not make.
const minor = 1e-12

func outer(v []float64) [2][2]float64 {
	return [2][2]float64{{v[0] * v[0], v[0] * v[1]}, {v[0] * v[1], v[1] * v[1]}}
}

// affordable refuses work of more than the limit.
func affordable(l Line, m Majorant, t Tilts, limit float64) error {
	return gmm.Limit(limit).Allows("", fmt.Sprintf("bounds of ReLU networks with means up to %.3g standard deviations from 0", l.Farthest()), reluCost(l, m, t))
}

// reluCost estimates the cost of a check: of each component a normal distribution function at every node of the majorant and, twice, in every cell.
func reluCost(l Line, m Majorant, t Tilts) gmm.Cost {
	const each = 250e-6 // seconds, of a normal distribution function and an exponential
	k := float64(len(l.weights))
	nodes := 2 * (float64(m.Along) + 1) * (float64(m.Across) + 1)
	const perNode = 2000 // bytes
	return gmm.Cost{Seconds: each * (nodes*(2*k+1) + 6*k*float64(t.Cells)), Bytes: perNode * (float64(m.Along) + float64(t.Cells)) * k}
}
