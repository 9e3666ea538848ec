package planar

import "math"

// sectors has the probabilities of parts of the circle of directions of x.
type sectors struct {
	Mixture
	scale   float64
	given   [][]float64 // K×B: at least that of each of B equal parts, given each component
	rounded float64     // of sums of those
}

// newSectors integrates the Fourier series of the densities: their coefficients are found by N nodes, on the strip |Im α| ≤ Y, where those beyond N/2 are at most sup|p| e^(−NY/2).
func (m Mixture) newSectors(scale float64) (sectors, error) {
	const parts, small, widest = 1 << 11, 1e-15, 1
	fewest, best := math.Inf(1), 0.0
	for i := 1; i <= 24; i++ {
		of := widest * float64(i) / 24
		if need := 2 * math.Log(1+2*math.Pi*densityBound(m.far, of)/small) / of; need < fewest {
			fewest, best = need, of
		}
	}
	n := 2 * int(math.Ceil(fewest/2)+1)
	if n > parts/2 {
		return sectors{}, ErrNodes
	}
	// A coefficient is at most sup|p| e^(−nY), and that of n < N/2 errs by those of N ± n, …: by 2 sup|p| e^(−(N − n)Y)/(1 − e^(−NY)). In the integral they count 4/n, and that of 0 counts 2π; so do those left out.
	missed := 32 * densityBound(m.far, best) * math.Exp(-float64(n)*best/2) / (1 - math.Exp(-best))
	x := sectors{Mixture: m, scale: scale, rounded: unit * (parts + 64)}
	sin, cos := make([]float64, parts), make([]float64, parts)
	for i := range sin {
		sin[i], cos[i] = math.Sincos(2 * math.Pi * float64(i) / parts)
	}
	for _, mean := range m.means {
		values := make([]float64, n)
		for j := range values {
			s, c := math.Sincos(2 * math.Pi * float64(j) / float64(n))
			values[j] = density(mean[0]*c+mean[1]*s, mean[1]*c-mean[0]*s) / float64(n) // c_n/2π
		}
		below := make([]float64, parts+1) // ∫ p from 0
		for i := range below {
			below[i] = 2 * math.Pi * float64(i) / parts * sum(values)
		}
		for h := 1; h < n/2; h++ {
			var re, im float64
			for j, v := range values {
				s, c := math.Sincos(2 * math.Pi * float64(j*h%n) / float64(n))
				re += v * c
				im += v * s
			}
			for i := range below {
				at := i * h % parts
				below[i] += 2 / float64(h) * (re*sin[at] + im*(1-cos[at]))
			}
		}
		p := make([]float64, parts)
		for i := range p {
			p[i] = math.Max(0, below[i+1]-below[i]) + 2*missed + 2*m.rounding()
		}
		x.given = append(x.given, p)
	}
	return x, nil
}

func sum(x []float64) (total float64) {
	for _, v := range x {
		total += v
	}
	return total
}

// below is a lower bound of the loss at all shapes with axes from φ₁ to φ₂, less than π/2 apart, and ratios of at most ρ. With σ the sign of x along the axis between them, φ, the rank-one loss at φ is
//
//	L₁ = κ(1 − E σσ̂) + Σ_± p_± log Z_±,   Z_± = p_± + p_∓ e^(−2κ),
//
// and that at a shape at least L₁ + κ E_q[cos D − σσ′] − κ E_pos[cos D − σσ̂], by convexity. Only pairs of one sign lose in the first mean, only pairs of two in the second, and the signs given, pairs are independent in both, or of one component. With
// the embedding (c, s), e_σ ≥ E[|c − σ|; σ] and s_σ ≥ E[|s|; σ]
//
//	E_q ≥ −Σ_± (p_±² − max(0, p_± − e_±)²)/Z_±,   E_pos ≤ 2 E[p₊p₋ + E[c; +]E[c; −] + s₊s₋].
//
// At a distance t from the boundary between the signs |c| ≥ sin t/√(sin²t + ρ²cos²t), with the sign of x along the axis of the shape; ∫(1 − |c|)dt ≤ ρ and, up to t, ∫|s|dt ≤ ρ arsinh(tan(t)/ρ).
func (x sectors) below(from, to, ratio float64) (bound, alone float64) {
	value, tilt, pull := x.changes(from, to, ratio)
	alone = value - (1+x.scale)*(8*x.rounded+4*x.rounding())
	return alone - x.scale*(tilt+pull), alone
}

