package term

import (
	"math"

	"contrastcheck/solver/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// section is what a component j sees of a tilted law: x = Zz + e for z = (1, t), t ∼ N(0, I_q), and e ∼ N(0, N) that Mᵀ takes to 0. So y given x
// depends on t alone; its components have the logits zᵀF_kz and the centres y_k = Y_kz.
type section struct {
	points  *mat.Dense   // m×(1+q), Z
	rest    *mat.Dense   // m×m, N; nil for 0
	forms   []*mat.Dense // K, F_k, symmetric
	centres []*mat.Dense // K, n×(1+q), Y_k
	squares []*mat.Dense // of what the gradient's terms are products of: ZᵀZ, and Y_kᵀY_k for each k

	spreads []*mat.Dense // K, of x − y given x and the component of y; of distances only

	pairs          *products2  // of z
	logits, length [][]float64 // the forms and the squares, as sums over pairs
}

// pack writes forms and squares as sums over pairs, of which nodes have many.
func (s *section) pack() {
	s.pairs = newProducts2(1 + s.directions())
	s.logits, s.length = nil, nil
	for _, form := range s.forms {
		s.logits = append(s.logits, s.pairs.form(form))
	}
	for _, square := range s.squares {
		s.length = append(s.length, s.pairs.form(square))
	}
}

// directions is q.
func (s *section) directions() int {
	_, columns := s.points.Dims()
	return columns - 1
}

// directionsOf spans the image of a symmetric matrix by orthonormal columns, of which it has none for 0: eigenvectors of eigenvalues that rounding did not make, the largest first.
func directionsOf(m *mat.Dense) *mat.Dense {
	values, vectors := dense.Eigen(m)
	n := len(values)
	resolution := 64 * float64(n) * unitRoundoff * math.Max(-values[0], values[n-1])
	out := &mat.Dense{}
	for i := n - 1; i >= 0; i-- {
		if math.Abs(values[i]) > resolution {
			out = beside(nil, out, mat.DenseCopyOf(vectors.Slice(0, n, i, i+1)))
		}
	}
	return out
}

// beside puts a vector, if it is not nil, and matrices side by side; empty ones are left out.
func beside(first mat.Vector, others ...*mat.Dense) *mat.Dense {
	var all []*mat.Dense
	if first != nil {
		all = append(all, mat.DenseCopyOf(first))
	}
	for _, a := range others {
		if !a.IsEmpty() {
			all = append(all, a)
		}
	}
	out := all[0]
	for _, a := range all[1:] {
		wider := new(mat.Dense)
		wider.Augment(out, a)
		out = wider
	}
	return out
}

// node is one of a rule: z, its products of two, the weights p_k of the components of y given x, and log Σ_k exp φ_k.
type node struct {
	z, pairs, p []float64
	log, size   float64 // size is 1 + max |φ_k|
}

// visit walks over the nodes of a rule, with weights that sum
// to 1 but for corners of the rule that weigh next to nothing.
func (s *section) visit(rule *ownRule, at func(weight float64, v *node)) {
	q := s.directions()
	v := &node{z: make([]float64, 1+q), pairs: make([]float64, s.pairs.count()), p: make([]float64, len(s.forms))}
	v.z[0] = 1
	if rule.scattered != nil {
		rule.scattered.visit(func(weight float64, t []float64) {
			copy(v.z[1:], t)
			s.tilt(v)
			at(weight, v)
		})
		return
	}
	var descend func(depth int, weight float64)
	descend = func(depth int, weight float64) {
		if depth == q {
			s.tilt(v)
			at(weight, v)
			return
		}
		points := rule.Directions[depth]
		for n, step := range points.Nodes {
			if w := weight * points.Weights[n]; w >= lightest {
				v.z[1+depth] = step
				descend(depth+1, w)
			}
		}
	}
	descend(0, 1)
}

// tilt computes the law of y at z.
func (s *section) tilt(v *node) {
	largest := math.Inf(-1)
	v.size = 1
	s.pairs.of(v.pairs, v.z)
	for k, form := range s.logits {
		v.p[k] = dense.Dot(form, v.pairs)
		largest = math.Max(largest, v.p[k])
		v.size = math.Max(v.size, 1+math.Abs(v.p[k]))
	}
	v.log = largest + math.Log(exponentials(v.p, largest))
}

// lengthAt is |Zz| max_k |Y_kz|, the size of the gradient's terms.
func (s *section) lengthAt(v *node) float64 {
	var most float64
	for _, square := range s.length[1:] {
		most = max(most, dense.Dot(square, v.pairs))
	}
	return math.Sqrt(max(0, most*dense.Dot(s.length[0], v.pairs)))
}

// lightest is the weight below which a node is left out: together such nodes weigh
// less than 1e-18, and their integrands grow as |t|⁴ only.
const lightest = 1e-24
