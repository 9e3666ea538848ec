package term

import (
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/quadrature"

	"gonum.org/v1/gonum/mat"
)

// grown grows a sparse grid for the gradient at sections, until its error is the given one or it has so many nodes.
func (l *ownLaw) grown(sections []*section, tolerance float64, limit int) *quadrature.Sparse {
	grid := quadrature.NewSparse(sections[0].directions(), sketchWidth)
	grid.Refine(l.sketch(sections, grid), tolerance, limit)
	return grid
}

// sketch measures the gradient by random functionals of it.
func (l *ownLaw) sketch(sections []*section, grid *quadrature.Sparse) quadrature.Sketch {
	forms := make([][][][]float64, len(sections)) // of each component j, functional and component k
	for j, s := range sections {
		for _, z := range l.many.functionals {
			forms[j] = append(forms[j], l.many.measured(j, s, z))
		}
	}
	return func(first int, into []float64) {
		const parts = 64
		orbits := grid.Orbits() - first
		dense.InChunks(min(parts, orbits), l.Cores, func(_, part int) {
			var o quadrature.Orbit
			for n := first + orbits*part/min(parts, orbits); n < first+orbits*(part+1)/min(parts, orbits); n++ {
				grid.Orbit(n, &o)
				out := into[(n-first)*sketchWidth:][:sketchWidth]
				clear(out)
				for j, s := range sections {
					v := s.newNode()
					s.around(&o, v, func() {
						s.tilt(v)
						for r := range out {
							var sum float64
							for k, p := range v.p {
								sum += p * dense.Dot(forms[j][r][k], v.pairs)
							}
							out[r] += l.Weights[j] * sum
						}
					})
				}
			}
		})
	}
}

// newNode is memory for one node.
func (s *section) newNode() *node {
	v := &node{z: make([]float64, 1+s.directions()), pairs: make([]float64, s.pairs.count()), p: make([]float64, len(s.forms))}
	v.z[0] = 1
	return v
}

// around visits the nodes of an orbit.
func (s *section) around(o *quadrature.Orbit, v *node, at func()) {
	clear(v.z[1:])
	for c := range o.Size() {
		for a, d := range o.Directions {
			v.z[1+d] = o.Nodes[a]
			if c>>a&1 == 1 {
				v.z[1+d] = -o.Nodes[a]
			}
		}
		at()
	}
}

// nodesOf are the nodes of a grid with their weights.
func nodesOf(grid *quadrature.Sparse, q int) *scatter {
	points := mat.NewDense(grid.Nodes(), q, nil)
	s := &scatter{points: []*mat.Dense{points}, name: grid.String()}
	var o quadrature.Orbit
	row := 0
	for n := range grid.Orbits() {
		weight := grid.Orbit(n, &o)
		for c := range o.Size() {
			for a, d := range o.Directions {
				x := o.Nodes[a]
				if c>>a&1 == 1 {
					x = -x
				}
				points.Set(row, d, x)
			}
			s.weights = append(s.weights, weight)
			row++
		}
	}
	return s
}
