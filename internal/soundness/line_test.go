package soundness

import (
	"math"
	"slices"
)

// line integrates along x = u n + v e over all u.
type line struct {
	choice
	group  []int
	slopes []vec
	n, e   vec
	nodes  [][2]float64
}

func (l line) integrate(v, weight float64, out *moments) {
	k := len(l.slopes)
	rates, levels := make([]float64, k), make([]float64, k)
	for i, s := range l.slopes {
		rates[i], levels[i] = s.dot(l.n), l.logs[i]+v*s.dot(l.e)
	}
	across := make([]float64, len(l.group)) // w_j times the density across the line
	low, high := math.Inf(1), math.Inf(-1)
	for i, j := range l.group {
		d := v - l.anchors[j].dot(l.e)
		across[i] = l.weights[j] * weight * math.Exp(-d*d/2) / (2 * math.Pi)
		half := math.Sqrt(max(0, reach*reach-d*d))
		low, high = min(low, l.anchors[j].dot(l.n)-half), max(high, l.anchors[j].dot(l.n)+half)
	}
	ends := base(low, high, 1.5)
	for _, x := range envelope(rates, levels) {
		ends = append(ends, graded(x[0], x[1])...)
	}
	p := make([]float64, k)
	for u, w := range panels(ends, low, high, l.nodes) {
		l.node(u, v, w, across, rates, levels, p, out)
	}
}

// node adds one node.
func (l line) node(u, v, weight float64, across, rates, levels, p []float64, out *moments) {
	largest := math.Inf(-1)
	for k := range p {
		p[k] = levels[k] + u*rates[k]
		largest = max(largest, p[k])
	}
	var sum float64
	for k := range p {
		p[k] = math.Exp(p[k] - largest)
		sum += p[k]
	}
	x := vec{u*l.n[0] + v*l.e[0], u*l.n[1] + v*l.e[1]}
	var density float64
	var drift vec
	heavy := 0
	for k := range p {
		p[k] /= sum
		if p[k] > p[heavy] {
			heavy = k
		}
	}
	for i, j := range l.group {
		d := u - l.anchors[j].dot(l.n)
		f := weight * across[i] * math.Exp(-d*d/2)
		density += f
		var contrast vec
		for k, q := range p {
			if k != j {
				contrast[0] += q * (l.partners[k][0] - l.partners[j][0])
				contrast[1] += q * (l.partners[k][1] - l.partners[j][1])
			}
		}
		drift[0] += f * contrast[0]
		drift[1] += f * contrast[1]
	}
	out.value += density * (largest + math.Log(sum))
	for a := range x {
		out.drift[a] += drift[a]
		for b := range drift {
			out.pull[a][b] += x[a] * drift[b]
		}
	}
	// Cov_p(ν) about the likeliest partner.
	var mean vec
	var second [3]float64
	for k, q := range p {
		y := l.partners[k].less(l.partners[heavy])
		mean[0] += q * y[0]
		mean[1] += q * y[1]
		second[0] += q * y[0] * y[0]
		second[1] += q * y[0] * y[1]
		second[2] += q * y[1] * y[1]
	}
	second[0] -= mean[0] * mean[0]
	second[1] -= mean[0] * mean[1]
	second[2] -= mean[1] * mean[1]
	for a, xx := range [3]float64{x[0] * x[0], x[0] * x[1], x[1] * x[1]} {
		for b, s := range second {
			out.bend[a][b] += density * xx * s
		}
	}
}

// envelope returns, ascending, where the upper envelope of the lines level + u·rate has its
// corners, and the change of its slope there.
func envelope(rates, levels []float64) (out [][2]float64) {
	top := 0
	for k := range rates {
		if rates[k] < rates[top] || rates[k] == rates[top] && levels[k] > levels[top] {
			top = k
		}
	}
	for {
		at, next := math.Inf(1), -1
		for k := range rates {
			if rates[k] <= rates[top] {
				continue
			}
			x := (levels[top] - levels[k]) / (rates[k] - rates[top])
			if x < at || x == at && rates[k] > rates[next] {
				at, next = x, k
			}
		}
		if next < 0 {
			return out
		}
		out = append(out, [2]float64{at, rates[next] - rates[top]})
		top = next
	}
}

// base returns the ends of even panels of at most the given width.
func base(low, high, width float64) (out []float64) {
	n := math.Ceil((high - low) / width)
	for i := range int(n) + 1 {
		out = append(out, low+(high-low)*float64(i)/n)
	}
	return out
}

// graded returns ends of panels that halve towards x, down to a step's width.
func graded(x, slope float64) []float64 {
	out := []float64{x}
	if !(slope > 0.5) {
		return nil
	}
	for h := 1 / slope; h < 1.5; h *= 2 {
		out = append(out, x-h, x+h)
	}
	return out
}

// panels yields the nodes and weights of Gauss rules between ends within [low, high].
func panels(ends []float64, low, high float64, nodes [][2]float64) func(yield func(x, w float64) bool) {
	slices.Sort(ends)
	return func(yield func(x, w float64) bool) {
		last := low
		for _, end := range ends {
			if end > high {
				break
			}
			half := (end - last) / 2
			if !(half > 1e-13) {
				continue
			}
			for _, node := range nodes {
				if !yield(last+half*(1+node[0]), half*node[1]) {
					return
				}
			}
			last = end
		}
	}
}

// gauss returns nodes and weights of the Gauss–Legendre rule on [−1, 1], by Newton's
// method on the Legendre polynomial.
func gauss(n int) [][2]float64 {
	out := make([][2]float64, n)
	for i := range n {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		var slope float64
		for range 20 {
			p, q := 1.0, 0.0
			for k := 1; k <= n; k++ {
				p, q = ((2*float64(k)-1)*x*p-(float64(k)-1)*q)/float64(k), p
			}
			slope = float64(n) * (x*p - q) / (x*x - 1)
			x -= p / slope
		}
		out[i] = [2]float64{x, 2 / ((1 - x*x) * slope * slope)}
	}
	return out
}