// changes are L₁ and bounds of −E_q and E_pos.
func (x sectors) changes(from, to, ratio float64) (value, tilt, pull float64) {
	middle := (from + to) / 2
	k := x.scale
	count := len(x.means)
	p, e, s := make([][2]float64, count), make([][2]float64, count), make([][2]float64, count) // by sign: +, −
	for i, mean := range x.turned(middle) {
		p[i] = [2]float64{math.Erfc(-mean[0]/math.Sqrt2) / 2, math.Erfc(mean[0]/math.Sqrt2) / 2}
	}
	parts := len(x.given[0])
	width := 2 * math.Pi / float64(parts)
	half := (to - from) / 2
	zone := 0.0 // about the boundary, in which densities are bounded in place of probabilities
	if half < few*width {
		zone = 2 * few * width
		slanted := half
		if ratio > 0 {
			slanted += ratio * math.Asinh(math.Tan(zone+width)/ratio)
		}
		for _, normal := range []float64{math.Pi / 2, -math.Pi / 2} {
			for c, mean := range x.means {
				most := densityWithin(mean, middle+normal-zone-width, middle+normal+zone+width)
				for sign := range 2 {
					e[c][sign] += most * (2*half + ratio)
					s[c][sign] += most * slanted
				}
			}
		}
	}
	for i := range parts {
		// The direction from the axis: of the sign + within ±½π; distances to the boundary.
		low := float64(i)*width - middle
		high := low + width
		near := math.Min(apart(low), apart(high))
		if crosses(low, high) {
			near = 0
		}
		if near < zone {
			continue
		}
		near -= half
		near -= 8 * unit * float64(parts)
		sign := 0
		if math.Cos((low+high)/2) < 0 {
			sign = 1
		}
		off, across := 2.0, 1.0
		if near > 0 {
			sin, cos := math.Sincos(near)
			long := math.Hypot(sin, ratio*cos)
			across = ratio * cos / long
			off = across * ratio * cos / (long + sin) // 1 − sin/long
		}
		for k := range p {
			of := x.given[k][i]
			e[k][sign] += of * off
			s[k][sign] += of * across
			if crosses(low, high) { // of both signs
				e[k][1-sign] += of * off
				s[k][1-sign] += of * across
			}
		}
	}
	var all, lost, aside [2]float64
	for i, w := range x.weights {
		for side := range 2 {
			all[side] += w * p[i][side]
			lost[side] += w * e[i][side]
			aside[side] += w * s[i][side]
		}
	}
	value = k
	for side := range 2 {
		z := all[side] + all[1-side]*math.Exp(-2*k)
		value += all[side] * math.Log(z)
		kept := math.Max(0, all[side]-lost[side])
		tilt += (all[side] - kept) * (all[side] + kept) / z
	}
	product := func(weight float64, p, e, s [2]float64) {
		value -= weight * k * (p[0] - p[1]) * (p[0] - p[1])
		most := 0.0 // of p₊p₋ + E[c; +]E[c; −]
		for _, c := range []float64{p[0], p[0] - e[0]} {
			for _, d := range []float64{p[1], p[1] - e[1]} {
				most = math.Max(most, p[0]*p[1]-c*d)
			}
		}
		pull += weight * 2 * (most + s[0]*s[1])
	}
	for i, w := range x.weights {
		product(x.delta*w, p[i], e[i], s[i])
	}
	product(1-x.delta, all, lost, aside)
	return value, tilt, pull
}

// few parts of the circle, twice, on either side of the boundary are those in which densities are bounded.
const few = 4

// densityWithin is the largest density of directions of N(m, I₂) from one angle to another: it increases with the part of m along the direction.
func densityWithin(mean [2]float64, from, to float64) float64 {
	far, at := math.Hypot(mean[0], mean[1]), math.Atan2(mean[1], mean[0])
	off := math.Max(0, math.Abs(math.Remainder((from+to)/2-at, 2*math.Pi))-(to-from)/2)
	return density(far*math.Cos(off), far*math.Sin(off)) * (1 + 1e-9)
}

// apart is how far a direction is from the boundary, ±½π.
func apart(direction float64) float64 { return math.Abs(math.Remainder(direction-math.Pi/2, math.Pi)) }

// crosses tells that the boundary is between two directions that are near.
func crosses(low, high float64) bool {
	return math.Floor((low-math.Pi/2)/math.Pi) != math.Floor((high-math.Pi/2)/math.Pi)
}
