package oracle

import (
	"encoding/binary"
	"hash/fnv"
	"math"

	"contrastcheck/gmm"
)

// seedOf is a number that the mixture, pooled, and δ determine, so that no mixture can be sought
// for which given random points fail, and results are reproducible.
func seedOf(m *gmm.Mixture, delta float64) uint64 {
	h := fnv.New64a()
	add := func(numbers ...float64) {
		for _, x := range numbers {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
			h.Write(b[:])
		}
	}
	add(delta)
	add(m.Weights()...)
	add(m.Means().RawMatrix().Data...)
	covariance := m.Covariance()
	for i := range covariance.SymmetricDim() {
		for j := range i + 1 {
			add(covariance.At(i, j))
		}
	}
	return h.Sum64()
}
