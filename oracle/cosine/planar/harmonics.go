package planar

import "math"

// series is e^(κ(c − 1)) = Σ_l (2l + 1) e^(−κ)i_l(κ) P_l(c), i_l being modified spherical Bessel functions, up to l = degrees; tail is at least the sum of what is left out.
type series struct {
	coefficients []float64
	degrees      int
	tail         float64
}

// newSeries finds them by the recurrence i_{l−1} = i_{l+1} + (2l + 1)/κ i_l downwards, which is stable, and Σ(2l + 1)i_l = e^κ.
func newSeries(k, small float64) series {
	top := int(2*k) + 90
	all := make([]float64, top+2)
	all[top] = 1e-280
	for l := top; l >= 1; l-- {
		all[l-1] = all[l+1] + float64(2*l+1)/k*all[l]
		if all[l-1] > 1e200 {
			for j := l - 1; j <= top; j++ {
				all[j] *= 1e-200
			}
		}
	}
	sum := 0.0
	for l := range all {
		all[l] *= float64(2*l + 1)
		sum += all[l]
	}
	for l := range all {
		all[l] /= sum
	}
	degrees, tail := top, unit*unit
	for ; degrees > 0 && tail+all[degrees] < small; degrees-- {
		tail += all[degrees]
	}
	return series{all[:degrees+1], degrees, tail}
}

// means are Σ_j mass_j e^(κ(f·f_j − 1)) at points f of a grid, each f_j standing for ±its third coordinate, by the addition theorem
//
//	P_l(f·f′) = Σ_m (2 − [m = 0]) N_lm(z)N_lm(z′) cos m(θ − θ′),   N_lm = √((l − m)!/(l + m)!) P_lm,
//
// of which the terms with odd l − m cancel.
func (s series) means(turn []complex128, high, mass []float64) []float64 {
	rows := len(high) / len(turn)
	n := s.degrees
	sums := make([]complex128, (n+1)*(n+2)/2) // by m, then l
	legendre := newLegendre(n)
	values := make([]float64, len(sums))
	of := make([]float64, len(sums))
	for i, e := range turn {
		clear(of)
		for j := range rows {
			w := mass[i*rows+j]
			if w == 0 {
				continue
			}
			legendre.at(high[i*rows+j], values)
			for a, v := range values {
				of[a] += w * v
			}
		}
		power := complex(1, 0)
		at := 0
		for m := range n + 1 {
			for l := m; l <= n; l++ {
				sums[at] += complex(of[at], 0) * power
				at++
			}
			power *= e
		}
	}
	at := 0
	for m := range n + 1 {
		for l := m; l <= n; l++ {
			factor := s.coefficients[l]
			if m > 0 {
				factor *= 2
			}
			if (l-m)%2 == 1 {
				factor = 0
			}
			sums[at] *= complex(factor, 0)
			at++
		}
	}
	out := make([]float64, len(mass))
	for i, e := range turn {
		power := complex(1, 0)
		at := 0
		for m := range n + 1 {
			for l := m; l <= n; l++ {
				of[at] = real(power)*real(sums[at]) + imag(power)*imag(sums[at])
				at++
			}
			power *= e
		}
		for j := range rows {
			legendre.at(high[i*rows+j], values)
			total := 0.0
			for a, v := range values {
				total += v * of[a]
			}
			out[i*rows+j] = total
		}
	}
	return out
}

// legendre are the coefficients of N_lm = up z N_{l−1,m} − back N_{l−2,m}.
type legendre struct {
	degrees  int
	up, back []float64
	start    []float64 // N_mm = start √(1 − z²) N_{m−1,m−1}
}

func newLegendre(n int) legendre {
	x := legendre{degrees: n}
	for m := range n + 1 {
		x.start = append(x.start, math.Sqrt(float64(2*m-1)/float64(max(1, 2*m))))
		for l := m; l <= n; l++ {
			across := math.Sqrt(float64(l-m) * float64(l+m))
			if l == m {
				x.up, x.back = append(x.up, 0), append(x.back, 0)
				continue
			}
			x.up = append(x.up, float64(2*l-1)/across)
			x.back = append(x.back, math.Sqrt(float64(l-1-m)*float64(l-1+m))/across)
		}
	}
	return x
}

// at sets values to N_lm(z), by m, then l.
func (x legendre) at(z float64, values []float64) {
	across := math.Sqrt((1 - z) * (1 + z))
	first, at := 1.0, 0
	for m := range x.degrees + 1 {
		if m > 0 {
			first *= x.start[m] * across
		}
		before, now := 0.0, first
		values[at] = first
		at++
		for l := m + 1; l <= x.degrees; l++ {
			before, now = now, x.up[at]*z*now-x.back[at]*before
			values[at] = now
			at++
		}
	}
}
