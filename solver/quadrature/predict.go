package quadrature

import (
	"math"
)

// Method is a kind of rule.
type Method uint8

// The methods, in the order in which they become the cheapest as directions are added.
const (
	TensorProduct  Method = iota // Rule
	SparseGrid                   // Sparse
	ShiftedLattice               // Lattice
)

// TensorDirections is the number of directions up to which tensor rules are chosen:
// their error is known from the slopes alone.
const TensorDirections = 4

// Cheapest returns the method that is expected to bring the gradient of a contrastive
// loss to an error of tolerance with the fewest nodes, and their number. spreads[i] is
// twice the standard deviation of the logits' slopes along direction i. For tensor
// rules, which Choose sizes, nodes is not predicted but 0.
func Cheapest(spreads []float64, tolerance float64) (method Method, nodes float64) {
	if len(spreads) <= TensorDirections {
		return TensorProduct, 0
	}
	sparse, lattice := sparseNodes(spreads, tolerance), latticeNodes(tolerance)
	if lattice < sparse {
		return ShiftedLattice, lattice
	}
	return SparseGrid, sparse
}

// latticeNodes predicts the nodes of a lattice: its error falls little faster than
// 1/√n, from about variation for one node. Mixtures of 8 to 32 components made it
// .02 to 1.4.
func latticeNodes(tolerance float64) float64 {
	const variation = 0.7
	return math.Pow(variation/tolerance, 2)
}

// sparseNodes predicts the nodes of an adaptive sparse grid from a model in which
// |Δ_i g| is the product, over the directions, of unit · E_n, the error of the
// one-dimensional rule one level below (n points of Gauss's rule are as exact). Such
// a grid takes the indices in the order of that product, until those left sum to
// tolerance. What it took for mixtures of 6 to 32 components was excess times that, to
// a factor of about 4 either way.
func sparseNodes(spreads []float64, tolerance float64) float64 {
	const excess, unit = 5, 0.3
	nodes, sizes := []float64{1}, []float64{1} // by the logarithm of the product, in steps of −½
	for _, spread := range spreads {
		nextNodes, nextSizes := make([]float64, smallestBin+1), make([]float64, smallestBin+1)
		for c := range levels {
			size, fresh := 1.0, 1.0
			if c > 0 {
				size = min(1, Estimate(spread, (degrees[c-1]+1)/2)/safety)
				fresh = 2 * float64(levels[c]-levels[c-1])
			}
			step := binOf(size)
			for b := range nodes {
				to := min(smallestBin, b+step)
				nextNodes[to] += fresh * nodes[b]
				nextSizes[to] += size * sizes[b]
			}
		}
		nodes, sizes = nextNodes, nextSizes
	}
	taken, left := 0.0, 0.0
	for b := len(nodes) - 1; b >= 0; b-- {
		if left += sizes[b]; left > tolerance/unit {
			taken += nodes[b]
		}
	}
	return excess * taken
}

// smallestBin holds products below e^−50.
const smallestBin = 100

func binOf(size float64) int {
	return int(min(smallestBin, math.Round(-2*math.Log(max(size, math.SmallestNonzeroFloat64)))))
}
