package quadrature

import (
	"math/big"
	"sync"
)

// generators are the nested nodes λ_0 = 0, λ_1, … of Genz and Keister's symmetric
// rules for the standard normal distribution ("Fully symmetric interpolatory rules
// for multiple integrals over infinite regions with Gaussian weight", J. Comput.
// Appl. Math. 71 (1996), 299–309): 0 and ±λ_1 … ±λ_n are the nodes of a rule of
// 2n + 1 points. With 1, 3, 9, 19 and 35 points it is exact for polynomials of
// degree 1, 5, 15, 29 and 51.
var generators = [...]float64{
	0,
	1.7320508075688773,
	4.1849560176727319, 0.74109534999454084, 2.8612795760570581,
	6.3633944943363700, 1.2304236340273060, 5.1870160399136561, 2.5960831150492022, 3.2053337944991945,
	9.0169397898903025, 0.24899229757996061, 7.9807717985905609, 2.2336260616769417,
	7.1221067008046167, 3.6353185190372782, 5.6981777684881096, 4.7364330859522971,
}

// levels[c] is n of the rule of level c. Numbers between are left out: there the
// rule gives the new nodes no weight, as it is exact for them already.
var levels = [...]int{0, 1, 3, 4, 8, 9, 15, 16, 17}

// topLevel is the finest one-dimensional rule of a sparse grid, of 35 points.
const topLevel = len(levels) - 1

// differences()[c][l] is the weight of each of ±λ_l in the difference of the rules of
// levels c and c − 1; of level 0 alone for c = 0.
var differences = sync.OnceValue(func() (d [topLevel + 1][]float64) {
	for c := range d {
		d[c] = nestedWeights(levels[c])
		if c > 0 {
			for l, w := range nestedWeights(levels[c-1]) {
				d[c][l] -= w
			}
		}
	}
	return d
})

// nestedWeights returns the weight of each of ±λ_0 … ±λ_n in the interpolatory rule
// on these nodes. With u = t² it is Newton's interpolation formula,
//
//	E g(t²) ≈ Σ_i a_i g[λ_0², …, λ_i²],   a_i = E Π_{j<i} (t² − λ_j²),
//
// in precision enough for the cancellation.
func nestedWeights(n int) []float64 {
	const precision = 512
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }
	squares := make([]*big.Float, n+1)
	for l := range squares {
		squares[l] = number(generators[l])
		squares[l].Mul(squares[l], squares[l])
	}
	moments := make([]*big.Float, n+1) // E u^i = 1·3·…·(2i − 1)
	moments[0] = number(1)
	for i := 1; i <= n; i++ {
		moments[i] = number(float64(2*i - 1))
		moments[i].Mul(moments[i], moments[i-1])
	}
	sums := make([]*big.Float, n+1)
	for l := range sums {
		sums[l] = number(0)
	}
	product := []*big.Float{number(1)} // coefficients of Π_{j<i} (u − λ_j²)
	for i := range n + 1 {
		a := number(0)
		for power, c := range product {
			a.Add(a, number(0).Mul(c, moments[power]))
		}
		for l := range i + 1 {
			term := number(0).Set(a)
			for j := range i + 1 {
				if j != l {
					term.Quo(term, number(0).Sub(squares[l], squares[j]))
				}
			}
			sums[l].Add(sums[l], term)
		}
		next := []*big.Float{number(0)}
		next = append(next, product...)
		for power, c := range product {
			next[power] = number(0).Sub(next[power], number(0).Mul(c, squares[i]))
		}
		product = next
	}
	weights := make([]float64, n+1)
	for l, sum := range sums {
		weights[l], _ = sum.Float64()
		if l > 0 {
			weights[l] /= 2
		}
	}
	return weights
}
