package quadrature

import (
	"math/big"
	"sync"
)

// generators are the nested nodes 0, λ_1, … λ_17 of Genz and Keister's symmetric
// rules for the standard normal distribution ("Fully symmetric interpolatory rules
// for multiple integrals over infinite regions with Gaussian weight", J. Comput.
// Appl. Math. 71 (1996), 299–309), in their order.
var generators = [...]float64{
	0,
	1.7320508075688773,
	4.1849560176727319, 0.74109534999454084, 2.8612795760570581,
	6.3633944943363700, 1.2304236340273060, 5.1870160399136561, 2.5960831150492022, 3.2053337944991945,
	9.0169397898903025, 0.24899229757996061, 7.9807717985905609, 2.2336260616769417,
	7.1221067008046167, 3.6353185190372782, 5.6981777684881096, 4.7364330859522971,
}

// levels[c] is n of the one-dimensional rule of level c on 0, ±λ_1, …, ±λ_n: rules
// of 1, 3, 9, 19 and 35 points, exact for polynomials of the degrees degrees[c].
var (
	levels  = [...]int{0, 1, 4, 9, 17}
	degrees = [...]int{1, 5, 15, 29, 51}
)

const topLevel = len(levels) - 1

// levelOf[l] is the level of the first rule to use λ_l.
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

// differences()[c][l] is the weight of each of ±λ_l in the difference of the rules of
// levels c and c − 1; in the rule itself for c = 0.
var differences = sync.OnceValue(func() (d [topLevel + 1][]float64) {
	for c, n := range levels {
		d[c] = nestedWeights(n)
		if c > 0 {
			for l, w := range nestedWeights(levels[c-1]) {
				d[c][l] -= w
			}
		}
	}
	return d
})

// nestedWeights returns the weight of each of ±λ_0, …, ±λ_n in the interpolatory
// rule on these nodes. With u = t² it is Newton's interpolation formula,
//
//	E g(t²) ≈ Σ_i a_i g[λ_0², …, λ_i²],   a_i = E Π_{j<i} (t² − λ_j²),
//
// in precision enough for the cancellation in it.
func nestedWeights(n int) []float64 {
	const precision = 512
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }
	squares, moments, sums := make([]*big.Float, n+1), make([]*big.Float, n+1), make([]*big.Float, n+1)
	for l := range n + 1 {
		squares[l] = number(generators[l])
		squares[l].Mul(squares[l], squares[l])
		sums[l] = number(0)
		moments[l] = number(1) // E u^l = 1·3·…·(2l − 1)
		if l > 0 {
			moments[l].Mul(moments[l-1], number(float64(2*l-1)))
		}
	}
	product := []*big.Float{number(1)} // the coefficients of Π_{j<i} (u − λ_j²)
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
		next := append([]*big.Float{number(0)}, product...)
		for power, c := range product {
			next[power] = number(0).Sub(next[power], number(0).Mul(c, squares[i]))
		}
		product = next
	}
	weights := make([]float64, n+1)
	for l, sum := range sums {
		weights[l], _ = sum.Float64()
		if l > 0 {
			weights[l] /= 2 // shared by +λ_l and −λ_l
		}
	}
	return weights
}
