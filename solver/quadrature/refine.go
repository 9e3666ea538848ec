package quadrature

import (
	"cmp"
	"math"
	"slices"
)

// Sketch writes the sketches of a grid's orbits from the first given on: for each as
// many numbers as the grid's width, linear functions of the sum of g over the
// orbit's nodes, unweighted.
type Sketch func(first int, into []float64)

// mostOrbits bounds the memory of a grid, some 250 bytes an orbit.
const mostOrbits = 200_000

// Refine adds indices until Error is at most tolerance, or the grid has limit nodes
// or as many orbits as its memory allows.
func (s *Sparse) Refine(sketch Sketch, tolerance float64, limit int) {
	if len(s.orbits) == 0 {
		s.begin(sketch)
	}
	for s.Error > tolerance && s.nodes < limit && len(s.orbits) < mostOrbits && len(s.frontier) > 0 {
		s.grow(sketch, limit)
	}
	s.Condition = 0
	for _, o := range s.orbits {
		s.Condition += math.Abs(o.weight) * math.Exp2(float64(len(o.key)/2))
	}
}

// Refreshed returns the same grid for other functions, whose sketches it takes. It does not grow.
func (s *Sparse) Refreshed(sketch Sketch) *Sparse {
	out := *s
	out.sketches, out.differenceOf, out.key = make([]float64, len(s.sketches)), make([]float64, s.width), nil
	out.orbits, out.frontier = slices.Clone(s.orbits), nil
	sketch(0, out.sketches)
	out.Error = 0
	for n := range out.orbits {
		o := &out.orbits[n]
		if o.state == outermost || o.state == inner && out.atTop(int32(n)) {
			o.size = out.difference(o.key, 0)
			out.Error += o.size
		}
	}
	return &out
}

// begin takes up the index 0 and those of level 1 in one direction: no direction is
// left out unseen.
func (s *Sparse) begin(sketch Sketch) {
	s.take([]string{""}, sketch)
	s.frontier = s.frontier[:0]
	s.orbits[0].state = inner
	s.take(s.successors("", nil), sketch)
}

// grow takes up the successors of the largest part of the frontier: of all indices
// within a share of the largest, but for an excess over limit or a fifth of what
// the grid has already.
func (s *Sparse) grow(sketch Sketch, limit int) {
	const share, growth, least = 0.25, 5, 1000
	slices.SortStableFunc(s.frontier, func(a, b int32) int { return cmp.Compare(s.orbits[b].size, s.orbits[a].size) })
	largest := s.orbits[s.frontier[0]].size
	room := min(limit-s.nodes, max(least, s.nodes/growth))
	var fresh []string
	taken := 0
	for _, n := range s.frontier {
		if s.orbits[n].size < share*largest || room <= 0 && taken > 0 {
			break
		}
		taken++
		s.orbits[n].state = inner
		if s.atTop(n) {
			s.beyond += s.orbits[n].size
		}
		before := len(fresh)
		fresh = s.successors(s.orbits[n].key, fresh)
		for _, key := range fresh[before:] {
			room -= newNodes(key)
		}
	}
	s.frontier = s.frontier[:copy(s.frontier, s.frontier[taken:])]
	s.take(fresh, sketch)
}

// atTop tells whether an index has the finest rule in some direction.
func (s *Sparse) atTop(n int32) bool {
	key := s.orbits[n].key
	for a := 1; a < len(key); a += 2 {
		if levelOf[key[a]] == topLevel {
			return true
		}
	}
	return false
}

// newNodes returns the number of nodes that an index adds.
func newNodes(key string) int {
	n := 1
	for a := 1; a < len(key); a += 2 {
		c := levelOf[key[a]]
		n *= 2 * (levels[c] - levels[c-1])
	}
	return n
}

// take adds indices to I and the frontier.
func (s *Sparse) take(keys []string, sketch Sketch) {
	first := len(s.orbits)
	for _, key := range keys {
		s.create(key, 0, make([]byte, 0, len(key)))
		s.orbits[s.find[key]].state = outermost
	}
	if len(s.orbits) > first {
		s.sketches = append(s.sketches, make([]float64, s.width*(len(s.orbits)-first))...)
		sketch(first, s.sketches[first*s.width:])
	}
	for _, key := range keys {
		n := s.find[key]
		s.orbits[n].size = s.difference(key, 1)
		s.frontier = append(s.frontier, n)
	}
	s.Error = s.beyond
	for _, n := range s.frontier {
		s.Error += s.orbits[n].size
	}
}

// create makes the orbits that an index adds: in each of its directions the
// generators new at its level.
func (s *Sparse) create(key string, a int, prefix []byte) {
	if a == len(key) {
		s.find[string(prefix)] = int32(len(s.orbits))
		s.orbits = append(s.orbits, orbit{key: string(prefix)})
		s.nodes += 1 << (len(key) / 2)
		return
	}
	c := levelOf[key[a+1]]
	for l := levels[c-1] + 1; l <= levels[c]; l++ {
		s.create(key, a+2, append(prefix, key[a], byte(l)))
	}
}

// difference returns |Δ_i g|, and adds so many times the weights of Δ_i to the orbits.
func (s *Sparse) difference(key string, taken float64) float64 {
	clear(s.differenceOf)
	s.spread(key, s.key[:0], 1, taken)
	var sum float64
	for _, x := range s.differenceOf {
		sum += x * x
	}
	return math.Sqrt(sum / float64(s.width))
}

// spread is difference for the part of an index that key says, the generators of the
// directions before being chosen, with their weight.
func (s *Sparse) spread(key string, chosen []byte, weight, taken float64) {
	if len(key) == 0 {
		n := s.find[string(chosen)]
		s.orbits[n].weight += taken * weight
		addTo(s.differenceOf, weight, s.sketches[int(n)*s.width:][:s.width])
		s.key = chosen // keeps its memory
		return
	}
	for l, w := range differences()[levelOf[key[1]]] {
		if l == 0 {
			s.spread(key[2:], chosen, weight*w, taken)
		} else {
			s.spread(key[2:], append(chosen, key[0], byte(l)), weight*w, taken)
		}
	}
}

func addTo(into []float64, factor float64, from []float64) {
	for i, x := range from {
		into[i] += factor * x
	}
}
