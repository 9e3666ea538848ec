package quadrature

import (
	"fmt"
	"math"
)

// Sparse is a dimension-adaptive sparse grid for E g(t), t ∼ N(0, I_q), over Genz and
// Keister's nested rules (Gerstner and Griebel, "Dimension-adaptive tensor-product
// quadrature", Computing 71 (2003), 65–87): with Δ_c the difference of the
// one-dimensional rules of levels c and c − 1,
//
//	E g ≈ Σ_{i∈I} Δ_i g,   Δ_i = Δ_{i_1} ⊗ … ⊗ Δ_{i_q},
//
// over a set I of indices that holds with each index all smaller ones. I grows by
// the successors of those indices whose differences are largest. The indices
// without successors in I are its frontier, and the sum of their |Δ_i g| estimates
// the error.
//
// A grid adapts to a vector of functions by a few numbers for each orbit of nodes, a
// sketch that is linear in what g sums to there: |Δ_i g| is the root mean square of
// the sketch of Δ_i g.
type Sparse struct {
	// Error is Σ |Δ_i g| over the frontier, and over the indices that would need
	// a finer rule than there is.
	Error float64
	// Condition is Σ |w| over the nodes, by which rounding of g is magnified: ≥ 1.
	Condition float64

	directions, width int
	nodes             int
	orbits            []orbit
	find              map[string]int32 // orbits by their keys
	sketches          []float64        // width numbers an orbit
	frontier          []int32
	beyond            float64 // Σ |Δ_i g| over the indices that lack a successor for want of a finer rule
	differenceOf      []float64
	key               []byte
}

// orbit is the nodes with generators ±λ_l in some directions and 0 in the others.
type orbit struct {
	key    string // pairs of a direction and an l > 0, ascending
	weight float64
	size   float64 // |Δ_i g| of the index i whose largest generators these are, if it is in I
	state  state
}

// state tells of the index whose largest generators an orbit has.
type state uint8

const (
	absent    state = iota // not in I
	outermost              // in the frontier
	inner                  // its successors were considered
)

// Orbit is the 2^m nodes that are ±Nodes[a] in direction Directions[a], a < m, and 0 in
// the other directions.
type Orbit struct {
	Directions []int
	Nodes      []float64
}

// Size returns 2^m.
func (o *Orbit) Size() int { return 1 << len(o.Directions) }

// NewSparse returns an empty grid in q ≤ 255 directions with sketches of width ≥ 1 numbers.
func NewSparse(q, width int) *Sparse {
	if q > math.MaxUint8 || width < 1 {
		panic("quadrature: a sparse grid has at most 255 directions and sketches of at least one number")
	}
	return &Sparse{Error: math.Inf(1), Condition: 1, directions: q, width: width, find: map[string]int32{}, differenceOf: make([]float64, width)}
}

// Nodes returns the number of nodes.
func (s *Sparse) Nodes() int { return s.nodes }

// Orbits returns the number of orbits, each of 1 node or more.
func (s *Sparse) Orbits() int { return len(s.orbits) }

// Orbit writes the n-th orbit into o, whose memory it uses again, and returns the
// weight of each of its nodes.
func (s *Sparse) Orbit(n int, o *Orbit) (weight float64) {
	o.Directions, o.Nodes = o.Directions[:0], o.Nodes[:0]
	key := s.orbits[n].key
	for a := 0; a < len(key); a += 2 {
		o.Directions = append(o.Directions, int(key[a]))
		o.Nodes = append(o.Nodes, generators[key[a+1]])
	}
	return s.orbits[n].weight
}

// Weight returns the weight of each node of the n-th orbit.
func (s *Sparse) Weight(n int) float64 { return s.orbits[n].weight }

// Mean returns the sketch of the grid's value of E g.
func (s *Sparse) Mean() []float64 {
	mean := make([]float64, s.width)
	for n, o := range s.orbits {
		addTo(mean, o.weight, s.sketches[n*s.width:][:s.width])
	}
	return mean
}

// String describes the grid: "sparse grid, 4321 nodes in 7 directions".
func (s *Sparse) String() string {
	return fmt.Sprintf("sparse grid, %d nodes in %d directions", s.nodes, s.directions)
}
