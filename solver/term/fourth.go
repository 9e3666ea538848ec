package term

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// products2 are the products z_a z_b, a ≤ b, of n numbers.
type products2 struct {
	n       int
	factors [][2]int
}

func newProducts2(n int) *products2 {
	m := &products2{n: n}
	for a := range n {
		for b := a; b < n; b++ {
			m.factors = append(m.factors, [2]int{a, b})
		}
	}
	return m
}

// count is n(n + 1)/2.
func (m *products2) count() int { return len(m.factors) }

// of writes the products of z.
func (m *products2) of(into, z []float64) {
	for i, f := range m.factors {
		into[i] = z[f[0]] * z[f[1]]
	}
}

// form is zᵀFz as a sum over products.
func (m *products2) form(f *mat.Dense) []float64 {
	out := make([]float64, len(m.factors))
	for i, ab := range m.factors {
		if out[i] = f.At(ab[0], ab[1]); ab[0] != ab[1] {
			out[i] += f.At(ab[1], ab[0])
		}
	}
	return out
}

// matrix is the symmetric matrix of an average of products.
func (m *products2) matrix(average []float64) *mat.Dense {
	out := mat.NewDense(m.n, m.n, nil)
	for i, ab := range m.factors {
		out.Set(ab[0], ab[1], average[i])
		out.Set(ab[1], ab[0], average[i])
	}
	return out
}

// products4 are the products z_a z_b z_c z_d, a ≤ b ≤ c ≤ d, of n numbers.
type products4 struct {
	n       int
	values  []float64
	factors [][2]int // of each its products (a, b) and (c, d) of two
	places  []int    // n⁴: where the product of any four numbers is
}

func newProducts4(of *products2) *products4 {
	n := of.n
	m := &products4{n: n, places: make([]int, n*n*n*n)}
	pair := make(map[[2]int]int)
	for i, ab := range of.factors {
		pair[ab] = i
	}
	known := make(map[[4]int]int)
	for i := range m.places {
		four := []int{i / (n * n * n), i / (n * n) % n, i / n % n, i % n}
		slices.Sort(four)
		key := [4]int(four)
		at, ok := known[key]
		if !ok {
			at = len(m.factors)
			known[key] = at
			m.factors = append(m.factors, [2]int{pair[[2]int{key[0], key[1]}], pair[[2]int{key[2], key[3]}]})
		}
		m.places[i] = at
	}
	m.values = make([]float64, len(m.factors))
	return m
}

// of returns the products, given those of two; they are lost at the next.
func (m *products4) of(pairs []float64) []float64 {
	for i, f := range m.factors {
		m.values[i] = pairs[f[0]] * pairs[f[1]]
	}
	return m.values
}

// zero is the symmetric tensor 0.
func (m *products4) zero() symmetric4 { return symmetric4{m, make([]float64, len(m.factors))} }

// symmetric4 is a symmetric tensor of order 4, an average of z⊗z⊗z⊗z.
type symmetric4 struct {
	of     *products4
	values []float64
}

func (s symmetric4) at(a, b, c, d int) float64 {
	n := s.of.n
	return s.values[s.of.places[((a*n+b)*n+c)*n+d]]
}

// lower is the average of zzᵀ, as z begins with 1.
func (s symmetric4) lower() *mat.Dense {
	out := mat.NewDense(s.of.n, s.of.n, nil)
	out.Apply(func(a, b int, _ float64) float64 { return s.at(0, 0, a, b) }, out)
	return out
}

// contract adds the average of z(zᵀBz)zᵀ.
func (s symmetric4) contract(into, b *mat.Dense) {
	n := s.of.n
	for a := range n {
		for d := range n {
			var sum float64
			for i := range n {
				for j, x := range b.RawRowView(i) {
					sum += x * s.at(a, i, j, d)
				}
			}
			into.Set(a, d, into.At(a, d)+sum)
		}
	}
}
