package quadrature

import (
	"math"
)

// NewSparse returns a grid of the single node 0 in q directions, for integrands of
// which Refine is told width numbers.
func NewSparse(q, width int) *Sparse {
	return &Sparse{q: q, width: width, find: map[string]int32{}}
}

// Nodes returns the number of nodes.
func (s *Sparse) Nodes() int { return s.nodes }

// Orbits returns the number of orbits.
func (s *Sparse) Orbits() int { return len(s.orbits) }

// Orbit writes an orbit into o, whose memory is used again, and returns the weight
// of each of its nodes.
func (s *Sparse) Orbit(n int, o *Orbit) (weight float64) {
	o.Directions, o.Nodes = o.Directions[:0], o.Nodes[:0]
	key := s.orbits[n].key
	for a := 0; a < len(key); a += 2 {
		o.Directions = append(o.Directions, int(key[a]))
		o.Nodes = append(o.Nodes, generators[key[a+1]])
	}
	return s.orbits[n].weight
}

// levelOf[l] is the level whose rule is the first to use generator l.
var levelOf = func() (level [len(generators)]int) {
	c := 0
	for l := range level {
		if l > levels[c] {
			c++
		}
		level[l] = c
	}
	return level
}()

// Refine adds indices until the frontier's differences sum to at most tolerance, or
// the nodes would exceed limit.
func (s *Sparse) Refine(evaluate func(first int, into []float64), tolerance float64, limit int) (frontier, total float64) {
	if len(s.orbits) == 0 {
		var fresh []string
		fresh = append(fresh, "")
		for d := range s.q {
			fresh = append(fresh, string([]byte{byte(d), 1}))
		}
		s.add(fresh, evaluate)
	}
	for {
		var fresh []string
		total = 0
		largest := 0.0
		sum := make([]float64, s.width)
		for _, n := range s.active {
			total += s.orbits[n].size
			largest = max(largest, s.orbits[n].size)
			s.difference(n, 1, sum)
		}
		frontier = norm(sum)
		if frontier <= tolerance || s.nodes >= limit {
			return frontier, total
		}
		const share = 0.25
		kept := s.active[:0:0]
		for _, n := range s.active {
			if s.orbits[n].size < share*largest {
				kept = append(kept, n)
				continue
			}
			s.orbits[n].done = true
			fresh = s.successors(n, fresh)
		}
		s.active = kept
		s.add(fresh, evaluate)
	}
}

func norm(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(x)))
}

// successors appends the keys of the indices one level above n in one direction all
// of whose other predecessors are done.
func (s *Sparse) successors(n int32, fresh []string) []string {
	key := s.orbits[n].key
	for d := range s.q {
		next, ok := raised(key, d)
		if ok && s.admissible(next) {
			if m, exists := s.find[next]; !exists || !s.orbits[m].index {
				fresh = append(fresh, next)
			}
		}
	}
	return fresh
}

// raised returns the key of the index one level higher in direction d.
func raised(key string, d int) (string, bool) {
	a := 0
	for a < len(key) && int(key[a]) < d {
		a += 2
	}
	out := make([]byte, 0, len(key)+2)
	out = append(out, key[:a]...)
	if a < len(key) && int(key[a]) == d {
		c := levelOf[key[a+1]]
		if c == topLevel {
			return "", false
		}
		out = append(out, key[a], byte(levels[c+1]))
		a += 2
	} else {
		out = append(out, byte(d), byte(levels[1]))
	}
	return string(append(out, key[a:]...)), true
}

// lowered returns the key of the index one level lower at position a.
func lowered(key string, a int) string {
	c := levelOf[key[a+1]]
	if c == 1 {
		return key[:a] + key[a+2:]
	}
	return key[:a+1] + string([]byte{byte(levels[c-1])}) + key[a+2:]
}

func (s *Sparse) admissible(key string) bool {
	for a := 0; a < len(key); a += 2 {
		m, ok := s.find[lowered(key, a)]
		if !ok || !s.orbits[m].done {
			return false
		}
	}
	return true
}

// add makes orbits for the indices, evaluates them and takes up their differences.
func (s *Sparse) add(fresh []string, evaluate func(first int, into []float64)) {
	first := len(s.orbits)
	var added []string
	for _, key := range fresh {
		if m, ok := s.find[key]; ok && s.orbits[m].index {
			continue
		}
		s.create(key, 0, make([]byte, 0, len(key)))
		s.orbits[s.find[key]].index = true
		added = append(added, key)
	}
	s.values = append(s.values, make([]float64, s.width*(len(s.orbits)-first))...)
	evaluate(first, s.values[first*s.width:])
	sum := make([]float64, s.width)
	for _, key := range added {
		n := s.find[key]
		clear(sum)
		s.difference(n, 1, sum)
		s.orbits[n].size = norm(sum)
		s.weigh(n)
		if key == "" {
			s.orbits[n].done = true
		} else {
			s.active = append(s.active, n)
		}
	}
}

// create makes the orbits that an index needs newly: at each of its directions the
// generators new at its level.
func (s *Sparse) create(key string, a int, prefix []byte) {
	if a == len(key) {
		if _, ok := s.find[string(prefix)]; ok {
			return
		}
		k := string(prefix)
		s.find[k] = int32(len(s.orbits))
		s.orbits = append(s.orbits, orbit{key: k})
		s.nodes += 1 << (len(k) / 2)
		return
	}
	c := levelOf[key[a+1]]
	for l := levels[c-1] + 1; l <= levels[c]; l++ {
		s.create(key, a+2, append(prefix, key[a], byte(l)))
	}
}

// difference adds factor times the difference of index n.
func (s *Sparse) difference(n int32, factor float64, sum []float64) {
	key := s.orbits[n].key
	s.visit(key, 0, make([]byte, 0, len(key)), factor, func(m int32, weight float64) {
		for r, v := range s.values[int(m)*s.width:][:s.width] {
			sum[r] += weight * v
		}
	})
}

func (s *Sparse) weigh(n int32) {
	key := s.orbits[n].key
	s.visit(key, 0, make([]byte, 0, len(key)), 1, func(m int32, weight float64) { s.orbits[m].weight += weight })
}

func (s *Sparse) visit(key string, a int, prefix []byte, weight float64, do func(m int32, weight float64)) {
	if a == len(key) {
		do(s.find[string(prefix)], weight)
		return
	}
	for l, w := range differences()[levelOf[key[a+1]]] {
		if l == 0 {
			s.visit(key, a+2, prefix, weight*w, do)
		} else {
			s.visit(key, a+2, append(prefix, key[a], byte(l)), weight*w, do)
		}
	}
}
