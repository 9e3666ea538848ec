package network

import (
	"math"
	"slices"
)

// grid are nodes for the preactivations of a tower.
type grid struct {
	n     int         // numbers of a node
	x     []float64   // N×n
	given [][]float64 // N×K: the weight of a node given each component; over the nodes they add up to 1
}

// walk makes a grid: coordinate by coordinate, the last one outermost.
type walk struct {
	level
	f tower
	v view
	grid
	reached, shifted float64 // how far it goes from a mean, in standard deviations and besides
	tallest          float64 // ‖f‖, about, where it matters
	bounded          bool    // f is
	most             int     // nodes
	y                []float64
	standard         [][]float64 // K×n: y standardised, given later ones
	density          [][]float64 // n+1 rows of K: the densities of the coordinates from there on, times weights of nodes
	alpha            []float64   // the preactivations but for what the inner coordinates add
	line             []feature
}

// nodes makes the grid of a tower; ok is false if it takes more than most nodes.
func (l level) nodes(f tower, v view, most int) (g grid, ok bool) {
	k, n := len(v.means), len(v.means[0])
	if n == 0 {
		one := make([]float64, k)
		for i := range one {
			one[i] = 1
		}
		return grid{0, nil, [][]float64{one}}, true
	}
	steep := f.growth()
	if !(steep < mostGrowth) {
		return grid{}, false
	}
	w := walk{level: l, f: f, v: v, grid: grid{n: n}, bounded: steep == 0, most: most,
		reached: l.reach * math.Sqrt(1+steep*steep*steep*steep),
		y:       make([]float64, n), standard: table(k, n), density: table(n+1, k), alpha: slices.Clone(f.b)}
	w.tallest = w.height()
	w.shifted = steep * w.tallest // e^{f(x)·f(y)} moves its mean by that, at most, for x within two standard deviations of one
	for i := range k {
		w.density[n][i] = 1
	}
	w.descend(n - 1)
	w.normalise()
	return w.grid, len(w.given) <= most
}

// height is about the largest ‖f‖ within two standard deviations of a mean.
func (w *walk) height() (most float64) {
	h := len(w.f.b)
	hidden, slope, out, x := make([]float64, h), make([]float64, h), make([]float64, len(w.f.c)), make([]float64, w.n)
	for k, mean := range w.v.means {
		w.f.at(mean, hidden, slope, out)
		most = max(most, norm(out))
		for _, d := range directions(w.n) {
			for i := range x {
				x[i] = mean[i] + 2*d[i]*w.v.spread(k, i, i)
			}
			w.f.at(x, hidden, slope, out)
			most = max(most, norm(out))
		}
	}
	return most
}

// mostGrowth is how fast a net may grow, ‖f(x)‖ beside ‖x‖, whitened: e^{f(x)·f(y)} moves the mean of y by the square of that.
const mostGrowth = 6

// mostNodes is how many a grid may have: steeper nets take more than anything is worth.
const mostNodes = 1 << 20

// descend visits the nodes of coordinate i and, at each, those of the coordinates before it.
func (w *walk) descend(i int) {
	low, high, narrow := infinity, -infinity, infinity
	centre := make([]float64, len(w.v.means))
	for k, mean := range w.v.means {
		centre[k] = mean[i]
		for j := i + 1; j < w.n; j++ {
			centre[k] += w.v.spread(k, i, j) * w.standard[k][j]
		}
		sd := w.v.spread(k, i, i)
		low, high, narrow = min(low, centre[k]-w.reached*sd-w.shifted), max(high, centre[k]+w.reached*sd+w.shifted), min(narrow, sd)
	}
	features := w.features(i, centre, low, high)
	here := w.density[i]
	width := w.width * narrow
	w.over(w.panels(low, high, width, features), width, func(at, weight float64) {
		most := 0.0
		for k := range here {
			sd := w.v.spread(k, i, i)
			z := (at - centre[k]) / sd
			w.standard[k][i] = z
			here[k] = w.density[i+1][k] * weight * math.Exp(-z*z/2) / (sd * math.Sqrt(2*math.Pi))
			most = max(most, here[k])
		}
		if w.bounded && most < negligible || len(w.given) > w.most {
			return
		}
		w.y[i] = at
		if i == 0 {
			w.x = append(w.x, w.y...)
			w.given = append(w.given, slices.Clone(here))
			return
		}
		for j, u := range w.f.u {
			w.alpha[j] += u[i] * at
		}
		w.descend(i - 1)
		for j, u := range w.f.u {
			w.alpha[j] -= u[i] * at
		}
	})
}

