package term

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// products4 are those z_a z_b z_c z_d, a ≤ b ≤ c ≤ d, of n numbers.
type products4 struct {
	n      int
	values []float64
	first  [][2]int // of each pair a ≤ b its numbers
	pairs  []float64
	factor [][2]int // of each product its pairs (a, b) and (c, d)
	places []int    // n⁴: where the product of any four numbers is
}

func newProducts4(n int) *products4 {
	m := &products4{n: n, places: make([]int, n*n*n*n)}
	pair := make(map[[2]int]int)
	for a := range n {
		for b := a; b < n; b++ {
			pair[[2]int{a, b}] = len(m.first)
			m.first = append(m.first, [2]int{a, b})
		}
	}
	known := make(map[[4]int]int)
	for i := range m.places {
		four := []int{i / (n * n * n), i / (n * n) % n, i / n % n, i % n}
		slices.Sort(four)
		key := [4]int(four)
		at, ok := known[key]
		if !ok {
			at = len(m.factor)
			known[key] = at
			m.factor = append(m.factor, [2]int{pair[[2]int{key[0], key[1]}], pair[[2]int{key[2], key[3]}]})
		}
		m.places[i] = at
	}
	m.pairs, m.values = make([]float64, len(m.first)), make([]float64, len(m.factor))
	return m
}

// of returns the products of z, which are lost at the next.
func (m *products4) of(z []float64) []float64 {
	for i, ab := range m.first {
		m.pairs[i] = z[ab[0]] * z[ab[1]]
	}
	for i, f := range m.factor {
		m.values[i] = m.pairs[f[0]] * m.pairs[f[1]]
	}
	return m.values
}

// zero is the symmetric tensor 0.
func (m *products4) zero() symmetric4 { return symmetric4{m, make([]float64, len(m.factor))} }

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
