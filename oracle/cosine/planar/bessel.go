package planar

// bessel are values e^(−κ)I_n(κ), of which sums over e^(inθ) take those with n ≤ modes; tail is at least 2Σ of those with n > modes − 3, so that it bounds what is left out of products with sin²D e^(−iD), too.
type bessel struct {
	values []float64
	modes  int
	tail   float64
}

// newBessel makes them so that the tail is about small, by the recurrence I_{n−1} = I_{n+1} + (2n/κ)I_n downwards, which is stable, and I₀ + 2ΣI_n = e^κ.
func newBessel(k, small float64) bessel {
	top := int(2*k) + 90 // from 2κ + 24 on I_n/I_{n−1} < κ/2n ≤ ¼: beyond, nothing is left
	all := make([]float64, top+2)
	all[top] = 1e-280
	for n := top; n >= 1; n-- {
		all[n-1] = all[n+1] + 2*float64(n)/k*all[n]
		if all[n-1] > 1e200 {
			for j := n - 1; j <= top; j++ {
				all[j] *= 1e-200
			}
		}
	}
	sum := all[0]
	for _, x := range all[1:] {
		sum += 2 * x
	}
	for n := range all {
		all[n] /= sum
	}
	modes, tail := top-6, 0.0
	for n := modes + 1; n <= top; n++ {
		tail += 2 * all[n]
	}
	for ; modes > 0 && tail+2*all[modes] < small; modes-- {
		tail += 2 * all[modes]
	}
	const reach = 3 // of sin²D e^(−iD)
	return bessel{all[:modes+2*reach+1], modes + reach, tail + unit*unit}
}

// spread is the coefficient j_n of e^(κ(cos D − 1)) sin²D = Σ_n j_n e^(inD).
func (b bessel) spread(n int) float64 { return b.at(n)/2 - (b.at(n-2)+b.at(n+2))/4 }

func (b bessel) at(n int) float64 { return b.values[max(n, -n)] }
