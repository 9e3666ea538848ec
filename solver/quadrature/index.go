package quadrature

// An index is known by the key of its orbit of largest generators: pairs of a
// direction and the number l of its largest generator there, in ascending order of
// the directions of level 1 or more.

// successors appends the indices one level above key in one direction that are not in
// I and whose predecessors are all inner.
func (s *Sparse) successors(key string, fresh []string) []string {
	for d := range s.directions {
		next, ok := raised(key, d)
		if !ok || !s.admissible(next) {
			continue
		}
		if n, known := s.find[next]; !known || s.orbits[n].state == absent {
			fresh = append(fresh, next)
		}
	}
	return fresh
}

// admissible tells whether all indices one level below key in one direction are inner.
func (s *Sparse) admissible(key string) bool {
	for a := 0; a < len(key); a += 2 {
		n, known := s.find[lowered(key, a)]
		if !known || s.orbits[n].state != inner {
			return false
		}
	}
	return true
}

// raised returns the index one level higher in direction d, if there is a finer rule.
func raised(key string, d int) (next string, ok bool) {
	a := 0
	for a < len(key) && int(key[a]) < d {
		a += 2
	}
	if a == len(key) || int(key[a]) > d {
		return key[:a] + string([]byte{byte(d), byte(levels[1])}) + key[a:], true
	}
	c := levelOf[key[a+1]]
	if c == topLevel {
		return "", false
	}
	return key[:a+1] + string([]byte{byte(levels[c+1])}) + key[a+2:], true
}

// lowered returns the index one level lower in the direction at position a of key.
func lowered(key string, a int) string {
	c := levelOf[key[a+1]]
	if c == 1 {
		return key[:a] + key[a+2:]
	}
	return key[:a+1] + string([]byte{byte(levels[c-1])}) + key[a+2:]
}
