package term

import (
	"errors"
	"math"
	"slices"

	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// meanLog sums log Σ_k exp(offset_jk − shift_j + slope_kᵀt), K functions.
type meanLog struct{}

func (meanLog) size(k int) (functions, degree int) { return k, 0 }

func (meanLog) line(l *lines, base, sums []float64) {
	k := l.k
	table := l.tables[l.q-1]
	for j := range k {
		e := base[j*k:][:k]
		var sum float64
		for n, weight := range l.points[l.q-1].Weights {
			var z float64
			for i, x := range table[n*k:][:k] {
				z += e[i] * x
			}
			sum += weight * math.Log(z)
		}
		sums[j] = sum
	}
}

// lossTolerance is what a loss's tensor rule aims at, beside values of order 1;
// lossOfManyTolerance where the softmax varies in many directions, which makes digits dear.
const lossTolerance, lossOfManyTolerance = 1e-15, 1e-10

// meanLogPartition returns E_j log Σ_k exp(offset_jk + slope_kᵀt) for each j, or numbers
// of the same mean over the weights, and an estimate of its error.
func (c *contrasts) meanLogPartition(weights []float64) (logs []float64, err float64, failure error) {
	method, _ := quadrature.Cheapest(c.spreads(new(dense.Arena), weights), lossOfManyTolerance)
	if method != quadrature.TensorProduct {
		return c.scatteredLogPartition(weights)
	}
	rule, failure := quadrature.Choose(c.ranges, lossTolerance, mostNodes/len(weights))
	if failure != nil {
		return nil, math.Inf(1), failure
	}
	return c.logPartition(&rule, 1), rule.Error + c.dropped, nil
}

// scatteredLogPartition is meanLogPartition by a sparse grid or, where a lattice of as
// many nodes reaches further, by that.
func (c *contrasts) scatteredLogPartition(weights []float64) (logs []float64, err float64, failure error) {
	over, failure := c.scatter(weights, 1)
	if failure != nil {
		return nil, math.Inf(1), failure
	}
	const share = 8 // of what a gradient may cost
	limit := mostScattered(len(weights)) / share
	grid := over.logGrid(len(c.ranges), lossOfManyTolerance, limit)
	mean, err := grid.Mean()[0], grid.Error
	if err > lossOfManyTolerance {
		log := int(math.Log2(float64(max(grid.Nodes(), quadrature.Copies) / quadrature.Copies)))
		lattice := quadrature.NewLattice(len(c.ranges), log, latticeSeed)
		other, spread := spreadOf(over.latticeLogs(lattice))
		if spread < err || math.Abs(other-mean) > err+spread/2 {
			mean, err = other, spread
		}
	}
	logs = slices.Clone(over.shifts)
	floats.AddConst(mean, logs)
	return logs, err + c.dropped, nil
}

// logPartition returns E_j log Σ_k exp(offset_jk + slope_kᵀt) for each j, for
// slopes of any size.
func (c *contrasts) logPartition(rule *quadrature.Rule, cores int) []float64 {
	var memory dense.Arena
	var l lines
	if c.tabulate(&memory, rule, &l) != nil {
		return c.steepLogPartition(rule)
	}
	var w walker
	out := w.integrate(&memory, &l, meanLog{}, cores)
	for j, shift := range l.shifts {
		out[j] += shift
	}
	return out
}

// steepLogPartition is logPartition where tabled exponentials would overflow:
// each node costs its own.
func (c *contrasts) steepLogPartition(rule *quadrature.Rule) []float64 {
	_, k := c.slopes.Dims()
	out := make([]float64, k)
	exponents := make([][]float64, len(rule.Directions)+1)
	for i := range exponents {
		exponents[i] = make([]float64, k)
	}
	var descend func(depth int) float64
	descend = func(depth int) float64 {
		here := exponents[depth]
		if depth == len(rule.Directions) {
			return floats.LogSumExp(here)
		}
		var sum float64
		points, slopes := rule.Directions[depth], c.slopes.RawRowView(depth)
		for n, t := range points.Nodes {
			for i, s := range slopes {
				exponents[depth+1][i] = here[i] + s*t
			}
			sum += points.Weights[n] * descend(depth+1)
		}
		return sum
	}
	for j := range out {
		copy(exponents[0], c.offsets.RawRowView(j))
		out[j] = descend(0)
	}
	return out
}

// highdimLogs is meanLogs for a softmax that varies in many directions: by a sparse grid
// that adapts to the logarithm, or by a lattice where the gradient is by one.
func (a *logPartition) highdimLogs(s *softmaxPoint, tolerance float64) (logs []float64, err float64) {
	over, failure := a.scatter(s)
	if failure != nil {
		return []float64{math.NaN()}, math.Inf(1)
	}
	var mean float64
	if s.highdim.grid != nil {
		grid := over.logGrid(len(s.ranges), tolerance, s.highdim.nodes())
		mean, err = grid.Mean()[0], grid.Error
	} else {
		mean, err = spreadOf(over.latticeLogs(s.highdim.lattice))
	}
	a.Budget.Spend(logarithms*s.highdim.nodes(), len(a.Weights))
	logs = slices.Clone(over.shifts)
	floats.AddConst(mean, logs)
	if s.highdim.visited != nil {
		floats.Add(logs, s.highdim.visited.logs)
		err += s.highdim.visited.logErr
	}
	return logs, err + s.dropped + s.blind.loss
}

// spreadOf returns the mean of independent numbers and as its error a multiple of
// its standard error.
func spreadOf(x []float64) (mean, err float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	var squares float64
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	return mean, sureness * math.Sqrt(squares/(n*(n-1)))
}

// Projected is a mixture in so many dimensions seen through a representation: means u_k as columns, r×K, and covariance S, r×r, with those of
// the components where they have their own.
type Projected struct {
	Means, Covariance *mat.Dense
	Own               []*mat.Dense
	Dimension         int
}

// LogPartitionOf is the log-partition at M = 1 of sides in r dimensions, with an estimate of its error:
//
//	−δ Σ w_k (u_k − ū)ᵀ(v_k − v̄) + ½ tr ST + ½ Σ w_k u_kᵀT u_k + E_z log Σ_k w_k exp(zᵀ(v_k − v̄)),   z ∼ Σ w_j N(u_j, S),
//
// u_k and S of the left side, v_k and T of the right one; of own covariances tiltedLogPartitionOf.
func LogPartitionOf(weights, logWeights []float64, delta float64, left, right Projected) (value, err float64, failure error) {
	if left.Own != nil || right.Own != nil {
		return tiltedLogPartitionOf(weights, logWeights, delta, left, right)
	}
	centred, around := centredColumns(weights, left.Means), centredColumns(weights, right.Means)
	value = dense.Inner(left.Covariance, right.Covariance) / 2
	size := 1 + math.Abs(value) // a logarithm near 0 is off by the rounding of its argument
	for j, w := range weights {
		x := left.Means.ColView(j)
		pull, spread := w*delta*mat.Dot(centred.ColView(j), around.ColView(j)), w*mat.Inner(x, right.Covariance, x)/2
		value += spread - pull
		size += spread + math.Abs(pull)
	}
	root, failure := symmetricRoot(left.Covariance)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	offsets := dense.Times(left.Means.T(), around)
	for j := range weights {
		for i, log := range logWeights {
			offsets.Set(j, i, offsets.At(j, i)+log)
			size = max(size, math.Abs(offsets.At(j, i)), math.Abs(log))
		}
	}
	var memory dense.Arena
	c := newContrasts(&memory, dense.Times(root, around), offsets, lossTolerance)
	logs, off, failure := c.meanLogPartition(weights)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	for j, w := range weights {
		value += w * logs[j]
		size += w * math.Abs(logs[j])
	}
	return value, off + float64(4*max(left.Dimension, right.Dimension)+4*len(weights)+16)*unitRoundoff*size, nil
}

// symmetricRoot returns S^½ of a positive semidefinite matrix.
func symmetricRoot(s *mat.Dense) (*mat.Dense, error) {
	n, _ := s.Dims()
	dense.Symmetrise(s)
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(n, mat.DenseCopyOf(s).RawMatrix().Data), true) {
		return nil, errors.New("solver: the eigenvalues of AᵀΣA did not converge")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	return dense.Times(dense.RootColumns(&vectors, eigen.Values(nil)), vectors.T()), nil
}
