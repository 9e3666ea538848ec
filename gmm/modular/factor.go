package modular

// Factor is A = LDLᵀ of a symmetric matrix, L with ones on its diagonal.
type Factor struct {
	field    Field
	lower    [][]uint64 // row i has the i entries left of the diagonal
	upper    [][]uint64 // row i has the entries of column i below the diagonal
	inverses []uint64   // of D
}

// Factorise factors a symmetric matrix, of which it reads the lower half. It reports false where a leading minor is 0 mod
// p, which says nothing of the rationals.
func (f Field) Factorise(a [][]uint64) (*Factor, bool) {
	n := len(a)
	out := &Factor{field: f, lower: make([][]uint64, n), upper: make([][]uint64, n), inverses: make([]uint64, n)}
	for i, row := range a {
		scaled := make([]uint64, i) // LD
		out.lower[i] = make([]uint64, i)
		for j := range i {
			scaled[j] = f.Minus(row[j], f.Dot(out.lower[j], scaled))
			out.lower[i][j] = f.Times(scaled[j], out.inverses[j])
		}
		pivot := f.Minus(row[i], f.Dot(out.lower[i], scaled))
		if pivot == 0 {
			return nil, false
		}
		out.inverses[i] = f.Inverse(pivot)
	}
	for i := range n {
		out.upper[i] = make([]uint64, 0, n-i-1)
		for j := i + 1; j < n; j++ {
			out.upper[i] = append(out.upper[i], out.lower[j][i])
		}
	}
	return out, true
}

// Solve returns A⁻¹b.
func (a *Factor) Solve(b []uint64) []uint64 {
	f, n := a.field, len(b)
	x := make([]uint64, n)
	for i := range n {
		x[i] = f.Minus(b[i], f.Dot(a.lower[i], x))
	}
	for i := n - 1; i >= 0; i-- {
		x[i] = f.Minus(f.Times(x[i], a.inverses[i]), f.Dot(a.upper[i], x[i+1:]))
	}
	return x
}
