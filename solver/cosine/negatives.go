package cosine

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Negatives is InfoNCE with n ≥ 1 negatives and the positive in the denominator, s_i = f(x)·f(y_i)/τ and s₀ that of the positive,
//
//	L(A) = E log(1 + Σ_{i≤n} e^{s_i − s₀}).
//
// With Z = Σ_{i≥0} e^{s_i}, log Z = κ + ∫[exp(−e^{t+κ}) − exp(−Ze^t)]dt for any κ (Frullani), and given x, of component j, the average of
// exp(−Ze^t) is φ₀φⁿ, φ = E_y exp(−e^{t+s}) and φ₀ that of the positive. For many negatives it is 1 − φ that is computed.
func Negatives(n int, τ float64) Loss {
	return Loss{temperature: τ, functional: func(τ float64, on *field) functional { return newNegatives(n, τ, on) }}
}

type negatives struct {
	*field
	n       float64
	τ       float64
	mean    []float64 // the kernel of e^{(c−1)/τ}
	nodes   []float64 // t
	step    float64
	kernels [][]float64 // of 1 − exp(−e^{t+(c−1)/τ})
}

// newNegatives lays the nodes out in t: the integrand is analytic in |Im t| < π/2, so that steps h leave e^{−π²/h} of it; below it is a multiple of e^{2t}E[Z²|x], above Z e^t > 40.
// Z is counted in e^{1/τ}: from (n+1)e^{−2/τ} to n + 1.
func newNegatives(n int, τ float64, on *field) *negatives {
	const digits = 20 // e^{−40}
	l := &negatives{field: on, n: float64(n), τ: τ, step: 0.25}
	l.mean = on.tabulated(func(c float64) float64 { return math.Exp((c - 1) / τ) })
	for t := -digits - math.Log(l.n+1); t < 2/τ-math.Log(l.n+1)+math.Log(2*digits); t += l.step {
		l.nodes = append(l.nodes, t)
		l.kernels = append(l.kernels, on.tabulated(func(c float64) float64 { return -math.Expm1(-math.Exp(t + (c-1)/τ)) }))
	}
	return l
}

func (l *negatives) of(p law, densities [][]float64, slope bool) (value, bias float64, h [][]float64) {
	h = slopes(densities, slope)
	value = l.attraction(l.τ, p, densities, h) + 1/l.τ
	nodes, count := len(l.weights), len(densities)
	spectra := make([][]complex128, count)
	convolved := func(kernel []float64) (each [][]float64, all []float64) {
		for k := range spectra {
			out := make([]float64, nodes)
			for i, degree := range l.degree {
				l.coefficients[i] = spectra[k][i] * complex(kernel[degree], 0)
			}
			l.synthesise(out, l.coefficients)
			each = append(each, out)
		}
		return each, p.mix(each)
	}
	for k := range spectra {
		spectra[k] = make([]complex128, len(l.degree))
		l.analyse(spectra[k], densities[k])
	}
	// κ = log E[Z|x] of each component.
	each, all := convolved(l.mean)
	logs, sums := make([][]float64, count), make([][]float64, count)
	for j := range logs {
		logs[j], sums[j] = make([]float64, nodes), make([]float64, nodes)
		for i := range nodes {
			z := (l.n+1-p.delta)*all[i] + p.delta*each[j][i]
			logs[j][i] = math.Log(max(z, l.weights[i]*p.weights[j]*densities[j][i], math.SmallestNonzeroFloat64))
		}
		copy(sums[j], logs[j])
	}
	var common []complex128 // of what falls on all components
	own := make([][]complex128, count)
	if slope {
		common = make([]complex128, len(l.degree))
		for k := range own {
			own[k] = make([]complex128, len(l.degree))
		}
	}
	weighted, several := make([]float64, nodes), make([]float64, nodes)
	for a, t := range l.nodes {
		each, all := convolved(l.kernels[a])
		clear(several)
		for j, w := range p.weights {
			for i := range nodes {
				one, φ := 1-p.delta*each[j][i]-(1-p.delta)*all[i], 1-all[i]
				rest := math.Exp((l.n - 1) * math.Log1p(-min(all[i], 1)))
				if l.n == 1 {
					rest = 1
				}
				sums[j][i] += l.step * (math.Exp(-math.Exp(t+logs[j][i])) - one*rest*φ)
				if slope {
					x := l.step * w * densities[j][i] * rest
					weighted[i] = p.delta * x * φ
					several[i] += x * (l.n*one + (1-p.delta)*φ)
				}
			}
			if slope && p.delta > 0 {
				l.add(own[j], l.kernels[a], weighted)
			}
		}
		if slope {
			l.add(common, l.kernels[a], several)
		}
	}
	for j, w := range p.weights {
		value += w * l.integral(densities[j], sums[j])
		if slope {
			for i := range own[j] {
				own[j][i] += complex(w, 0) * common[i]
			}
			l.synthesise(weighted, own[j])
			floats.AddScaled(h[j], w, sums[j])
			floats.Add(h[j], weighted)
		}
	}
	return value, math.NaN(), h
}

// add adds the harmonics of κ * f.
func (l *negatives) add(into []complex128, kernel, f []float64) {
	l.analyse(l.coefficients, f)
	for i, degree := range l.degree {
		into[i] += l.coefficients[i] * complex(kernel[degree], 0)
	}
}
