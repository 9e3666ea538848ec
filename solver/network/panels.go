package network

import (
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/integrate/quad"
)

// level is how fine a rule is.
type level struct {
	width  float64 // of panels, in standard deviations
	points int     // of each
	reach  float64 // how many standard deviations it goes
}

// The rules: a finer one tells of a rougher one's error.
var (
	coarse = level{2.6, 5, 4.8}
	rough  = level{2, 6, 5.5}
	good   = level{1.6, 8, 6.5}
	fine   = level{1.4, 11, 7.5}
)

// feature is a place on a line at which an integrand is not smooth, or varies fast.
type feature struct {
	at    float64
	scale float64 // panels near it are at most that wide; those further off at most as wide as they are far
	exact bool    // panels end there
}

// panels are ends of panels from low to high.
func (l level) panels(low, high, width float64, features []feature) []float64 {
	ends := []float64{low, high}
	for _, f := range features {
		if f.exact && f.at > low && f.at < high {
			ends = append(ends, f.at)
		}
	}
	slices.Sort(ends)
	out := []float64{low}
	for i := range ends[1:] {
		parts := math.Ceil((ends[i+1] - ends[i]) / width)
		for j := range int(parts) {
			a, b := ends[i]+float64(j)*(ends[i+1]-ends[i])/parts, ends[i+1]
			if j < int(parts)-1 {
				b = ends[i] + float64(j+1)*(ends[i+1]-ends[i])/parts
			}
			out = bisect(out, a, b, features)
		}
	}
	return out
}

// bisect appends the ends of panels after a, up to b.
func bisect(out []float64, a, b float64, features []feature) []float64 {
	size := b - a
	if size <= 0x1p-40*(1+math.Abs(a)) {
		if size > 0 {
			out = append(out, b)
		}
		return out
	}
	split := false
	for i := 0; !split && i < len(features); i++ {
		f := features[i]
		split = size > max(f.scale, a-f.at, f.at-b)
	}
	if !split {
		return append(out, b)
	}
	middle := a + size/2
	return bisect(bisect(out, a, middle, features), middle, b, features)
}

// over calls visit at the nodes of panels, with their weights; narrow panels take fewer.
func (l level) over(ends []float64, width float64, visit func(at, weight float64)) {
	for i := range ends[1:] {
		half := (ends[i+1] - ends[i]) / 2
		x, w := legendre(int(math.Ceil(float64(l.points) * (.45 + .55*min(1, 2*half/width)))))
		for j := range x {
			visit(ends[i]+half*(1+x[j]), half*w[j])
		}
	}
}

// legendre is the Gauss–Legendre rule on [−1, 1].
func legendre(n int) (x, w []float64) {
	if r, ok := rules.Load(n); ok {
		r := r.([2][]float64)
		return r[0], r[1]
	}
	x, w = make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(x, w, -1, 1)
	rules.Store(n, [2][]float64{x, w})
	return x, w
}

var rules sync.Map
