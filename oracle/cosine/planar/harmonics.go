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
// of which the terms with odd l − m cancel. N_lm is at most 1, and found by a recurrence whose errors grow by l at most each, to l² units; as the squares of a P_l(1) = 1 sum to 1, the mean errs by less than (l + 4)³ units.
func (s series) means(turn []complex128, high, mass []float64) []float64 {
	rows := len(high) / len(turn)
	of := newLegendre(s)
	sums := make([]complex128, len(of.kernel)) // by m, then l
	values, along := make([]float64, len(sums)), make([]float64, len(sums))
	for i, e := range turn {
		clear(along)
		for j := range rows {
			at := i*rows + j
			of.at(high[at], values)
			for a, v := range values {
				along[a] += mass[at] * v
			}
		}
		power := complex(1, 0)
		for m := range s.degrees + 1 {
			for a := of.first[m]; a < of.first[m+1]; a++ {
				sums[a] += complex(along[a], 0) * power
			}
			power *= e
		}
	}
	out := make([]float64, len(mass))
	for i, e := range turn {
		power := complex(1, 0)
		for m := range s.degrees + 1 {
			for a := of.first[m]; a < of.first[m+1]; a++ {
				along[a] = of.kernel[a] * (real(power)*real(sums[a]) + imag(power)*imag(sums[a]))
			}
			power *= e
		}
		for j := range rows {
			at := i*rows + j
			of.at(high[at], values)
			total := 0.0
			for a, v := range values {
				total += v * along[a]
			}
			out[at] = total
		}
	}
	return out
}

// legendre makes N_lm of even l − m: N_lm = (up z² − same)N_{l−2,m} − back N_{l−4,m}, by two steps of
//
//	√((l − m)(l + m)) N_lm = (2l − 1)z N_{l−1,m} − √((l − 1 − m)(l − 1 + m)) N_{l−2,m}.
type legendre struct {
	first          []int // index of l = m, for each m
	up, same, back []float64
	start          []float64 // N_mm = start √(1 − z²) N_{m−1,m−1}
	kernel         []float64 // of the series
}

func newLegendre(s series) legendre {
	var x legendre
	root := func(l, m int) float64 { return math.Sqrt(float64(l-m) * float64(l+m)) }
	for m := range s.degrees + 1 {
		x.first = append(x.first, len(x.kernel))
		x.start = append(x.start, math.Sqrt(float64(2*m-1)/float64(max(1, 2*m))))
		for l := m; l <= s.degrees; l += 2 {
			factor := 2.0
			if m == 0 {
				factor = 1
			}
			x.kernel = append(x.kernel, factor*s.coefficients[l])
			var up, same, back float64
			if l > m {
				both := float64(2*l-1) / root(l, m)
				up = both * float64(2*l-3) / root(l-1, m)
				same = root(l-1, m) / root(l, m)
				if l-m > 2 { // z N_{l−3} = (√((l − 2)² − m²) N_{l−2} + √((l − 3)² − m²) N_{l−4})/(2l − 5)
					step := both * root(l-2, m) / root(l-1, m) / float64(2*l-5)
					same += step * root(l-2, m)
					back = step * root(l-3, m)
				}
			}
			x.up, x.same, x.back = append(x.up, up), append(x.same, same), append(x.back, back)
		}
	}
	x.first = append(x.first, len(x.kernel))
	return x
}

// at sets values to N_lm(z), by m, then l.
func (x legendre) at(z float64, values []float64) {
	square, across := z*z, math.Sqrt((1-z)*(1+z))
	first := 1.0
	for m := range x.start {
		if m > 0 {
			first *= x.start[m] * across
		}
		before, now := 0.0, first
		from, to := x.first[m], x.first[m+1]
		values[from] = first
		for a := from + 1; a < to; a++ {
			before, now = now, (x.up[a]*square-x.same[a])*now-x.back[a]*before
			values[a] = now
		}
	}
}
