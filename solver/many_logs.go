package solver

import (
	"math"

	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/floats"
)

// manyLogs is meanLogs for a softmax that varies in many directions: by a sparse grid
// that adapts to the logarithm, or by a lattice where the gradient is by one.
func (a *anchored) manyLogs(s *softmaxPoint, tolerance float64) (logs []float64, err float64) {
	over, failure := a.scatter(s)
	if failure != nil {
		return []float64{math.NaN()}, math.Inf(1)
	}
	var mean float64
	if s.many.grid != nil {
		grid := quadrature.NewSparse(len(s.ranges), 1)
		grid.Refine((&orbitSum{scattered: over, grid: grid, cores: a.cores}).sketchLogs, tolerance, s.many.nodes())
		mean, err = grid.Mean()[0], grid.Error
	} else {
		mean, err = spreadOf((&latticeSum{scattered: over, lattice: s.many.lattice, cores: a.cores}).meanLogs())
	}
	a.work.spend(logarithms*s.many.nodes(), len(a.weights))
	logs = append([]float64(nil), over.shifts...)
	for j := range logs {
		logs[j] += mean
	}
	if s.many.visited != nil {
		floats.Add(logs, s.many.visited.logs)
		err += s.many.visited.logErr
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
