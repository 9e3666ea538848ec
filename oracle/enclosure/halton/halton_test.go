package halton_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/oracle/enclosure/halton"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

func source(seed uint64) rand.Source { return rand.NewPCG(seed, 0) }

// plain are the points of gonum's sampler, n×q.
func plain(q, n int, source rand.Source) *mat.Dense {
	covariance := mat.NewSymDense(q, nil)
	for i := range q {
		covariance.SetSym(i, i, 1)
	}
	normal, _ := distmv.NewNormal(make([]float64, q), covariance, nil)
	out := mat.NewDense(n, q, nil)
	samplemv.Halton{Kind: samplemv.Owen, Q: normal, Src: source}.Sample(out)
	return out
}

// The points are those of gonum's sampler but for rounding, whatever their number and that of dimensions: that of a number in [0, 1], which the inverse of the normal
// distribution magnifies by 1/φ(x).
func TestNormalIsGonums(t *testing.T) {
	t.Parallel()
	for _, q := range []int{1, 2, 5, 40} {
		for _, n := range []int{1, 2, 7, 1000, 1024, 3125} {
			got := mat.NewDense(q, n, nil)
			halton.Normal(got, source(uint64(q+n)))
			want := plain(q, n, source(uint64(q+n)))
			for i := range q {
				for c, x := range got.RawRowView(i) {
					const roundings = 60 * 0x1p-53
					if off := math.Abs(x - want.At(c, i)); !(off <= roundings*(math.Sqrt(2*math.Pi)*math.Exp(x*x/2)+math.Abs(x))) {
						t.Errorf("coordinate %d of point %d of %d in %d dimensions: %v, gonum's %v", i, c, n, q, x, want.At(c, i))
					}
				}
			}
		}
	}
}

func BenchmarkNormal(b *testing.B) {
	for _, q := range []int{9, 99} {
		b.Run(fmt.Sprint(q), func(b *testing.B) {
			t := mat.NewDense(q, 4096, nil)
			for b.Loop() {
				halton.Normal(t, source(1))
			}
		})
		b.Run(fmt.Sprint("gonum/", q), func(b *testing.B) {
			for b.Loop() {
				plain(q, 4096, source(1))
			}
		})
	}
}
