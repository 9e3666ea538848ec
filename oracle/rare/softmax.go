package rare

import "math"

// seen is a softmax as seen from one component, p_k(t) ∝ exp(offset_k + slope_kᵀt).
// A component whose offset is −∞ is absent.
type seen struct {
	offset []float64   // K
	slope  [][]float64 // K×q
}

// shares writes p(t) into p, K long, and returns log Σ_k exp(offset_k + slope_kᵀt).
func (s seen) shares(p, t []float64) float64 {
	along := make([]float64, len(s.offset))
	for k, slope := range s.slope {
		along[k] = dot(slope, t)
	}
	return s.sharesAt(p, along)
}

// sharesAt is shares where slope_kᵀt is along_k; p may be along.
func (s seen) sharesAt(p, along []float64) float64 {
	largest := math.Inf(-1)
	for k, o := range s.offset {
		p[k] = o + along[k]
		largest = max(largest, p[k])
	}
	var sum float64
	for k, l := range p {
		p[k] = math.Exp(l - largest)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return largest + math.Log(sum)
}

// mean returns Σ_k p_k slope_k.
func (s seen) mean(p []float64) []float64 {
	out := make([]float64, len(s.slope[0]))
	for k, x := range p {
		if x != 0 {
			addScaled(out, x, s.slope[k])
		}
	}
	return out
}

// logit returns offset_k + slope_kᵀt.
func (s seen) logit(k int, t []float64) float64 { return s.offset[k] + dot(s.slope[k], t) }

// over returns the softmax over those components that are marked.
func (s seen) over(present []bool) seen {
	out := seen{offset: make([]float64, len(s.offset)), slope: s.slope}
	for k, o := range s.offset {
		out.offset[k] = math.Inf(-1)
		if present[k] {
			out.offset[k] = o
		}
	}
	return out
}

// absent tells whether component k is not in the softmax.
func absent(s seen, k int) bool { return math.IsInf(s.offset[k], -1) }

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func length(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func addScaled(into []float64, factor float64, a []float64) {
	for i, x := range a {
		into[i] += factor * x
	}
}

func scaled(factor float64, a []float64) []float64 {
	out := make([]float64, len(a))
	addScaled(out, factor, a)
	return out
}

func distance(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += (x - b[i]) * (x - b[i])
	}
	return math.Sqrt(sum)
}
