package quadrature


// Sparse is a dimension-adaptive sparse grid for E g(t), t ∼ N(0, I_q) (Gerstner and
// Griebel, "Dimension-adaptive tensor-product quadrature", Computing 71 (2003),
// 65–87) over Genz and Keister's nested rules: with Δ_c the difference of the
// one-dimensional rules of levels c and c − 1,
//
//	E g ≈ Σ_{i∈I} (Δ_{i_1} ⊗ … ⊗ Δ_{i_q}) g
//
// over a set I of levels that contains with an index all smaller ones. I grows where
// the differences of g are largest; its newest indices, the frontier, have no
// successor yet. The nodes come in orbits of one weight.
type Sparse struct {
	q      int
	orbits []orbit
	find   map[string]int32 // by key
	active []int32          // the frontier
	nodes  int
	width  int
	values []float64 // width a piece, one an orbit
	sum    []float64 // the last frontier's sum
}

// Orbit is the 2^m nodes with ±Nodes[a] in direction Directions[a], a < m, and 0 in
// the other directions.
type Orbit struct {
	Directions []int
	Nodes      []float64
}

// orbit is an orbit by its key: pairs of a direction and a generator other than 0.
type orbit struct {
	key    string
	weight float64
	size   float64 // of the difference of the index with these generators on top, if there is one
	index  bool    // whether it is the top of an index
	done   bool    // whether that index's successors were tried
}
