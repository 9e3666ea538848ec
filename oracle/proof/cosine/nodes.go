package cosine

import "contrastcheck/oracle/interval"

// nodes are angles θ_j, of which those with j ≤ n/2 are kept, as θ_{n−j} = −θ_j.
type nodes struct {
	law
	count    int                 // n
	squeezed bool                // unless θ_j = 2πj/n
	cos      []interval.Interval // cos θ_j
}

// harmonics are Σ_j p_j cos nθ_j for as many n.
func (a nodes) harmonics(p []interval.Interval, count int) []interval.Interval {
	sums := make([]*interval.Sum, count)
	for n := range sums {
		sums[n] = a.NewSum()
	}
	for j := range p {
		for n, cos := range a.multiples(j, count) {
			sums[n].AddMul(p[j], cos)
		}
	}
	out := make([]interval.Interval, count)
	for n, sum := range sums {
		out[n] = sum.Interval()
	}
	return out
}

// multiples are cos nθ_j for as many n: of even nodes they are cosines of other ones, else by cos 2nθ = 2cos² nθ − 1 and cos (2n+1)θ = 2 cos nθ cos (n+1)θ − cos θ, in which errors grow with n² alone.
func (a nodes) multiples(j, count int) []interval.Interval {
	out := make([]interval.Interval, count)
	for n := range out {
		half := n / 2
		switch {
		case !a.squeezed:
			out[n] = a.cos[folded(n*j, a.count)]
		case n == 0:
			out[n] = a.FromInt(1)
		case n == 1:
			out[n] = a.cos[j]
		case n%2 == 0:
			out[n] = a.Sub(a.Ldexp(a.Sqr(out[half]), 1), a.FromInt(1))
		default:
			out[n] = a.Sub(a.Ldexp(a.Mul(out[half], out[half+1]), 1), out[1])
		}
	}
	return out
}

// folded is the j in [0, n/2] with cos 2πj/n = cos 2πi/n, i ≥ 0, n even.
func folded(i, n int) int {
	i %= n
	return min(i, n-i)
}
