package modular

// Span is a subspace of vectors of length d that grows.
type Span struct {
	field Field
	// by[j] holds coordinate j of the vectors of a basis, each of which is 1 at its pivot and 0 at the pivots of those before it.
	by     [][]uint64
	pivots []int
	taken  []bool
}

// Span returns the subspace {0} of vectors of length d.
func (f Field) Span(d int) *Span {
	return &Span{field: f, by: make([][]uint64, d), taken: make([]bool, d)}
}

// Dimension returns the subspace's dimension.
func (s *Span) Dimension() int { return len(s.pivots) }

// Insert adds a vector to the subspace, and tells whether that made it larger.
func (s *Span) Insert(v []uint64) bool {
	rest, pivot := s.rest(v)
	if pivot < 0 {
		return false
	}
	scale := s.field.Inverse(rest[pivot])
	for j, x := range rest {
		s.by[j] = append(s.by[j], s.field.Times(x, scale))
	}
	s.pivots = append(s.pivots, pivot)
	s.taken[pivot] = true
	return true
}

// Contains tells whether the subspace contains a vector.
func (s *Span) Contains(v []uint64) bool {
	_, pivot := s.rest(v)
	return pivot < 0
}

// rest returns what is left of v when the basis has cleared the pivots, and its first place that is not 0; −1 where there is none.
func (s *Span) rest(v []uint64) (rest []uint64, first int) {
	f := s.field
	coefficients := make([]uint64, len(s.pivots))
	for i, pivot := range s.pivots {
		coefficients[i] = f.Minus(v[pivot], f.Dot(s.by[pivot][:i], coefficients))
	}
	rest, first = make([]uint64, len(v)), -1
	for j, x := range v {
		if s.taken[j] {
			continue
		}
		rest[j] = f.Minus(x, f.Dot(coefficients, s.by[j]))
		if rest[j] != 0 && first < 0 {
			first = j
		}
	}
	return rest, first
}

// Reduce brings rows to reduced echelon form in place and returns the columns of their pivots, ascending: as many as the rank; the rows
// after them are 0.
func (f Field) Reduce(rows [][]uint64) (pivots []int) {
	if len(rows) == 0 {
		return nil
	}
	for c := 0; c < len(rows[0]) && len(pivots) < len(rows); c++ {
		top := len(pivots)
		at := top
		for at < len(rows) && rows[at][c] == 0 {
			at++
		}
		if at == len(rows) {
			continue
		}
		rows[top], rows[at] = rows[at], rows[top]
		scale := f.Inverse(rows[top][c])
		for j := c; j < len(rows[top]); j++ {
			rows[top][j] = f.Times(rows[top][j], scale)
		}
		for i, row := range rows {
			if i != top && row[c] != 0 {
				f.Subtract(row[c:], row[c], rows[top][c:])
			}
		}
		pivots = append(pivots, c)
	}
	return pivots
}

// DependentColumns returns the columns of a matrix, given by its rows, that are combinations of those before them. It clears the
// rows below pivots in place.
func (f Field) DependentColumns(rows [][]uint64) (dependent []int) {
	rank := 0
	for c := range rows[0] {
		at := rank
		for at < len(rows) && rows[at][c] == 0 {
			at++
		}
		if at == len(rows) {
			dependent = append(dependent, c)
			continue
		}
		rows[rank], rows[at] = rows[at], rows[rank]
		inverse := f.Inverse(rows[rank][c])
		for _, row := range rows[rank+1:] {
			f.Subtract(row[c:], f.Times(row[c], inverse), rows[rank][c:])
		}
		rank++
	}
	return dependent
}