// negligible is a weight that no sum of bounded values shows.
const negligible = 1e-20

// features are those of coordinate i, where the later ones are fixed.
func (w *walk) features(i int, centre []float64, low, high float64) []feature {
	if i == 0 {
		return w.onLine(low, high)
	}
	var all []feature
	for j, u := range w.f.u {
		if u[i] == 0 || w.f.activation.waves {
			continue
		}
		inner := norm(u[:i])
		exact := inner == 0 && w.f.activation.kinked
		scale := math.Abs(inner / u[i])
		switch {
		case exact:
			scale = w.steepness(j, math.Abs(u[i]))
		case !w.f.activation.kinked:
			scale = math.Hypot(inner, 1) / math.Abs(u[i])
		}
		if scale >= w.width && !exact {
			continue
		}
		for k := range centre {
			all = append(all, feature{-(w.alpha[j] + dot(u[:i], w.v.means[k][:i])) / u[i], max(scale, sharpest), exact})
		}
	}
	if i == 1 && w.f.activation.kinked {
		all = append(all, w.crossings()...)
	}
	return all
}

// sharpest is the least width of panels, but for those between kinks.
const sharpest = 1e-9

// crossings are where two kinks cross, on the second coordinate.
func (w *walk) crossings() (all []feature) {
	for j, u := range w.f.u {
		for l := range j {
			v := w.f.u[l]
			if det := u[1]*v[0] - v[1]*u[0]; det != 0 {
				all = append(all, feature{-(w.alpha[j]*v[0] - w.alpha[l]*u[0]) / det, infinity, true})
			}
		}
	}
	return all
}

// onLine are the features on a line of the first coordinate. A neuron is steep where σ is, and where it changes e^{f(x)·f(y)} fast.
func (w *walk) onLine(low, high float64) []feature {
	all := w.line[:0]
	for j, u := range w.f.u {
		slope := math.Abs(u[0])
		if slope == 0 {
			continue
		}
		scale := w.steepness(j, slope)
		if !w.f.activation.kinked {
			scale = min(scale, 1/slope)
		}
		if w.f.activation.waves {
			scale = max(min(scale, 1.5/slope), (high-low)/mostWaves)
			for at := low; at < high; at += scale {
				all = append(all, feature{at, scale, false})
			}
			continue
		}
		all = append(all, feature{-w.alpha[j] / u[0], max(scale, sharpest), w.f.activation.kinked})
	}
	if w.f.activation.kinked && !w.f.activation.Step && len(w.f.c) == 1 {
		all = w.zeros(all, low, high)
	}
	w.line = all
	return all
}

// mild is how much an exponent may change over a panel.
const mild = 4

// steepness is over what length neuron j may change e^{f(x)·f(y)} by that, where its preactivation has a slope.
func (w *walk) steepness(j int, slope float64) float64 {
	return mild / (slope * norm(w.f.v[j]) * w.tallest)
}

// mostWaves bounds the panels of activations that vary everywhere.
const mostWaves = 200

// zeros appends those of f, linear between kinks: there the tilt of e^{f(x)f(y)} changes sides.
func (w *walk) zeros(all []feature, low, high float64) []feature {
	ends := []float64{low, high}
	for _, f := range all {
		if f.at > low && f.at < high {
			ends = append(ends, f.at)
		}
	}
	slices.Sort(ends)
	value := func(y float64) float64 {
		sum := w.f.c[0]
		for j, u := range w.f.u {
			t, _ := w.f.activation.At(w.alpha[j] + u[0]*y)
			sum += w.f.v[j][0] * t
		}
		return sum
	}
	before := value(low)
	for i := range ends[1:] {
		after := value(ends[i+1])
		if slope := (after - before) / (ends[i+1] - ends[i]); before*after < 0 {
			all = append(all, feature{ends[i] - before/slope, max(mild/(math.Abs(slope)*w.tallest), sharpest), false})
		}
		before = after
	}
	return all
}

// normalise makes the weights given each component add up to 1.
func (w *walk) normalise() {
	sum := make([]float64, len(w.v.means))
	for _, g := range w.given {
		for k, x := range g {
			sum[k] += x
		}
	}
	for _, g := range w.given {
		for k := range g {
			g[k] /= sum[k]
		}
	}
}
