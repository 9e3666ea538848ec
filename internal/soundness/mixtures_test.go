package soundness

import (
	"cmp"
	"math"
	"math/big"
	"math/rand/v2"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// kind is a family of random mixtures.
type kind struct {
	name string
	draw func(rng *rand.Rand) gmm.Pairs
}

var kinds = []kind{
	{"ordinary", func(rng *rand.Rand) gmm.Pairs { return drawPairs(rng, shape{spread: 2}) }},
	{"centred", func(rng *rand.Rand) gmm.Pairs { return drawPairs(rng, shape{spread: 2, centred: true}) }},
	{"far", func(rng *rand.Rand) gmm.Pairs { return drawPairs(rng, shape{spread: math.Exp(7 * rng.Float64())}) }},
	{"near-collinear", func(rng *rand.Rand) gmm.Pairs {
		return drawPairs(rng, shape{spread: 2, flatten: math.Pow(10, -8*rng.Float64())})
	}},
	{"tiny-weight", func(rng *rand.Rand) gmm.Pairs {
		return drawPairs(rng, shape{spread: 4, lightest: math.Pow(10, -12*rng.Float64()), centred: rng.IntN(2) == 0})
	}},
	{"ill-conditioned", func(rng *rand.Rand) gmm.Pairs {
		return drawPairs(rng, shape{spread: 2, condition: math.Pow(10, 10*rng.Float64()), centred: rng.IntN(2) == 0})
	}},
}

type shape struct {
	spread    float64 // whitened size of the means
	flatten   float64 // shrinks all but one direction of the means; 0 means 1
	lightest  float64 // weight of the last component beside the others; 0 means random
	condition float64 // condition number of the covariance; 0 means up to 100
	centred   bool
	most      int // components; 0 means 4
	widest    int // dimension; 0 means 6
}

// drawPairs draws a mixture whose means have the given size in whitened coordinates.
func drawPairs(rng *rand.Rand, s shape) gmm.Pairs {
	k := 2 + rng.IntN(cmp.Or(s.most, 4)-1)
	if k == 4 && rng.IntN(4) > 0 { // K = 4 is the dearest
		k = 2 + rng.IntN(2)
	}
	d := 1 + rng.IntN(cmp.Or(s.widest, 6))
	weights := make([]float64, k)
	for i := range weights {
		weights[i] = rng.ExpFloat64() + 1e-3
	}
	if s.lightest > 0 {
		weights[k-1] = s.lightest
	}
	condition := s.condition
	if condition == 0 {
		condition = math.Pow(100, rng.Float64())
	}
	root := drawRoot(rng, d, condition)
	means := mat.NewDense(k, d, nil)
	for i := range k {
		z := make([]float64, d)
		for j := range z {
			z[j] = s.spread * rng.NormFloat64()
			if j > 0 && s.flatten > 0 {
				z[j] *= s.flatten
			}
		}
		x := mat.NewVecDense(d, nil)
		x.MulVec(root, mat.NewVecDense(d, z))
		means.SetRow(i, x.RawVector().Data)
	}
	m, err := gmm.NewExact(exactOf(weights, means, squared(root)))
	if err != nil {
		panic(err)
	}
	if s.centred {
		if m, err = m.Centre(); err != nil {
			panic(err)
		}
	}
	delta := big.NewRat(1, 1)
	if rng.IntN(3) == 0 {
		delta = big.NewRat(int64(1+rng.IntN(16)), 16)
	}
	p, err := gmm.NewPairs(m, delta)
	if err != nil {
		panic(err)
	}
	return p
}

// drawRoot returns a square root of a random covariance of the given condition number.
func drawRoot(rng *rand.Rand, d int, condition float64) *mat.Dense {
	root := rotation(rng, d)
	root.Apply(func(_, j int, x float64) float64 {
		if d == 1 {
			return x
		}
		return x * math.Pow(condition, -0.5*float64(j)/float64(d-1))
	}, root)
	return root
}

// rotation draws an orthogonal matrix.
func rotation(rng *rand.Rand, d int) *mat.Dense {
	g := mat.NewDense(d, d, nil)
	g.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, g)
	var qr mat.QR
	qr.Factorize(g)
	out := new(mat.Dense)
	qr.QTo(out)
	return out
}

// squared returns RRᵀ, exactly symmetric.
func squared(root *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Mul(root, root.T())
	for i := range out.RawMatrix().Rows {
		for j := range i {
			out.Set(i, j, out.At(j, i))
		}
	}
	return &out
}

func identity(d int) *mat.Dense {
	out := mat.NewDense(d, d, nil)
	for i := range d {
		out.Set(i, i, 1)
	}
	return out
}

// exactOf takes the numbers as they are.
func exactOf(weights []float64, means, covariance *mat.Dense) gmm.Exact {
	return gmm.Exact{Weights: gmm.Rationals(weights...), Means: rationals(means), Covariance: rationals(covariance)}
}

func rationals(m *mat.Dense) (rows [][]*big.Rat) {
	for i := range m.RawMatrix().Rows {
		rows = append(rows, gmm.Rationals(m.RawRowView(i)...))
	}
	return rows
}
